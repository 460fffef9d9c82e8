import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const child = fileURLToPath(new URL('./kill-child.ts', import.meta.url))

/** Bytes of notes after which a process is killed at the latest: some 10,000 of them. */
const MOST_NOTES = 80_000

/** What a process that was killed, or came to its end, has done. */
interface Life {
  readonly acknowledged: readonly number[]
  readonly out: readonly number[]
  /** Items that came out in an earlier life already. */
  readonly again: readonly number[]
  /** Items that were acknowledged and had not come out when it died. */
  readonly left: number
}

/**
 * Kills a process at random moments, again and again, and lets the last one come to its end. Each goes on with the store
 * of the one before it.
 */
export async function livesOf(
  kills: number,
  memory: number,
  command = [process.execPath, '--import', 'tsx'],
) {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-spill-'))
  const lives: Life[] = []
  const told = new Set<number>()
  const seen = new Set<number>()
  let next = 0
  for (let life = 0; life <= kills; life++) {
    const log = join(folder, `life-${life}`)
    const until = life < kills ? Infinity : next
    await live(command, [join(folder, 'db'), log, `${next}`, `${until}`, `${memory}`], log, life < kills)
    const notes = (await readFile(log, 'utf8')).trimEnd().split('\n')
    const of = (kind: string) => notes.filter(note => note[0] === kind).map(note => Number(note.slice(2)))
    const [sent, acknowledged, out] = [of('s'), of('a'), of('o')]
    const again = out.filter(id => seen.has(id))
    for (const id of acknowledged) told.add(id)
    for (const id of out) seen.add(id)
    lives.push({ acknowledged, out, again, left: [...told].filter(id => !seen.has(id)).length })
    next = Math.max(next, ...sent.map(id => id + 1))
  }
  await rm(folder, { recursive: true })
  return { lives, lost: [...told].filter(id => !seen.has(id)) }
}

/** Runs the child, and kills it at some moment of its work. */
async function live(command: string[], args: string[], log: string, dies: boolean): Promise<void> {
  const [program = '', ...flags] = command
  const { NODE_ENV: _, NODE_OPTIONS: __, VITEST: ___, ...env } = process.env
  const process_ = spawn(program, [...flags, child, ...args], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 60_000,
    killSignal: 'SIGKILL',
  })
  const ended = new Promise<{ code: number | null }>((resolve, reject) => {
    process_.on('error', reject)
    process_.on('close', code => resolve({ code }))
  })
  if (dies) {
    // By what it has done, not by time: a busy machine gives it little of that.
    const enough = Math.random() * MOST_NOTES
    while (((await stat(log).catch(() => undefined))?.size ?? 0) <= enough) await wait(5)
    process_.kill('SIGKILL')
  }
  const { code } = await ended
  if (!dies && code !== 0) throw new Error(`the last process ended with ${code}`)
  if (dies && code !== null) throw new Error(`a process ended by itself, with ${code}`)
}

function wait(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}
