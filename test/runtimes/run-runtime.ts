import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Report, Task } from './report.ts'
import type { Runtime } from './runtimes.ts'
import type { CheckResult } from './suite/run-checks.ts'

export interface RuntimeResult {
  readonly name: string
  readonly version: string
  readonly results: readonly CheckResult[]
  readonly seconds: number
  /** What is wrong with the run as such. */
  readonly fault: string | undefined
}

/** How long a child may take to end by itself after its last check, in milliseconds. */
const PARTING = 10_000

/** Runs the suite under one runtime. */
export function runRuntime(
  runtime: Runtime,
  main: string,
  task: Task,
  limit: number,
  onResult: (result: CheckResult) => void,
): Promise<RuntimeResult> {
  return new Promise(resolve => {
    const start = performance.now()
    const results: CheckResult[] = []
    const complaints: string[] = []
    let version = ''
    let expected = -1
    let ended = false
    let fault: string | undefined
    // A group of its own: what it leaves behind goes with it.
    const child = spawn(runtime.command, [...runtime.args, main, JSON.stringify(task)], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const kill = (): void => {
      try {
        process.kill(-(child.pid as number), 'SIGKILL')
      } catch {
        // Nothing is left of it.
      }
    }
    let timer = setTimeout(() => {
      fault = `it took longer than ${limit / 1000} s`
      kill()
    }, limit)
    createInterface({ input: child.stdout }).on('line', line => {
      const message = parse(line)
      if (!message) complaints.push(line)
      else if (message.type === 'begin') [version, expected] = [message.version, message.checks]
      else if (message.type === 'result') {
        results.push(message.result)
        onResult(message.result)
      } else {
        ended = true
        clearTimeout(timer)
        timer = setTimeout(() => {
          fault = `it did not exit within ${PARTING / 1000} s of its last check: something is left running`
          kill()
        }, PARTING)
      }
    })
    child.stderr.setEncoding('utf8').on('data', text => complaints.push(text))
    const settle = (): void => {
      clearTimeout(timer)
      kill()
      const seconds = Math.round((performance.now() - start) / 100) / 10
      resolve({ name: runtime.name, version, results, seconds, fault })
    }
    child.on('error', error => {
      fault ??= error.message
      settle()
    })
    child.on('close', (code, signal) => {
      if (!ended || results.length !== expected)
        fault ??= `it ended (${signal ?? code}) before its checks did`
      else if (code !== 0) fault ??= `it exited with ${signal ?? code}`
      if (fault !== undefined) fault += complaints.join('').slice(-2_000)
      settle()
    })
  })
}

function parse(line: string): Report | undefined {
  try {
    const message = JSON.parse(line)
    return typeof message?.type === 'string' ? message : undefined
  } catch {
    return undefined
  }
}
