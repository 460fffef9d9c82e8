/** What became of the items of a stage that spills: an inbox's account, with the store's items in it. */
export class SpillAccount {
  received = 0
  readonly dropped = 0
  rejected = 0
  timedOut = 0
  discarded = 0
  /** Bytes. */
  readonly capacity: number
  readonly #held: () => { readonly items: number; readonly bytes: number }
  /** This run is over. */
  left = false

  constructor(capacity: number, held: () => { readonly items: number; readonly bytes: number }) {
    this.capacity = capacity
    this.#held = held
  }

  /** Items in memory and in the store that the operator has not got. */
  get count(): number {
    return this.left ? 0 : this.#held().items
  }

  /** Their bytes. */
  get weight(): number {
    return this.left ? 0 : this.#held().bytes
  }

  get full(): boolean {
    return this.weight >= this.capacity
  }

  /** This run is over: what is held counts as discarded, though the store keeps it for the next run. */
  leave(): void {
    this.discarded += this.count
    this.left = true
  }

  /** Items were refused by the store, or gave up before they came to it. */
  refuse(items: number): void {
    if (!this.left) this.rejected += items
  }
}
