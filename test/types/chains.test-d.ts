import {
  batch,
  block,
  buffer,
  type Channel,
  channel,
  compose,
  count,
  distinct,
  drain,
  drop,
  Flow,
  filter,
  first,
  flatMap,
  flatten,
  forEach,
  from,
  fromEvents,
  interval,
  map,
  range,
  reduce,
  type Sink,
  Stage,
  type StageStats,
  scan,
  sink,
  take,
  takeWhile,
  tap,
  toArray,
  transform,
} from 'sluice'
import { describe, expectTypeOf, it } from 'vitest'

declare const strings: ReadableStream<string>
declare const urls: AsyncGenerator<URL>

describe('a chain without annotations', () => {
  it('infers from one stage to the next', () => {
    const flow = from(['a', 'b'])
      .pipeThrough(map(s => s.length))
      .pipeThrough(filter(n => n > 1))
      .pipeThrough(map(async n => ({ n })))
      .pipeThrough(take(3))
      .pipeThrough(tap(item => item.n.toFixed()))
      .pipeThrough(batch(10))
    expectTypeOf(flow).toEqualTypeOf<Flow<{ n: number }[]>>()
  })

  it('infers from native sources too', () => {
    expectTypeOf(strings.pipeThrough(map(s => s.length))).toEqualTypeOf<ReadableStream<number>>()
    expectTypeOf(strings.pipeThrough(filter(s => s.startsWith('a')))).toEqualTypeOf<ReadableStream<string>>()
    expectTypeOf(new Response('').body?.pipeThrough(map(bytes => bytes.byteLength))).toEqualTypeOf<
      ReadableStream<number> | undefined
    >()
    expectTypeOf(strings.pipeThrough(scan((all, s) => all + s.length, 0))).toEqualTypeOf<
      ReadableStream<number>
    >()
  })

  it('stays a Flow through native streams', () => {
    const flow = from(['a']).pipeThrough(new TransformStream<string, number>())
    expectTypeOf(flow).toEqualTypeOf<Flow<number>>()
    expectTypeOf(from(['a']).pipeThrough(new TextEncoderStream())).toExtend<Flow<Uint8Array>>()
    expectTypeOf(flow.tee()).toEqualTypeOf<[Flow<number>, Flow<number>]>()
  })

  it('infers with options', () => {
    const flow = from([1, 2]).pipeThrough(
      map(n => String(n), { concurrency: 4, ordered: false, strategy: block(16), name: 'text' }),
    )
    expectTypeOf(flow).toEqualTypeOf<Flow<string>>()
    from([1]).pipeThrough(
      map(n => n, {
        onDrop: (item, reason) => (
          expectTypeOf(item).toEqualTypeOf<number>(),
          expectTypeOf(reason).toEqualTypeOf<'dropNewest' | 'dropOldest'>()
        ),
      }),
    )
  })

  it('hands the context to functions of two parameters', () => {
    from([1]).pipeThrough(
      map((n, { index, signal }) => {
        expectTypeOf(n).toEqualTypeOf<number>()
        expectTypeOf(index).toEqualTypeOf<number>()
        expectTypeOf(signal).toEqualTypeOf<AbortSignal>()
      }),
    )
  })
})

describe('sources', () => {
  it('give what they hold, awaited', () => {
    expectTypeOf(from([1, 2])).toEqualTypeOf<Flow<number>>()
    expectTypeOf(from(new Set(['a']))).toEqualTypeOf<Flow<string>>()
    expectTypeOf(from([Promise.resolve(1)])).toEqualTypeOf<Flow<number>>()
    expectTypeOf(from(urls)).toEqualTypeOf<Flow<URL>>()
    expectTypeOf(from(strings)).toEqualTypeOf<Flow<string>>()
    expectTypeOf(from(Promise.resolve(['a']))).toEqualTypeOf<Flow<string>>()
    expectTypeOf(
      from(function* () {
        yield 1
      }),
    ).toEqualTypeOf<Flow<number>>()
    expectTypeOf(
      from(async function* () {
        yield 'a'
      }),
    ).toEqualTypeOf<Flow<string>>()
    expectTypeOf(from(async () => [1])).toEqualTypeOf<Flow<number>>()
    expectTypeOf(Flow.from([1, Promise.resolve(2)])).toEqualTypeOf<Flow<number>>()
    expectTypeOf(range(0, 1)).toEqualTypeOf<Flow<number>>()
    expectTypeOf(interval(1)).toEqualTypeOf<Flow<number>>()
    expectTypeOf(fromEvents<MessageEvent>(new EventTarget(), 'message')).toEqualTypeOf<Flow<MessageEvent>>()
    expectTypeOf(fromEvents(new EventTarget(), 'x')).toEqualTypeOf<Flow<Event>>()
  })

  it('new Flow() and new Stage() infer their controllers, as the platform’s do', () => {
    const flow = new Flow<number>({
      pull(controller) {
        expectTypeOf(controller).toEqualTypeOf<ReadableStreamDefaultController<number>>()
      },
    })
    expectTypeOf(flow).toEqualTypeOf<Flow<number>>()
    const stage = new Stage<string, number>({ transform: (s, c) => c.enqueue(s.length) })
    expectTypeOf(from(['a']).pipeThrough(stage)).toEqualTypeOf<Flow<number>>()
  })

  it('refuse what gives no items', () => {
    // @ts-expect-error a number gives no items
    from(1)
    // @ts-expect-error a function of a number gives none
    from(() => 1)
    // @ts-expect-error an unknown option
    from([1], { untill: new AbortController().signal })
    // @ts-expect-error a controller is no signal
    range(0, 1, { until: new AbortController() })
    // @ts-expect-error a text is no number
    range('0', 1)
  })
})

