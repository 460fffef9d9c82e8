import { checkFunction, show } from '../internal/check.ts'
import { isThenable } from '../internal/is-thenable.ts'
import { noop } from '../internal/noop.ts'
import type { Recipe } from './stage-core.ts'
import { TransformControl } from './transform-control.ts'
import { TransformOperator } from './transform-operator.ts'

/**
 * A native transformer as a recipe: its properties are read once and `start` is called now (Streams Standard,
 * section 6.2.2).
 */
export function transformRecipe<I, O>(
  name: string,
  transformer: Transformer<I, O> | undefined,
  readableStrategy: QueuingStrategy<O> | undefined,
): Recipe<I, O> & { onEarlyEnd(end: () => void): void } {
  if (transformer !== undefined && (typeof transformer !== 'object' || transformer === null) && typeof transformer !== 'function') {
    throw new TypeError(`${name}: the transformer must be an object, received ${show(transformer)}`)
  }
  const source: Record<string, unknown> = (transformer ?? {}) as Record<string, unknown>
  const control = new TransformControl<O>(readableStrategy)
  const method = (key: string): ((...args: unknown[]) => unknown) | undefined => {
    const value = source[key]
    if (value === undefined) return
    checkFunction(`${name}: the transformer's ${key}`, value)
    return (...args) => Reflect.apply(value as () => unknown, transformer, args)
  }
  const type = (key: string): void => {
    if (source[key] !== undefined) throw new RangeError(`${name}: the transformer's ${key} is reserved and must be undefined`)
  }
  // In the order in which the standard reads them.
  const cancel = method('cancel')
  const flush = method('flush')
  type('readableType')
  const start = method('start')
  const transform = method('transform')
  type('writableType')
  const result = start?.(control)
  const started = isThenable(result) ? Promise.resolve(result) : undefined
  started?.catch(noop)
  const methods = {
    transform: transform && ((chunk: I) => transform(chunk, control)),
    flush: flush && (() => flush(control)),
    cancel,
    started,
  }
  return {
    create: down => new TransformOperator<I, O>(down, methods, control),
    onEarlyEnd(end) {
      control.onEarlyEnd = end
      if (control.state !== 'open') end()
      started?.catch(error => control.error(error))
    },
  }
}
