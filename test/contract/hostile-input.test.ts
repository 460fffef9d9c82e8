import {
  batch,
  block,
  buffer,
  Flow,
  filter,
  flatMap,
  forEach,
  from,
  map,
  QueueFullError,
  reduce,
  reject,
  scan,
  take,
  tap,
  toArray,
} from 'sluice'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { outcome, readAll, settle, soon } from './probe.ts'

// Sources, functions and items that behave as badly as they can.

const thrown = new Error('thrown')
const getter = () => ({
  // biome-ignore lint/suspicious/noThenProperty: that is the point
  get then() {
    throw thrown
  },
})
const thenable = (value: unknown) => ({
  // biome-ignore lint/suspicious/noThenProperty: that is the point
  then: (resolve: (value: unknown) => void) => resolve(value),
})

describe('a source whose return() fails', () => {
  const source = (fail: () => IteratorResult<number>): Iterable<number> => ({
    [Symbol.iterator]: () => ({ next: () => ({ done: false, value: 1 }), return: fail }),
  })
  const throws = () =>
    source(() => {
      throw thrown
    })

  it('makes cancel() reject with the very error', async () => {
    expect(
      await soon(
        from(throws())
          .pipeThrough(map(x => x))
          .cancel(),
      ),
    ).toEqual({ error: thrown })
  })

  it('makes a loop’s break throw it, as on the platform', async () => {
    const loop = async () => {
      for await (const _ of from(throws()).pipeThrough(map(x => x))) break
    }
    expect(await soon(loop())).toEqual({ error: thrown })
  })

  it('does not replace the error of a function that failed before', async () => {
    const own = new Error('own')
    const flow = from(throws()).pipeThrough(
      map(() => {
        throw own
      }),
    )
    expect(await soon(toArray(flow))).toEqual({ error: own })
  })

  it('does not fail a take() that had enough', async () => {
    expect(await soon(toArray(from(throws()).pipeThrough(take(1))))).toEqual({ value: [1] })
  })

  it.each([undefined, null, 1])('is told when return() gives %s instead of an object', async value => {
    const result = (await soon(from(source(() => value as never)).cancel())) as { error: Error }
    expect(result.error).toBeInstanceOf(TypeError)
  })
})

describe('a source that breaks its protocol', () => {
  it.each([undefined, null, 1, 'x'])('fails when next() gives %s instead of an object', async value => {
    const source = { [Symbol.iterator]: () => ({ next: () => value as never }) }
    const result = (await soon(toArray(from(source).pipeThrough(map(x => x))))) as { error: Error }
    expect(result.error).toBeInstanceOf(TypeError)
    expect(result.error.message).toMatch(/next\(\)/)
  })

  it.each([Symbol.iterator, Symbol.asyncIterator])(
    'fails, and says so of next(), when that is no function: %s',
    async method => {
      for (const next of [1, undefined, {}]) {
        const source = { [method]: () => ({ next }) } as unknown as Iterable<number>
        const error = new TypeError('from: the iterator’s next() did not give an object')
        expect(await soon(toArray(from(source)))).toEqual({ error })
      }
    },
  )

  it.each(['done', 'value'])('fails with what the getter of `%s` throws', async key => {
    const result = { done: false, value: 1 }
    Object.defineProperty(result, key, {
      get() {
        throw thrown
      },
    })
    const source = { [Symbol.iterator]: () => ({ next: () => result }) }
    expect(await soon(toArray(from(source)))).toEqual({ error: thrown })
  })

  it.each([() => 1, () => null, async () => 1, () => Promise.reject(thrown)])(
    'fails when a function gives no items (%o)',
    async fn => {
      const result = (await soon(toArray(from(fn as never)))) as { error: unknown }
      expect(result).toHaveProperty('error')
    },
  )

  it('ends although a sync iterator goes on after done', async () => {
    let n = 0
    const source = { [Symbol.iterator]: () => ({ next: () => ({ done: n++ >= 2, value: n }) }) }
    expect(await soon(toArray(from(source)))).toEqual({ value: [1, 2] })
  })
})

