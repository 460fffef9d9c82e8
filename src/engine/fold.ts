import { isThenable } from '../internal/is-thenable.ts'
import { type ItemContext, ItemScope } from './item-scope.ts'
import type { Scoped } from './step.ts'

/** A user's function that folds items into a value, and the value. */
export interface Fold<A, I> extends Scoped {
  readonly call: (value: A, item: I) => A | PromiseLike<A>
  value: A
  /** Keeps a result, or what it promises, and gives it. */
  readonly keep: (result: A | PromiseLike<A>) => A | PromiseLike<A>
}

/** A folding function that declares two parameters is called without the context. */
export function foldOf<A, I>(
  fn: (value: A, item: I, context: ItemContext) => A | PromiseLike<A>,
  initial: A,
): Fold<A, I> {
  let index = 0
  const settled = (value: A): A => {
    fold.value = value
    return value
  }
  const fold: Fold<A, I> = {
    call:
      fn.length === 2
        ? (fn as Fold<A, I>['call'])
        : (value, item) => {
            const scope = new ItemScope(index++)
            fold.scope = scope
            return fn(value, item, scope)
          },
    value: initial,
    keep: result =>
      isThenable(result) ? Promise.resolve(result as PromiseLike<A>).then(settled) : settled(result as A),
    scope: undefined,
  }
  return fold
}
