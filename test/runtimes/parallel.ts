import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import type { Row } from './row.ts'
import { runRuntime } from './run-runtime.ts'
import type { Runtime } from './runtimes.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = fileURLToPath(new URL('.', import.meta.url))

/** How the checks of `parallel` are run. */
export interface ParallelOptions {
  /** Only checks whose name contains this. */
  readonly filter: string
  /** How often each is run at the most: some are run several times, for races. */
  readonly rounds: number
  /** How long a runtime may take for all of them, in milliseconds. */
  readonly limit: number
  readonly verbose: boolean
}

let made: Promise<string> | undefined

/** Runs the checks of `parallel` under a server runtime, against the built library, and adds them to its row. */
export async function parallelOn(runtime: Runtime, row: Row, options: ParallelOptions): Promise<void> {
  made ??= bundleChecks()
  const { filter, rounds, limit } = options
  const task = { suite: new URL('suite/', import.meta.url).href, filter, rounds }
  const ran = await runRuntime(runtime, await made, task, limit, result => {
    if (result.status === 'passed') row.passed++
    else if (result.status === 'skipped') row.skip(result.reason)
    else row.failed++
    if (!options.verbose && result.status !== 'failed') return
    const reason = 'reason' in result ? `\n    ${result.reason.replaceAll('\n', '\n    ')}` : ''
    console.log(`${runtime.name}: ${result.status} (${result.ms} ms) ${result.name}${reason}`)
  })
  if (ran.fault !== undefined) row.faults.push(`the checks of parallel: ${ran.fault}`)
  row.version ||= ran.version
  row.seconds += ran.seconds
}

/** The checks as one module that every runtime loads; the library is what was built, as a user would have it. */
async function bundleChecks(): Promise<string> {
  const outfile = `${folder}.build/child.mjs`
  await build({
    entryPoints: [`${folder}child.ts`],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    sourcemap: 'inline',
    plugins: [
      {
        name: 'built library',
        setup({ onResolve }) {
          onResolve({ filter: /^sluice(\/|$)/ }, ({ path }) => {
            const file = path === 'sluice' ? 'index' : path.slice('sluice/'.length)
            return { path: pathToFileURL(`${root}dist/${file}.js`).href, external: true }
          })
        },
      },
    ],
  })
  return outfile
}
