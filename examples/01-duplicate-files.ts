/**
 * Finds files with the same content: `npm start`, or `npm start -- FOLDER...`.
 *
 * One pipeline does it, and all of its stages are at work at the same time: while some files are hashed, others are
 * measured and the walk goes on. A full queue makes everything before it wait, so that however large the disk is, no
 * more files are under way than the queues hold.
 */
import { block, distinct, filter, forEach, from, interval, type Stage } from 'sluice'
import { createPool, type FailureInfo, parallel } from 'sluice/parallel'
import { attempt } from './duplicate-files/attempt.ts'
import { checkFolders } from './duplicate-files/check-folders.ts'
import { checkLaw } from './duplicate-files/check-law.ts'
import type { Fingerprinted } from './duplicate-files/hash.ts'
import { inCompany } from './duplicate-files/in-company.ts'
import { liveDisplay } from './duplicate-files/live-display.ts'
import { type Measured, measure } from './duplicate-files/measure.ts'
import { meter } from './duplicate-files/meter.ts'
import { onCtrlC } from './duplicate-files/on-ctrl-c.ts'
import type { Problem } from './duplicate-files/problem.ts'
import { progressLines } from './duplicate-files/progress-lines.ts'
import { readArguments } from './duplicate-files/read-arguments.ts'
import { report } from './duplicate-files/report.ts'
import { walk } from './duplicate-files/walk.ts'

const { folders, all } = readArguments(process.argv.slice(2))
await checkFolders(folders)

const stopped = onCtrlC()
const problems: Problem[] = []
const note = (problem: Problem) => problems.push(problem)
const noteAndSkip = (error: unknown, { path }: Measured, { skip }: FailureInfo) => {
  note({ path, error })
  return skip
}

// The stages. `concurrency` is how many files one works on at once, `strategy` the queue in front of it.
const measured = attempt(measure, note, { name: 'measure', concurrency: 16, strategy: block(512) })
const notEmpty = filter((file: Measured) => file.size > 0, { name: 'not empty' })
const unique = distinct((file: Measured) => file.inode, { name: 'unique' })
const sameSize = inCompany((file: Measured) => file.size, { name: 'same size' })
// Hashing is what keeps a processor busy: the functions of hash.ts run on all cores, each in a thread of its own.
const pool = createPool<typeof import('./duplicate-files/hash.ts')>(
  new URL('./duplicate-files/hash.ts', import.meta.url),
  { concurrencyPerWorker: 4 },
)
const started = parallel(pool, { name: 'hashStart', onError: noteAndSkip, strategy: block(128) })
const sameStart = inCompany((file: Fingerprinted) => file.fingerprint, { name: 'same 4 KB' })
const hashed = parallel(pool, {
  name: 'hashWhole',
  onError: noteAndSkip,
  // A queue can be measured in bytes as well: so much hashing waits here when Ctrl-C comes (a larger file, alone).
  strategy: block({ highWaterMark: 64e6, size: (file: Measured) => file.size }),
})

// The pipeline. When `until` fires the walk ends, and everything behind it finishes what it has.
const files = from(walk(folders, note), { until: stopped })
  .pipeThrough(measured)
  .pipeThrough(notEmpty)
  .pipeThrough(unique)
  .pipeThrough(sameSize)
  .pipeThrough(started)
  .pipeThrough(sameStart)
  .pipeThrough(hashed)

// Progress is a pipeline of its own: a clock, and somebody who looks at the stages' statistics.
const stages = [measured, notEmpty, unique, sameSize, started, sameStart, hashed]
const { stderr } = process
const drawable = stderr.isTTY && process.env.TERM !== 'dumb'
const display = drawable ? liveDisplay(stderr, stopped) : progressLines(stderr)
const read = meter(stages)
const done = new AbortController()
const watching = forEach(interval(display.every, { until: done.signal }), () => display.show(read()))

// Now somebody takes the files, and everything runs.
const byContent = new Map<string, Fingerprinted[]>()
await forEach(files, file => {
  const equal = byContent.get(file.fingerprint)
  if (equal) equal.push(file)
  else byContent.set(file.fingerprint, [file])
})

await pool.close()
done.abort()
await watching
display.close()
const broken = checkLaw(stages)
const groups = [...byContent.values()].filter(group => group.length > 1)
// Whoever reads the report may stop early: npm start -- --all | head
process.stdout.on('error', error => {
  if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
})
process.stdout.write(
  report({
    groups,
    problems,
    stages,
    seen: measured.stats().received,
    empty: leftOutBy(notEmpty),
    hardLinks: leftOutBy(unique),
    broken,
    stopped: stopped.aborted,
    all,
  }),
)
process.exitCode = broken.length > 0 ? 1 : stopped.aborted ? 130 : 0

function leftOutBy(stage: Stage<Measured>): number {
  const { done, emitted } = stage.stats()
  return done - emitted
}
