import type { Batch, Executor, Outcome } from 'sluice/parallel'
import { turn } from '../setup/turn.ts'

/** What becomes of an item each time it is tried; the last one is final. */
export type Fate = readonly ('done' | 'fails' | 'late' | 'crashes' | 'unstarted' | 'suspect')[]

/** What an executor was given, and when. */
export interface Log {
  /** Every try, in the order in which they came to a worker. */
  readonly tries: {
    readonly item: number
    readonly worker: number
    readonly attempt: number
    readonly size: number
  }[]
  /** The most batches that one worker had at once. */
  deepest: number
  /** A suspect had company at its worker. */
  company: boolean
  /** Batches at workers when the executor was closed. */
  closedWith: number[]
}

/** Workers that do with each item what its fate says, after as many turns of the event loop as `turns` says. */
export function scriptedExecutor(
  fates: readonly Fate[],
  turns: readonly number[],
  { concurrency, ahead }: { readonly concurrency: number; readonly ahead: number },
): { readonly executor: Executor<number, number>; readonly log: Log } {
  const log: Log = { tries: [], deepest: 0, company: false, closedWith: [] }
  const tried = fates.map(() => 0)
  const suspects = new Set<number>()
  const at = Array.from({ length: concurrency }, (): Set<Batch<number, number>> => new Set())
  let batches = 0

  const outcomeOf = (item: number): Outcome<number> => {
    const fate = fates[item] as Fate
    const next = fate[Math.min(tried[item] as number, fate.length - 1)]
    tried[item] = (tried[item] as number) + 1
    switch (next) {
      case 'fails':
        return { status: 'rejected', reason: `item ${item}` }
      case 'late':
        return { status: 'timedOut' }
      case 'crashes':
        suspects.add(item)
        return { status: 'crashed', reason: new Error(`worker of ${item}`) }
      case 'unstarted':
        return { status: 'unstarted' }
      case 'suspect':
        suspects.add(item)
        return { status: 'unstarted', alone: true }
      default:
        return { status: 'fulfilled', value: item * 2 }
    }
  }

  const executor: Executor<number, number> = {
    concurrency,
    ahead,
    async run(batch) {
      const worker = at[batch.worker] as Set<Batch<number, number>>
      worker.add(batch)
      log.deepest = Math.max(log.deepest, worker.size)
      if (batch.items.some(item => suspects.has(item)) && (batch.items.length > 1 || worker.size > 1))
        log.company = true
      for (const [place, item] of batch.items.entries()) {
        log.tries.push({
          item,
          worker: batch.worker,
          attempt: batch.attempts[place] as number,
          size: batch.items.length,
        })
      }
      const wait = turns.length === 0 ? 0 : (turns[batches++ % turns.length] as number)
      for (let at = 0; at < wait; at++) await turn()
      // In a worker, batches are worked on in order.
      while (worker.values().next().value !== batch) await turn()
      worker.delete(batch)
      const outcomes = batch.items.map(outcomeOf)
      const values = outcomes.flatMap(each => (each.status === 'fulfilled' ? [each.value] : []))
      // One time in two, all at once.
      if (values.length < outcomes.length || batches % 2 === 0) return outcomes
      batch.reportAll(values)
      return undefined
    },
    close() {
      log.closedWith.push(at.reduce((sum, worker) => sum + worker.size, 0))
      return Promise.resolve()
    },
  }
  return { executor, log }
}
