import type { Downstream, Producer, Upstream } from '../engine/protocol.ts'
import { noop } from '../internal/noop.ts'

/** What an item expands to, failed when it lets somebody who has asked for an item wait for too long. */
export function timedSource<T>(source: Producer<T>, ms: number, late: () => unknown): Producer<T> {
  return { connect: down => new TimedRun(source, ms, late, down) }
}

class TimedRun<T> implements Downstream<T>, Upstream {
  readonly #ms: number
  readonly #late: () => unknown
  readonly #down: Downstream<T>
  readonly #up: Upstream
  #timer: ReturnType<typeof setTimeout> | undefined
  /** Downstream waits for an item. */
  #wanted = false
  /** The source is being asked: one that gives its items at once needs no timer. */
  #asking = false
  #over = false

  constructor(source: Producer<T>, ms: number, late: () => unknown, down: Downstream<T>) {
    this.#ms = ms
    this.#late = late
    this.#down = down
    this.#up = source.connect(this)
  }

  readonly next = (item: T): boolean => {
    if (this.#over) return false
    this.#rest()
    this.#wanted = this.#down.next(item) && !this.#over
    this.#watch()
    return this.#wanted
  }

  end(): void {
    if (this.#close()) this.#down.end()
  }

  fail(error: unknown): void {
    if (this.#close()) this.#down.fail(error)
  }

  abort(reason: unknown): void {
    if (this.#close()) this.#down.abort(reason)
  }

  resume(): void {
    if (this.#over) return
    this.#wanted = true
    this.#asking = true
    this.#up.resume()
    this.#asking = false
    this.#watch()
  }

  idle(): void {}

  cancel(reason: unknown): Promise<void> | undefined {
    this.#close()
    return this.#up.cancel(reason)
  }

  #watch(): void {
    if (!this.#wanted || this.#asking || this.#over) return
    // A source that has handed back control to others may be about to go on: it gets that turn.
    this.#timer ??= setTimeout(() => {
      this.#timer = setTimeout(this.#expire, 0)
    }, this.#ms)
  }

  #expire = (): void => {
    const error = this.#late()
    this.#close()
    this.#up.cancel(error)?.catch(noop)
    this.#down.fail(error)
  }

  #rest(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #close(): boolean {
    if (this.#over) return false
    this.#over = true
    this.#rest()
    return true
  }
}
