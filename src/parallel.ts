export { type TaskErrorDetails, TaskTimeoutError } from './errors.ts'
export type { AtWork, Batch, Executor, Outcome, WorkerStats } from './executors/executor.ts'
export type { WorkerModule } from './executors/platform.ts'
export type { ParallelRuntime, PoolOptions, ResourceLimits } from './executors/pool-options.ts'
export { type TaskError, WorkerCrashError } from './executors/task-errors.ts'
export type { FailureInfo, OnError, Skip } from './policies/on-error.ts'
export { createPool, parallel } from './stages/parallel/parallel-node.ts'
export type {
  CreatePool,
  ExecutorStageOptions,
  Parallel,
  ParallelOptions,
  ParallelStage,
  ParallelStageOptions,
  ParallelStats,
  Pool,
} from './stages/parallel/parallel-options.ts'