describe('stages', () => {
  it('narrow with a type guard', () => {
    const mixed = from([1, 'a'] as (number | string)[])
    expectTypeOf(mixed.pipeThrough(filter((x): x is string => typeof x === 'string'))).toEqualTypeOf<
      Flow<string>
    >()
    const again = from([1, 'a'] as (number | string)[])
    expectTypeOf(again.pipeThrough(takeWhile((x): x is number => typeof x === 'number'))).toEqualTypeOf<
      Flow<number>
    >()
    const plain = from([1, 'a'] as (number | string)[])
    expectTypeOf(plain.pipeThrough(filter(x => x !== 1))).toEqualTypeOf<Flow<number | string>>()
  })

  it('expand what their function gives', () => {
    expectTypeOf(from([1]).pipeThrough(flatMap(n => [String(n)]))).toEqualTypeOf<Flow<string>>()
    expectTypeOf(from([1]).pipeThrough(flatMap(async n => new Set([n])))).toEqualTypeOf<Flow<number>>()
    expectTypeOf(from([1]).pipeThrough(flatMap(() => strings))).toEqualTypeOf<Flow<string>>()
    expectTypeOf(from([1]).pipeThrough(flatMap(() => urls))).toEqualTypeOf<Flow<URL>>()
    // @ts-expect-error a number cannot be expanded
    from([1]).pipeThrough(flatMap(n => n))
  })

  it('flatten and batch are opposites', () => {
    expectTypeOf(from([1]).pipeThrough(batch(2))).toEqualTypeOf<Flow<number[]>>()
    expectTypeOf(from([1]).pipeThrough(batch({ size: 2 }))).toEqualTypeOf<Flow<number[]>>()
    expectTypeOf(
      from([1]).pipeThrough(batch({ size: 2, weigh: n => n, maxItems: 3, maxWait: 5 })),
    ).toEqualTypeOf<Flow<number[]>>()
    expectTypeOf(from([1]).pipeThrough(batch(2, { weigh: n => n }))).toEqualTypeOf<Flow<number[]>>()
    expectTypeOf(from([[1], [2]]).pipeThrough(flatten())).toEqualTypeOf<Flow<number>>()
    // @ts-expect-error no size
    batch({ maxWait: 5 })
    // @ts-expect-error the size twice
    batch(2, { size: 3 })
    // @ts-expect-error numbers cannot be flattened
    from([1]).pipeThrough(flatten())
  })

  it('keep the type of what they pass on', () => {
    expectTypeOf(from(['a']).pipeThrough(drop(1))).toEqualTypeOf<Flow<string>>()
    expectTypeOf(from(['a']).pipeThrough(distinct(s => s.length))).toEqualTypeOf<Flow<string>>()
    expectTypeOf(from(['a']).pipeThrough(buffer(block(1)))).toEqualTypeOf<Flow<string>>()
    expectTypeOf(from(['a']).pipeThrough(transform<string, number>({}))).toEqualTypeOf<Flow<number>>()
  })

  it('compose from end to end', () => {
    const parse = compose(
      map((line: string) => line.trim()),
      filter(line => line !== ''),
      map(line => line.length),
    )
    expectTypeOf(parse).toEqualTypeOf<Stage<string, number>>()
    expectTypeOf(parse.readable).toEqualTypeOf<Flow<number>>()
    expectTypeOf(parse.stats()).toEqualTypeOf<StageStats>()
    compose(
      map((line: string) => line.length),
      // @ts-expect-error the second takes texts, the first gives numbers
      map((line: string) => line.trim()),
    )
  })

  it('refuse wrong items, options and pairs', () => {
    // @ts-expect-error a number has no trim()
    from([1]).pipeThrough(map(n => n.trim()))
    // @ts-expect-error the stage takes texts
    from([1]).pipeThrough(map((s: string) => s))
    // @ts-expect-error the stage takes texts, the native stream gives bytes
    new Response('').body?.pipeThrough(map((s: string) => s))
    // @ts-expect-error an unknown option
    map((n: number) => n, { concurency: 2 })
    map(n => n, { concurrency: { min: 1, max: 2 } })
    // @ts-expect-error bounds are two
    map(n => n, { concurrency: { max: 2 } })
    // @ts-expect-error an expansion takes as long as others want
    flatMap((n: number) => [n], { concurrency: { min: 1, max: 2 } })
    // @ts-expect-error take has no concurrency
    take(1, { concurrency: 2 })
    // @ts-expect-error scan keeps its order
    scan((a: number, b: number) => a + b, 0, { ordered: false })
    // @ts-expect-error buffer has its strategy already
    buffer(block(1), { strategy: block(2) })
    // @ts-expect-error a number is no strategy
    map((n: number) => n, { strategy: 16 })
    // @ts-expect-error a count is a number
    take('3')
    // @ts-expect-error a size of other items
    map((n: number) => n, { strategy: block({ highWaterMark: 1, size: (s: string) => s.length }) })
  })
})

