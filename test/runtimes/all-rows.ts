import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { isInstalled } from '../package/is-installed.ts'
import { type BehaviourOptions, BROWSERS, behaviourIn, behaviourOn } from './behaviour.ts'
import { type ParallelOptions, parallelOn } from './parallel.ts'
import { Row } from './row.ts'
import { missing, NODE20, RUNTIMES, type Runtime, versionOf } from './runtimes.ts'

/** The checks of parallel wait more than they work: so many runtimes do them at a time. */
const LANES = 3

export type Part = 'behaviour' | 'parallel'

export interface AllOptions {
  /** Of which runtimes, by name: see {@link NAMES}. */
  readonly runtimes: readonly string[]
  readonly parts: readonly Part[]
  /** Whether vitest has run the behaviour tests on the Node that runs this. */
  readonly here: Row | undefined
  readonly build: boolean
  readonly behaviour: BehaviourOptions
  readonly parallel: ParallelOptions
}

export const NAMES = [...RUNTIMES, ...BROWSERS].map(({ name }) => name)

/** Runs the suite on one runtime after the other, and gives a row for each; says how it went as it goes on. */
export async function allRows(options: AllOptions): Promise<Row[]> {
  const { runtimes, parts, here } = options
  const rows: Row[] = []
  const chosen = <T extends { name: string }>(all: readonly T[]) =>
    all.filter(({ name }) => runtimes.includes(name))
  fetchPackages('test/runtimes')
  const node20 = RUNTIMES.find(({ name }) => name === 'node20') as Runtime
  if (NODE20 !== undefined && missing(node20) !== undefined && runtimes.includes('node20'))
    run('npm', ['install', '--no-save', '--no-package-lock', '--no-audit', NODE20], 'test/runtimes')
  if (chosen(BROWSERS).length > 0) fetchPackages('test/browser')
  if (options.build && parts.includes('parallel')) run('npm', ['run', 'build', '--silent'], '.')
  const servers: (readonly [Runtime, Row])[] = []
  for (const runtime of chosen(RUNTIMES)) {
    // The Node that runs this has done the behaviour tests, in vitest.
    const done = here && versionOf(runtime) === here.version ? here : undefined
    const behaves = parts.includes('behaviour')
    const row = done ?? (behaves ? await behaviourOn(runtime, options.behaviour) : new Row(runtime.name))
    row.missing ??= missing(runtime)
    servers.push([runtime, row])
    if (row !== here) rows.push(row)
    if (!done && behaves) tell(row, 'behaviour')
  }
  if (parts.includes('parallel')) {
    const left = servers.filter(([, row]) => row.missing === undefined)
    const lane = async (): Promise<void> => {
      for (let next = left.shift(); next; next = left.shift()) {
        await parallelOn(...next, options.parallel)
        tell(next[1], 'with parallel')
      }
    }
    await Promise.all(Array.from({ length: LANES }, lane))
  }
  if (!parts.includes('behaviour')) return rows
  for (const browser of chosen(BROWSERS)) {
    const two = await behaviourIn(browser, options.behaviour)
    for (const row of two) tell(row, 'behaviour')
    rows.push(...two)
  }
  return rows
}

function tell({ name, version, passed, failed, seconds, missing }: Row, part: string): void {
  console.log(
    missing === undefined
      ? `${name} ${version}, ${part}: ${passed} passed, ${failed} failed, ${Math.round(seconds)} s`
      : `${name}: not run: ${missing}`,
  )
}

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What only these tests need is fetched when they run. Where that fails, each runtime is missing by its own name. */
function fetchPackages(folder: string): void {
  if (isInstalled(`${root}${folder}`)) return
  try {
    run('npm', ['ci', '--no-audit', '--no-fund'], folder)
  } catch (error) {
    console.error(error)
  }
}

function run(command: string, args: string[], folder: string): void {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd: `${root}${folder}`,
    encoding: 'utf8',
  })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} => ${status}\n${stdout}\n${stderr}`)
}
