/** Something to wait at: `await pause.over()` goes on at once unless somebody has paused. */
export class Pause {
  #over: Promise<void> | undefined
  #resume: (() => void) | undefined

  get on(): boolean {
    return this.#over !== undefined
  }

  begin(): void {
    this.#over ??= new Promise(resolve => {
      this.#resume = resolve
    })
  }

  end(): void {
    this.#resume?.()
    this.#over = this.#resume = undefined
  }

  /** Undefined while nobody has paused. */
  over(): Promise<void> | undefined {
    return this.#over
  }
}