describe('sinks and collectors', () => {
  it('give what they collect', () => {
    expectTypeOf(toArray(from([1]))).toEqualTypeOf<Promise<number[]>>()
    expectTypeOf(toArray(strings)).toEqualTypeOf<Promise<string[]>>()
    expectTypeOf(first(strings)).toEqualTypeOf<Promise<string | undefined>>()
    expectTypeOf(count(strings)).toEqualTypeOf<Promise<number>>()
    expectTypeOf(drain(strings)).toEqualTypeOf<Promise<void>>()
    expectTypeOf(reduce(strings, (n, s) => n + s.length, 0)).toEqualTypeOf<Promise<number>>()
    expectTypeOf(forEach(strings, s => expectTypeOf(s).toEqualTypeOf<string>())).toEqualTypeOf<
      Promise<void>
    >()
  })

  it('a sink takes its items', () => {
    expectTypeOf(sink((n: number) => n)).toEqualTypeOf<Sink<number>>()
    expectTypeOf(from([1]).pipeTo(sink(n => n.toFixed()))).toEqualTypeOf<Promise<void>>()
    // @ts-expect-error the sink takes texts
    from([1]).pipeTo(sink((s: string) => s))
    // @ts-expect-error a sink has no order
    sink(() => {}, { ordered: false })
    // @ts-expect-error an unknown option
    toArray(strings, { concurrency: 2 })
  })
})

describe('channel()', () => {
  it('is a stage with a push side', () => {
    const queue = channel<number>(block(2))
    expectTypeOf(queue).toEqualTypeOf<Channel<number>>()
    expectTypeOf(queue).toExtend<Stage<number, number>>()
    expectTypeOf(queue.readable).toEqualTypeOf<Flow<number>>()
    expectTypeOf(queue.trySend).toEqualTypeOf<(item: number) => boolean>()
    expectTypeOf(queue.send(1)).toEqualTypeOf<Promise<boolean>>()
    expectTypeOf(queue.close()).toEqualTypeOf<Promise<void>>()
    expectTypeOf([queue.size, queue.capacity, queue.utilization]).toEqualTypeOf<number[]>()
    // @ts-expect-error wrong items
    queue.trySend('a')
    // @ts-expect-error an unknown limit
    queue.send(1, { timout: 5 })
    // @ts-expect-error the size is for reading
    queue.size = 1
    // @ts-expect-error no strategy
    channel<number>()
  })
})

describe('onPressure()', () => {
  it('tells of a stage', () => {
    const stop = map(String).onPressure(0.8, (high, stats) => {
      expectTypeOf(high).toEqualTypeOf<boolean>()
      expectTypeOf(stats).toEqualTypeOf<StageStats>()
    })
    expectTypeOf(stop).toEqualTypeOf<() => void>()
    map(String).onPressure(0.8, () => {}, { low: 0.2 })
    // @ts-expect-error no callback
    map(String).onPressure(0.8)
    // @ts-expect-error an unknown option
    map(String).onPressure(0.8, () => {}, { lower: 0.2 })
  })
})
