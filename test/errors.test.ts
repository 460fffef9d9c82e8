import {
  BreakerOpenError,
  channel,
  IdleTimeoutError,
  QueueFullError,
  QueueTimeoutError,
  RateLimitError,
  RecordError,
  reject,
  type SluiceError,
  SpillError,
  TaskTimeoutError,
  timeout,
} from 'sluice'
import { describe, expect, it } from 'vitest'

const item = { id: 1 }
const details = { stage: 'inbox', capacity: 4, item }

describe('QueueFullError', () => {
  it('carries the stage, the capacity and the very item', () => {
    const error = new QueueFullError(details)
    expect(error).toBeInstanceOf(Error)
    expect({ ...error }).toEqual({ code: 'ERR_QUEUE_FULL', ...details })
    expect(error.item).toBe(item)
  })

  it('says what happened', () => {
    expect(String(new QueueFullError(details))).toBe(
      'QueueFullError: inbox: the inbox is full (capacity 4); the item was refused',
    )
  })

  it('is what a full channel with reject() rejects with', async () => {
    const queue = channel<object>(reject(1), { name: 'orders' })
    queue.trySend({})
    const error = await queue.send(item).catch(error => error)
    expect(error).toBeInstanceOf(QueueFullError)
    expect({ ...error }).toEqual({ code: 'ERR_QUEUE_FULL', stage: 'orders', capacity: 1, item })
  })
})

describe('QueueTimeoutError', () => {
  it('carries the stage, the capacity, the very item and the wait', () => {
    const error = new QueueTimeoutError(details, 250)
    expect(error).toBeInstanceOf(Error)
    expect({ ...error }).toEqual({ code: 'ERR_QUEUE_TIMEOUT', ...details, timeout: 250 })
    expect(error.item).toBe(item)
  })

  it('says what happened', () => {
    expect(String(new QueueTimeoutError(details, 250))).toBe(
      'QueueTimeoutError: inbox: the inbox stayed full (capacity 4) for 250 ms; the item was refused',
    )
  })

  it('is what a full channel with timeout() rejects with', async () => {
    const queue = channel<object>(timeout(1, 0), { name: 'orders' })
    queue.trySend({})
    const error = await queue.send(item).catch(error => error)
    expect(error).toBeInstanceOf(QueueTimeoutError)
    expect({ ...error }).toEqual({
      code: 'ERR_QUEUE_TIMEOUT',
      stage: 'orders',
      capacity: 1,
      item,
      timeout: 0,
    })
  })
})

describe('SluiceError', () => {
  it('narrows by its code', () => {
    const wait = (error: SluiceError): number => {
      switch (error.code) {
        case 'ERR_QUEUE_FULL':
          return 0
        case 'ERR_QUEUE_TIMEOUT':
          return error.timeout
        case 'ERR_RATE_LIMIT':
        case 'ERR_BREAKER_OPEN':
          return error.retryAfter
        case 'ERR_SPILL_STORE':
        case 'ERR_SPILL_CORRUPT':
          return error.key?.length ?? -1
        case 'ERR_TASK_TIMEOUT':
        case 'ERR_IDLE_TIMEOUT':
          return error.timeout
        case 'ERR_RECORD_INVALID':
        case 'ERR_RECORD_TOO_LONG':
          return error.record
      }
    }
    const all = [
      new QueueFullError(details),
      new QueueTimeoutError(details, 3),
      new RateLimitError('s', 1, 5),
      new TaskTimeoutError({ stage: 's', item: 1, index: 0 }, 7),
      new BreakerOpenError({ stage: 's', item: 1, index: 0 }, 9),
      new IdleTimeoutError('s', 11),
      new SpillError('ERR_SPILL_STORE', 's', 'no'),
      new SpillError('ERR_SPILL_CORRUPT', 's', 'no', { key: 'k' }),
      new RecordError('ERR_RECORD_INVALID', 's', 'no', { record: 13, text: '{' }),
    ]
    expect(all.map(wait)).toEqual([0, 3, 5, 7, 9, 11, -1, 1, 13])
  })
})
