import {
  batch,
  block,
  channel,
  compose,
  flatMap,
  forEach,
  from,
  map,
  range,
  sink,
  take,
  timeout,
  toArray,
} from 'sluice'
import { describe, expect, test } from 'vitest'

// What a person gets to read who is new to the library. They may write JavaScript: the compiler would refuse most of it.
// biome-ignore lint/suspicious/noExplicitAny: on purpose wrong
const wrong = (value: unknown): any => value
const same = <T>(item: T): T => item

function read<T>(flow: ReadableStream<T>): ReadableStream<T> {
  flow.getReader()
  return flow
}

function used(): ReturnType<typeof map<number, number>> {
  const stage = map(same<number>)
  from([1]).pipeThrough(stage)
  return stage
}

const closed = async (): Promise<WritableStream<number>> => {
  const end = new WritableStream<number>()
  await end.close()
  return end
}

const LOCKED = 'pipe: the flow is locked: it is in use already; tee() makes two of one'
const GIVER = 'must be an iterable, an async iterable or a ReadableStream, received'

const table: Record<string, [mistake: () => unknown, message: string]> = {
  // Piping
  'pipes a flow that is read': [() => read(from([1])).pipeThrough(map(same)), LOCKED],
  'pipes a flow that is read into a sink': [() => read(from([1])).pipeTo(sink(same)), LOCKED],
  'uses a stage twice': [
    () => from([1]).pipeThrough(used()),
    'map: the stage is in use already; to use it again, write a function that returns a new one',
  ],
  'pipes into what is closed': [
    async () => from([1]).pipeTo(await closed()),
    'pipeTo: the destination is closed',
  ],
  'pipes through a sink': [
    () => from([1]).pipeThrough(wrong(sink(same))),
    'pipeThrough: a stage is expected, received a WritableStream; use pipeTo',
  ],
  'pipes to a stage': [
    () => from([1]).pipeTo(wrong(map(same))),
    'pipeTo: a WritableStream is expected, received a stage; use pipeThrough',
  ],
  'pipes through a function': [
    () => from([1]).pipeThrough(wrong(same)),
    'pipeThrough: a stage is expected, received function same; did you mean map(fn)?',
  ],
  'pipes through a stage that was not called': [
    () => from([1]).pipeThrough(wrong(map)),
    'pipeThrough: a stage is expected, received function map; did you mean map(fn)?',
  ],
  'pipes through nothing': [
    () => from([1]).pipeThrough(wrong(undefined)),
    'pipeThrough: a stage is expected, received undefined',
  ],
  'pipes through a promise': [
    () => from([1]).pipeThrough(wrong(Promise.resolve())),
    'pipeThrough: a stage is expected, received [object Promise]',
  ],
  'pipes through another flow': [
    () => from([1]).pipeThrough(wrong(from([2]))),
    'pipeThrough: a stage is expected, received [object Flow]',
  ],
  'pipes to a function': [
    () => from([1]).pipeTo(wrong(same)),
    'pipeTo: a WritableStream is expected, received function same',
  ],
  'pipes to nothing': [
    () => from([1]).pipeTo(wrong(undefined)),
    'pipeTo: a WritableStream is expected, received undefined',
  ],
  'composes with a function': [
    () => compose(wrong(same)),
    'compose: argument 0 must be a stage, received function same',
  ],

  // Sources and collectors
  'begins with nothing': [() => from(wrong(undefined)), `from: the source ${GIVER} undefined`],
  'begins with a number': [() => from(wrong(5)), `from: the source ${GIVER} 5`],
  'begins with a promise of a number': [
    () => toArray(from(wrong(Promise.resolve(5)))),
    `from: the promised source ${GIVER} 5`,
  ],
  'begins with a response': [() => from(wrong({ body: null })), `from: the source ${GIVER} [object Object]`],
  'begins with a stage': [() => from(wrong(map(same))), `from: the source ${GIVER} [object Stage]`],
  'begins with a function that returns a number': [
    () => toArray(from(wrong(() => 5))),
    `from: the function’s result ${GIVER} 5`,
  ],
  'forgets where a range begins': [
    () => range(wrong(undefined), 2),
    'range: start must be a number, received undefined',
  ],
  'gives a controller for a signal': [
    () => from([1], { signal: wrong(new AbortController()) }),
    'from: signal must be an AbortSignal, received [object AbortController]',
  ],
  'collects an array': [
    () => toArray(wrong([1])),
    'toArray: the argument must be a ReadableStream, received an array of 1; wrap it: from(…)',
  ],
  'collects a stage': [
    () => toArray(wrong(map(same))),
    'toArray: the argument must be a ReadableStream, received [object Stage]; use the readable of the stage',
  ],
  'collects what is read': [
    () => toArray(read(from([1]))),
    'toArray: the stream is locked: something else reads it',
  ],
  'has no function for each': [
    () => forEach(from([1]), wrong(undefined)),
    'forEach: fn must be a function, received undefined',
  ],

  // Stages and their options
  'maps with nothing': [() => map(wrong(undefined)), 'map: fn must be a function, received undefined'],
  'maps with a stage': [() => map(wrong(map(same))), 'map: fn must be a function, received [object Stage]'],
  'gives a number for options': [() => map(same, wrong(5)), 'map: options must be an object, received 5'],
  'works on no items at once': [
    () => map(same, { concurrency: 0 }),
    'map: concurrency must be a positive integer, received 0',
  ],
  'gives a text for a number': [
    () => map(same, { concurrency: wrong('5') }),
    'map: concurrency must be a number, received "5"',
  ],
  'gives a duration with its unit': [
    () => map(same, { timeout: wrong('5s') }),
    'map: timeout must be a number of milliseconds, received "5s"',
  ],
  'expands to what gives no items': [
    () => toArray(from([1]).pipeThrough(flatMap(wrong(() => 5)))),
    `flatMap: what an item expands to ${GIVER} 5`,
  ],
  'batches without a size': [() => batch(wrong({})), 'batch: size must be a number, received undefined'],
  'takes a text': [() => take(wrong('1')), 'take: limit must be a number, received "1"'],

  // Strategies
  'has a capacity as text': [
    () => block(wrong('5')),
    'block: capacity must be a number or { highWaterMark, size }, received "5"',
  ],
  'has no capacity': [
    () => block(0),
    'block: capacity must be a positive integer or Infinity, received 0; an inbox of 0 could never take an item: leave the strategy out for a direct hand-over',
  ],
  'forgets the milliseconds': [
    () => timeout(5, wrong(undefined)),
    'timeout: ms must be a number of milliseconds, received undefined',
  ],
  'gives a number for a strategy': [
    () => map(same, { strategy: wrong(5) }),
    'map: strategy must be a QueuingStrategy such as block(16), received 5',
  ],
  'does not call the strategy': [
    () => map(same, { strategy: wrong(block) }),
    'map: strategy must be a QueuingStrategy such as block(16), received function block',
  ],
  'has a channel without a strategy': [
    () => channel(wrong(undefined)),
    'channel: strategy must be a QueuingStrategy such as block(16), received undefined',
  ],
}

describe('somebody in their first hour', () => {
  test.each(Object.entries(table))('who %s is told what to do', async (_, [mistake, message]) => {
    const error = await (async () => mistake())().then(
      () => new Error('nothing was said'),
      reason => reason as Error,
    )
    expect(error.message).toBe(message)
    expect(error instanceof TypeError || error instanceof RangeError).toBe(true)
  })
})

// What nobody is told, because the platform's streams behave so and it may be meant.
describe('somebody in their first hour is not told', () => {
  test('that a flow read before has nothing left: it is a closed stream', async () => {
    const flow = from([1])
    expect([await toArray(flow), await toArray(flow)]).toEqual([[1], []])
  })

  test('that a function in braces returns nothing: undefined is an item, and TypeScript calls it void', async () => {
    const doubled = from([1]).pipeThrough(
      map((n: number) => {
        n * 2
      }),
    )
    expect(await toArray(doubled)).toEqual([undefined])
  })

  test('of an option that there is not, as with those of the platform; TypeScript does', async () => {
    // @ts-expect-error: concurrency
    const stage = map((n: number) => n, { concurency: 5 })
    expect(await toArray(from([1]).pipeThrough(stage))).toEqual([1])
  })
})
