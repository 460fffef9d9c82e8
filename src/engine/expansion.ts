import { FlatMapOperator } from './flat-map-operator.ts'
import type { Scope } from './item-scope.ts'
import { checkConcurrency, type FixedConcurrencyOptions } from './limits.ts'
import { produce } from './produce.ts'
import type { Producer } from './protocol.ts'
import type { Recipe } from './stage-core.ts'
import type { Step } from './step.ts'

/** Puts something around what an item expands to. */
type Wrap<O> = (source: Producer<O>, scope: Scope | undefined) => Producer<O>

/** A step whose results are expanded into their items. */
export function expansion<I, O>(
  name: string,
  step: Step,
  options: FixedConcurrencyOptions,
  wrap: Wrap<O> = source => source,
): Recipe<I, O> {
  checkConcurrency(name, options)
  const { concurrency = 1, ordered = true } = options
  const open = (value: unknown, scope: Scope | undefined) => {
    if (typeof value === 'string') {
      throw new TypeError(
        `${name}: an item must expand to an iterable other than a string; wrap it in an array`,
      )
    }
    return wrap(produce<O>(`${name}: what an item expands to`, value), scope)
  }
  return { create: down => new FlatMapOperator<I, O>(down, step, concurrency, ordered, open) }
}
