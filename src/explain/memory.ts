/** What was seen at the latest looks: by it the next one knows for how long nothing has changed at the least. */
const memory = new WeakMap<object, { readonly state: string; readonly first: number }>()

/** For how many milliseconds this has been known to be in this state. */
export function held(identity: object, state: string, now: number): number {
  const known = memory.get(identity)
  if (known?.state === state) return now - known.first
  memory.set(identity, { state, first: now })
  return 0
}
