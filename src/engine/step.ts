import { isThenable } from '../internal/is-thenable.ts'
import { type ItemContext, ItemScope } from './item-scope.ts'

/** A step's answer: the item goes on as it came (even if it is a promise: only results are awaited). */
export const PASS = Symbol('pass')
/** The item goes no further. */
export const SKIP = Symbol('skip')
/** The item goes on, and it is the last one. */
export const LAST = Symbol('last')
/** The item goes no further, and neither does any later one. */
export const STOP = Symbol('stop')

/** What a stage does with one item, and what it did: the smallest unit that chains are fused from. */
export interface Step {
  /** Gives the item that goes on, a promise of it, or one of the answers above. */
  readonly apply: (item: never) => unknown
  /** The context handed out by the latest `apply`, where the function takes one. */
  scope?: ItemScope | undefined
  /** Not even a first item is wanted. */
  readonly empty?: boolean
}

/** Whether a result needs more than being handed on: a promise, or an answer rather than an item. */
export function isSpecial(result: unknown): boolean {
  return typeof result === 'symbol'
    ? result === PASS || result === SKIP || result === LAST || result === STOP
    : isThenable(result)
}

/**
 * The step of a user's function: `answer` says what its result, once settled, means for the item. A function that
 * declares one parameter is called with the item alone, which spares the context.
 */
export function stepOf<I, R>(fn: (item: I, context: ItemContext) => R | PromiseLike<R>, answer?: (result: R) => unknown): Step {
  const step: Step = { apply: fn as unknown as Step['apply'] }
  let call = fn as (item: I) => R | PromiseLike<R>
  if (fn.length !== 1) {
    let index = 0
    call = item => fn(item, (step.scope = new ItemScope(index++)))
  }
  const apply = answer
    ? (item: I) => {
        const result = call(item)
        return isThenable(result) ? Promise.resolve(result).then(answer) : answer(result as R)
      }
    : call
  return Object.assign(step, { apply })
}
