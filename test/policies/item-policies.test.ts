import { ConsecutiveBreaker, circuitBreaker, handleAll, retry as retryPolicy, wrap } from 'cockatiel'
import {
  type DeadLetter,
  filter,
  flatMap,
  forEach,
  from,
  map,
  sink,
  TaskTimeoutError,
  tap,
  toArray,
} from 'sluice'
import { parallel } from 'sluice/parallel'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { rest } from '../contract/overflow-driver.ts'
import { expectLaw, outcome, soon } from '../contract/probe.ts'
import { localExecutor } from '../setup/local-executor.ts'

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const odd = (n: number) => {
  if (n % 2 === 1) throw new Error(`odd ${n}`)
  return n
}

// biome-ignore lint/suspicious/noExplicitAny: what a caller may pass without types
type Loose = any
const STAGES: Record<string, (options: Loose) => unknown> = {
  map: options => map(odd, options),
  filter: options => filter(odd, options),
  tap: options => tap(odd, options),
  flatMap: options => flatMap((n: number) => [odd(n)], options),
  sink: options => sink(odd, options),
  parallel: options => parallel(undefined as Loose, { executor: localExecutor(odd), ...options }),
}

describe.each(Object.keys(STAGES))('%s()', kind => {
  const make = STAGES[kind] as (options: Loose) => unknown
  it.each([
    [{ timeout: -1 }, RangeError, 'timeout must be from 0 to 2147483647 milliseconds, received -1'],
    [{ timeout: '1s' }, TypeError, 'timeout must be a number of milliseconds, received "1s"'],
    [{ retry: 3 }, TypeError, 'retry must be { attempts, delay, … }, received 3'],
    [{ retry: {} }, TypeError, 'retry.attempts must be a number, received undefined'],
    [{ retry: { attempts: 0 } }, RangeError, 'retry.attempts must be a positive integer or Infinity'],
    [{ retry: { attempts: 2, delay: -1 } }, RangeError, 'retry.delay must be from 0'],
    [{ retry: { attempts: 2, factor: 0.5 } }, RangeError, 'retry.factor must be a number of 1 or more'],
    [{ retry: { attempts: 2, maxDelay: -1 } }, RangeError, 'retry.maxDelay must be from 0'],
    [{ retry: { attempts: 2, jitter: 2 } }, RangeError, 'retry.jitter must be from 0 to 1, received 2'],
    [{ retry: { attempts: 2, when: 1 } }, TypeError, 'retry.when must be a function, received 1'],
    [{ onError: 'ignore' }, TypeError, `onError must be 'fail', 'skip' or a function, received "ignore"`],
    [{ deadLetter: [] }, TypeError, 'deadLetter must be a WritableStream, received an array of 0'],
    [{ breaker: {} }, TypeError, 'breaker must come from circuitBreaker(), received [object Object]'],
    [{ policy: {} }, TypeError, 'policy must have a method execute, received [object Object]'],
  ])('refuses %o', (options, type, message) => {
    expect(() => make(options)).toThrow(type)
    expect(() => make(options)).toThrow(`${kind}: ${message}`)
  })
})

it('parallel() refuses to try again where items of a key must stay in order', () => {
  const options = { executor: localExecutor(odd), key: (n: number) => n, retry: { attempts: 2 } }
  expect(() => parallel(undefined as Loose, options as Loose)).toThrow('retry does not go with key')
})

