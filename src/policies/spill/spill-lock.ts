import { show } from '../../internal/check.ts'

/** Who uses which prefix of a store, in this process. */
const users = new WeakMap<object, Map<string, string>>()

/**
 * Takes a prefix of a store for one stage; gives what lets go of it.
 *
 * @throws {TypeError} A stage that is not through uses it.
 */
export function lockStore(store: object, prefix: string, stage: string): () => void {
  const names = users.get(store) ?? new Map<string, string>()
  users.set(store, names)
  const user = names.get(prefix)
  if (user !== undefined) {
    throw new TypeError(
      `spill: the stage ${show(user)} uses this store with the prefix ${show(prefix)} already; give each its own prefix`,
    )
  }
  names.set(prefix, stage)
  let held = true
  return () => {
    if (held) names.delete(prefix)
    held = false
  }
}
