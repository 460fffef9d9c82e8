import { block, channel, forEach, type Stage } from 'sluice'
import { vi } from 'vitest'
import { expectLaw, settle } from '../contract/probe.ts'

/** Every clock and timer that the library uses, by hand. */
export const manualClock = (): unknown =>
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })

/** What came out of a stage, and when, in milliseconds from the start. */
export type Given<T> = [item: T, at: number][]

/** How a run went. */
export interface Run<T> {
  readonly given: Given<T>
  /** What the stage failed with, and when. */
  readonly failed?: { readonly error: unknown; readonly at: number }
}

/**
 * Pushes 0, 1, 2, … through a stage, each so long after the one before, ends so long after the last one, and takes `work`
 * milliseconds for each item that comes out, or what `use` takes. Whatever is due at the same moment as a push comes before it.
 */
export async function timed<T>(
  stage: Stage<number, T>,
  pauses: readonly number[],
  { work = 0, end = 0, use }: { work?: number; end?: number; use?: (item: T) => Promise<void> } = {},
): Promise<Run<T>> {
  const start = performance.now()
  const now = (): number => performance.now() - start
  const given: Given<T> = []
  let failed: Run<T>['failed']
  const queue = channel<number>(block(1000))
  const take = async (item: T): Promise<void> => {
    given.push([item, now()])
    if (use) await use(item)
    else await busy(work)
  }
  const reading = forEach(queue.readable.pipeThrough(stage), take).catch(error => {
    failed = { error, at: now() }
  })
  await settle(2)
  for (const [item, pause] of pauses.entries()) {
    await pass(pause)
    queue.trySend(item)
    expectLaw(stage)
    await settle(1)
    expectLaw(stage)
  }
  await pass(end)
  queue.close().catch(() => {})
  await settle(2)
  while (vi.getTimerCount() > 0) await pass(1)
  await reading
  expectLaw(stage)
  return { given, ...(failed && { failed }) }
}

/** Takes so long by the manual clock. */
export async function busy(ms: number): Promise<void> {
  if (ms > 0) await new Promise(resolve => setTimeout(resolve, ms))
}

/** Lets time go by, one millisecond after the other. */
export async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left--) {
    await vi.advanceTimersByTimeAsync(1)
    await settle(1)
  }
}
