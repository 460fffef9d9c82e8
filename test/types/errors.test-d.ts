import {
  type BreakerOpenError,
  block,
  type IdleTimeoutError,
  type QueueFullError,
  type QueueTimeoutError,
  type RateLimitError,
  type RecordError,
  type SluiceError,
  type SpillError,
  type Strategy,
  type TaskTimeoutError,
  timeout,
} from 'sluice'
import { expectTypeOf, it } from 'vitest'

declare const error: SluiceError

it('a code narrows the error', () => {
  switch (error.code) {
    case 'ERR_QUEUE_FULL':
      expectTypeOf(error).toEqualTypeOf<QueueFullError>()
      break
    case 'ERR_QUEUE_TIMEOUT':
      expectTypeOf(error).toEqualTypeOf<QueueTimeoutError>()
      expectTypeOf(error.timeout).toEqualTypeOf<number>()
      break
    case 'ERR_RATE_LIMIT':
      expectTypeOf(error).toEqualTypeOf<RateLimitError>()
      break
    case 'ERR_SPILL_STORE':
    case 'ERR_SPILL_CORRUPT':
      expectTypeOf(error).toEqualTypeOf<SpillError>()
      expectTypeOf(error.key).toEqualTypeOf<string | undefined>()
      break
    case 'ERR_TASK_TIMEOUT':
      expectTypeOf(error).toEqualTypeOf<TaskTimeoutError>()
      break
    case 'ERR_BREAKER_OPEN':
      expectTypeOf(error).toEqualTypeOf<BreakerOpenError>()
      break
    case 'ERR_IDLE_TIMEOUT':
      expectTypeOf(error).toEqualTypeOf<IdleTimeoutError>()
      break
    case 'ERR_RECORD_INVALID':
    case 'ERR_RECORD_TOO_LONG':
      expectTypeOf(error).toEqualTypeOf<RecordError>()
      break
    default:
      expectTypeOf(error).toBeNever()
  }
})

it('a strategy is a QueuingStrategy', () => {
  expectTypeOf(block<string>(1)).toExtend<QueuingStrategy<string>>()
  expectTypeOf(timeout<string>({ highWaterMark: 9, size: s => s.length }, 5)).toEqualTypeOf<
    Strategy<string>
  >()
  new ReadableStream<string>({}, block(3))
  new WritableStream<string>({}, block<string>({ highWaterMark: 9, size: s => s.length }))
  // @ts-expect-error no time
  timeout(1)
  // @ts-expect-error no capacity
  block({ size: () => 1 })
})
