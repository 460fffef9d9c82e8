import { Ring } from '../internal/ring.ts'
import type { Downstream, Producer, Upstream } from './protocol.ts'
import { Stamp } from './stamp.ts'

type Result<T> = IteratorResult<T, undefined>

/** Answers a call of `next()` that waits for its item. */
type Resolve<T> = (result: Result<T> | Promise<never>) => void

/** `for await` over a chain (Streams Standard, section 4.2.5); an item that is at hand costs one promise. */
export class FlowIterator<T> implements AsyncIterableIterator<T, undefined> {
  readonly #up: Upstream
  readonly #requests = new Ring<Resolve<T>>()
  readonly #enter = (resolve: Resolve<T>): void => this.#requests.push(resolve)
  #latest: Promise<unknown> | undefined
  #over = false
  /** When it gave an item that is being worked on; 0: the next one is waited for. For `explain`. */
  stamp: Stamp | undefined
  #failure: { readonly error: unknown } | undefined
  /** `next()` is on the stack and looks whether an item comes at once. */
  #looking = false
  /** What came. */
  #found: Result<T> | undefined
  /** The call that was looking when a stage's function called `next()` again. */
  #first: Promise<Result<T>> | undefined

  constructor(producer: Producer<T>) {
    const down: Downstream<T> & { readonly owner: FlowIterator<T> } = {
      next: item => this.#take(item),
      end: () => this.#finish(),
      fail: error => this.#fail(error),
      abort: reason => this.#fail(reason),
      owner: this,
    }
    this.stamp ??= new Stamp()
    this.stamp.mark()
    this.#up = producer.connect(down)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<Result<T>> {
    if (this.#looking) {
      this.#looking = false
      this.#first = this.#request()
    } else if (!this.#over && this.#requests.length === 0) {
      this.#looking = true
      this.#up.resume()
      this.#looking = false
      const first = this.#first
      this.#first = undefined
      if (first) return first
      const found = this.#found
      this.#found = undefined
      if (found) return Promise.resolve(found)
    }
    return this.#over ? this.#ended() : this.#request()
  }

  #request(): Promise<Result<T>> {
    ;(this.stamp as Stamp).at = 0
    this.#latest = new Promise<Result<T>>(this.#enter)
    return this.#latest as Promise<Result<T>>
  }

  /** Closes the chain, after the calls of `next()` that came before. */
  async return(value?: unknown): Promise<Result<T>> {
    if (this.#requests.length > 0) await this.#latest?.catch(() => {})
    if (!this.#over) {
      this.#over = true
      await this.#up.cancel(value)
    }
    this.#failure = undefined
    return { value: value as undefined, done: true }
  }

  #take(item: T): boolean {
    if (this.#over) return false
    this.stamp ??= new Stamp()
    this.stamp.mark()
    const result: Result<T> = { value: item, done: false }
    if (this.#looking && !this.#found) {
      this.#found = result
      return false
    }
    this.#requests.shift()(result)
    return this.#requests.length > 0
  }

  #finish(): void {
    this.#over = true
    while (this.#requests.length > 0) this.#requests.shift()({ value: undefined, done: true })
  }

  #fail(error: unknown): void {
    if (this.#over) return
    this.#failure = { error }
    if (this.#requests.length > 0) this.#requests.shift()(this.#ended() as Promise<never>)
    this.#finish()
  }

  /** Reports a failure once; after that the iteration is over. */
  #ended(): Promise<Result<T>> {
    const failure = this.#failure
    this.#failure = undefined
    return failure ? Promise.reject(failure.error) : Promise.resolve({ value: undefined, done: true })
  }
}
