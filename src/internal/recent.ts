/** Keys with what belongs to them, in the order in which they were last put in; beyond `max` the first is forgotten. */
export class Recent<V> {
  readonly #max: number
  readonly #kept = new Map<unknown, V>()
  // Kept, as a new one would walk over all that has been forgotten or put in again since the map made its last table.
  #oldest: Iterator<unknown> = this.#kept.keys()
  #moved = 0

  constructor(max: number) {
    this.#max = max
  }

  get(key: unknown): V | undefined {
    return this.#kept.get(key)
  }

  /** Puts the key behind all others; whether it was in already. */
  put(key: unknown, value: V): boolean {
    const kept = this.#kept
    const known = kept.delete(key)
    kept.set(key, value)
    if (kept.size > this.#max) kept.delete(this.#oldest.next().value)
    else if (known && this.#moved++ > this.#max) {
      // One that stands still would hold all tables that the map has had since.
      this.#moved = 0
      this.#oldest = kept.keys()
    }
    return known
  }
}
