import { checkDelay, checkInteger, checkOptions, show } from '../internal/check.ts'

/** Where workers run; see {@link PoolOptions.runtime}. */
export type ParallelRuntime = 'threads' | 'processes' | 'inline' | 'web'

/** Limits of a worker's memory, as `node:worker_threads` takes them, in megabytes. */
export interface ResourceLimits {
  readonly maxOldGenerationSizeMb?: number
  readonly maxYoungGenerationSizeMb?: number
  readonly codeRangeSizeMb?: number
  readonly stackSizeMb?: number
}

/** How many workers there are, and what they are. */
export interface PoolOptions {
  /**
   * Workers, or their least and greatest number: there are more while the inbox (or, without a strategy, the stage) is
   * more than 80 % full, and fewer after a second without work. Default: one for each core.
   */
  readonly threads?: number | { readonly min: number; readonly max: number }
  /**
   * `threads` of this process; `processes`, which a native crash cannot take along; `web` workers; `inline`: here, for
   * debugging. Default: `threads`; in browsers, and where a function makes the worker, `web`.
   */
  readonly runtime?: ParallelRuntime
  /** Items that one worker may have at work at the same time, where its function gives promises. Default: 1. */
  readonly concurrencyPerWorker?: number
  /** Given once to each worker: to its `setup(data)` and in each item's context. Threads share shared memory; the rest is cloned. */
  readonly data?: unknown
  /** `item`: a fresh worker for each item. */
  readonly isolate?: 'item'
  /** Items after which a worker is replaced. */
  readonly recycleAfter?: number
  /** Bytes: a worker that uses more after a batch is replaced. */
  readonly maxMemory?: number
  /** What a worker may use; of `processes` only `maxOldGenerationSizeMb`, `maxYoungGenerationSizeMb` and `stackSizeMb`. */
  readonly resourceLimits?: ResourceLimits
  /** Options of the runtime for its workers, such as `--import` (Node, Deno, Bun). Default: those of this process. */
  readonly execArgv?: readonly string[]
  /** How long work that was told to stop may go on before its worker is ended, in milliseconds. Default: 500. */
  readonly grace?: number
}

/** The options with their defaults. */
export interface PoolSettings {
  readonly min: number
  readonly max: number
  readonly runtime: ParallelRuntime
  readonly overlap: number
  readonly data: unknown
  readonly isolated: boolean
  readonly recycleAfter: number
  readonly maxMemory: number
  readonly resourceLimits: ResourceLimits | undefined
  readonly execArgv: readonly string[] | undefined
  readonly grace: number
}

const RUNTIMES: readonly unknown[] = ['threads', 'processes', 'inline', 'web']

export function checkPoolOptions(
  where: string,
  options: PoolOptions,
  defaults: { readonly cores: number; readonly runtime: ParallelRuntime },
): PoolSettings {
  checkOptions(where, options)
  const {
    threads = defaults.cores,
    runtime = defaults.runtime,
    concurrencyPerWorker = 1,
    isolate,
    recycleAfter = Infinity,
    maxMemory = Infinity,
    resourceLimits,
    execArgv,
    grace = 500,
  } = options
  const { min, max } =
    typeof threads === 'object' && threads !== null ? threads : { min: threads, max: threads }
  checkInteger(`${where}: threads${min === max ? '' : '.min'}`, min, 1)
  checkInteger(`${where}: threads.max`, max, 1)
  if (min > max)
    throw new RangeError(`${where}: threads.min must not be above threads.max, received ${min} and ${max}`)
  if (!RUNTIMES.includes(runtime)) {
    throw new TypeError(
      `${where}: runtime must be 'threads', 'processes', 'web' or 'inline', received ${show(runtime)}`,
    )
  }
  checkInteger(`${where}: concurrencyPerWorker`, concurrencyPerWorker, 1)
  if (isolate !== undefined && isolate !== 'item') {
    throw new TypeError(`${where}: isolate must be 'item', received ${show(isolate)}`)
  }
  checkInteger(`${where}: recycleAfter`, recycleAfter, 1, true)
  if (typeof maxMemory !== 'number')
    throw new TypeError(`${where}: maxMemory must be a number of bytes, received ${show(maxMemory)}`)
  if (!(maxMemory > 0)) throw new RangeError(`${where}: maxMemory must be above 0, received ${maxMemory}`)
  if (resourceLimits !== undefined) checkOptions(`${where}: resourceLimits`, resourceLimits)
  if (execArgv !== undefined && !Array.isArray(execArgv)) {
    throw new TypeError(`${where}: execArgv must be an array, received ${show(execArgv)}`)
  }
  checkDelay(`${where}: grace`, grace)
  const isolated = isolate === 'item'
  return {
    // Nothing runs beside anything here.
    min: runtime === 'inline' ? 1 : min,
    max: runtime === 'inline' ? 1 : max,
    runtime,
    overlap: isolated ? 1 : concurrencyPerWorker,
    data: options.data,
    isolated,
    recycleAfter: isolated ? 1 : recycleAfter,
    maxMemory,
    resourceLimits,
    execArgv,
    grace,
  }
}
