import { type Platform, platform } from '../setup/platform.ts'
import type { Probe } from './realm/probes.ts'
import type { Ability } from './suite/environment.ts'

/** What a platform cannot do. The guide shows these, and a test of each platform asks it for every one. */
export interface Lack {
  readonly what: string
  readonly platforms: readonly Platform[]
  /** What the library does about it, or what that means for its user. */
  readonly hence: string
  /** What shows it, without the library: it says whether the platform has it. */
  readonly probe?: Probe
  /** What is skipped there: tests, by file and full name. */
  readonly tests?: readonly RegExp[]
  /** And the checks of `parallel` that need this. */
  readonly ability?: Ability
}

export const LACKS: readonly Lack[] = [
  {
    what: '`ReadableStream.from`',
    platforms: ['chromium'],
    hence: '`from` does without it',
    probe: 'ReadableStream.from',
  },
  {
    what: '`cancel()` of a transformer',
    platforms: ['chromium', 'firefox'],
    hence: '`transform` calls it; `new Stage(transformer)`, which the platform runs, does not',
    probe: 'transformer.cancel',
  },
  {
    what: 'transfer of streams (`structuredClone`, `postMessage`)',
    platforms: ['bun'],
    hence: 'a flow cannot be transferred either: send items',
    probe: 'stream transfer',
    tests: [/^test\/contract\/suite\.native\.test\.ts > .*transfer/],
  },
  {
    what: 'a `TypeError` of `new ReadableStream(1)`',
    platforms: ['chromium'],
    hence: '`new Flow(1)` and `new Stage(1)` do not complain either',
    probe: 'checked arguments',
    tests: [/^test\/contract\/bad-input\.test\.ts > .*> new (Stage|Flow)\(1\)$/],
  },
  {
    what: 'the first error of a sink as the reason of a pipe, where a write fails after it',
    platforms: ['chromium'],
    hence: 'so, the source of `transform` may be cancelled with the error of a chunk that came too late',
    probe: 'first error of a pipe',
    tests: [
      /^test\/contract\/suite\.test\.ts > transform\(\) > after a native source > stops when it is aborted/,
    ],
  },
  {
    what: 'the first of two failures where a pipe is aborted, and both of its ends fail at that',
    platforms: ['firefox'],
    hence: 'a pipe of the platform rejects with that of the source, one of ours with that of the sink',
    probe: 'first failure of an abort',
  },
  {
    what: '`cancel(reason)` of a source without a second argument',
    platforms: ['chromium'],
    hence: 'it is the controller: leave it',
    probe: 'cancel(reason) alone',
  },
  {
    what: '`data:` modules whose text has a dot in it, which it takes for a file extension',
    platforms: ['bun'],
    hence: "a worker's module has to be a file",
    probe: 'data: modules',
    tests: [
      /^test\/docs\/examples\.test\.ts > .* src\/(stages\/parallel\/parallel-(options|node|web)|executors\/task-errors)\.ts/,
    ],
  },
  {
    what: 'U+FEFF at the beginning of a chunk that is not the first, in `TextDecoder`',
    platforms: ['deno'],
    hence: '`lines`, `ndjson` and `text` keep it; `TextDecoderStream` loses it',
    probe: 'marks in a text',
  },
  {
    what: '`Request.body`',
    platforms: ['firefox'],
    hence: 'a flow that a request was made of cannot be read from it',
    probe: 'Request.body',
    tests: [/^test\/interop\/platform-streams\.native\.test\.ts > `new Request/],
  },
  {
    what: 'child processes whose channel may be cut',
    platforms: ['deno'],
    hence: "no `runtime: 'processes'`, which is refused: Deno would end with an error of its own",
    ability: 'processes',
    tests: [/^test\/executors\/process-group\.native\.test\.ts > /],
  },
  {
    what: '`resourceLimits` of workers',
    platforms: ['deno', 'bun'],
    hence:
      'no `maxMemory` for threads: Bun ignores it, Deno gives no sign of a worker that has run out of it',
    ability: 'resource-limits',
  },
  {
    what: 'an end of a worker in an endless loop',
    platforms: ['deno'],
    hence: 'with `timeout` the item fails, but its thread goes on',
    ability: 'terminate',
    tests: [/^test\/explain\/stuck-worker\.test\.ts > /],
  },
]

const NAMES: Partial<Record<Platform, string>> = {
  deno: 'Deno',
  bun: 'Bun',
  chromium: 'Chromium',
  firefox: 'Firefox',
}

/** Its row in the guide's table. */
export function rowOf({ what, platforms, hence }: Lack): string {
  const where = platforms.map(name => NAMES[name] ?? name.replace('node', 'Node ')).join(', ')
  return `| ${what} | ${where} | ${hence} |`
}

/** Files that are about one runtime rather than about the library on all of them: they are not even loaded. */
const ABOUT: readonly { platforms: readonly Platform[]; reason: string; files: RegExp }[] = [
  {
    platforms: ['deno', 'bun'],
    reason: 'files about the examples, which are started as `npm start` does: by Node',
    files: /^test\/(examples\/|docs\/deploy\.)/,
  },
  {
    platforms: ['node20', 'node22', 'node24', 'node26', 'deno', 'bun', 'chromium', 'firefox'],
    reason: 'files about the documentation as text',
    files: /^test\/docs\/(documents|document-types|deploy|links|public-symbols|site)\./,
  },
  {
    platforms: ['chromium', 'firefox'],
    reason:
      'files about the server entry of sluice/parallel: test/browser has what the one for browsers does',
    files:
      /^test\/(executors\/(no-processes\.native|parallel-options|recycle)|explain\/stuck-worker)\.test\.ts$/,
  },
  {
    platforms: ['bun', 'chromium', 'firefox'],
    reason: 'files that ask V8 to collect garbage, through Node',
    files: /^test\/executors\/dispatcher-kept\.native\.test\.ts$/,
  },
  {
    platforms: ['node20', 'node22', 'node24', 'node26', 'deno', 'bun', 'chromium', 'firefox'],
    reason: 'files that replace a module of the library (`vi.mock`), which only vitest itself can',
    files: /^test\/stages\/channel-refusal\.test\.ts$/,
  },
]

/** Tests that fail on a platform, or anywhere outside vitest, for a reason that is no lack of its streams. */
const APART: readonly { platforms: readonly Platform[]; reason: string; tests: RegExp }[] = [
  {
    platforms: ['node20', 'node22', 'node24', 'node26', 'deno', 'bun', 'chromium', 'firefox'],
    reason: 'replaces a package (`vi.doMock`), which only vitest itself can',
    tests: /^test\/stages\/csv\.test\.ts > csv\(\) > says what to install/,
  },
  {
    platforms: ['node20', 'node22', 'node24', 'node26', 'deno', 'bun'],
    reason: 'loads the library a second time (`vi.resetModules`), which only vitest itself can',
    tests: /^test\/executors\/parallel-options\.test\.ts > .* > a pool of another copy/,
  },
]

/** Why a test file is left out on a platform, outside vitest. */
export function leftOut(on: Platform, file: string): string | undefined {
  return ABOUT.find(({ platforms, files }) => platforms.includes(on) && files.test(file))?.reason
}

/** Why a test of a file is skipped on a platform, outside vitest. */
export function skipsOf(on: Platform, file: string): (name: string) => string | undefined {
  return name => {
    const skips = ({ platforms, tests }: Lack) =>
      platforms.includes(on) && tests?.some(test => test.test(`${file} > ${name}`))
    const lack = LACKS.find(skips)
    if (lack) return `lacks ${lack.what}`
    return APART.find(({ platforms, tests }) => platforms.includes(on) && tests.test(`${file} > ${name}`))
      ?.reason
  }
}

/** Whether the platform of this run lacks it: for tests that can leave a part of what they do out. */
export function lacks(probe: Probe): boolean {
  return LACKS.some(lack => lack.probe === probe && lack.platforms.includes(platform()))
}
