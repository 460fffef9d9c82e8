import type { StageStats } from '../../engine/stage-stats.ts'
import type { Executor, WorkerStats } from '../../executors/executor.ts'
import type { WorkerModule } from '../../executors/platform.ts'
import type { PoolOptions } from '../../executors/pool-options.ts'
import type { DefaultName, ItemOf, ResultOf, TaskName } from '../../executors/task-types.ts'
import type { StageOptions } from '../../fused-stage.ts'
import type { Transferable } from '../../internal/platform-types.ts'
import type { ItemPolicies } from '../../policies/item-policies.ts'
import type { Skip } from '../../policies/on-error.ts'
import type { Stage } from '../../stage.ts'

/** What a stage wants of the pool that works on its items. */
export interface ParallelStageOptions<I, O, N extends PropertyKey = string>
  extends Omit<StageOptions<I>, 'name'>,
    ItemPolicies<I, O> {
  /** The export that is called with each item; `stats()` and `explain` call the stage so too. Default: `default`, or the only one. */
  readonly name?: N
  /** Whether results leave in the order in which the items came. Default: true. */
  readonly ordered?: boolean
  /**
   * Items of one key are worked on in order and by the same worker, which may keep state for them. A worker is found by the
   * key's hash: of a few keys, many may meet at one. Not with `retry` or `policy`: what runs again would come after later
   * items of its key.
   */
  readonly key?: (item: I) => string | number | bigint
  /**
   * Items sent to a worker in one message: a number, or `auto`: as many as it finishes in about 2 ms, 1 to 1,024, and
   * fewer when there are few. Default: `auto`.
   */
  readonly batch?: 'auto' | number
  /**
   * How long an item may take, in milliseconds; as long as it likes unless you say so, be it for ever. Then it fails with `TaskTimeoutError`; a worker that cannot be stopped
   * otherwise is ended, and the items that it had besides run again elsewhere. On Linux (Node and Bun) the time in
   * which its thread only waits for a processor does not count, up to nine tenths of it.
   */
  readonly timeout?: number
  /**
   * The parts of an item to move to the worker instead of copying them; shared memory stays shared. Such an item never runs
   * again: `retry` does not try it, and where its worker dies or is ended, be it because of another item, it fails with
   * `WorkerCrashError`. With `batch: 'auto'`, at most 64 MB are under way; where a worker needs less time for the items than
   * it takes to send them, they all go to one.
   */
  readonly transfer?: (item: I) => readonly (Transferable | ArrayBufferLike)[]
  /** How many times an item whose worker died runs again, by itself, before it fails with `WorkerCrashError`. Default: 0. */
  readonly crashRetries?: number
  /** Aborts the stage: items inside are discarded, and both sides get the reason. */
  readonly signal?: AbortSignal
}

/** Options of a stage whose items are worked on where somebody else has them worked on. */
export interface ExecutorStageOptions<I, O, N extends PropertyKey = string>
  extends ParallelStageOptions<I, O, N> {
  /** Where the items are worked on, if neither in threads, processes nor web workers. */
  readonly executor: Executor<I, O>
}

/** All options of a stage with a pool of its own. */
export interface ParallelOptions<I, O, N extends PropertyKey = string>
  extends ParallelStageOptions<I, O, N>,
    PoolOptions {}

/** A stage's figures, and its workers'. */
export interface ParallelStats extends StageStats {
  /**
   * Items that may be inside at the most, at present: `2 × workers × batches at each × batch`; half of it with `transfer`,
   * and two batches where they all go to one worker.
   */
  readonly window: number
  /** The pool's workers that have been started. */
  readonly workers: readonly WorkerStats[]
}

/** A stage whose function runs elsewhere. */
export interface ParallelStage<I, O> extends Stage<I, O> {
  readonly stats: () => ParallelStats
}

declare const MODULE: unique symbol

/** Workers that several stages share. Made by `createPool`. */
// biome-ignore lint/suspicious/noExplicitAny: a pool of any module
export interface Pool<M = any> {
  /** The module's type. */
  readonly [MODULE]?: M
  /** The workers that have been started. */
  stats(): readonly WorkerStats[]
  /**
   * Takes nothing more: what its stages have inside comes out, then they fail, unless their input has ended. Settles when
   * the workers are gone.
   */
  close(): Promise<void>
}

/** What `createPool` is: see there. */
// biome-ignore lint/suspicious/noExplicitAny: a pool of any module
export type CreatePool = <M extends object = any>(module: WorkerModule, options?: PoolOptions) => Pool<M>

/**
 * What `parallel` is: see there. `R` is what `onError` may give in place of a result. Of a pool it is found out; where the
 * module's type is given, TypeScript takes all types from the caller or none: without `R`, anything may come out.
 */
export interface Parallel {
  // biome-ignore lint/suspicious/noExplicitAny: a module of unknown type
  <M extends object = any, N extends TaskName<M> = DefaultName<M>, R = never>(
    module: WorkerModule,
    options?: ParallelOptions<ItemOf<M, N>, ResultOf<M, N> | R, N>,
  ): ParallelStage<ItemOf<M, N>, ResultOf<M, N> | Exclude<Awaited<R>, Skip>>
  <M extends object, N extends TaskName<M> = DefaultName<M>, R = never>(
    pool: Pool<M>,
    options?: ParallelStageOptions<ItemOf<M, N>, ResultOf<M, N> | R, N>,
  ): ParallelStage<ItemOf<M, N>, ResultOf<M, N> | Exclude<Awaited<R>, Skip>>
  // With the module's type alone, TypeScript cannot take the name from the options: any of its functions may be meant.
  <M extends object>(
    module: WorkerModule,
    options: ParallelOptions<ItemOf<M, TaskName<M>>, ResultOf<M, TaskName<M>>, TaskName<M>> & {
      readonly name: TaskName<M>
    },
  ): ParallelStage<ItemOf<M, TaskName<M>>, ResultOf<M, TaskName<M>>>
  <M extends object, N extends TaskName<M> = DefaultName<M>>(
    module: WorkerModule,
    options: ParallelOptions<ItemOf<M, N>, unknown, N>,
  ): ParallelStage<ItemOf<M, N>, unknown>
  <I, O>(module: WorkerModule | undefined, options: ExecutorStageOptions<I, O>): ParallelStage<I, O>
}
