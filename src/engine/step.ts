import { isThenable } from '../internal/is-thenable.ts'
import type { Fold } from './fold.ts'
import type { CompileGroup } from './group.ts'
import { type ItemContext, ItemScope, type Scope } from './item-scope.ts'
import type { WaitsOn } from './wait.ts'

/** A step's answer: the item goes on as it came (even if it is a promise: only results are awaited). */
export const PASS = Symbol('pass')
/** The item goes no further. */
export const SKIP = Symbol('skip')
/** The item failed and is left out; the chain goes on. */
export const FAILED = Symbol('failed')
/** The item goes on, and it is the last one. */
export const LAST = Symbol('last')
/** The item goes no further, and neither does any later one. */
export const STOP = Symbol('stop')

/** What an item's promise is awaited with: its function's context, where it takes one. */
export interface Scoped {
  /** The context handed out by the latest call. */
  scope?: Scope | undefined
}

/** What a stage does with one item, and what it did: the smallest unit that chains are fused from. */
export interface Step extends Scoped {
  /** Gives the item that goes on, a promise of it, or one of the answers above. */
  readonly apply: (item: never) => unknown
  /** Of a step that passes an item on or skips it: the function itself, whose result is the verdict. */
  readonly test?: ((item: never) => unknown) | undefined
  /** Of a step whose result is kept for the next item. */
  readonly fold?: Fold<never, never>
  /** Makes the group that such a step is in. */
  readonly compile?: CompileGroup | undefined
  /**
   * What an item expanded to has failed: gives another expansion or an answer, or a promise of one; or throws.
   * `again`: nothing of it has been given out, so that the function may be called once more.
   */
  readonly recover?: (scope: Scope, error: unknown, again: boolean) => unknown
  /** What its items wait for apart from its function's answer, for `explain`: a delay, a breaker, a dead letter. */
  readonly waitsOn?: WaitsOn | undefined
  /** What an item expanded to has come to its end. */
  readonly ended?: (scope: Scope) => void
  /** Not even a first item is wanted. */
  readonly empty?: boolean
}

/** What a step that does nothing applies; a run leaves it out. */
export const passOn = (): symbol => PASS

/** Whether a result needs more than being handed on: a promise, or an answer rather than an item. */
export function isSpecial(result: unknown): boolean {
  return typeof result === 'symbol'
    ? result === PASS || result === SKIP || result === FAILED || result === LAST || result === STOP
    : isThenable(result)
}

/** A user's function, called with an item. */
type Call<I> = (item: I) => unknown

/**
 * The step of a user's function, whose result goes on unless `wrap` makes something else of it. A function that
 * declares one parameter is called with the item alone, which spares the context. `compile`: the result is a verdict.
 */
export function stepOf<I>(
  fn: (item: I, context: ItemContext) => unknown,
  wrap?: (call: Call<I>) => Call<I>,
  compile?: CompileGroup,
): Step {
  let call = fn as Call<I>
  let index = 0
  if (fn.length !== 1) {
    call = item => {
      const scope = new ItemScope(index++)
      step.scope = scope
      return fn(item, scope)
    }
  }
  const step: Step = {
    apply: wrap ? wrap(call) : call,
    scope: undefined,
    test: compile && call,
    compile,
  }
  return step
}
