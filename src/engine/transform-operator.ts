import { isThenable } from '../internal/is-thenable.ts'
import { noop } from '../internal/noop.ts'
import { type Ending, Operator } from './operator.ts'
import { Outlet } from './outlet.ts'
import type { Downstream } from './protocol.ts'
import { Stamp } from './stamp.ts'
import type { TransformControl } from './transform-control.ts'

/** A transformer's methods, read once and bound, as the standard does. */
export interface TransformerMethods<I> {
  readonly transform: ((chunk: I) => unknown) | undefined
  readonly flush: (() => unknown) | undefined
  readonly cancel: ((reason: unknown) => unknown) | undefined
}

/** Runs a native transformer (Streams Standard, section 6): one chunk at a time, then `flush`. */
export class TransformOperator<I, O> extends Operator<I, O> {
  readonly #methods: TransformerMethods<I>
  readonly #control: TransformControl<O>
  /** The platform's stream, where it does the queueing: it is given every chunk at once. */
  readonly platform: Outlet<O> | undefined
  #wanted = false
  #giving = false
  /** `start`, `transform` or `flush` is at work. */
  #working = false
  #ending: Ending | undefined
  #flushed = false
  /** A method is on the stack: more may come of it, and the next chunk has to wait. */
  #running = false
  stamp: Stamp | undefined

  constructor(
    down: Downstream<O>,
    methods: TransformerMethods<I>,
    control: TransformControl<O>,
    queues: boolean,
  ) {
    super(down)
    this.#methods = methods
    this.#control = control
    if (queues && down instanceof Outlet && !down.target) this.platform = down
    control.operator = this as unknown as TransformOperator<never, O>
    if (control.state === 'open' && control.started) this.awaitStart(control.started)
  }

  override readonly next = (item: I): boolean => {
    if (this.over) return false
    this.entered++
    const { transform } = this.#methods
    return this.#run(
      () => (transform ? transform(item) : this.#control.enqueue(item as unknown as O)),
      () => this.done++,
    )
  }

  override get working(): boolean {
    return this.#working
  }

  override resume(): void {
    if (this.over) return
    this.#wanted = true
    this.#give()
    if (this.welcome) this.up.resume()
  }

  override end(): void {
    this.#endWith({ failed: false })
  }

  override fail(error: unknown): void {
    this.#endWith({ failed: true, error })
  }

  override abort(reason: unknown): void {
    this.#cancelHook(reason)?.catch(noop)
    super.abort(reason)
  }

  override cancel(reason: unknown): Promise<void> | undefined {
    const hook = this.#cancelHook(reason)
    const up = super.cancel(reason)
    if (!hook) return up
    up?.catch(noop)
    return hook.then(() => up)
  }

  protected override discard(): void {
    this.#control.clear()
  }

  /** Holds the first chunk until the transformer has started. */
  awaitStart(started: Promise<unknown>): void {
    this.#working = true
    this.stamp ??= new Stamp()
    this.stamp.mark()
    started.then(() => this.#rested(), noop)
  }

  /** `controller.error()`: a chunk at work is not to blame. */
  broke(error: unknown): void {
    this.raise(error)
  }

  /** `controller.terminate()`: the chunks so far are given out, the input is closed with an error. */
  terminated(): void {
    // Takes effect even while `size` is asked for a chunk, which is lost then, as in the standard.
    if (this.platform) this.#giving = false
    if (!this.#ending) {
      this.up.cancel(new TypeError('transform: the stream was terminated by its transformer'))?.catch(noop)
      this.#ending = { failed: false }
    }
    this.#flushed = true
    this.#give()
  }

  /** A method threw, or its promise rejected. */
  #fault(error: unknown): void {
    this.failed = this.entered - this.done
    this.#control.state = 'errored'
    if (!this.over) {
      this.raise(error)
      return
    }
    this.up.cancel(error)?.catch(noop)
    this.platform?.spoil(error)
  }

  /** Gives a chunk straight on, if it is wanted and nothing waits before it. */
  give(chunk: O): boolean {
    if (this.platform) {
      // `size` may end the stream, which must not overtake its chunk.
      this.#giving = true
      try {
        this.platform.push(chunk)
        this.emitted++
      } catch (error) {
        this.#control.error(error)
        throw this.#control.failure
      } finally {
        this.#giving = false
      }
      if (!this.#running) this.#deliver()
      return true
    }
    if (!this.#wanted || this.#giving || this.#control.queued > 0) return false
    this.#emit(chunk)
    return true
  }

  #give(): void {
    if (this.#giving) return
    while (this.#wanted && !this.over && this.#control.queued > 0) this.#emit(this.#control.take())
    this.#deliver()
  }

  #emit(chunk: O): void {
    this.emitted++
    this.#wanted = false
    this.#giving = true
    if (this.down.next(chunk)) this.#wanted = true
    this.#giving = false
  }

  override get welcome(): boolean {
    if (this.over || this.#working || this.#running) return false
    return this.platform
      ? (this.platform.desiredSize ?? 0) > 0 || this.platform.asked
      : this.#wanted && this.#control.queued === 0
  }

  /** Calls a method; whether the next chunk is welcome at once. */
  #run(method: () => unknown, then: () => void): boolean {
    let result: unknown
    try {
      this.#running = true
      result = method()
      this.#running = false
      if (isThenable(result)) {
        this.#working = true
        this.stamp ??= new Stamp()
        this.stamp.mark()
        Promise.resolve(result).then(
          () => {
            then()
            this.#rested()
          },
          error => this.#fault(error),
        )
        return false
      }
    } catch (error) {
      this.#fault(error)
      return false
    }
    then()
    this.#give()
    return this.welcome
  }

  #rested(): void {
    this.#working = false
    if (!this.over) this.#give()
    if (this.over) {
      this.up.idle()
      return
    }
    if (this.#ending && !this.#flushed) this.#finishUp(this.#ending)
    else if (this.welcome) this.up.resume()
    else this.up.idle()
  }

  #endWith(ending: Ending): void {
    if (this.over || this.#ending) return
    this.#ending = ending
    if (!this.#working) this.#finishUp(ending)
  }

  #finishUp(ending: Ending): void {
    this.#flushed = true
    if (ending.failed) this.#cancelHook(ending.error)?.catch(noop)
    else if (this.#methods.flush) {
      this.#run(this.#methods.flush, () => this.onOver())
      return
    }
    this.onOver()
    this.#deliver()
  }

  #deliver(): void {
    if (
      !this.#ending ||
      !this.#flushed ||
      this.#working ||
      this.#giving ||
      this.over ||
      this.#control.queued > 0
    )
      return
    if (this.#control.state === 'open') this.#control.state = 'closed'
    this.settle(this.#ending)
  }

  #cancelHook(reason: unknown): Promise<void> | undefined {
    const { cancel } = this.#methods
    if (this.#control.state !== 'open') return
    this.#control.state = 'closed'
    try {
      const result = cancel?.(reason)
      return isThenable(result) ? Promise.resolve(result).then(noop) : undefined
    } catch (error) {
      return Promise.reject(error)
    }
  }
}
