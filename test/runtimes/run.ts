import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { type RuntimeResult, runRuntime } from './run-runtime.ts'
import { missing, RUNTIMES } from './runtimes.ts'
import type { CheckResult } from './suite/run-checks.ts'

const usage = `Runs the behaviour suite of parallel() on every server runtime, against the built library.

  npm run test:runtimes -- [options]

  --runtime NAME    only this one (may be repeated): ${RUNTIMES.map(({ name }) => name).join(', ')}
  --filter TEXT     only checks whose name contains TEXT
  --limit SECONDS   how long one runtime may take (default: 240)
  --no-build        take dist/ as it is
  --verbose         a line for each check

It fails when a check fails, when a runtime cannot run, and when one does not exit by itself after its last check.`

const { values: options } = parseArgs({
  allowNegative: true,
  options: {
    runtime: { type: 'string', multiple: true },
    filter: { type: 'string', default: '' },
    limit: { type: 'string', default: '240' },
    build: { type: 'boolean', default: true },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const root = fileURLToPath(new URL('../..', import.meta.url))

if (options.help) console.log(usage)
else process.exitCode = (await main()) ? 0 : 1

async function main(): Promise<boolean> {
  const names = options.runtime ?? RUNTIMES.map(({ name }) => name)
  const unknown = names.find(name => !RUNTIMES.some(runtime => runtime.name === name))
  if (unknown !== undefined) throw new Error(`--runtime ${unknown}: there is no such runtime\n\n${usage}`)
  const folder = fileURLToPath(new URL('.', import.meta.url))
  if (!existsSync(`${folder}/node_modules`)) run('npm', ['ci'], folder)
  if (options.build) run('npm', ['run', 'build', '--silent'], root)
  const main = await bundle(folder)
  const task = { suite: new URL('suite/', import.meta.url).href, filter: options.filter }
  const table: RuntimeResult[] = []
  for (const runtime of RUNTIMES.filter(({ name }) => names.includes(name))) {
    const fault = missing(runtime)
    table.push(
      fault === undefined
        ? await runRuntime(runtime, main, task, 1000 * Number(options.limit), result => {
            if (options.verbose || result.status === 'failed') console.log(told(runtime.name, result))
          })
        : { name: runtime.name, version: '', results: [], seconds: 0, fault },
    )
  }
  print(table)
  return table.every(({ results, fault }) => !fault && results.every(({ status }) => status !== 'failed'))
}

function run(command: string, args: string[], cwd: string): void {
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} => ${status}\n${stdout}\n${stderr}`)
}

/** The suite as one module that every runtime loads; the library is what was built, as a user would have it. */
async function bundle(folder: string): Promise<string> {
  const outfile = `${folder}/.build/child.mjs`
  await build({
    entryPoints: [`${folder}/child.ts`],
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
            return { path: pathToFileURL(`${root}/dist/${file}.js`).href, external: true }
          })
        },
      },
    ],
  })
  return outfile
}

function told(runtime: string, result: CheckResult): string {
  const reason = 'reason' in result ? `\n    ${result.reason.replaceAll('\n', '\n    ')}` : ''
  return `${runtime}: ${result.status} (${result.ms} ms) ${result.name}${reason}`
}

function print(table: readonly RuntimeResult[]): void {
  const rows = table.map(({ name, version, results, seconds }) => {
    const of = (status: CheckResult['status']): string =>
      String(results.filter(result => result.status === status).length)
    return [name, version, of('passed'), of('failed'), of('skipped'), `${seconds} s`]
  })
  rows.unshift(['runtime', 'version', 'passed', 'failed', 'skipped', 'time'])
  const widths = rows[0]?.map((_, at) => Math.max(...rows.map(row => row[at]?.length ?? 0))) ?? []
  console.log()
  for (const row of rows) console.log(row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  '))
  for (const { name, results, fault } of table) {
    const reasons = new Map<string, number>()
    for (const result of results) {
      if (result.status === 'skipped') reasons.set(result.reason, (reasons.get(result.reason) ?? 0) + 1)
    }
    for (const [reason, count] of reasons) console.log(`${name}: ${count} skipped: ${reason}`)
    if (fault !== undefined) console.log(`${name}: ${fault}`)
  }
}
