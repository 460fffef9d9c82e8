import { from, type Stage } from 'sluice'
import { expect, vi } from 'vitest'
import { turn } from '../setup/turn.ts'

/** Where a stage's items come from: a chain of this library, which fuses, or a stream of the platform's. */
export const KINDS = ['fused', 'native'] as const
export type Kind = (typeof KINDS)[number]

/** Errors and reasons that a careless `if (error)` would swallow, and one that it would not. */
export const REASONS: readonly unknown[] = [new Error('reason'), undefined, null, 0, '', false, Number.NaN]

/** A source that remembers how often it was pulled and how it was closed. */
export interface Probe<T> {
  readonly stream: ReadableStream<T>
  readonly pulled: number
  /** The reason of each cancel, the argument of each `return()`. */
  readonly closed: readonly unknown[]
}

/** A source of `items`, which ends after them or fails with `failure.error`. */
export function probe<T>(kind: Kind, items: Iterable<T>, failure?: { readonly error: unknown }): Probe<T> {
  const iterator = items[Symbol.iterator]()
  const closed: unknown[] = []
  let pulled = 0
  const next = (): IteratorResult<T> => {
    const result = iterator.next()
    if (!result.done) pulled++
    else if (failure) throw failure.error
    return result
  }
  const state = {
    get pulled() {
      return pulled
    },
    closed,
  }
  if (kind === 'fused') {
    const source: Iterable<T> = {
      [Symbol.iterator]: () => ({
        next,
        return(reason?: unknown) {
          closed.push(reason)
          return { done: true, value: undefined as never }
        },
      }),
    }
    return Object.assign(state, { stream: from(source) as unknown as ReadableStream<T> })
  }
  const stream = new ReadableStream<T>(
    {
      pull(controller) {
        const result = next()
        if (result.done) controller.close()
        else controller.enqueue(result.value)
      },
      cancel(reason) {
        closed.push(reason)
      },
    },
    { highWaterMark: 0 },
  )
  return Object.assign(state, { stream })
}

/** 0, 1, 2, … without end, as inputs of a stage. */
export function* endless<T>(input: (n: number) => T): Generator<T> {
  for (let n = 0; ; n++) yield input(n)
}

/** Lets everything that is under way come to rest: a few turns of the event loop. */
export async function settle(turns = 4): Promise<void> {
  for (let at = 0; at < turns; at++) await turn()
}

/** How a promise ended; a tag, so that falsy errors show. */
export type Outcome<T> = { readonly value: T } | { readonly error: unknown }

export function outcome<T>(promise: PromiseLike<T>): Promise<Outcome<T>> {
  return Promise.resolve(promise).then(
    value => ({ value }),
    error => ({ error }),
  )
}

/** The promise's outcome, or 'pending' when nothing moves any more: what would be a hang shows as a value. */
export async function soon<T>(promise: PromiseLike<T>, turns = 40): Promise<Outcome<T> | 'pending'> {
  let result: Outcome<T> | undefined
  outcome(promise).then(ended => {
    result = ended
  })
  for (let turn = 0; turn < turns && !result; turn++) await settle(1)
  return result ?? 'pending'
}

/**
 * The items in the order in which they came, and the place of a microtask that the first one asked for: behind them all
 * when a chain runs as one loop. The clock stands still meanwhile, as a loop that takes long hands control back.
 */
export async function loopOf(
  consume: (each: (item: unknown) => void) => Promise<unknown>,
): Promise<unknown[]> {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(1)
  const order: unknown[] = []
  try {
    await consume(item => {
      if (order.length === 0) queueMicrotask(() => order.push('microtask'))
      order.push(item)
    })
  } finally {
    clock.mockRestore()
  }
  return order
}

/** Everything a stream gives before it ends or fails, through a reader: a collector keeps nothing on failure. */
export async function readAll<T>(
  stream: ReadableStream<T>,
): Promise<{ items: T[]; error?: unknown; failed: boolean }> {
  const reader = stream.getReader()
  const items: T[] = []
  try {
    for (;;) {
      const result = await reader.read()
      if (result.done) return { items, failed: false }
      items.push(result.value)
    }
  } catch (error) {
    return { items, error, failed: true }
  } finally {
    reader.releaseLock()
  }
}

/** An AbortSignal that counts its `abort` listeners. */
export function countedSignal(): {
  controller: AbortController
  signal: AbortSignal
  readonly listeners: number
} {
  const controller = new AbortController()
  const { signal } = controller
  let listeners = 0
  const add = signal.addEventListener.bind(signal)
  const remove = signal.removeEventListener.bind(signal)
  const live = new Set<unknown>()
  signal.addEventListener = (type: string, listener: never, options?: never) => {
    if (type === 'abort' && !live.has(listener)) listeners++
    live.add(listener)
    add(type, listener, options)
  }
  signal.removeEventListener = (type: string, listener: never, options?: never) => {
    if (type === 'abort' && live.delete(listener)) listeners--
    remove(type, listener, options)
  }
  return {
    controller,
    signal,
    get listeners() {
      return listeners
    },
  }
}

/** The law of a stage's account, at any moment. */
export function expectLaw(stage: Pick<Stage, 'stats'>): void {
  const s = stage.stats()
  const sum = s.queued + s.inFlight + s.done + s.failed + s.dropped + s.rejected + s.timedOut + s.discarded
  expect(sum, `the account of ${s.name}: ${JSON.stringify(s)}`).toBe(s.received)
}