describe('retry', () => {
  it('tells the function which attempt it is, with a signal of its own', async () => {
    const seen: unknown[] = []
    const stage = map(
      (_: number, { index, attempt, signal }) => {
        seen.push([index, attempt, signal.aborted])
        if (attempt < 3) throw new Error('again')
      },
      { retry: { attempts: 3, delay: 0 } },
    )
    await toArray(from([1]).pipeThrough(stage))
    expect(seen).toEqual([
      [0, 1, false],
      [0, 2, false],
      [0, 3, false],
    ])
  })

  it('takes the wait from a function, up to the longest', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const timer = vi.spyOn(globalThis, 'setTimeout')
    const stage = map(() => Promise.reject(new Error('429')), {
      retry: {
        attempts: 3,
        delay: (error, { attempt }) => (error as Error).message.length * 10 ** attempt,
        maxDelay: 50,
      },
      onError: 'skip',
    })
    const all = toArray(from([1]).pipeThrough(stage))
    for (let turn = 0; turn < 4; turn++) {
      await rest()
      await vi.advanceTimersByTimeAsync(50)
    }
    expect(await soon(all)).toEqual({ value: [] })
    expect(timer.mock.calls.map(([, ms]) => ms)).toEqual([30, 50])
  })

  it.each(['when', 'delay'] as const)('fails the stage with what %s throws', async name => {
    const thrown = new Error('mine')
    const retry = {
      attempts: 2,
      [name]: () => {
        throw thrown
      },
    }
    const stage = map(odd, { retry, onError: 'skip' })
    expect(await outcome(toArray(from([1]).pipeThrough(stage)))).toEqual({ error: thrown })
    expectLaw(stage)
  })

  it.each([
    ['when', 'a boolean'],
    ['delay', 'a number of milliseconds'],
  ])('fails the stage when %s gives a promise, which would count as true', async (name, what) => {
    const retry = { attempts: 2, [name]: () => Promise.resolve(false) }
    const calls = vi.fn(odd)
    const stage = map((n: number) => calls(n), { retry, onError: 'skip' })
    expect(await outcome(toArray(from([1]).pipeThrough(stage)))).toEqual({
      error: new TypeError(`retry.${name} must give ${what}, gave [object Promise]`),
    })
    expect(calls).toHaveBeenCalledOnce()
    expectLaw(stage)
  })

  it('waits no longer when the stage is cancelled: no timer, no further call', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const fn = vi.fn(odd)
    const stage = map(fn, { retry: { attempts: 9, delay: 1000 } })
    const reader = from([1]).pipeThrough(stage).getReader()
    const read = reader.read()
    await rest()
    expect(vi.getTimerCount()).toBe(1)
    await reader.cancel('enough')
    expect(await read).toEqual({ done: true, value: undefined })
    expect(vi.getTimerCount()).toBe(0)
    expect(fn).toHaveBeenCalledTimes(1)
    expect(stage.stats()).toMatchObject({ received: 1, discarded: 1, failed: 0 })
  })

  it('lets a writer’s chunk wait for its last attempt, and the next ones go on', async () => {
    const stage = map(
      (n: number, { attempt }) => {
        if (n === 1 && attempt < 3) throw new Error('again')
        return n
      },
      { retry: { attempts: 3, delay: 0 } },
    )
    const out = toArray(stage.readable)
    const writer = stage.writable.getWriter()
    for (const n of [0, 1, 2]) await writer.write(n)
    await writer.close()
    expect(await out).toEqual([0, 1, 2])
  })
})

describe('timeout', () => {
  it('fails an attempt with what it was, and fires its signal with that', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    let signal: AbortSignal | undefined
    const stage = map(
      (_: string, context) => {
        signal = context.signal
        return new Promise(() => {})
      },
      { name: 'load', timeout: 50 },
    )
    const result = outcome(toArray(from(['a']).pipeThrough(stage)))
    await rest()
    await vi.advanceTimersByTimeAsync(50)
    const { error } = (await result) as { error: TaskTimeoutError }
    expect(error).toBeInstanceOf(TaskTimeoutError)
    expect({ ...error }).toEqual({
      code: 'ERR_TASK_TIMEOUT',
      stage: 'load',
      item: 'a',
      index: 0,
      timeout: 50,
    })
    expect(signal?.reason).toBe(error)
  })

  it('leaves no timer behind a result', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const stage = map(async (n: number) => n, { timeout: 50 })
    expect(await toArray(from([1, 2]).pipeThrough(stage))).toEqual([1, 2])
    await rest()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('of a flatMap is also how long it waits for each inner item', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const cleaned = vi.fn()
    const stage = flatMap(
      (n: number) =>
        new ReadableStream<number>({
          start: controller => controller.enqueue(n),
          cancel: cleaned,
        }),
      { timeout: 50, onError: 'skip' },
    )
    const all = toArray(from([1, 2]).pipeThrough(stage))
    for (let turn = 0; turn < 6; turn++) {
      await rest()
      await vi.advanceTimersByTimeAsync(50)
    }
    expect(await soon(all)).toEqual({ value: [1, 2] })
    expect(cleaned).toHaveBeenCalledTimes(2)
    expect(stage.stats()).toMatchObject({ failed: 2, done: 0, emitted: 2 })
  })
})

