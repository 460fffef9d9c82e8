import fc from 'fast-check'
import {
  type ChannelOptions,
  channel,
  map,
  QueueFullError,
  QueueTimeoutError,
  type Stage,
  type StageStrategy,
} from 'sluice'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runs } from '../setup/runs.ts'
import { manualTime, rest, strategyOf } from './overflow-driver.ts'
import type { Item } from './overflow-model.ts'

beforeEach(manualTime)
afterEach(() => {
  vi.useRealTimers()
})

const setup = fc.record({
  mode: fc.constantFrom(
    'block' as const,
    'dropNewest' as const,
    'dropOldest' as const,
    'reject' as const,
    'timeout' as const,
  ),
  capacity: fc.integer({ min: 1, max: 4 }),
  weighed: fc.boolean(),
  timeout: fc.integer({ min: 1, max: 3 }),
})

/** What may happen between one microtask and the next. */
const step = fc.record({
  op: fc.constantFrom('write', 'write', 'send', 'trySend', 'read', 'read', 'microtask', 'rest', 'tick'),
  weight: fc.nat(4),
  priority: fc.nat(2),
})
const steps = fc.array(step, { maxLength: 60, size: 'max' })
const ending = fc.constantFrom('close' as const, 'abort' as const, 'cancel' as const)

/** Everything that happened to each item, by its id. */
class Fates {
  readonly of = new Map<number, string[]>()
  readonly out: number[] = []

  add({ id }: Item, fate: string): void {
    this.of.set(id, [...(this.of.get(id) ?? []), fate])
  }

  /** Follows a write: taken, or refused with an error that carries the item. */
  follow(item: Item, answer: Promise<unknown>): void {
    answer.then(
      () => this.add(item, 'ok'),
      error => {
        const refused = error instanceof QueueFullError || error instanceof QueueTimeoutError
        if (refused) expect(error.item).toBe(item)
        this.add(item, refused ? 'refused' : String(error))
      },
    )
  }
}

/** What is wrong with what happened to an item; undefined: nothing. */
function wrong(fates: readonly string[], mode: string, ended: string): string | undefined {
  const count = (fate: string): number => fates.filter(other => other === fate).length
  const [out, dropped, refused, unsent] = [count('out'), count('dropped'), count('refused'), count('unsent')]
  const told = count('ok') + count('ended') + refused + unsent
  if (told !== 1) return 'its writer was told once'
  if (dropped > 0 && !mode.startsWith('drop')) return 'this mode drops nothing'
  if (refused > 0 && mode !== 'reject' && mode !== 'timeout') return 'this mode refuses nothing'
  // With `onReject`, it is told of every refusal, and it alone of one that comes after the item was taken.
  const rejected = count('rejected')
  if (rejected > 0 && refused + unsent > 0 && rejected > 1) return 'it was rejected once'
  const final = out + dropped + Math.max(refused, rejected) + count('ended')
  if (final === 1 && unsent === 0) return undefined
  if (unsent === 1) return out > 0 || dropped > 1 ? 'trySend() was false' : undefined
  return final === 0 && ended !== 'close' ? undefined : 'one fate'
}

type Kind = 'channel' | 'stage' | 'channel with priorities'

async function play(
  kind: Kind,
  setup: Parameters<typeof strategyOf>[0],
  plan: { op: string; weight: number; priority: number }[],
  end: 'close' | 'abort' | 'cancel',
): Promise<void> {
  const fates = new Fates()
  const options = { onDrop: (item: Item) => fates.add(item, 'dropped') }
  const strategy: StageStrategy<Item> = strategyOf(setup)
  const ranked = kind === 'channel with priorities'
  const queue = channel<Item>(strategy, {
    ...options,
    ...(ranked && { priority: ({ priority }) => priority, ageing: 2 }),
    ...(ranked &&
      setup.mode !== 'block' && { evict: 'lowest', onReject: item => fates.add(item, 'rejected') }),
  } as ChannelOptions<Item>)
  const stage: Stage<Item, Item> =
    kind === 'stage' ? map((item: Item) => item, { ...options, strategy }) : queue
  const writer = stage.writable.getWriter()
  const reader = stage.readable.getReader()
  for (const promise of [writer.closed, reader.closed]) promise.catch(() => {})
  const read = (): Promise<boolean> =>
    reader.read().then(({ done, value }) => {
      if (value) {
        fates.out.push(value.id)
        fates.add(value, 'out')
      }
      return !done
    })
  for (const [id, { op, weight, priority }] of plan.entries()) {
    const item = { id, weight, priority }
    if (op === 'read') read().catch(() => {})
    else if (op === 'microtask') await Promise.resolve()
    else if (op === 'rest') await rest()
    else if (op === 'tick') vi.advanceTimersByTime(1)
    else if (op === 'write' || kind === 'stage') fates.follow(item, writer.write(item))
    else if (op === 'send') fates.follow(item, queue.send(item))
    else fates.add(item, queue.trySend(item) ? 'ok' : 'unsent')
  }
  if (end === 'close') {
    writer.close().catch(() => {})
    // Whoever is too heavy to come in times out.
    for (let ms = 0; ms < 4; ms++) await vi.advanceTimersByTimeAsync(1)
    while (await read()) await vi.advanceTimersByTimeAsync(1)
  } else if (end === 'abort') writer.abort('ended').catch(() => {})
  else reader.cancel('ended')
  await rest()
  for (const [id, list] of fates.of) {
    expect(wrong(list, setup.mode, end), `${setup.mode}, item ${id}: ${list}`).toBe(undefined)
  }
  if (!ranked) expect(fates.out).toEqual([...fates.out].sort((a, b) => a - b))
  expect(vi.getTimerCount()).toBe(0)
}

describe('contract 4 and 6: each item has exactly one fate, however hastily things follow each other', () => {
  for (const kind of ['channel', 'stage', 'channel with priorities'] as const) {
    it(`of a ${kind}`, async () => {
      await fc.assert(
        fc.asyncProperty(setup, steps, ending, (setup, steps, end) => {
          vi.clearAllTimers()
          return play(
            kind,
            { ...setup, front: 'writer', slow: false, routed: false, late: false },
            steps,
            end,
          )
        }),
        { numRuns: runs(250) },
      )
    })
  }
})
