import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import { runInThisContext } from 'node:vm'
import type { Job, Report, Status } from './protocol.ts'
import { install } from './realm.ts'

// Runs one test file in this process and reports to the parent process. See run-file.ts for the other end.

/** The parts of testharness.js that a runner needs; it defines them as globals. */
interface Harness {
  add_test_state_callback(callback: (test: HarnessTest) => void): void
  add_result_callback(callback: (test: HarnessTest) => void): void
  add_completion_callback(
    callback: (tests: unknown, status: { status: number; message: string | null }) => void,
  ): void
  timeout(): void
}

interface HarnessTest {
  name: string
  status: number
  message: string | null
  phase: number
  phases: { STARTED: number }
  force_timeout(): void
}

const statuses: readonly Status[] = ['PASS', 'FAIL', 'TIMEOUT', 'NOTRUN', 'UNSUPPORTED']
const stuckAfter = 5_000

const job: Job = JSON.parse(process.argv[2] ?? '')
// Some tests patch globals while others are reported, so the originals are kept.
const { setTimeout, clearTimeout, setImmediate } = globalThis
const send = (report: Report, sent?: () => void) => process.send?.(report, undefined, undefined, sent)
/** The subtests that have begun, each with the timer that ends it. */
const running = new Map<HarnessTest, NodeJS.Timeout>()
const problem = (kind: string) => (error: unknown) => {
  const during = Array.from(running.keys(), ({ name }) => ` during '${name}'`).join()
  send({ type: 'problem', problem: `${kind}${during}: ${inspect(error)}` })
}

process.on('unhandledRejection', problem('unhandled rejection'))
process.on('uncaughtException', problem('uncaught exception'))

install(job.mode, job.mode === 'platform' ? undefined : await import(pathToFileURL(job.library).href))
Object.assign(globalThis, {
  self: globalThis,
  GLOBAL: { isWindow: () => false, isWorker: () => false, isShadowRealm: () => false },
})
load('resources/testharness.js')
report(globalThis as unknown as Harness)
const test = join('streams', job.file)
for (const script of helpers(readFileSync(join(job.root, test), 'utf8'))) {
  load(script.startsWith('/') ? script.slice(1) : join(dirname(test), script))
}
load(test)

/** Tests expect to be scripts that share one global scope, so they are not imported as modules. */
function load(path: string): void {
  const filename = join(job.root, path)
  runInThisContext(readFileSync(filename, 'utf8'), { filename })
}

function helpers(source: string): string[] {
  return Array.from(source.matchAll(/^\/\/ META: script=(.+)$/gm), ([, script]) => (script ?? '').trim())
}

function report(harness: Harness): void {
  let completed = false

  harness.add_test_state_callback(test => {
    if (running.has(test) || test.phase !== test.phases.STARTED) return
    // The harness has no time limit outside a browser: one subtest that hangs would take the rest of its file along.
    running.set(test, setTimeout(() => test.force_timeout(), stuckAfter).unref())
  })
  harness.add_result_callback(test => {
    clearTimeout(running.get(test))
    running.delete(test)
    const { name, message } = test
    send({
      type: 'subtest',
      subtest: { name, status: statuses[test.status] ?? 'FAIL', message: message ?? undefined },
    })
  })
  harness.add_completion_callback((_, { status, message }) => {
    completed = true
    if (status !== 0) send({ type: 'problem', problem: `harness status ${status}: ${message ?? ''}` })
    // One more turn of the event loop for the rejections of the last subtest.
    setTimeout(() => send({ type: 'done' }, () => process.exit()), 10)
  })
  // With nothing left in the event loop no running subtest can ever end: no need to sit out its time limit.
  process.on('beforeExit', () => {
    if (completed) return
    if (running.size === 0) harness.timeout()
    for (const test of running.keys()) test.force_timeout()
    setImmediate(() => {})
  })
}