describe('an iterable whose next() re-enters', () => {
  // A busy machine could make the source hand control back in between, and the reads would be counted before that.
  beforeEach(() => {
    vi.spyOn(performance, 'now').mockReturnValue(1)
  })
  afterEach(() => {
    vi.restoreAllMocks()
  })

  function reentrant(act: () => void): Iterable<number> {
    let n = 0
    return {
      [Symbol.iterator]: () => ({
        next() {
          if (n === 1) act()
          return n < 4 ? { done: false, value: n++ } : { done: true, value: undefined }
        },
        return: () => ({ done: true, value: undefined }),
      }),
    }
  }

  it('and reads its own flow: every read gets its item', async () => {
    const reads: Promise<unknown>[] = []
    const reader = (() => {
      const flow: ReadableStream<number> = from(reentrant(() => reads.push(reader.read()))).pipeThrough(
        map(x => x),
      )
      return flow.getReader()
    })()
    reads.push(reader.read())
    await settle()
    reads.push(reader.read(), reader.read(), reader.read())
    const all = (await soon(Promise.all(reads))) as { value: { value: number }[] }
    expect(all).not.toBe('pending')
    expect(all.value.map(result => result.value).sort()).toEqual([0, 1, 2, 3, undefined])
  })

  it('and cancels its own flow: return() comes after next()', async () => {
    const order: string[] = []
    let n = 0
    const source: Iterable<number> = {
      [Symbol.iterator]: () => ({
        next() {
          order.push('next')
          if (n === 1) reader.cancel().then(() => order.push('cancelled'))
          order.push('back')
          return { done: false, value: n++ }
        },
        return() {
          order.push('return')
          return { done: true, value: undefined }
        },
      }),
    }
    const reader = from(source)
      .pipeThrough(map(x => x))
      .getReader()
    expect(await soon(reader.read())).toEqual({ value: { done: false, value: 0 } })
    expect(await soon(reader.read())).toEqual({ value: { done: true, value: undefined } })
    await settle()
    expect(order).toEqual(['next', 'back', 'next', 'back', 'return', 'cancelled'])
  })

  it('and aborts its own pipeline', async () => {
    const controller = new AbortController()
    const flow = from(reentrant(() => controller.abort(thrown))).pipeThrough(map(x => x))
    expect(await soon(toArray(flow, { signal: controller.signal }))).toEqual({ error: thrown })
  })

  it('a generator that pulls itself fails with its own TypeError', async () => {
    function* source(): Generator<number> {
      yield 0
      self.next()
    }
    const self = source()
    expect(await soon(readAll(from(self)))).toEqual({
      value: { items: [0], failed: true, error: expect.any(TypeError) },
    })
  })
})

describe('a function that meddles with its own pipeline', () => {
  it.each(['map', 'async map', 'tap', 'filter'])(
    '%s: cancelling the reader from within ends it',
    async kind => {
      let reader: ReadableStreamDefaultReader<unknown> | undefined
      let calls = 0
      const fn = (x: unknown) => {
        if (++calls === 2) reader?.cancel('enough')
        return x
      }
      const stage = {
        map: map(fn),
        'async map': map(async x => fn(x)),
        tap: tap(x => void fn(x)),
        filter: filter(x => (fn(x), true)),
      }[kind]
      const closed: unknown[] = []
      const source = new Flow(
        { pull: c => c.enqueue(calls), cancel: reason => void closed.push(reason) },
        { highWaterMark: 0 },
      )
      reader = source.pipeThrough(stage as ReadableWritablePair<unknown, number>).getReader()
      await reader.read()
      expect(await soon(reader.read())).toEqual({ value: { done: true, value: undefined } })
      await settle()
      expect(calls).toBe(2)
      expect(closed).toEqual(['enough'])
    },
  )

  it('reading its own flow does not deadlock or lose an item', async () => {
    const reads: Promise<unknown>[] = []
    const reader: ReadableStreamDefaultReader<number> = from([1, 2, 3])
      .pipeThrough(
        map((n: number) => {
          if (n === 1) reads.push(reader.read())
          return n
        }),
      )
      .getReader()
    reads.unshift(reader.read())
    await settle()
    expect(await soon(Promise.all(reads))).toEqual({ value: [1, 2].map(value => ({ done: false, value })) })
    expect(await reader.read()).toEqual({ done: false, value: 3 })
  })
})

