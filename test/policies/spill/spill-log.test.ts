import { describe, expect, it } from 'vitest'
import type { Frame } from '../../../src/policies/spill/record.ts'
import { SpillLog } from '../../../src/policies/spill/spill-log.ts'
import { MemoryStore } from './memory-store.ts'

const frame = (n: number): Frame => ({ bytes: new Uint8Array([n]), raw: false })
const nothing = (): void => {}

async function logOn(store: MemoryStore, memory: number): Promise<SpillLog> {
  const log = new SpillLog(store, 'spill', memory, false, nothing)
  await log.open(nothing)
  return log
}

describe('SpillLog', () => {
  it('has no more in memory than it may, of what was written and of what is read back', async () => {
    const log = await logOn(new MemoryStore(), 8)
    for (let n = 0; n < 50; n++) await log.write([frame(n), frame(n), frame(n)], log.taken, nothing)
    expect(log.cached).toBe(8)
    let most = 0
    while (log.length > 0) {
      log.take()
      if (log.thirsty) await log.fill()
      most = Math.max(most, log.cached)
    }
    expect(most).toBe(8)
    expect(log.taken).toBe(150)
  })

  it('takes back what a change that failed has written all the same', async () => {
    const store = new MemoryStore()
    const log = await logOn(store, 1)
    const { data } = store
    store.failures.batch.push(new Error('failed after it was done'))
    // Each item is a record of its own here.
    await expect(log.write([frame(1), frame(2), frame(3)], 0, nothing)).rejects.toThrow('after')
    for (const key of ['0', '1', '2']) data.set(`spill/${key.padStart(16, '0')}`, new Uint8Array([9]))
    await log.write([frame(4)], 0, nothing)
    expect(store.records).toEqual(['spill/0000000000000000'])
    expect(log.peek()?.bytes).toEqual(new Uint8Array([4]))
  })

  it('tells how many items the last record had, when that was damaged since', async () => {
    const store = new MemoryStore()
    let lost = 0
    const log = new SpillLog(store, 'spill', 4, false, items => {
      lost += items
    })
    await log.open(nothing)
    for (let n = 0; n < 5; n++) await log.write([frame(n)], 0, nothing)
    store.data.delete(store.records.at(-1) as string)
    for (let n = 0; n < 4; n++) log.take()
    await log.fill()
    expect(log.damage?.what).toBe('it is missing')
    expect(log.length).toBe(1)
    log.pass()
    expect([lost, log.length]).toEqual([1, 0])
  })

  it('goes on behind what it had, when everything is finished with', async () => {
    const store = new MemoryStore()
    const log = await logOn(store, 4)
    await log.write([frame(1)], 0, nothing)
    log.take()
    await log.write([], 1, nothing)
    expect(store.records).toEqual([])
    const next = await logOn(store, 4)
    expect(next.length).toBe(0)
    await next.write([frame(2)], 0, nothing)
    expect(store.records).toEqual(['spill/0000000000000001'])
  })

  it('keeps items of any size, each record within bounds', async () => {
    const store = new MemoryStore()
    const log = await logOn(store, 1000)
    const sizes = [300_000, 10, 200_000, 100_000, 0]
    await log.write(
      sizes.map(size => ({ bytes: new Uint8Array(size), raw: true })),
      0,
      nothing,
    )
    expect(store.records.map(key => store.data.get(key)?.length)).toEqual([300_040, 200_054, 100_044])
    expect(log.bytes).toBe(600_010 + 5 * 4)
    const read = sizes.map(() => {
      const frame = log.peek()
      log.take()
      return frame?.bytes.length
    })
    expect(read).toEqual(sizes)
  })

  it('is not misled by a neighbour whose prefix begins as its own', async () => {
    const store = new MemoryStore()
    const log = await logOn(store, 4)
    const other = new SpillLog(store, 'spill2', 4, false, nothing)
    await other.open(nothing)
    await other.write([frame(1)], 0, nothing)
    await log.write([frame(2)], 0, nothing)
    expect((await logOn(store, 4)).length).toBe(1)
  })
})
