import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { compare, readDifferences } from './compare.ts'
import { printBaseline, printComparison } from './print.ts'
import { type Mode, modes } from './protocol.ts'
import { pool, runFile } from './run-file.ts'
import { cache, obtainSuite } from './suite.ts'

const usage = `Runs the Web Platform Tests for streams and compares the library with the platform's own classes.

  npm run test:wpt -- [options]

  --mode MODE       platform: the platform's own classes, for reference
                    classes (the default): Flow and Stage in place of ReadableStream and TransformStream
                    engine: the same, and an operator of the library in every pipe and every TransformStream
  --runtime FILE    the Node.js binary that runs the tests (default: this one)
  --filter TEXT     only test files whose path contains TEXT
  --json FILE       write every result to FILE
  --suite FOLDER    a checkout of web-platform-tests (default: the copy in Debian's nodejs source, through apt)
  --library FILE    the module under test (default: src/index.ts)

It fails when the library fails a subtest that the platform passes and differences.json does not list it, and when
differences.json lists a subtest that passes.`

const folders = [
  'readable-streams',
  'readable-byte-streams',
  'writable-streams',
  'transform-streams',
  'piping',
  'queuing-strategies.any.js',
]
const engineFolders = ['transform-streams', 'piping']

const { values: options } = parseArgs({
  options: {
    mode: { type: 'string', default: 'classes' },
    runtime: { type: 'string', default: process.execPath },
    filter: { type: 'string', default: '' },
    json: { type: 'string' },
    suite: { type: 'string' },
    library: { type: 'string', default: fileURLToPath(new URL('../../src/index.ts', import.meta.url)) },
    help: { type: 'boolean', default: false },
  },
})

try {
  if (options.help) console.log(usage)
  else process.exitCode = (await main(toMode(options.mode))) ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
}

async function main(mode: Mode): Promise<boolean> {
  const runtime = existsSync(options.runtime) ? resolve(options.runtime) : options.runtime
  const suite = await obtainSuite(options.suite && resolve(options.suite))
  const files = await testFiles(join(suite.root, 'streams'), mode)
  if (files.length === 0) throw new Error(`no test file of this mode contains '${options.filter}'`)
  const version = execFileSync(runtime, ['--version'], { encoding: 'utf8' }).trim()
  console.log(`Mode ${mode} on ${version}, ${files.length} files of ${suite.origin}\n`)

  await mkdir(cache, { recursive: true })
  const work = await mkdtemp(join(cache, 'run-'))
  try {
    const child = await bundle(work, mode)
    const runAll = (mode: Mode) => {
      const jobs = files.map(file => ({ mode, file, root: suite.root, library: child.library }))
      const tasks = jobs.map(job => () => runFile(runtime, child.main, job))
      return pool(2, tasks)
    }
    const platform = await runAll('platform')
    const ours = mode === 'platform' ? platform : await runAll(mode)
    const comparison = compare(mode, platform, ours, readDifferences(version))
    if (mode === 'platform') printBaseline(comparison, platform)
    else printComparison(comparison)
    if (options.json !== undefined) {
      await writeFile(
        options.json,
        JSON.stringify({ mode, version, suite, comparison, platform, ours }, null, 2),
      )
    }
    return comparison.unlisted.length === 0 && comparison.outdated.length === 0
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function testFiles(streams: string, mode: Mode): Promise<string[]> {
  const wanted = mode === 'engine' ? engineFolders : folders
  const files = await readdir(streams, { recursive: true })
  return files
    .filter(
      file =>
        file.endsWith('.any.js') && wanted.some(folder => file === folder || file.startsWith(`${folder}/`)),
    )
    .filter(file => file.includes(options.filter))
    .sort()
}

/** Makes plain modules of the child's part and of the library, so that any runtime loads them, and fast. */
async function bundle(outdir: string, mode: Mode): Promise<{ main: string; library: string }> {
  const main = fileURLToPath(new URL('child.ts', import.meta.url))
  await build({
    entryPoints: mode === 'platform' ? { main } : { main, library: resolve(options.library) },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
  })
  return { main: join(outdir, 'main.mjs'), library: join(outdir, 'library.mjs') }
}

function toMode(text: string): Mode {
  const mode = modes.find(mode => mode === text)
  if (mode === undefined) throw new Error(`--mode must be one of ${modes.join(', ')}, received '${text}'`)
  return mode
}
