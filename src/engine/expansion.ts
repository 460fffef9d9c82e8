import { FlatMapOperator } from './flat-map-operator.ts'
import { type ConcurrencyOptions, checkConcurrency } from './limits.ts'
import { produce } from './produce.ts'
import type { Recipe } from './stage-core.ts'
import type { Step } from './step.ts'

/** A step whose results are expanded into their items. */
export function expansion<I, O>(name: string, step: Step, options: ConcurrencyOptions): Recipe<I, O> {
  checkConcurrency(name, options)
  const { concurrency = 1, ordered = true } = options
  const open = (value: unknown) => {
    if (typeof value === 'string') {
      throw new TypeError(
        `${name}: an item must expand to an iterable other than a string; wrap it in an array`,
      )
    }
    return produce<O>(`${name}: what an item expands to`, value)
  }
  return { create: down => new FlatMapOperator<I, O>(down, step, concurrency, ordered, open) }
}
