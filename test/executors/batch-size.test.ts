import { describe, expect, it } from 'vitest'
import { BatchSize } from '../../src/executors/batch-size.ts'

const MB = 1_000_000

interface Kind {
  /** Milliseconds that an item takes its worker. */
  readonly busy: number
  /** And that it takes to send. */
  readonly sending?: number
  readonly bytes?: number
}

/** Batches that come back, of which each takes and moves so much an item. */
function feed(sizes: BatchSize, batches: number, { busy, sending = 0.001, bytes = 0 }: Kind, underWay = 4) {
  for (let batch = 0; batch < batches; batch++) {
    const items = sizes.size
    const measured = { items, busy: items * busy, sending: items * sending, bytes: items * bytes }
    sizes.measured(measured, underWay)
  }
  return sizes
}

const settled = (kind: Kind, underWay?: number, mayGather = true): BatchSize =>
  feed(new BatchSize(mayGather), 20, kind, underWay)

describe('BatchSize', () => {
  it('comes to as many items as take 2 ms, up to 1,024', () => {
    expect(settled({ busy: 0.01 }).size).toBe(200)
    expect(settled({ busy: 5 }).size).toBe(1)
    expect(settled({ busy: 0.0001 }).size).toBe(1024)
  })

  it('counts what it takes to send them, where that is more', () => {
    expect(settled({ busy: 0.001, sending: 0.01 }).size).toBe(200)
  })

  it('moves no more than 64 MB in all batches under way together, of however many workers', () => {
    for (const underWay of [1, 2, 4, 32]) {
      expect(settled({ busy: 0.01, bytes: MB }, underWay).size * underWay).toBe(64)
      expect(settled({ busy: 0.002, bytes: MB / 10 }, underWay).size * underWay).toBe(640)
    }
    expect(settled({ busy: 0.01, bytes: 100 * MB }).size).toBe(1)
  })

  it('has them in two where what is moved takes a worker less than it takes to send, of however many workers', () => {
    const light = { busy: 0.0009, bytes: MB }
    for (const underWay of [2, 4, 32])
      expect(settled(light, underWay)).toMatchObject({ light: true, size: 32 })
    expect(settled(light, 4, false)).toMatchObject({ light: false, size: 16 })
    expect(settled({ ...light, busy: 0.0011 })).toMatchObject({ light: false, size: 16 })
    expect(settled({ ...light, bytes: 0 })).toMatchObject({ light: false })
  })

  it('has them in more again once items take longer', () => {
    const sizes = settled({ busy: 0.0001, bytes: MB })
    expect(feed(sizes, 1, { busy: 0.1, bytes: MB })).toMatchObject({ light: false, size: 16 })
  })

  it('grows by no more than four times at once', () => {
    expect(feed(new BatchSize(), 1, { busy: 0.0001 }).size).toBe(4)
  })
})
