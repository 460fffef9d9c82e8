import { gated, type SourceOptions } from '../engine/gate.ts'
import { PrioritizedMerge, type PrioritizedProducer } from '../engine/prioritized-merge.ts'
import { type Giver, produce } from '../engine/produce.ts'
import type { Producer } from '../engine/protocol.ts'
import { checkPriority, readAgeing } from '../engine/rank.ts'
import { type Flow, flowOf } from '../flow.ts'
import { checkOptions, show } from '../internal/check.ts'
import { noop } from '../internal/noop.ts'

/** A source, and how urgent its items are. */
export interface PrioritizedSource<T = unknown> {
  /** An iterable, an async iterable or a stream, which is locked at once. */
  readonly source: Giver<T>
  /** Higher ones go first. Any finite number. */
  readonly priority: number
}

/** What a source gives, or one of several. */
type ItemOf<S> = S extends PrioritizedSource<infer T> ? Awaited<T> : never

/** Options of {@link mergePrioritized}. */
export interface MergePrioritizedOptions extends SourceOptions {
  /**
   * So that no source starves: the priority of an item that waits rises by 1 for every so many milliseconds.
   * `Infinity`: the higher source wins however long the other has waited. Default: 1000.
   */
  readonly ageing?: number
}

/**
 * Merges sources; of the items that are there, the one with the highest priority goes first.
 *
 * - **Emits** whenever a source has an item. Sources of the same priority take turns. Whoever has not answered within
 *   a turn of the event loop is not waited for, so a slow source never holds up the others.
 * - **Holds** one item of each source, from when the first one is wanted; **ends** when all sources have.
 * - **On error** of a source cancels the others, and fails with that very error behind the items that were there
 *   before it. **On cancel** cancels all sources.
 *
 * @throws {TypeError} A source gives no items, is locked, or is named twice; a priority is not a number.
 * @throws {RangeError} A priority is not finite; `ageing` is not above 0.
 * @example
 * ```ts
 * const merged = mergePrioritized([
 *   { source: ['bulk 1', 'bulk 2'], priority: 0 },
 *   { source: ['alarm 1', 'alarm 2'], priority: 10 },
 * ])
 * await toArray(merged)
 * // => ['alarm 1', 'alarm 2', 'bulk 1', 'bulk 2']
 * ```
 */
export function mergePrioritized<S extends PrioritizedSource<unknown>>(
  sources: Iterable<S>,
  options: MergePrioritizedOptions = {},
): Flow<ItemOf<S>> {
  checkOptions('mergePrioritized', options)
  const ageing = readAgeing('mergePrioritized', options.ageing)
  const producers = open<ItemOf<S>>(checked(sources))
  const merge: Producer<ItemOf<S>> = {
    connect: down => new PrioritizedMerge(producers, ageing, down),
  }
  return flowOf(gated('mergePrioritized', merge, options))
}

/** The sources, before any of them is touched. */
function checked(sources: Iterable<PrioritizedSource<unknown>>): PrioritizedSource<unknown>[] {
  if (typeof (sources as Partial<typeof sources> | null | undefined)?.[Symbol.iterator] !== 'function') {
    throw new TypeError(
      `mergePrioritized: sources must be an array of { source, priority }, received ${show(sources)}`,
    )
  }
  const list = [...sources]
  const streams = new Set<unknown>()
  for (const entry of list) {
    if (typeof entry !== 'object' || entry === null) {
      throw new TypeError(`mergePrioritized: a source must be { source, priority }, received ${show(entry)}`)
    }
    const { source, priority } = entry
    checkPriority('mergePrioritized: priority must be', priority)
    if (!(source instanceof ReadableStream)) continue
    if (source.locked || streams.has(source)) throw new TypeError('mergePrioritized: the stream is locked')
    streams.add(source)
  }
  return list
}

/** Takes hold of all sources; if one gives no items, lets go of those before it. */
function open<T>(sources: readonly PrioritizedSource<unknown>[]): PrioritizedProducer<T>[] {
  const opened: PrioritizedProducer<T>[] = []
  try {
    for (const { source, priority } of sources) {
      opened.push({ producer: produce<T>('mergePrioritized: source', source), priority })
    }
  } catch (error) {
    const nobody = { next: () => false, end: noop, fail: noop, abort: noop }
    for (const { producer } of opened) producer.connect(nobody).cancel(error)?.catch(noop)
    throw error
  }
  return opened
}
