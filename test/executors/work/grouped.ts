import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TaskContext } from 'sluice/worker'

interface Data {
  readonly folder: string
}

/** Says that it is at work, by a file with its process' id, and gives its item when it may go on: once there is a file. */
export async function waiting(n: number, { data }: TaskContext<Data>): Promise<number> {
  writeFileSync(join(data.folder, `at-${n}`), `${process.pid}`)
  while (!existsSync(join(data.folder, 'go'))) await new Promise(resolve => setTimeout(resolve, 5))
  return n
}

/** The same, but for ever, and its thread is at nothing else. */
export function endless(n: number, { data }: TaskContext<Data>): number {
  writeFileSync(join(data.folder, `at-${n}`), `${process.pid}`)
  for (;;);
}
