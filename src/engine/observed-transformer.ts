import { isThenable } from '../internal/is-thenable.ts'
import type { Transformer } from '../internal/platform-types.ts'
import type { Tally } from './tally.ts'

/** A transformer that the platform runs, with an account of what goes through it. */
export interface ObservedTransformer<I, O> {
  readonly transformer: Transformer<I, O> | undefined
  readonly tally: Tally
}

/**
 * Wraps a transformer without showing: properties are read from it when the platform reads them, and its methods are
 * called on it.
 */
export function observeTransformer<I, O>(original: Transformer<I, O> | undefined): ObservedTransformer<I, O> {
  const tally = { entered: 0, done: 0, failed: 0, emitted: 0 }
  if (
    original === null ||
    (original !== undefined && typeof original !== 'object' && typeof original !== 'function')
  ) {
    return { transformer: original, tally }
  }
  const source = (original ?? {}) as Transformer<I, O>
  const failed = (error: unknown): never => {
    tally.failed++
    throw error
  }
  const done = (): void => {
    tally.done++
  }
  const transformer = {
    get cancel() {
      const method = (source as { cancel?: unknown }).cancel
      return typeof method === 'function'
        ? (...args: unknown[]) => Reflect.apply(method, source, args)
        : method
    },
    get flush() {
      const method = source.flush
      return typeof method === 'function'
        ? (...args: unknown[]) => Reflect.apply(method, source, args)
        : method
    },
    get readableType() {
      return source.readableType
    },
    get start() {
      const method = source.start
      if (method !== undefined && typeof method !== 'function') return method
      return (controller: TransformStreamDefaultController<O>) => {
        const enqueue = controller.enqueue.bind(controller)
        controller.enqueue = chunk => {
          enqueue(chunk)
          tally.emitted++
        }
        return method && Reflect.apply(method, source, [controller])
      }
    },
    get transform() {
      const method = source.transform
      if (method !== undefined && typeof method !== 'function') return method
      return (chunk: I, controller: TransformStreamDefaultController<O>) => {
        tally.entered++
        let result: unknown
        try {
          result = method
            ? Reflect.apply(method, source, [chunk, controller])
            : controller.enqueue(chunk as unknown as O)
        } catch (error) {
          return failed(error)
        }
        if (isThenable(result)) return Promise.resolve(result).then(done, failed)
        return done()
      }
    },
    get writableType() {
      return source.writableType
    },
  }
  return { transformer: transformer as unknown as Transformer<I, O>, tally }
}
