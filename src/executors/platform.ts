import type { WebWorker } from '../internal/platform-types.ts'
import type { LoadModule } from './inline-place.ts'
import type { WorkerPlace } from './link.ts'
import type { ParallelRuntime, PoolSettings } from './pool-options.ts'

/** Where a worker's functions are: a file, or a function that makes a worker which exposes them. */
export type WorkerModule = URL | string | (() => WebWorker)

/** What runs workers here. */
export interface Platform {
  /** The runtime for workers of a file. */
  readonly runtime: ParallelRuntime
  cores(): number
  /** The module's address; throws if it can be told that there is none. */
  locate(where: string, module: URL | string): string
  /** Imports a module here. */
  readonly load: LoadModule
  /** Places for workers of that runtime; undefined: there are none here. */
  places(runtime: ParallelRuntime, settings: PoolSettings): (() => WorkerPlace) | undefined
}
