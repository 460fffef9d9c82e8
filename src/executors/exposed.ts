import type { TaskModule } from './task-module.ts'

/** Where `expose()` leaves the functions for whoever loads the file; by name, for the two may come from different files. */
const EXPOSED = Symbol.for('sluice.exposed')

/** `undefined`: nobody loads a file here; `null`: somebody does, and it has exposed nothing so far. */
type Place = { [EXPOSED]?: TaskModule | null | undefined }

/** What the files loaded so far have exposed: the platform runs each of them once. */
const loaded = new Map<string, TaskModule>()
let last: Promise<unknown> = Promise.resolve()

/** Loads a module whose functions may be those that it exposes instead of its exports; one file at a time. */
export function loadExposed(address: string, load: () => Promise<TaskModule>): Promise<TaskModule> {
  const next = last.then(async () => {
    const known = loaded.get(address)
    if (known) return known
    const place = globalThis as Place
    place[EXPOSED] = null
    try {
      const module = await load()
      const functions = place[EXPOSED] ?? undefined
      if (functions) loaded.set(address, functions)
      return functions ?? module
    } finally {
      place[EXPOSED] = undefined
    }
  })
  last = next.catch(() => {})
  return next
}

/** Leaves the functions for {@link loadExposed}; false: nobody is loading a file here. */
export function setExposed(functions: TaskModule): boolean {
  const place = globalThis as Place
  if (place[EXPOSED] === undefined) return false
  place[EXPOSED] = functions
  return true
}
