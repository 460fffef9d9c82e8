import {
  batch,
  block,
  buffer,
  compose,
  distinct,
  drop,
  dropWhile,
  filter,
  flatMap,
  flatten,
  from,
  type ItemContext,
  lines,
  map,
  type Stage,
  scan,
  take,
  takeWhile,
  tap,
  transform,
  window,
} from 'sluice'
import {
  callOf,
  type Fn,
  type Inner,
  innerGenerator,
  innerItems,
  type Log,
  num,
  type Op,
} from './chain-model.ts'

type Pair = ReadableWritablePair<unknown, unknown>
type User = (item: unknown, context: ItemContext) => unknown

/** What can be awaited and is no Promise. */
const thenable = (promise: Promise<unknown>): PromiseLike<unknown> => ({
  // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tested
  then: (...handlers) => promise.then(...handlers),
})

/** The function as a user would write it; `then` makes its result of the computed number. */
function user(log: Log, name: string, fn: Fn, then: (value: number, item: unknown) => unknown): User {
  const call = callOf(log, name, fn)
  let calls = 0
  const answer = (item: unknown, index: number): unknown => {
    const later = fn.answers === 'sometimes' ? calls++ % 2 === 1 : fn.answers !== 'now'
    if (!later) return then(call(item, index), item)
    const promise = new Promise(resolve => resolve(then(call(item, index), item)))
    return fn.answers === 'thenable' ? thenable(promise) : promise
  }
  return fn.takesIndex ? (item, { index }) => answer(item, index) : item => answer(item, 0)
}

function expand(log: Log, name: string, kind: Inner, items: number[], error: unknown): unknown {
  switch (kind) {
    case 'set':
      return new Set(items)
    case 'generator':
      return innerGenerator(log, name, items)
    case 'failing generator':
      return innerGenerator(log, name, items, { error })
    case 'async generator':
      return (async function* () {
        yield* items
      })()
    case 'stream':
      return new ReadableStream({
        start(controller) {
          for (const item of items) controller.enqueue(item)
          controller.close()
        },
      })
    case 'promise':
      return Promise.resolve(items)
    case 'flow':
      return from(items).pipeThrough(map(item => item))
    default:
      return items
  }
}

