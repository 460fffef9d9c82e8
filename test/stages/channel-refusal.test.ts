import { channel, reject } from 'sluice'
import { beforeEach, describe, expect, it, vi } from 'vitest'

const made = vi.hoisted(() => ({ errors: 0 }))

vi.mock('../../src/errors.ts', async original => {
  const errors = await original<typeof import('../../src/errors.ts')>()
  class QueueFullError extends errors.QueueFullError {
    constructor(details: ConstructorParameters<typeof errors.QueueFullError>[0]) {
      super(details)
      made.errors++
    }
  }
  return { ...errors, QueueFullError }
})

beforeEach(() => {
  made.errors = 0
})

// Refusing has to be cheap when it matters, and an error is not: it takes microseconds to collect its stack.
describe('a full channel', () => {
  it('makes no error for a trySend() that only answers false', () => {
    const queue = channel<number>(reject(1))
    expect([1, 2, 3].map(n => queue.trySend(n))).toEqual([true, false, false])
    expect(made.errors).toBe(0)
    expect(queue.stats()).toMatchObject({ received: 3, rejected: 2 })
  })

  it('makes one for each that onReject is told of', () => {
    const told: number[] = []
    const queue = channel<number>(reject(1), { onReject: item => void told.push(item) })
    expect([1, 2, 3].map(n => queue.trySend(n))).toEqual([true, false, false])
    expect(told).toEqual([2, 3])
    expect(made.errors).toBe(2)
  })

  it('makes one for each send() that rejects', async () => {
    const queue = channel<number>(reject(1))
    queue.trySend(1)
    await expect(queue.send(2)).rejects.toMatchObject({ code: 'ERR_QUEUE_FULL', item: 2 })
    expect(made.errors).toBe(1)
  })
})
