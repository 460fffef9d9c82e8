import { checkInteger, show } from '../internal/check.ts'
import { Dispatcher } from './dispatcher.ts'
import type { Executor } from './executor.ts'
import { inlinePlace } from './inline-place.ts'
import type { WorkerPlace } from './link.ts'
import type { Platform, WorkerModule } from './platform.ts'
import { checkPoolOptions, type PoolOptions, type PoolSettings } from './pool-options.ts'
import { webPlace } from './web-place.ts'
import { WorkerExecutor } from './worker-executor.ts'

/** A pool before it has started: what is wrong with the options is known by now. */
export interface PoolPlan {
  create(): Dispatcher
}

/** Who makes a pool. */
export interface PoolUser {
  /** For errors. */
  readonly where: string
  /** The exports that must be there. */
  readonly names: readonly string[]
  readonly trail: string
}

/** Checks everything that can be checked, and says how to make the pool. */
export function planPool(
  platform: Platform,
  { where, names, trail }: PoolUser,
  module: WorkerModule,
  options: PoolOptions,
): PoolPlan {
  const made = typeof module === 'function'
  const runtime = made ? 'web' : platform.runtime
  const settings = checkPoolOptions(where, options, { cores: platform.cores(), runtime })
  if (made && settings.runtime !== 'web') {
    throw new TypeError(
      `${where}: a function that makes the worker goes with runtime 'web', received ${show(settings.runtime)}`,
    )
  }
  const address = made ? undefined : platform.locate(where, module)
  const place = placeOf(platform, where, module, address, settings)
  return {
    create() {
      const executor = new WorkerExecutor(place, {
        concurrency: settings.max,
        // A worker that is replaced after each item, and code that runs here, have nothing to hide a way behind.
        ahead: settings.isolated || settings.runtime === 'inline' ? 0 : 1,
        attach: {
          where,
          module: address,
          names,
          data: settings.data,
          overlap: settings.overlap,
          grace: settings.grace,
          memory: settings.maxMemory < Infinity,
        },
        recycleAfter: settings.recycleAfter,
        maxMemory: settings.maxMemory,
        trail,
      })
      // Else the last batch of a worker might be many times what it may have.
      return new Dispatcher(executor, settings.min, settings.recycleAfter)
    },
  }
}

/** The pool of an executor that somebody else wrote. */
export function planExecutor(where: string, executor: Executor): PoolPlan {
  if (typeof executor?.run !== 'function' || typeof executor.close !== 'function') {
    throw new TypeError(
      `${where}: executor must have concurrency, run(batch) and close(), received ${show(executor)}`,
    )
  }
  const { concurrency, ahead = 0, overlap = 1 } = executor
  checkInteger(`${where}: executor.concurrency`, concurrency, 1)
  checkInteger(`${where}: executor.ahead`, ahead, 0)
  checkInteger(`${where}: executor.overlap`, overlap, 1)
  return {
    create: () => new Dispatcher(executor, concurrency),
  }
}

function placeOf(
  platform: Platform,
  where: string,
  module: WorkerModule,
  address: string | undefined,
  settings: PoolSettings,
): () => WorkerPlace {
  const { runtime } = settings
  if (runtime === 'inline') return () => inlinePlace(platform.load)
  if (runtime === 'web') {
    if (typeof Worker !== 'function') {
      throw new TypeError(
        `${where}: this runtime has no global Worker; give the URL of the worker's file instead`,
      )
    }
    return () =>
      webPlace(
        typeof module === 'function' ? module : () => new Worker(address as string, { type: 'module' }),
      )
  }
  const places = platform.places(runtime, settings)
  if (!places) {
    throw new TypeError(
      `${where}: there are no ${runtime} here; use runtime '${platform.runtime}' or 'inline'`,
    )
  }
  return places
}
