import { show } from '../../internal/check.ts'
import { noop } from '../../internal/noop.ts'

/** Who uses which prefix of a store, in this process. */
const users = new WeakMap<object, Map<string, StoreLock>>()

/** A stage's hold on a prefix of a store. */
export class StoreLock {
  readonly #names: Map<string, StoreLock>
  readonly #prefix: string
  readonly #stage: string
  /** Settles when the stage before has told the store all; undefined: there is none. */
  readonly free: Promise<void> | undefined
  /** Settles when this one has; undefined: it is not through. */
  left: Promise<void> | undefined

  /** @throws {TypeError} A stage that is not through uses it. */
  constructor(store: object, prefix: string, stage: string) {
    const names = users.get(store) ?? new Map<string, StoreLock>()
    users.set(store, names)
    const user = names.get(prefix)
    if (user && user.left === undefined) {
      throw new TypeError(
        `spill: the stage ${show(user.#stage)} uses this store with the prefix ${show(prefix)} already; give each its own prefix`,
      )
    }
    names.set(prefix, this)
    this.#names = names
    this.#prefix = prefix
    this.#stage = stage
    this.free = user?.left
  }

  /** The stage is through: another one may take its place, which has to wait until it has `told` the store. */
  leave(told: Promise<void>): void {
    this.left = Promise.all([this.free, told.catch(noop)]).then(() => {
      if (this.#names.get(this.#prefix) === this) this.#names.delete(this.#prefix)
    })
  }
}
