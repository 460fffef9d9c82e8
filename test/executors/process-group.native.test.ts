import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { from, toArray } from 'sluice'
import { parallel } from 'sluice/parallel'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

const program = fileURLToPath(new URL('work/group.ts', import.meta.url))
/** Two processes start with tsx. */
const LONG = { timeout: 60_000 }
let folder = ''
let child: ChildProcess

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-group-'))
})

afterEach(async () => {
  try {
    process.kill(-(child.pid as number), 'SIGKILL')
  } catch {}
  await rm(folder, { recursive: true })
})

/** Starts the program, as the head of a group of its own; settles when its worker is at work. */
async function start(name: string) {
  const { NODE_ENV: _, NODE_OPTIONS: __, VITEST: ___, ...env } = process.env
  child = spawn(process.execPath, ['--import', 'tsx', program, folder, name], {
    detached: true,
    // The folders of its workers' notes are made in it.
    env: { ...env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout?.on('data', chunk => (said += chunk))
  const ended = new Promise<{ code: number | null; said: string }>(resolve => {
    child.on('close', code => resolve({ code, said }))
  })
  const note = join(folder, 'at-0')
  await vi.waitFor(() => expect(existsSync(note)).toBe(true), LONG)
  const worker = Number(await readFile(note, 'utf8'))
  return {
    ended,
    worker,
    said: () => said,
    tell: (signal: string) => process.kill(-(child.pid as number), signal),
  }
}

describe.skipIf(process.platform === 'win32')(
  'parallel() in processes of a group',
  { timeout: 120_000 },
  () => {
    it('finishes what is inside when all of it is told to stop', async () => {
      const { ended, said, tell } = await start('waiting')
      let told = ''
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
        tell(signal)
        told += `${signal}\n`
        await vi.waitFor(() => expect(said()).toBe(told), LONG)
      }
      await writeFile(join(folder, 'go'), '')
      expect(await ended).toEqual({ code: 0, said: `${told}finished\n` })
    })

    it.each(['SIGINT', 'SIGHUP', 'SIGTERM'])(
      'begins anew a worker that %s ends while it boots',
      async signal => {
        // More often than a worker may die of its own module.
        const early = join(folder, 'early.mjs')
        const code = `import { appendFileSync, readFileSync } from 'node:fs'
const file = ${JSON.stringify(join(folder, 'boots'))}
appendFileSync(file, '.')
if (readFileSync(file).length <= 5) {
  process.kill(process.pid, ${JSON.stringify(signal)})
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}`
        await writeFile(early, code)
        const results = from([1, 2, 3]).pipeThrough(
          parallel<typeof import('./work/tasks.ts')>(new URL('./work/tasks.ts', import.meta.url), {
            runtime: 'processes',
            threads: 1,
            execArgv: ['--import', early],
          }),
        )
        expect(await toArray(results)).toEqual([2, 4, 6])
        expect(await readFile(join(folder, 'boots'), 'utf8')).toBe('......')
      },
    )

    it('leaves no worker behind when the program is killed, though its function never returns', async () => {
      const { worker } = await start('endless')
      child.kill('SIGKILL')
      await vi.waitFor(async () => {
        expect(isAlive(worker)).toBe(false)
        expect((await readdir(folder)).filter(file => file.startsWith('sluice-'))).toEqual([])
      }, LONG)
    })
  },
)

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
