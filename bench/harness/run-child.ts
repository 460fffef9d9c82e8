import { spawn } from 'node:child_process'
import type { Measurement, Orders } from './measure.ts'
import type { Runtime } from './runtime.ts'

const LIMIT_MS = 180_000

/** Runs one fresh process and gives what it measured. */
export function runChild(
  runtime: Runtime,
  script: string,
  orders: Orders,
  v8Flags: readonly string[] = [],
): Promise<Measurement> {
  return new Promise((resolve, reject) => {
    // Garbage collection on demand keeps one run from paying for another.
    const flags = runtime.flags(['--expose-gc', ...v8Flags])
    const child = spawn(runtime.path, [...flags, script, JSON.stringify(orders)], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
    })
    let output = ''
    let complaints = ''
    child.stdout.setEncoding('utf8').on('data', text => {
      output += text
    })
    child.stderr.setEncoding('utf8').on('data', text => {
      complaints += text
    })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0) resolve(JSON.parse(output.trimEnd().split('\n').at(-1) as string) as Measurement)
      else reject(new Error(`${orders.case}, ${orders.variant}: ${signal ?? code}\n${complaints.trim()}`))
    })
  })
}
