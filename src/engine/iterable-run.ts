import { isThenable } from '../internal/is-thenable.ts'
import { noop } from '../internal/noop.ts'
import type { Downstream, Producer, Upstream } from './protocol.ts'
import { Slice } from './slice.ts'
import { Stamp } from './stamp.ts'

/** Items of an iterator, synchronous or not (Streams Standard, ReadableStreamFromIterable); promises are awaited. */
export class IterableProducer<T> implements Producer<T> {
  readonly #iterator: Iterator<T> | AsyncIterator<T>
  readonly #async: boolean

  constructor(iterator: Iterator<T> | AsyncIterator<T>, async: boolean) {
    this.#iterator = iterator
    this.#async = async
  }

  connect(down: Downstream<T>): Upstream {
    return new IterableRun(this.#iterator, this.#async, down)
  }
}

class IterableRun<T> implements Upstream {
  readonly #iterator: Iterator<T> | AsyncIterator<T>
  readonly #method: () => IteratorResult<T> | Promise<IteratorResult<T>>
  readonly #async: boolean
  readonly #down: Downstream<T>
  readonly #next: (item: T) => boolean
  readonly #slice = new Slice()
  /** The loop is on the stack, a promise of an item is awaited, or a hop is under way. */
  #busy = false
  /** The iterator's own `next` is on the stack. */
  #pulling = false
  #again = false
  #over = false
  stamp: Stamp | undefined
  #cancelled: { readonly reason: unknown; resolve: (cleanup: Promise<void> | undefined) => void } | undefined

  constructor(iterator: Iterator<T> | AsyncIterator<T>, async: boolean, down: Downstream<T>) {
    this.#iterator = iterator
    let method = iterator.next as () => IteratorResult<T>
    // That no object comes of it is what is said then.
    if (typeof method !== 'function') method = noop as never
    this.#method = method
    this.#async = async
    this.#down = down
    this.#next = down.next
  }

  resume(): void {
    if (this.#busy) this.#again = true
    else this.#loop()
  }

  idle(): void {}

  cancel(reason: unknown): Promise<void> | undefined {
    if (this.#over) return
    this.#over = true
    if (!this.#pulling) return this.#return(reason)
    // The iterator is running and must not be entered again: it is closed as soon as its `next` is back.
    return new Promise(resolve => {
      this.#cancelled = { reason, resolve }
    })
  }

  #loop = (): void => {
    this.#busy = true
    const next = this.#next
    while (!this.#over) {
      const slice = this.#slice
      if (--slice.left <= 0 && slice.expired() && !(this.#async && slice.waited())) {
        slice.hop(this.#loop)
        return
      }
      const result = this.#pull()
      if (result === undefined) return
      let value: T | PromiseLike<T>
      try {
        if (result.done) {
          this.#finish()
          return
        }
        value = result.value
        if (isThenable(value)) {
          this.stamp ??= new Stamp()
          this.stamp.mark()
          Promise.resolve(value).then(this.#given, this.#failAndReturn)
          return
        }
      } catch (error) {
        this.#fail(error)
        return
      }
      this.#again = false
      if (!next(value as T) && !this.#again) break
    }
    this.#busy = false
  }

  /** The next result, where it is there at once; otherwise the loop goes on by itself later. */
  #pull(): IteratorResult<T> | undefined {
    this.#pulling = true
    let result: IteratorResult<T> | Promise<IteratorResult<T>>
    try {
      result = this.#method.call(this.#iterator)
      this.#pulling = false
      if (this.#cancelled) this.#cancelled.resolve(this.#return(this.#cancelled.reason))
      if (this.#over) return undefined
      if (this.#async) {
        this.stamp ??= new Stamp()
        this.stamp.mark()
        Promise.resolve(result).then(this.#resolved, this.#fail)
        return undefined
      }
      check(result)
      return result as IteratorResult<T>
    } catch (error) {
      this.#cancelled?.resolve(undefined)
      this.#fail(error)
      return undefined
    }
  }

  #resolved = (result: IteratorResult<T>): void => {
    try {
      check(result)
      if (result.done) this.#finish()
      else this.#given(result.value)
    } catch (error) {
      this.#fail(error)
    }
  }

  #given = (value: T): void => {
    ;(this.stamp as Stamp).at = 0
    if (this.#over) return
    this.#again = false
    if (this.#next(value) || this.#again) this.#loop()
    else this.#busy = false
  }

  #finish(): void {
    if (this.#over) return
    this.#over = true
    this.#down.end()
  }

  #fail = (error: unknown): void => {
    if (this.#over) return
    this.#over = true
    this.#down.fail(error)
  }

  /** A promise among the items rejected: the iterator itself is fine and gets to clean up. */
  #failAndReturn = (error: unknown): void => {
    if (this.#over) return
    this.#over = true
    this.#return(error)?.catch(noop)
    this.#down.fail(error)
  }

  #return(reason: unknown): Promise<void> | undefined {
    try {
      const method = this.#iterator.return as ((reason: unknown) => unknown) | null | undefined
      if (method === undefined || method === null) return
      const result = method.call(this.#iterator, reason)
      if (this.#async) {
        return Promise.resolve(result).then(value => {
          if (!isObject(value)) throw new TypeError('from: the iterator’s return() did not give an object')
        })
      }
      if (!isObject(result)) throw new TypeError('from: the iterator’s return() did not give an object')
      const { value } = result as IteratorResult<unknown>
      return isThenable(value) ? Promise.resolve(value).then(noop) : undefined
    } catch (error) {
      return Promise.reject(error)
    }
  }
}

function isObject(value: unknown): boolean {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}

function check(result: unknown): void {
  if (!isObject(result)) throw new TypeError('from: the iterator’s next() did not give an object')
}
