/** A first-in-first-out queue on a circular array: O(1) at both ends, room grows by doubling and is kept. */
export class Ring<T> {
  #slots: (T | undefined)[] = []
  #head = 0
  length = 0

  push(item: T): void {
    if (this.length === this.#slots.length) this.#grow()
    this.#slots[(this.#head + this.length++) & (this.#slots.length - 1)] = item
  }

  /** The item that has waited longest; undefined when empty. */
  peek(): T | undefined {
    return this.#slots[this.#head]
  }

  /** Takes out the item that has waited longest. The ring must not be empty. */
  shift(): T {
    const item = this.#slots[this.#head] as T
    this.#slots[this.#head] = undefined
    this.#head = (this.#head + 1) & (this.#slots.length - 1)
    this.length--
    return item
  }

  clear(): void {
    this.#slots = []
    this.#head = this.length = 0
  }

  #grow(): void {
    const old = this.#slots
    this.#slots = [...old.slice(this.#head), ...old.slice(0, this.#head)]
    this.#slots.length = Math.max(8, old.length * 2)
    this.#head = 0
  }
}
