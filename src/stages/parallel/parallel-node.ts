import { nodePlatform } from '../../executors/node/platform.ts'
import { parallelOn } from './parallel-on.ts'
import type { CreatePool, Parallel } from './parallel-options.ts'

const made = /* @__PURE__ */ parallelOn(nodePlatform)

/**
 * Makes a stage that has a function of another module called with each item, on all cores.
 *
 * - **Emits** each result, in the order of the items unless `ordered: false`.
 * - **Holds** at most `stats().window` items: waiting for a worker, at one, or waiting for their turn to leave.
 *   **Waits** while downstream is full or so many are inside. Nothing is started before somebody reads.
 * - **On error** of the function: that error, in its turn, with its class's name (`instanceof` holds for JavaScript's own
 *   classes), `code`, fields and cause, the stacks of both sides, and the item's `index` and `stage`. A worker that dies costs the item it was at (`WorkerCrashError`), an
 *   endless one is ended after `timeout` (`TaskTimeoutError`); what else it had runs again elsewhere.
 * - **On cancel or abort** the signals of the items at work fire; workers that go on for longer than `grace` are ended.
 *   At the end the workers of a stage are gone; those of a pool are its own.
 *
 * The module is plain functions. The function gets the item and a `TaskContext` (a type of `sluice/worker`); one that declares one parameter gets
 * the item alone. `setup(data)` and `teardown()`, if exported, are called in each worker at its start and its end.
 *
 * @param module The module's URL (`new URL('./work.js', import.meta.url)`) or absolute path; a function that makes a
 * web worker which calls `expose()`; or a pool.
 * @throws {TypeError} There is no such module, or an option is of the wrong type.
 * @throws {RangeError} A number is out of its range.
 * @example
 * ```ts
 * const work = 'data:text/javascript,export default n => n * n' // a file, in real life
 * await toArray(from([1, 2, 3]).pipeThrough(parallel(new URL(work), { threads: 2 })))
 * // => [1, 4, 9]
 * ```
 * @function
 */
export const parallel: Parallel = made.parallel

/**
 * Makes a pool that several stages share; it is not ended by any of them.
 *
 * @param module As for `parallel`; the stages say with `name` which of its functions is theirs.
 * @example
 * ```ts
 * const work = 'data:text/javascript,export const up = s => s.toUpperCase(), size = s => s.length'
 * const pool = createPool<{ up(s: string): string; size(s: string): number }>(new URL(work), { threads: 2 })
 * const flow = from(['a', 'bc']).pipeThrough(parallel(pool, { name: 'up' })).pipeThrough(parallel(pool, { name: 'size' }))
 * await toArray(flow) // => [1, 2]
 * await pool.close()
 * ```
 * @function
 */
export const createPool: CreatePool = made.createPool
