import { nameError } from './internal/name-error.ts'

/** What every refusal carries: where it happened, how much the inbox holds, and the item that was not taken. */
export interface RefusalDetails {
  /** Name of the stage or channel that refused. */
  readonly stage: string
  /** The inbox's capacity, in the units of its strategy (items unless it has a `size`). */
  readonly capacity: number
  /** The item that was not taken. */
  readonly item: unknown
}

/**
 * An item came to a full inbox whose strategy is `reject`. The stage itself stays healthy: it takes the next item
 * as soon as there is room.
 *
 * @example
 * ```ts
 * const queue = channel<string>(reject(1), { name: 'jobs' })
 * await queue.send('a')
 * const error = await queue.send('b').catch(error => error)
 * const told = [error.code, error.stage, error.capacity, error.item]
 * // => ['ERR_QUEUE_FULL', 'jobs', 1, 'b']
 * ```
 */
export class QueueFullError extends Error {
  readonly code = 'ERR_QUEUE_FULL'
  readonly stage: string
  readonly capacity: number
  readonly item: unknown

  constructor({ stage, capacity, item }: RefusalDetails) {
    super(`${stage}: the inbox is full (capacity ${capacity}); the item was refused`)
    nameError(this, 'QueueFullError')
    this.stage = stage
    this.capacity = capacity
    this.item = item
  }
}

/**
 * An item waited for room in a full inbox for as long as its strategy, or its sender, allowed.
 *
 * @example
 * ```ts
 * const queue = channel<string>(timeout(1, 5), { name: 'jobs' })
 * await queue.send('a')
 * const error = await queue.send('b').catch(error => error) // nobody reads
 * const told = [error.code, error.item, error.timeout]
 * // => ['ERR_QUEUE_TIMEOUT', 'b', 5]
 * ```
 */
export class QueueTimeoutError extends Error {
  readonly code = 'ERR_QUEUE_TIMEOUT'
  readonly stage: string
  readonly capacity: number
  readonly item: unknown
  /** How long the item waited, in milliseconds. */
  readonly timeout: number

  constructor({ stage, capacity, item }: RefusalDetails, timeout: number) {
    super(`${stage}: the inbox stayed full (capacity ${capacity}) for ${timeout} ms; the item was refused`)
    nameError(this, 'QueueTimeoutError')
    this.stage = stage
    this.capacity = capacity
    this.item = item
    this.timeout = timeout
  }
}

/**
 * An item came to a `throttle` stage before it might pass.
 *
 * @example
 * ```ts
 * const calls = throttle<string>({ limit: 1, interval: 60_000, mode: 'reject' })
 * const error = await toArray(from(['a', 'b']).pipeThrough(calls)).catch(error => error)
 * const told = [error.code, error.item, error.retryAfter > 0]
 * // => ['ERR_RATE_LIMIT', 'b', true]
 * ```
 */
export class RateLimitError extends Error {
  readonly code = 'ERR_RATE_LIMIT'
  readonly stage: string
  readonly item: unknown
  /** Milliseconds until the next one may pass. */
  readonly retryAfter: number

  constructor(stage: string, item: unknown, retryAfter: number) {
    super(`${stage}: the item came too soon; the next one may pass in ${Math.ceil(retryAfter)} ms`)
    nameError(this, 'RateLimitError')
    this.stage = stage
    this.item = item
    this.retryAfter = retryAfter
  }
}

/** What a {@link SpillError} carries beside its message. */
export interface SpillDetails {
  /** Key of the record that cannot be read. */
  readonly key?: string
  /** That record as it was found; undefined where it is missing. */
  readonly record?: Uint8Array | undefined
  readonly cause?: unknown
}

/**
 * The store of a `spill` strategy failed. `ERR_SPILL_STORE`: it did not do what it was asked to, and `cause` says why;
 * `ERR_SPILL_CORRUPT`: the record under `key` is not what was written there.
 *
 * @example
 * ```ts
 * const broken = {
 *   batch: async () => Promise.reject(new Error('disk full')),
 *   getMany: async () => [],
 *   async *keys() {},
 * }
 * const jobs = channel<string>(spill(broken))
 * const error = await jobs.send('a').catch(error => error)
 * const told = [error.code, error.cause.message]
 * // => ['ERR_SPILL_STORE', 'disk full']
 * ```
 */
export class SpillError extends Error {
  readonly code: 'ERR_SPILL_STORE' | 'ERR_SPILL_CORRUPT'
  readonly stage: string
  readonly key: string | undefined
  readonly record: Uint8Array | undefined

  constructor(code: SpillError['code'], stage: string, what: string, details: SpillDetails = {}) {
    super(`${stage}: ${what}`, 'cause' in details ? { cause: details.cause } : undefined)
    nameError(this, 'SpillError')
    this.code = code
    this.stage = stage
    this.key = details.key
    this.record = details.record
  }
}

/** What an error about one item carries. */
export interface TaskErrorDetails {
  /** Name of the stage. */
  readonly stage: string
  /** The item that was at work. */
  readonly item: unknown
  /** Its position among those that came to the stage. */
  readonly index: number
}

