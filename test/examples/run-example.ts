import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** How an example ended, and what it said. */
export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs an example as `npm start` does; one that hangs is killed, and ends with `code` null. */
export function runExample(
  name: string,
  args: readonly string[] = [],
  onProgress?: (child: ChildProcess) => void,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    // vitest marks its workers with NODE_ENV and friends; a user's shell has none of that.
    const { NODE_ENV: _, NODE_OPTIONS: __, VITEST: ___, ...env } = process.env
    const child = spawn(process.execPath, ['--import', 'tsx', `examples/${name}.ts`, ...args], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 30_000,
      killSignal: 'SIGKILL',
    })
    const said = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', text => {
      said.stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', text => {
      if (said.stderr === '') onProgress?.(child)
      said.stderr += text
    })
    child.on('error', reject)
    child.on('close', code => resolve({ code, ...said }))
  })
}
