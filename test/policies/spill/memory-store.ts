import type { SpillEncodings, SpillOperation, SpillRange, SpillStore } from 'sluice'

/** A store over a Map, with the faults that a test asks for: slow, failing, crashed. Atomic, as a store has to be. */
export class MemoryStore implements SpillStore {
  readonly data: Map<string, Uint8Array>
  /** Batches wait until they are released. */
  slow = false
  /** What the next operations of a kind fail with, one after the other. */
  readonly failures: Record<'batch' | 'getMany' | 'keys', unknown[]> = { batch: [], getMany: [], keys: [] }
  batches = 0
  readonly syncs: boolean[] = []
  #held: (() => void)[] = []
  #inFlight: SpillOperation[] | undefined
  #dead = false

  constructor(data = new Map<string, Uint8Array>()) {
    this.data = data
  }

  async batch(operations: SpillOperation[], { sync }: SpillEncodings & { sync: boolean }): Promise<void> {
    if (this.#inFlight) throw new Error('two batches at once')
    this.batches++
    this.#inFlight = operations
    if (this.slow) await new Promise<void>(resolve => this.#held.push(resolve))
    // Nobody hears of what was under way when the process died.
    if (this.#dead) return new Promise(() => {})
    this.#inFlight = undefined
    this.#fail('batch')
    this.syncs.push(sync)
    this.#apply(operations)
  }

  async getMany(keys: string[]): Promise<(Uint8Array | undefined)[]> {
    this.#fail('getMany')
    return keys.map(key => this.data.get(key))
  }

  async *keys({ gte, lt, reverse, limit }: SpillRange): AsyncIterable<string> {
    this.#fail('keys')
    const all = [...this.data.keys()].filter(key => key >= gte && key < lt).sort()
    yield* (reverse ? all.reverse() : all).slice(0, limit)
  }

  /** Lets the batch that waits go on. */
  release(): void {
    this.#held.shift()?.()
  }

  /** What it has. */
  copy(): Map<string, Uint8Array> {
    return new Map([...this.data].map(([key, value]) => [key, value.slice()]))
  }

  /** What a new process finds after this one died; the batch in flight has made it or not. */
  crash(arrived: boolean): MemoryStore {
    if (arrived && this.#inFlight && !this.#dead && this.failures.batch.length === 0) {
      this.#apply(this.#inFlight)
    }
    this.#dead = true
    return new MemoryStore(this.copy())
  }

  /** The keys of the records that it has. */
  get records(): string[] {
    return [...this.data.keys()].filter(key => !key.endsWith('cursor')).sort()
  }

  #fail(kind: 'batch' | 'getMany' | 'keys'): void {
    const failures = this.failures[kind]
    if (failures.length > 0) throw failures.shift()
  }

  #apply(operations: readonly SpillOperation[]): void {
    for (const operation of operations) {
      if (operation.type === 'put') this.data.set(operation.key, operation.value.slice())
      else this.data.delete(operation.key)
    }
  }
}