describe('an array that throws when it is read', () => {
  const accessor = (): number[] =>
    Object.defineProperty([1, 2, 3], 1, {
      get() {
        throw thrown
      },
    })
  const native = () => new ReadableStream<number>({ start: c => c.enqueue(0) })
  const behind = {
    'async map': () => map(async (n: number) => n),
    map: () => map((n: number) => n),
    filter: () => filter<number>(() => true),
  }

  it.each(Object.entries(behind))(
    'fails its flow with that very error, in its turn (%s)',
    async (_, stage) => {
      const seen: number[] = []
      const flow = from(accessor())
        .pipeThrough(stage())
        .pipeThrough(tap(n => void seen.push(n)))
      expect(await soon(toArray(flow))).toEqual({ error: thrown })
      expect(seen).toEqual([1])
    },
  )

  it.each(Object.entries(behind))('fails a flatMap whose function gave it (%s)', async (_, stage) => {
    for (const source of [() => from([0]), native]) {
      for (const options of [{}, { concurrency: 2 }]) {
        const seen: number[] = []
        const expanded = flatMap(accessor, options)
        const flow = source()
          .pipeThrough(expanded)
          .pipeThrough(stage())
          .pipeThrough(tap(n => void seen.push(n)))
        expect(await soon(toArray(flow))).toEqual({ error: thrown })
        expect(seen).toEqual([1])
        const { received, failed, emitted } = expanded.stats()
        expect({ received, failed, emitted }).toEqual({ received: 1, failed: 1, emitted: 1 })
      }
    }
  })

  it('and is a proxy that is revoked meanwhile, as drafts are, fails too', async () => {
    for (const open of [
      (draft: number[]) => from(draft),
      (draft: number[]) => native().pipeThrough(flatMap(() => draft)),
    ]) {
      const draft = Proxy.revocable([1, 2], {})
      const later = async (n: number) => (await settle(1), draft.revoke(), n)
      const flow = open(draft.proxy)
      expect(await soon(toArray(flow.pipeThrough(map(later))))).toEqual({ error: expect.any(TypeError) })
      const gone = native().pipeThrough(flatMap(() => draft.proxy))
      expect(await soon(toArray(gone))).toEqual({ error: expect.any(TypeError) })
    }
  })
})

