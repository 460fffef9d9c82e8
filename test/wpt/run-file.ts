import { spawn } from 'node:child_process'
import type { Job, Report, Subtest } from './protocol.ts'

export interface FileResult {
  file: string
  subtests: Subtest[]
  /** What went wrong outside any subtest: a crash, a hang, an unhandled rejection. */
  problems: string[]
}

const timeLimit = 60_000

/** Runs one test file in a process of its own. */
export function runFile(runtime: string, child: string, job: Job): Promise<FileResult> {
  const result: FileResult = { file: job.file, subtests: [], problems: [] }
  const args = ['--expose-gc', child, JSON.stringify(job)]
  const process = spawn(runtime, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  let done = false
  let timedOut = false
  let output = ''
  const timer = setTimeout(() => {
    timedOut = true
    process.kill('SIGKILL')
  }, timeLimit)

  for (const stream of [process.stdout, process.stderr]) {
    stream?.on('data', (text: Buffer) => {
      output = (output + text).slice(-2_000)
    })
  }
  process.on('message', (report: Report) => {
    if (report.type === 'subtest') result.subtests.push(report.subtest)
    else if (report.type === 'problem') result.problems.push(report.problem)
    else done = true
  })
  return new Promise((resolve, reject) => {
    process.on('error', reject)
    process.on('close', (code, signal) => {
      clearTimeout(timer)
      if (timedOut) result.problems.push(`stopped after ${timeLimit / 1000} s`)
      else if (!done) result.problems.push(`ended early (${signal ?? code}): ${output.trim()}`)
      resolve(result)
    })
  })
}

/** Runs the tasks, at most `size` at once, and gives their results in the order of the tasks. */
export async function pool<T>(size: number, tasks: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = []
  const queue = tasks.entries()
  const worker = async () => {
    for (const [index, task] of queue) results[index] = await task()
  }
  await Promise.all(Array.from({ length: size }, worker))
  return results
}
