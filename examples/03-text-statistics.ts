/**
 * Counts the words of real files on all cores: which words does a project's documentation use more than others do?
 * Run it with `npx tsx examples/03-text-statistics.ts [FOLDER]`.
 *
 * Every worker looks each word up in the same table, which is in shared memory: it is there once, however many workers
 * there are, and nobody copies it.
 */
import { block, filter, forEach, from } from 'sluice'
import { parallel } from 'sluice/parallel'
import { walk } from './duplicate-files/walk.ts'
import { wordTable } from './text-statistics/word-table.ts'

const folder = process.argv[2] ?? 'node_modules'

// Words that say nothing of what a text is about.
const common = wordTable(
  'a about after all also an and any are as at be but by can do does for from get has have if in into is it its'
    .concat(
      ' like may more most no not of on one only or other see set should so some than that the their them then',
    )
    .concat(
      ' there these they this to up use used using want was we what when where which will with you your',
    )
    .split(' '),
)

// The functions of count-words.ts run in the threads. `data` goes to each of them once, to its `setup`.
const counted = parallel<typeof import('./text-statistics/count-words.ts'), 'countWords'>(
  new URL('./text-statistics/count-words.ts', import.meta.url),
  { name: 'countWords', data: common.shared, strategy: block(64), concurrencyPerWorker: 2, onError: 'skip' },
)

const files = from(walk([folder], () => {}))
  .pipeThrough(filter(({ path }) => /\.(md|markdown|txt)$/i.test(path)))
  .pipeThrough(counted)

const total = new Map<string, number>()
let words = 0
let uncommon = 0
await forEach(files, file => {
  words += file.words
  for (const [word, times] of file.counts) {
    uncommon += times
    total.set(word, (total.get(word) ?? 0) + times)
  }
})

const { done, failed, received, workers } = counted.stats()
const top = [...total].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, 12)
for (const [word, times] of top) console.log(`${String(times).padStart(7)}  ${word}`)
console.log(`${words} words in ${done} files, ${total.size} different ones that are not common`)
for (const { worker, items, busy } of workers) {
  console.log(`worker ${worker}: ${items} files in ${Math.round(busy)} ms of work`)
}

// Every file was counted or could not be read; no common word came through; and nothing was counted twice.
const right =
  received === done + failed && uncommon <= words && !top.some(([word]) => common.has(word)) && words > 0
if (!right) throw new Error('the count is wrong')
