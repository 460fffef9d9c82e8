/** A stopwatch: the milliseconds for which it ran. */
export class Watch {
  #before = 0
  #since: number | undefined

  get ms(): number {
    return this.#before + (this.#since === undefined ? 0 : performance.now() - this.#since)
  }

  start(): void {
    this.#since ??= performance.now()
  }

  stop(): void {
    this.#before = this.ms
    this.#since = undefined
  }

  reset(): void {
    this.#before = 0
    this.#since = undefined
  }
}
