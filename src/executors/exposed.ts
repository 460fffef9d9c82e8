import type { TaskModule } from './task-module.ts'

/** Where `expose()` leaves the functions for the host; by name, for the two may come from different files. */
const EXPOSED = Symbol.for('sluice.exposed')

type Place = { [EXPOSED]?: TaskModule | undefined }

/** The functions that have been exposed since the last call. */
export function takeExposed(): TaskModule | undefined {
  const place = globalThis as Place
  const functions = place[EXPOSED]
  place[EXPOSED] = undefined
  return functions
}

export function setExposed(functions: TaskModule): void {
  ;(globalThis as Place)[EXPOSED] = functions
}
