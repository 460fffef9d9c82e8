import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Bundle, BundledTest } from './bundle.ts'
import type { FileReport, RealmMessage } from './realm/file-report.ts'
import type { Runtime } from './runtimes.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** How long one test file may take, in milliseconds. */
const LIMIT = 180_000

/** Runs the bundled test files under a server runtime, one more at once than there are cores, as some wait, each in a process of its own. */
export async function runOnServer(
  runtime: Runtime,
  { folder, tests }: Bundle,
  environment: Readonly<Record<string, string>>,
  onReport: (report: FileReport) => void,
): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'sluice-runtime-'))
  const left = [...tests]
  const work = async (): Promise<void> => {
    for (let test = left.shift(); test; test = left.shift()) {
      const out = join(scratch, test.file.replaceAll('/', '-'))
      onReport(await runOne(runtime, folder, test, out, environment))
    }
  }
  try {
    await Promise.all(Array.from({ length: availableParallelism() + 1 }, work))
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

async function runOne(
  { command, args }: Runtime,
  folder: string,
  { file, module }: BundledTest,
  out: string,
  environment: Readonly<Record<string, string>>,
): Promise<FileReport> {
  const main = join(folder, 'test/runtimes/realm/process.mjs')
  // A group of its own: what it leaves behind goes with it.
  const child = spawn(command, [...args, main, file, join(folder, module), out], {
    cwd: root,
    env: { ...process.env, ...environment },
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const kill = (): void => {
    try {
      process.kill(-(child.pid as number), 'SIGKILL')
    } catch {
      // Nothing is left of it.
    }
  }
  let said = ''
  child.stderr.setEncoding('utf8').on('data', text => {
    // Figures for the table of test/interop.
    if (environment.SLUICE_INTEROP) process.stderr.write(text)
    said = `${said}${text}`.slice(-2_000)
  })
  let late = false
  const timer = setTimeout(() => {
    late = true
    kill()
  }, LIMIT)
  const how = await new Promise<string>(resolve => {
    child.on('error', error => resolve(error.message))
    child.on('exit', (code, signal) => resolve(String(signal ?? code)))
  })
  clearTimeout(timer)
  kill()
  const messages = (await readFile(out, 'utf8').catch(() => ''))
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line) as RealmMessage)
  const last = messages.at(-1)
  if (last?.type === 'report') return last.report
  const at = last ? `at “${last.name}”` : 'before its first test'
  const text = late ? `not over after ${LIMIT / 1000} s, ${at}` : `the process ended (${how}) ${at}\n${said}`
  return { file, tests: [], errors: [text] }
}