/**
 * An item took longer than the stage's `timeout`: it was given up, and in a worker ended.
 *
 * @example
 * ```ts
 * const ask = map(() => new Promise(() => {}), { name: 'ask', timeout: 5 })
 * const error = await toArray(from(['a']).pipeThrough(ask)).catch(error => error)
 * const told = [error.code, error.stage, error.item, error.index]
 * // => ['ERR_TASK_TIMEOUT', 'ask', 'a', 0]
 * ```
 */
export class TaskTimeoutError extends Error {
  readonly code = 'ERR_TASK_TIMEOUT'
  readonly stage: string
  readonly item: unknown
  readonly index: number
  /** How long it was allowed to take, in milliseconds. */
  readonly timeout: number

  constructor({ stage, item, index }: TaskErrorDetails, timeout: number) {
    super(`${stage}: item ${index} took longer than ${timeout} ms`)
    nameError(this, 'TaskTimeoutError')
    this.stage = stage
    this.item = item
    this.index = index
    this.timeout = timeout
  }
}

/**
 * No item came to an `idleTimeout` stage for as long as it allows.
 *
 * @example
 * ```ts
 * const silent = channel<string>(block(1)).readable
 * const error = await first(silent.pipeThrough(idleTimeout(5))).catch(error => error)
 * const told = [error.code, error.timeout]
 * // => ['ERR_IDLE_TIMEOUT', 5]
 * ```
 */
export class IdleTimeoutError extends Error {
  readonly code = 'ERR_IDLE_TIMEOUT'
  readonly stage: string
  /** How long no item came, in milliseconds. */
  readonly timeout: number

  constructor(stage: string, timeout: number) {
    super(`${stage}: no item came for ${timeout} ms`)
    nameError(this, 'IdleTimeoutError')
    this.stage = stage
    this.timeout = timeout
  }
}

/**
 * An item came to a stage whose circuit breaker is open and fails fast: its function was not called.
 *
 * @example
 * ```ts
 * const breaker = circuitBreaker({ failures: 1, resetAfter: 60_000 })
 * const codes: unknown[] = []
 * const ask = map(async () => Promise.reject(new Error('down')), {
 *   breaker,
 *   onError: (error: any, _, { skip }) => (codes.push(error.code ?? error.message), skip),
 * })
 * await drain(from([1, 2]).pipeThrough(ask))
 * codes // => ['down', 'ERR_BREAKER_OPEN']
 * ```
 */
export class BreakerOpenError extends Error {
  readonly code = 'ERR_BREAKER_OPEN'
  readonly stage: string
  readonly item: unknown
  readonly index: number
  /** Milliseconds until the breaker lets an item try again. */
  readonly retryAfter: number

  constructor({ stage, item, index }: TaskErrorDetails, retryAfter: number) {
    const when =
      retryAfter > 0 ? `the next one may be in ${Math.ceil(retryAfter)} ms` : 'a trial is under way'
    super(`${stage}: the circuit breaker is open; item ${index} was not tried; ${when}`)
    nameError(this, 'BreakerOpenError')
    this.stage = stage
    this.item = item
    this.index = index
    this.retryAfter = retryAfter
  }
}

/** What a {@link RecordError} carries beside its message. */
export interface RecordErrorDetails {
  /** Its number, from 1: of the line, or of the CSV record. */
  readonly record: number
  /** The record, or as much of it as has come: the error keeps an excerpt. */
  readonly text: string
  readonly cause?: unknown
}

/** Characters of a record that an error shows. */
const EXCERPT = 80

/**
 * A line or record cannot be taken for what it should be. `ERR_RECORD_INVALID`: it is no JSON, or no CSV of as many
 * fields as the header has; `cause` is the parser's own error. `ERR_RECORD_TOO_LONG`: it is longer than `maxLength`.
 *
 * @example
 * ```ts
 * const values = from(['{"id":1}\n{"id":']).pipeThrough(ndjson())
 * const error = await toArray(values).catch(error => error)
 * const told = [error.code, error.record, error.excerpt]
 * // => ['ERR_RECORD_INVALID', 2, '{"id":']
 * ```
 */
export class RecordError extends Error {
  readonly code: 'ERR_RECORD_INVALID' | 'ERR_RECORD_TOO_LONG'
  readonly stage: string
  /** Its number, from 1: of the line, or of the CSV record. */
  readonly record: number
  /** Its beginning. */
  readonly excerpt: string

  constructor(code: RecordError['code'], stage: string, what: string, details: RecordErrorDetails) {
    const { record, text } = details
    const excerpt = text.length > EXCERPT ? `${text.slice(0, EXCERPT)}…` : text
    super(`${stage}: ${what}: ${excerpt}`, 'cause' in details ? { cause: details.cause } : undefined)
    nameError(this, 'RecordError')
    this.code = code
    this.stage = stage
    this.record = record
    this.excerpt = excerpt
  }
}

/** Every error that the library itself raises while items flow; `switch (error.code)` narrows it. */
export type SluiceError =
  | QueueFullError
  | QueueTimeoutError
  | RateLimitError
  | IdleTimeoutError
  | TaskTimeoutError
  | BreakerOpenError
  | SpillError
  | RecordError