/** The stage of an operator. */
export function stageOf(op: Op, name: string, log: Log): Pair {
  const { concurrency } = op
  const strategy = op.capacity > 0 ? { strategy: block<unknown>(op.capacity) } : {}
  const skip = 'fn' in op && op.fn.skips ? { onError: 'skip' as const } : {}
  const options = { ...strategy, concurrency }
  const guarded = { ...options, ...skip }
  const fn = (then: (value: number, item: unknown) => unknown): User =>
    'fn' in op ? user(log, name, op.fn, then) : () => 0
  switch (op.op) {
    case 'map':
      return map(
        fn(value => value),
        guarded,
      )
    case 'filter':
      return filter(
        fn(value => value % 2),
        guarded,
      )
    case 'tap':
      return tap(
        fn(value => value),
        guarded,
      )
    case 'takeWhile':
      return takeWhile(
        fn(value => value % 4 !== 3),
        strategy,
      )
    case 'dropWhile':
      return dropWhile(
        fn(value => value % 4 !== 3),
        strategy,
      )
    case 'scan': {
      const fold = fn(value => value)
      return op.fn.takesIndex
        ? scan((value, item, context) => fold([value, item], context), 0 as unknown, strategy)
        : scan((value, item) => fold([value, item], undefined as never), 0 as unknown, strategy)
    }
    case 'flatMap':
      return flatMap(
        fn(value =>
          expand(concurrency > 1 ? [] : log, name, op.inner, innerItems(value, op.width), op.fn.error),
        ) as never,
        guarded,
      )
    case 'unbatch':
      return op.capacity % 2
        ? compose(
            map(item => (Array.isArray(item) ? item : [item])),
            flatten<unknown>(options),
          )
        : flatMap(item => (Array.isArray(item) ? item : [item]), options)
    case 'lines':
      return compose(
        map(item => `${num(item)}\n${num(item)}\n`),
        lines(strategy as object),
        map(line => Number(line)),
      )
    case 'windows':
      return compose(
        window({ ...strategy, size: op.concurrency }),
        flatMap(items => items),
      )
    case 'flatten':
      return compose(
        map(item => [item, item], options),
        flatten(),
      )
    case 'distinct': {
      // A key is taken as it is: a promise would be a key of its own.
      const key = user(log, name, { ...op.fn, answers: 'now', takesIndex: false }, value => value % 5)
      return distinct(item => key(item, undefined as never), { ...strategy, max: op.max })
    }
    case 'take':
      return take(op.n, strategy)
    case 'drop':
      return drop(op.n, strategy)
    case 'batch':
      return batch({ ...strategy, size: op.n })
    case 'transform': {
      let index = 0
      const run = user(log, name, op.fn, value => value)
      const give = (controller: TransformStreamDefaultController) => (value: unknown) => {
        for (const item of innerItems(value as number, op.width)) controller.enqueue(item)
      }
      return transform<unknown, unknown>(
        {
          transform(item, controller) {
            const value = run(item, { index: index++ } as ItemContext)
            return typeof value === 'number'
              ? give(controller)(value)
              : Promise.resolve(value).then(give(controller))
          },
          ...(op.flushes && { flush: controller => controller.enqueue(-1) }),
        },
        strategy,
      )
    }
    case 'buffer':
      // Of ours, or as the platform has them: not the same class.
      return op.capacity % 2
        ? map(item => item, { strategy: { highWaterMark: op.capacity } })
        : buffer(block(op.capacity || 2))
    case 'compose':
      return (compose as (...stages: Pair[]) => Stage)(
        ...op.ops.map((inner, at) => stageOf(inner, `${name}.${at}:${inner.op}`, log)),
      )
    default:
      return new TransformStream()
  }
}

/** Whether a chain pulls or works ahead of its reader. */
export function ahead(ops: readonly Op[]): boolean {
  return ops.some(op => {
    const many =
      op.concurrency > 1 && ['map', 'filter', 'tap', 'flatMap', 'flatten', 'unbatch'].includes(op.op)
    return (
      op.capacity > 0 ||
      many ||
      op.op === 'buffer' ||
      op.op === 'native' ||
      (op.op === 'compose' && ahead(op.ops))
    )
  })
}

export const fused = (
  source: ReadableStream<unknown>,
  ops: readonly Op[],
  log: Log,
): ReadableStream<unknown> =>
  ops.reduce((stream, op, at) => stream.pipeThrough(stageOf(op, `${at}:${op.op}`, log)), source)

/** A stream of the platform's around another: all that goes through it goes item by item. */
export function wrapped<T>(stream: ReadableStream<T>): ReadableStream<T> {
  const reader = stream.getReader()
  return new ReadableStream(
    {
      async pull(controller) {
        const result = await reader.read()
        if (!result.done) controller.enqueue(result.value)
        else {
          reader.releaseLock()
          controller.close()
        }
      },
      async cancel(reason) {
        await reader.cancel(reason)
        reader.releaseLock()
      },
    },
    { highWaterMark: 0 },
  )
}

/** Stage by stage, with a stream of the platform before each of them and after the last. */
export function unfused(
  source: ReadableStream<unknown>,
  ops: readonly Op[],
  log: Log,
  between: 'reader' | 'transform',
): ReadableStream<unknown> {
  const cut = (stream: ReadableStream<unknown>): ReadableStream<unknown> =>
    between === 'reader'
      ? wrapped(stream)
      : (ReadableStream.prototype.pipeThrough.call(stream, new TransformStream()) as ReadableStream)
  return cut(
    ops.reduce((stream, op, at) => cut(stream).pipeThrough(stageOf(op, `${at}:${op.op}`, log)), source),
  )
}
