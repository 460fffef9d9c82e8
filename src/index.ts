export type { CollectOptions } from './engine/consume.ts'
export type { SourceOptions } from './engine/gate.ts'
export type { ItemContext } from './engine/item-scope.ts'
export type { ConcurrencyOptions, ConcurrencyRange, FixedConcurrencyOptions } from './engine/limits.ts'
export type { NoPriority, PriorityOptions } from './engine/priority-line.ts'
export type { Giver } from './engine/produce.ts'
export type { WaitReason } from './engine/wait.ts'
export {
  BreakerOpenError,
  IdleTimeoutError,
  QueueFullError,
  QueueTimeoutError,
  RateLimitError,
  RecordError,
  type RecordErrorDetails,
  type RefusalDetails,
  type SluiceError,
  type SpillDetails,
  SpillError,
  type TaskErrorDetails,
  TaskTimeoutError,
} from './errors.ts'
export { type Explainable, explain } from './explain/explain.ts'
export type { ExplainedStage, Explanation, WaitsFor } from './explain/explanation.ts'
export { type WatchdogOptions, watchdog } from './explain/watchdog.ts'
export { Flow } from './flow.ts'
export type { DropReason, PressureOptions, StageOptions, StageStats } from './fused-stage.ts'
export type { DecodeOptions, TextChunk } from './internal/chunk-decoder.ts'
export type { CircuitState } from './policies/breaker-state.ts'
export {
  type CircuitBreaker,
  type CircuitBreakerOptions,
  circuitBreaker,
} from './policies/circuit-breaker.ts'
export type { DeadLetter, ItemPolicies, Policy } from './policies/item-policies.ts'
export type { FailureInfo, OnError, Skip } from './policies/on-error.ts'
export { block } from './policies/overflow/block.ts'
export { dropNewest } from './policies/overflow/drop-newest.ts'
export { dropOldest } from './policies/overflow/drop-oldest.ts'
export { reject } from './policies/overflow/reject.ts'
export { timeout } from './policies/overflow/timeout.ts'
export { type QueueSizeOptions, queueSizeFor } from './policies/queue-size-for.ts'
export { type RateLimiter, type RateOptions, rateLimiter } from './policies/rate-limiter.ts'
export type { AttemptInfo, RetryOptions } from './policies/retry.ts'
export { type SpillCodec, type SpillOptions, spill } from './policies/spill/spill.ts'
export type {
  SpillEncodings,
  SpillOperation,
  SpillRange,
  SpillStore,
} from './policies/spill/spill-store.ts'
export { type WorkersOptions, workersFor } from './policies/workers-for.ts'
export { count } from './sinks/count.ts'
export { drain } from './sinks/drain.ts'
export { first } from './sinks/first.ts'
export { type ForEachOptions, forEach } from './sinks/for-each.ts'
export { reduce } from './sinks/reduce.ts'
export { type Sink, type SinkOptions, sink } from './sinks/sink.ts'
export { toArray } from './sinks/to-array.ts'
export { from, type Source } from './sources/from.ts'
export { type FromEventsOptions, fromEvents } from './sources/from-events.ts'
export { interval } from './sources/interval.ts'
export {
  type MergePrioritizedOptions,
  mergePrioritized,
  type PrioritizedSource,
} from './sources/merge-prioritized.ts'
export { type RangeOptions, range } from './sources/range.ts'
export { Stage } from './stage.ts'
export { type BatchOptions, batch } from './stages/batch.ts'
export { type BufferOptions, buffer } from './stages/buffer.ts'
export { type Channel, type ChannelOptions, channel, type SendOptions } from './stages/channel.ts'
export { compose } from './stages/compose.ts'
export { type DebounceOptions, debounce } from './stages/debounce.ts'
export { type DistinctOptions, distinct } from './stages/distinct.ts'
export { drop } from './stages/drop.ts'
export { dropWhile } from './stages/drop-while.ts'
export { type FilterOptions, filter } from './stages/filter.ts'
export { type FlatMapOptions, flatMap } from './stages/flat-map.ts'
export { type FlattenOptions, flatten } from './stages/flatten.ts'
export { idleTimeout } from './stages/idle-timeout.ts'
export { keepAlive } from './stages/keep-alive.ts'
export { type LinesOptions, lines } from './stages/lines.ts'
export { type MapOptions, map } from './stages/map.ts'
export { type NdjsonOptions, ndjson } from './stages/ndjson.ts'
export { type SampleOptions, type SamplePart, type SampleTicks, sample } from './stages/sample.ts'
export { scan } from './stages/scan.ts'
export { take } from './stages/take.ts'
export { takeWhile } from './stages/take-while.ts'
export { type TapOptions, tap } from './stages/tap.ts'
export { type CollectTextOptions, type TextOptions, text } from './stages/text.ts'
export { type ThrottleOptions, type ThrottleRate, type ThrottleShared, throttle } from './stages/throttle.ts'
export { type ThrottleLatestOptions, throttleLatest } from './stages/throttle-latest.ts'
export { type ToNdjsonOptions, toNdjson } from './stages/to-ndjson.ts'
export { type TransformOptions, transform } from './stages/transform.ts'
export { type WindowOptions, window } from './stages/window.ts'
export type { Capacity, OverflowMode, StageStrategy, Strategy } from './strategy.ts'