describe('items that are promises or thenables', () => {
  it('of an iterable are awaited; a rejected one fails the flow with its reason', async () => {
    expect(await soon(toArray(from([Promise.resolve(1), thenable(2) as never, 3])))).toEqual({
      value: [1, 2, 3],
    })
    const rejected = Promise.reject(undefined)
    rejected.catch(() => {})
    expect(await soon(readAll(from([1, rejected])))).toEqual({
      value: { items: [1], failed: true, error: undefined },
    })
  })

  it.each([
    ['array', () => [1, getter()]],
    ['iterable', () => new Set<unknown>([1, getter()])],
  ])('of an %s whose `then` throws fail the flow', async (_, source) => {
    expect(await soon(readAll(from(source()).pipeThrough(map(x => x))))).toEqual({
      value: { items: [1], failed: true, error: thrown },
    })
  })

  it('of a ReadableStream pass unawaited, through fused stages as through the platform’s', async () => {
    const items = [Promise.resolve(1), thenable(2)]
    for (const stage of [
      () => filter<unknown>(() => true),
      () => tap<unknown>(() => {}),
      () => take<unknown>(9),
      () => buffer<unknown>(block(2)),
    ]) {
      const source = new Flow<unknown>({
        start(c) {
          for (const item of items) c.enqueue(item)
          c.close()
        },
      })
      const seen: unknown[] = []
      const reader = source.pipeThrough(stage()).getReader()
      for (let result = await reader.read(); !result.done; result = await reader.read())
        seen.push(result.value)
      expect(seen.length).toBe(2)
      expect(seen[0]).toBe(items[0])
      expect(seen[1]).toBe(items[1])
    }
  })

  it('in a batch stay as they are', async () => {
    const item = thenable(1)
    const source = new Flow<unknown>({ start: c => (c.enqueue(item), c.close()) })
    const batches = (await soon(toArray(source.pipeThrough(batch(2))))) as { value: unknown[][] }
    expect(batches.value[0]?.[0]).toBe(item)
  })

  it('as results are awaited; one whose `then` throws fails the stage', async () => {
    expect(await soon(toArray(from([1]).pipeThrough(map(n => thenable(n + 1)))))).toEqual({ value: [2] })
    for (const stage of [
      map(getter),
      map(getter, { concurrency: 2 }),
      filter(getter),
      tap(getter),
      tap(getter, { concurrency: 2 }),
      scan(getter, 0 as unknown),
      flatMap(getter as never),
      flatMap(getter as never, { concurrency: 2 }),
    ]) {
      expect(await soon(toArray(from([1]).pipeThrough(stage as never)))).toEqual({ error: thrown })
    }
    for (const options of [{}, { concurrency: 2 }, { onError: getter }]) {
      for (const fn of [getter, () => [getter()], () => new Set([getter()])]) {
        const source = new ReadableStream({ start: c => c.enqueue(1) })
        expect(await soon(toArray(source.pipeThrough(flatMap(fn as never, options as never))))).toEqual({
          error: thrown,
        })
      }
    }
    expect(await soon(forEach(from([1]), getter))).toEqual({ error: thrown })
    expect(await soon(reduce(from([1]), getter as never, 0))).toEqual({ error: thrown })
  })

  it('that never settle hold the flow, and a cancel still ends it', async () => {
    const reader = from([1, new Promise<number>(() => {})])
      .pipeThrough(map(x => x))
      .getReader()
    expect(await reader.read()).toEqual({ done: false, value: 1 })
    const second = reader.read()
    expect(await soon(second, 5)).toBe('pending')
    expect(await soon(reader.cancel())).toEqual({ value: undefined })
    expect(await soon(second)).toEqual({ value: { done: true, value: undefined } })
  })

  it('that resolve twice, or throw after resolving, count once', async () => {
    const twice = {
      // biome-ignore lint/suspicious/noThenProperty: that is the point
      then(resolve: (n: number) => void) {
        resolve(1)
        resolve(2)
        throw thrown
      },
    }
    expect(await soon(toArray(from([0, 0]).pipeThrough(map(() => twice))))).toEqual({ value: [1, 1] })
  })
})

describe('a strategy whose functions fail', () => {
  it.each([Number.NaN, -1, Infinity, 'x', undefined])(
    'fails the stage when `size` gives %s',
    async weight => {
      const stage = map((x: number) => x, { strategy: { highWaterMark: 2, size: () => weight as number } })
      expect(await soon(toArray(from([1]).pipeThrough(stage)))).toEqual({ error: expect.any(RangeError) })
    },
  )

  it.each([thrown, undefined, 0])('fails both ways with what onReject throws: %s', async error => {
    const stage = map(() => new Promise(() => {}), {
      strategy: reject(1),
      onReject: (_item, refusal) => {
        expect(refusal).toBeInstanceOf(QueueFullError)
        throw error
      },
    })
    const closed: unknown[] = []
    const source = new Flow(
      { pull: c => c.enqueue(1), cancel: reason => void closed.push(reason) },
      { highWaterMark: 0 },
    )
    const flow = source.pipeThrough(stage)
    await settle()
    expect(closed).toEqual([error])
    expect(flow).toBeInstanceOf(Flow)
  })
})

it('nothing above left an unhandled rejection', async () => {
  // vitest fails the run on any; give late ones their turn.
  await outcome(settle(20))
})
