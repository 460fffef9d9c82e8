import { checkInteger, checkOptions, show } from '../internal/check.ts'
import { Lanes } from './lanes.ts'
import type { Recipe } from './stage-core.ts'
import type { Step } from './step.ts'

/** How many items of a stage may be worked on at once. */
export interface ConcurrencyOptions {
  /** Items whose function may be at work at once, 1 to any number. Default: 1. */
  readonly concurrency?: number
  /** Whether results leave in the order in which the items came. Default: true. */
  readonly ordered?: boolean
}

/** Checks the options that every stage with a function shares. */
export function checkConcurrency(name: string, options: ConcurrencyOptions): void {
  checkOptions(name, options)
  const { concurrency = 1, ordered = true } = options
  checkInteger(`${name}: concurrency`, concurrency, 1)
  if (typeof ordered !== 'boolean') {
    throw new TypeError(`${name}: ordered must be true or false, received ${show(ordered)}`)
  }
}

/** A step, on as many lanes as the options say: one needs none. */
export function lanes<I, O>(name: string, step: Step, options: ConcurrencyOptions): Recipe<I, O> {
  checkConcurrency(name, options)
  const { concurrency = 1, ordered = true } = options
  return concurrency === 1 ? { step } : { create: down => new Lanes<I, O>(down, step, concurrency, ordered) }
}
