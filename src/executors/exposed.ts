import type { TaskModule } from './task-module.ts'

/** Where `expose()` leaves the functions for the host; by name, for the two may come from different files. */
const EXPOSED = Symbol.for('sluice.exposed')

type Place = { [EXPOSED]?: TaskModule }

/** The functions that the module of this worker has exposed. */
export function exposed(): TaskModule | undefined {
  return (globalThis as Place)[EXPOSED]
}

export function setExposed(functions: TaskModule): void {
  ;(globalThis as Place)[EXPOSED] = functions
}
