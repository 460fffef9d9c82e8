import type { Platform } from '../setup/platform.ts'
import { runInBrowser } from './browser-suite.ts'
import { BROWSERS, type Browser, installFirefox } from './browsers.ts'
import { type Bundle, behaviourTests, bundle } from './bundle.ts'
import { leftOut } from './lacks.ts'
import type { FileReport } from './realm/file-report.ts'
import { Row } from './row.ts'
import { missing, type Runtime, versionOf } from './runtimes.ts'
import { runOnServer } from './server-suite.ts'

/** How the suite is run on the further runtimes. */
export interface BehaviourOptions {
  /** Only test files whose path contains this. */
  readonly file: string
  /** Of fast-check's runs, this part. */
  readonly share: number
  /** A line for each file. */
  readonly verbose: boolean
}

/** Runs the behaviour tests on a server runtime. */
export async function behaviourOn(runtime: Runtime, options: BehaviourOptions): Promise<Row> {
  const row = new Row(runtime.name)
  const reason = missing(runtime)
  if (reason !== undefined) return absent(row, reason)
  row.version = versionOf(runtime)
  const tests = leave(row, runtime.name as Platform, await bundled('server', options))
  await timed(row, () =>
    runOnServer(runtime, tests, environment(options), report => add(row, report, options)),
  )
  return row
}

/** Runs the behaviour tests in a browser: in a window and, beside that, in a dedicated worker. */
export async function behaviourIn(browser: Browser, options: BehaviourOptions): Promise<Row[]> {
  if (browser.name === 'firefox') installFirefox()
  const reason = browser.missing()
  const all = await bundled('browser', options)
  const portable = { ...all, tests: all.tests.filter(({ builtin }) => builtin === undefined) }
  return Promise.all(
    (['window', 'worker'] as const).map(async realm => {
      const row = new Row(`${browser.name} ${realm}`)
      row.optional = browser.name === 'firefox'
      if (reason !== undefined) return absent(row, reason)
      for (const { builtin } of all.tests) if (builtin !== undefined) row.skip(`files that import ${builtin}`)
      const bundle = leave(row, browser.name, portable)
      await timed(row, async () => {
        const run = runInBrowser(browser, realm, bundle, environment(options), report =>
          add(row, report, options),
        )
        row.version = await run
      })
      return row
    }),
  )
}

export { BROWSERS }

const made = new Map<string, Promise<Bundle>>()

/** The bundle of all tests, made once, and of it what was asked for. */
async function bundled(kind: 'server' | 'browser', { file }: BehaviourOptions): Promise<Bundle> {
  const promise = made.get(kind) ?? bundle(kind, behaviourTests())
  made.set(kind, promise)
  const all = await promise
  return { ...all, tests: all.tests.filter(test => test.file.includes(file)) }
}

/** Without the files that are about something else. */
function leave(row: Row, on: Platform, bundle: Bundle): Bundle {
  const tests = bundle.tests.filter(({ file }) => {
    const reason = leftOut(on, file)
    if (reason !== undefined) row.skip(reason)
    return reason === undefined
  })
  return { ...bundle, tests }
}

function environment({ share }: BehaviourOptions): Record<string, string> {
  const { SLUICE_INTEROP } = process.env
  return { SLUICE_SHARE: String(share), ...(SLUICE_INTEROP && { SLUICE_INTEROP }) }
}

function absent(row: Row, reason: string): Row {
  row.missing = reason
  return row
}

async function timed(row: Row, run: () => Promise<void>): Promise<void> {
  const start = performance.now()
  try {
    await run()
  } catch (error) {
    row.faults.push(error instanceof Error ? error.message : String(error))
  }
  row.seconds += (performance.now() - start) / 1000
}

function add(row: Row, { file, tests, errors }: FileReport, { verbose }: BehaviourOptions): void {
  for (const test of tests) {
    if (test.state === 'passed') row.passed++
    else if (test.state === 'skipped') row.skip(test.reason)
    else {
      row.failed++
      console.log(`${row.name}: FAILED ${file} > ${test.name}\n    ${shortened(test.reason)}`)
    }
  }
  for (const error of errors) {
    row.faults.push(`${file}: ${error.split('\n', 1)[0]}`)
    console.log(`${row.name}: FAULT in ${file}\n    ${shortened(error)}`)
  }
  if (verbose) console.log(`${row.name}: ${file}, ${tests.length} tests`)
}

function shortened(text: string): string {
  return text.split('\n').slice(0, 25).join('\n    ')
}
