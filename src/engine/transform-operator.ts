import { isThenable } from '../internal/is-thenable.ts'
import { noop } from '../internal/noop.ts'
import { type Ending, Operator } from './operator.ts'
import { type Downstream, NOWHERE } from './protocol.ts'
import type { TransformControl } from './transform-control.ts'

/** A transformer's methods, read once and bound, as the standard does. */
export interface TransformerMethods<I> {
  readonly transform: ((chunk: I) => unknown) | undefined
  readonly flush: (() => unknown) | undefined
  readonly cancel: ((reason: unknown) => unknown) | undefined
  /** Settles when `start` has; undefined when it gave nothing to wait for. */
  readonly started: Promise<unknown> | undefined
}

/** Runs a native transformer (Streams Standard, section 6): one chunk at a time, then `flush`. */
export class TransformOperator<I, O> extends Operator<I, O> {
  readonly #methods: TransformerMethods<I>
  readonly #control: TransformControl<O>
  #wanted = false
  #giving = false
  /** `start`, `transform` or `flush` is at work. */
  #working = false
  #ending: Ending | undefined
  #flushed = false

  constructor(down: Downstream<O>, methods: TransformerMethods<I>, control: TransformControl<O>) {
    super(down)
    this.#methods = methods
    this.#control = control
    control.operator = this as unknown as TransformOperator<unknown, O>
    if (control.state !== 'open' || !methods.started) return
    this.#working = true
    methods.started.then(
      () => this.#rested(),
      error => this.broke(error),
    )
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

  override resume(): void {
    if (this.over) return
    if (this.#control.state === 'errored') {
      this.broke(this.#control.error_)
      return
    }
    this.#wanted = true
    this.#give()
    if (this.#control.state === 'terminated') this.terminated()
    else if (this.#welcome()) this.up.resume()
  }

  override end(): void {
    if (this.over || this.#ending) return
    this.#ending = { failed: false }
    if (!this.#working) this.#finishUp()
  }

  override fail(error: unknown): void {
    if (this.over || this.#ending?.failed) return
    this.#ending = { failed: true, error }
    if (!this.#working) this.#finishUp()
  }

  override abort(reason: unknown): void {
    if (this.over) return
    this.#cancelHook(reason)?.catch(noop)
    super.abort(reason)
  }

  override cancel(reason: unknown): Promise<void> | undefined {
    if (this.over) return
    const hook = this.#cancelHook(reason)
    const up = super.cancel(reason)
    if (!hook) return up
    up?.catch(noop)
    return hook.then(() => up)
  }

  protected override discard(): void {
    if (this.#control.state === 'open') this.#control.state = 'closed'
    this.#control.clear()
  }

  /** `controller.error()`, or a method that threw. */
  broke(error: unknown): void {
    if (this.over) return
    this.failed = this.entered - this.done
    if (this.#control.state === 'open') this.#control.state = 'errored'
    this.#methods.started?.catch(noop)
    this.raise(error)
  }

  /** `controller.terminate()`: the chunks so far are given out, the input is closed with an error. */
  terminated(): void {
    const { up } = this
    this.up = NOWHERE
    up.cancel(new TypeError('transform: the stream was terminated by its transformer'))?.catch(noop)
    this.#ending = { failed: false }
    this.#flushed = true
    if (!this.#working) this.#finishUp()
  }

  /** Gives a chunk straight on, if it is wanted and nothing waits before it. */
  give(chunk: O): boolean {
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

  #welcome(): boolean {
    return (
      !this.over &&
      !this.#working &&
      this.#control.state === 'open' &&
      ((this.#wanted && this.#control.queued === 0) || (this.#control.desiredSize as number) > 0)
    )
  }

  /** Calls a method; whether the next chunk is welcome at once. */
  #run(method: () => unknown, then: () => void): boolean {
    let result: unknown
    try {
      result = method()
      if (!isThenable(result)) then()
      else {
        this.#working = true
        Promise.resolve(result).then(
          () => {
            then()
            this.#rested()
          },
          error => this.broke(error),
        )
        return false
      }
    } catch (error) {
      this.broke(error)
      return false
    }
    this.#give()
    return this.#welcome()
  }

  #rested(): void {
    this.#working = false
    if (this.over) return
    this.#give()
    if (this.#ending && !this.#flushed) this.#finishUp()
    else if (this.#welcome()) this.up.resume()
    else this.up.idle()
  }

  #finishUp(): void {
    const ending = this.#ending as Ending
    if (!this.#flushed) {
      this.#flushed = true
      if (ending.failed) this.#cancelHook(ending.error)?.catch(noop)
      else if (this.#methods.flush) {
        this.#run(this.#methods.flush, () => this.onOver())
        return
      }
    }
    this.onOver()
    this.#deliver()
  }

  #deliver(): void {
    if (!this.#ending || !this.#flushed || this.#working || this.over || this.#control.queued > 0) return
    if (this.#control.state === 'open') this.#control.state = 'closed'
    this.settle(this.#ending)
  }

  #cancelHook(reason: unknown): Promise<void> | undefined {
    const { cancel } = this.#methods
    if (!cancel || this.#control.state !== 'open') return
    this.#control.state = 'closed'
    try {
      const result = cancel(reason)
      return isThenable(result) ? Promise.resolve(result).then(noop) : undefined
    } catch (error) {
      return Promise.reject(error)
    }
  }
}
