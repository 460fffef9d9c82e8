import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ClassicLevel } from 'classic-level'
import { MemoryLevel } from 'memory-level'
import { channel, drain, from, map, range, spill, toArray } from 'sluice'
import { describe, expect, it } from 'vitest'

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-level-'))
  try {
    await work(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

describe('spill() on abstract-level', () => {
  it('takes a database and its sublevels, each for a queue of its own, whatever their encodings', async () => {
    const database = new MemoryLevel<string, unknown>({ valueEncoding: 'json' })
    const queues = [database, database.sublevel('a'), database.sublevel('b')].map(store =>
      channel<string>(spill(store, { memory: 2 })),
    )
    for (const [at, queue] of queues.entries()) {
      for (let n = 0; n < 10; n++) await queue.send(`${at}.${n}`)
      queue.close()
    }
    for (const [at, queue] of queues.entries()) {
      expect(await toArray(queue.readable)).toEqual(Array.from({ length: 10 }, (_, n) => `${at}.${n}`))
    }
  })

  it.each([1, 3])('has told the database everything when a chain ends, %i at once', async concurrency => {
    await inFolder(async folder => {
      const database = new ClassicLevel(folder)
      const work = map(async (n: number) => n, {
        concurrency,
        strategy: spill<number>(database, { memory: 50 }),
      })
      await drain(range(0, 2000).pipeThrough(work))
      await database.close()

      await database.open()
      const keys = await database.keys().all()
      expect(keys).toEqual(['spill/cursor'])
      await database.close()
    })
  })

  it('fails clearly on a database that cannot be opened', async () => {
    await inFolder(async folder => {
      const holder = new ClassicLevel(folder)
      await holder.open()
      const second = new ClassicLevel(folder)
      const stage = map((n: number) => n, { name: 'work', strategy: spill<number>(second) })
      const error = await toArray(from([1]).pipeThrough(stage)).catch(error => error)
      expect(error).toMatchObject({ code: 'ERR_SPILL_STORE', stage: 'work' })
      expect(error.cause).toBeInstanceOf(Error)
      await holder.close()
    })
  })
})
