import { checkFunction, show } from '../internal/check.ts'
import { isThenable } from '../internal/is-thenable.ts'
import type { Transformer } from '../internal/platform-types.ts'
import type { Operator } from './operator.ts'
import type { Outlet } from './outlet.ts'
import type { QueuePort } from './port.ts'
import type { Downstream } from './protocol.ts'
import { TransformControl } from './transform-control.ts'
import { type TransformerMethods, TransformOperator } from './transform-operator.ts'

/** The inside of the stage that a transformer starts in. */
interface StartedStage<I, O> {
  readonly outlet: Outlet<O>
  readonly writable: WritableStream<I>
  /** Where it has a strategy. */
  readonly intake: QueuePort<I> | undefined
}

/** A native transformer as a recipe. */
export interface TransformRecipe<I, O> {
  readonly create: (down: Downstream<O>) => Operator<I, O>
  /** Calls the transformer's `start`, once the stage is there. Throws what it throws. */
  start(stage: StartedStage<I, O>): void
}

/** Reads a transformer's properties once (Streams Standard, section 6.2.2). */
export function transformRecipe<I, O>(
  name: string,
  transformer: Transformer<I, O> | undefined,
  readableStrategy: QueuingStrategy<O> | undefined,
): TransformRecipe<I, O> {
  if (
    transformer !== undefined &&
    (typeof transformer !== 'object' || transformer === null) &&
    typeof transformer !== 'function'
  ) {
    throw new TypeError(`${name}: the transformer must be an object, received ${show(transformer)}`)
  }
  const source: Record<string, unknown> = (transformer ?? {}) as Record<string, unknown>
  const method = (key: string): ((...args: unknown[]) => unknown) | undefined => {
    const value = source[key]
    if (value === undefined) return
    checkFunction(`${name}: the transformer's ${key}`, value)
    return (...args) => Reflect.apply(value as () => unknown, transformer, args)
  }
  const type = (key: string): void => {
    if (source[key] !== undefined)
      throw new RangeError(`${name}: the transformer's ${key} is reserved and must be undefined`)
  }
  // In the order in which the standard reads them.
  const cancel = method('cancel')
  const flush = method('flush')
  type('readableType')
  const start = method('start')
  const transform = method('transform')
  type('writableType')

  const control = new TransformControl<O>()
  const methods: TransformerMethods<I> = {
    transform: transform && (chunk => transform(chunk, control)),
    flush: flush && (() => flush(control)),
    cancel,
  }
  return {
    create: down => new TransformOperator<I, O>(down, methods, control, readableStrategy !== undefined),
    start({ outlet, writable, intake }) {
      control.onEarlyEnd = () => outlet.open()
      if (readableStrategy) outlet.open()
      // Made now, so that it has started when the first chunk is written.
      void writable
      let result: unknown
      try {
        result = start?.(control)
      } catch (error) {
        // What the strategy holds on to is let go of: nobody gets this stage.
        intake?.abort(error, true)
        throw error
      }
      if (!isThenable(result)) return
      control.started = Promise.resolve(result)
      control.started.catch(error => control.error(error))
      if (control.state === 'open') control.operator?.awaitStart(control.started)
    },
  }
}