describe('onError', () => {
  it('is told the error, the item and what is known of it', async () => {
    const seen: unknown[] = []
    const stage = map(odd, {
      retry: { attempts: 2, delay: 0 },
      onError: (error, item, { index, attempts, skip }) => {
        seen.push([(error as Error).message, item, index, attempts])
        return skip
      },
    })
    expect(await toArray(from([2, 3]).pipeThrough(stage))).toEqual([2])
    expect(seen).toEqual([['odd 3', 3, 1, 2]])
  })

  it('fails the stage with what it throws', async () => {
    const thrown = new Error('mine')
    const stage = map(odd, {
      onError: () => {
        throw thrown
      },
    })
    expect(await outcome(toArray(from([1]).pipeThrough(stage)))).toEqual({ error: thrown })
  })

  it('leaves a writer without its chunk, not without its stage', async () => {
    const stage = map(odd, { onError: 'skip' })
    const out = toArray(stage.readable)
    const writer = stage.writable.getWriter()
    for (const n of [0, 1, 2]) expect(await soon(writer.write(n))).toEqual({ value: undefined })
    await writer.close()
    expect(await out).toEqual([0, 2])
  })

  it.each([1, 2])('lets a sink with concurrency %i go on', async concurrency => {
    const seen: number[] = []
    const fn = async (n: number) => void seen.push(odd(n))
    await from([0, 1, 2]).pipeTo(sink(fn, { concurrency, onError: 'skip' }))
    const writer = sink(fn, { concurrency, onError: 'skip' }).getWriter()
    for (const n of [3, 4]) expect(await soon(writer.write(n))).toEqual({ value: undefined })
    expect(await soon(writer.close())).toEqual({ value: undefined })
    expect(seen).toEqual([0, 2, 4])
  })
})

describe('deadLetter', () => {
  const letters = (write: (letter: DeadLetter<number>) => unknown = () => {}) =>
    new WritableStream<DeadLetter<number>>({ write: letter => write(letter) as Promise<void> })

  it('gets the item with all that is known of it', async () => {
    const seen: DeadLetter<number>[] = []
    const before = Date.now()
    const stage = map(odd, { name: 'parse', deadLetter: letters(letter => void seen.push(letter)) })
    expect(await toArray(from([0, 1, 2]).pipeThrough(stage))).toEqual([0, 2])
    expect(seen).toEqual([
      { item: 1, error: new Error('odd 1'), stage: 'parse', attempts: 1, index: 1, at: expect.any(Number) },
    ])
    expect(seen[0]?.at).toBeGreaterThanOrEqual(before)
  })

  it('makes the stage wait when it cannot be written, and loses nothing', async () => {
    // However slow the machine is: else the source might hand control back in between.
    vi.spyOn(performance, 'now').mockReturnValue(1)
    const waiting: (() => void)[] = []
    const written: number[] = []
    const dead = letters(letter =>
      new Promise<void>(go => waiting.push(go)).then(() => written.push(letter.item)),
    )
    let pulled = 0
    const source = from(function* () {
      for (; pulled < 20; ) yield ++pulled
    })
    const stage = map(odd, { deadLetter: dead, concurrency: 2 })
    const all = toArray(source.pipeThrough(stage))
    await rest()
    expect(pulled).toBeLessThanOrEqual(4)
    expect(stage.stats().inFlight).toBeLessThanOrEqual(2)
    for (let turn = 0; turn < 10; turn++) {
      expect(waiting.length).toBe(1)
      waiting.shift()?.()
      await rest()
    }
    expect(await all).toHaveLength(10)
    expect(written).toHaveLength(10)
  })

  it('fails the stage with the reason if it can never be written', async () => {
    const broken = new Error('disk full')
    const stage = map(odd, { deadLetter: letters(() => Promise.reject(broken)), onError: 'skip' })
    expect(await outcome(toArray(from([1, 2]).pipeThrough(stage)))).toEqual({ error: broken })
    expectLaw(stage)
  })

  it('is shared by stages, and free for its owner when they have ended', async () => {
    const seen: string[] = []
    const dead = letters(async letter => {
      await rest()
      seen.push(`${letter.stage} ${letter.item}`)
    })
    const a = map(odd, { name: 'a', deadLetter: dead, concurrency: 4 })
    const b = map(odd, { name: 'b', deadLetter: dead, concurrency: 4 })
    await Promise.all([toArray(from([1, 3]).pipeThrough(a)), toArray(from([5, 7]).pipeThrough(b))])
    expect(seen.toSorted()).toEqual(['a 1', 'a 3', 'b 5', 'b 7'])
    await dead.close()
  })

  it('fails the stage where somebody else has locked it', async () => {
    const dead = letters()
    dead.getWriter()
    const result = await outcome(toArray(from([1]).pipeThrough(map(odd, { deadLetter: dead }))))
    expect(result).toEqual({ error: expect.any(TypeError) })
  })

  it('goes first: the stage may fail afterwards', async () => {
    const seen: number[] = []
    const dead = letters(({ item }) => void seen.push(item))
    const stage = map(odd, { deadLetter: dead, onError: 'fail' })
    expect(await outcome(toArray(from([1]).pipeThrough(stage)))).toEqual({ error: new Error('odd 1') })
    expect(seen).toEqual([1])
  })

  it('holds nobody up who cancels', async () => {
    const stage = map(odd, { deadLetter: letters(() => new Promise(() => {})) })
    const reader = from([1]).pipeThrough(stage).getReader()
    const read = reader.read()
    await rest()
    expect(await soon(reader.cancel())).toEqual({ value: undefined })
    expect(await read).toEqual({ done: true, value: undefined })
  })
})

