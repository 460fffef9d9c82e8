import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ClassicLevel } from 'classic-level'
import { buffer, channel, from, sink, spill } from '../src/index.ts'
import { livesOf } from '../test/policies/spill/kills.ts'

// How fast is a queue that spills to disk, how much memory does it take, and what does it lose when it is killed?
//
//   node --import tsx bench/spill.ts through|through-sync|acknowledged|kills [count]

const [what = 'through', given] = process.argv.slice(2)
const MEMORY = 1000

/** Items of 100 bytes as JSON, which do not compress. */
const noise = randomBytes(1 << 19).toString('hex')
const item = (id: number) => ({
  id,
  text: noise.slice(id % 900_000, (id % 900_000) + 81 - String(id).length),
})
type Item = ReturnType<typeof item>

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`
const perSecond = (items: number, ms: number) => `${Math.round(items / ms)} k/s`
/** Memory of the process without the files of the database that are mapped into it. */
const memory = () => {
  const linux =
    process.platform === 'linux' && /RssAnon:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))
  return linux ? Number(linux[1]) * 1024 : process.memoryUsage.rss()
}
const pause = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))

async function withStore<T>(work: (store: ClassicLevel) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-spill-'))
  const store = new ClassicLevel(folder)
  await store.open()
  try {
    return await work(store)
  } finally {
    await store.close()
    await rm(folder, { recursive: true })
  }
}

/** A pipe with a consumer that is slow until everything is in: how fast in, how fast out, how much memory? */
async function through(items: number, sync: boolean): Promise<void> {
  await withStore(async store => {
    const queue = buffer<Item>(spill(store, { memory: MEMORY, sync }))
    const before = memory()
    let [early, peak, deepest, inAfter, outThen, seen, bytes] = [0, 0, 0, 0, 0, 0, 0]
    const start = performance.now()
    const watch = setInterval(look, 10)
    function look(): void {
      const { received, queued } = queue.stats()
      peak = Math.max(peak, memory())
      if (received < items / 5) early = peak
      deepest = Math.max(deepest, queued)
      if (inAfter || received < items) return
      inAfter = performance.now() - start
      outThen = seen
    }
    function* source() {
      for (let id = 0; id < items; id++) yield item(id)
    }
    const consume = ({ id, text }: Item) => {
      if (id !== seen++) throw new Error(`item ${id} instead of ${seen - 1}`)
      bytes += 19 + String(id).length + text.length
      return !inAfter && seen % 100 === 0 ? pause(1) : undefined
    }
    await from(source).pipeThrough(queue).pipeTo(sink(consume))
    const outAfter = performance.now() - start - inAfter
    clearInterval(watch)
    if (seen !== items) throw new Error(`${seen} of ${items} items came out`)
    console.log(
      `${items} items of ${Math.round(bytes / items)} bytes, ${MEMORY} in memory, sync ${sync}: in ${perSecond(items, inAfter)}`,
      `(meanwhile ${outThen} out), then out ${perSecond(items - outThen, outAfter)};`,
      `deepest queue ${deepest}, the process grew by ${megabytes(early - before)} over the first fifth, by ${megabytes(peak - early)} after it; order kept`,
    )
  })
}

/** Senders that wait for each acknowledgement. */
async function acknowledged(items: number): Promise<void> {
  for (const sync of [false, true]) {
    for (const senders of [1, 64]) {
      await withStore(async store => {
        const jobs = channel<Item>(spill(store, { memory: MEMORY, sync }))
        let id = 0
        const count = sync || senders === 1 ? items / 10 : items
        const start = performance.now()
        await Promise.all(
          Array.from({ length: senders }, async () => {
            while (id < count) await jobs.send(item(id++))
          }),
        )
        const ms = performance.now() - start
        console.log(
          `send(), ${senders} at once, sync ${sync}: ${Math.round((count / ms) * 1000)} acknowledged a second`,
        )
        await jobs.abort()
        await jobs.close().catch(() => {})
        await pause(50)
      })
    }
  }
}

async function kills(count: number): Promise<void> {
  const memory = 100
  const { lives, lost } = await livesOf(count, memory)
  const sum = (of: (life: (typeof lives)[number]) => number) => lives.reduce((all, life) => all + of(life), 0)
  const again = lives.slice(1).map(life => life.again.length)
  console.log(
    `${count} kills: ${sum(life => life.acknowledged.length)} acknowledged, lost ${lost.length};`,
    `${sum(life => life.out.length)} came out, again after a kill: ${(again.reduce((a, b) => a + b, 0) / again.length).toFixed(2)} on average, ${Math.max(...again)} at the most;`,
    `left in the store at a kill: ${Math.max(...lives.map(life => life.left))} at the most;`,
    `order kept: ${lives.every(({ out }) => out.every((id, at) => at === 0 || id > (out[at - 1] as number)))}`,
  )
}

const run: Record<string, (count: number) => Promise<void>> = {
  through: count => through(count, false),
  'through-sync': count => through(count, true),
  acknowledged,
  kills,
}
await run[what]?.(Number(given ?? { through: 1e6, 'through-sync': 1e6, acknowledged: 1e5, kills: 50 }[what]))