describe('policy', () => {
  it('runs each attempt in its own way: cockatiel’s retry around its breaker', async () => {
    const breaker = circuitBreaker(handleAll, { halfOpenAfter: 1e6, breaker: new ConsecutiveBreaker(3) })
    const policy = wrap(retryPolicy(handleAll, { maxAttempts: 1 }), breaker)
    const fn = vi.fn(async (n: number) => odd(n))
    const failed: string[] = []
    const stage = map(fn, {
      policy,
      onError: (error, item) => void failed.push(`${item}: ${(error as Error).message}`),
    })
    await toArray(from([2, 3, 5, 7, 4]).pipeThrough(stage))
    expect(failed).toEqual([
      '3: odd 3',
      '5: Execution prevented because the circuit breaker is open',
      '7: Execution prevented because the circuit breaker is open',
      '4: Execution prevented because the circuit breaker is open',
    ])
    expect(fn).toHaveBeenCalledTimes(4)
  })

  it('is told when nobody wants the result any more, and the function with it', async () => {
    let inner: AbortSignal | undefined
    let outer: AbortSignal | undefined
    const policy = {
      execute<T>(fn: (context: { signal: AbortSignal }) => PromiseLike<T> | T, signal?: AbortSignal) {
        outer = signal
        return Promise.resolve(fn({ signal: signal as AbortSignal }))
      },
    }
    const stage = map(
      (_: number, { signal }) => {
        inner = signal
        return new Promise(() => {})
      },
      { policy },
    )
    const reader = from([1]).pipeThrough(stage).getReader()
    const read = reader.read()
    await rest()
    await reader.cancel('enough')
    await read
    expect([inner?.reason, outer?.reason]).toEqual(['enough', 'enough'])
  })

  it('works around items of a pool', async () => {
    const policy = retryPolicy(handleAll, { maxAttempts: 3 })
    let calls = 0
    const executor = localExecutor<number, number>(n => {
      if (n === 2 && ++calls < 3) throw new Error('again')
      return n * 10
    })
    const stage = parallel(undefined as Loose, { executor, policy } as Loose)
    expect(await toArray(from([1, 2, 3]).pipeThrough(stage as Loose))).toEqual([10, 20, 30])
    expect(calls).toBe(3)
  })
})

it('forEach() has the policies too', async () => {
  const seen: number[] = []
  await forEach(from([0, 1, 2]), n => void seen.push(odd(n)), { onError: 'skip' })
  expect(seen).toEqual([0, 2])
})
