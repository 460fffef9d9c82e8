import { checkDelay, checkInteger, checkOptions, checkSignal, show } from '../internal/check.ts'
import { TokenBucket } from './token-bucket.ts'

/** How much may pass. */
export interface RateOptions {
  /** How many may pass in each `interval`, in the long run. */
  readonly limit: number
  /** Milliseconds. */
  readonly interval: number
  /**
   * How many may pass at once after a pause. Default: 1, which spreads them evenly. In any window of time there pass at
   * most `burst + limit * window / interval`, rounded up.
   */
  readonly burst?: number
}

/** A limit that several stages, or other code, keep together. Made by {@link rateLimiter}. */
export interface RateLimiter {
  /**
   * Waits until `n` may pass, in the order of the calls. Rejects with the signal's reason.
   *
   * @throws {RangeError} `n` is above `burst`: it could never pass.
   */
  acquire(n?: number, options?: { readonly signal?: AbortSignal }): Promise<void>
  /** Lets `n` pass at once, or not: it never goes before somebody who waits. */
  tryAcquire(n?: number): boolean
  /** Who waits. */
  readonly waiting: number
}

/** Somebody who waits. */
interface Waiter {
  readonly n: number
  readonly go: () => void
  /** When it could have gone by the bucket's account. */
  due: number
}

/** The inside of a limiter: as the public one, with calls instead of promises. */
export class RateGate {
  readonly burst: number
  readonly #bucket: TokenBucket
  readonly #waiters = new Set<Waiter>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #pumping = false

  constructor({ limit, interval, burst = 1 }: RateOptions) {
    this.burst = burst
    this.#bucket = new TokenBucket(limit, interval, burst)
  }

  get waiting(): number {
    return this.#waiters.size
  }

  /** Nobody waits, and nobody has gone lately. */
  get idle(): boolean {
    return this.#waiters.size === 0 && this.#bucket.full(performance.now())
  }

  /** How long somebody who comes now would have to wait at the least, in milliseconds. */
  get delay(): number {
    return this.#bucket.delay(1, performance.now())
  }

  tryEnter(n: number): boolean {
    const now = performance.now()
    if (this.#waiters.size > 0 || this.#bucket.delay(n, now) > 0) return false
    this.#bucket.take(n, now)
    return true
  }

  /** Calls `go` once it may; gives a function that gives up. */
  enter(n: number, go: () => void): () => void {
    const waiter: Waiter = { n, go, due: Infinity }
    this.#waiters.add(waiter)
    this.#pump()
    return () => {
      if (!this.#waiters.delete(waiter)) return
      clearTimeout(this.#timer)
      this.#timer = undefined
      this.#pump()
    }
  }

  #pump(): void {
    // Who goes may come back at once: he is then seen by the loop at hand. One of his own would set a second timer.
    if (this.#timer !== undefined || this.#pumping) return
    this.#pumping = true
    for (const waiter of this.#waiters) {
      const now = performance.now()
      const delay = this.#bucket.delay(waiter.n, now)
      if (delay > 0) {
        waiter.due = now + delay
        this.#timer = setTimeout(this.#onTimer, Math.ceil(delay))
        break
      }
      this.#bucket.take(waiter.n, now, Math.max(0, now - waiter.due))
      this.#waiters.delete(waiter)
      waiter.go()
    }
    this.#pumping = false
  }

  #onTimer = (): void => {
    this.#timer = undefined
    this.#pump()
  }
}

/** The gate of each limiter made here, for the stages that share it. */
const GATE = Symbol('gate')

/** The inside of a limiter; undefined for anything else. */
export function gateOf(limiter: unknown): RateGate | undefined {
  return (limiter as { readonly [GATE]?: RateGate } | null | undefined)?.[GATE]
}

/**
 * A limit on how often something happens: a token bucket. No timer runs while nobody waits, and however late timers are,
 * the rate is kept in the long run.
 *
 * @throws {RangeError} `limit` or `burst` is not a positive integer, or `interval` is not above 0.
 * @example
 * ```ts
 * const limiter = rateLimiter({ limit: 100, interval: 1000, burst: 2 })
 * const passed = [1, 2, 3].map(() => limiter.tryAcquire())
 * // => [true, true, false]
 * await limiter.acquire() // 10 ms later
 * ```
 */
export function rateLimiter(options: RateOptions): RateLimiter {
  checkRate('rateLimiter', options)
  const gate = new RateGate(options)
  const limiter: RateLimiter = {
    acquire: (n = 1, options = {}) => {
      const signal = options?.signal
      try {
        checkOptions('acquire', options)
        checkTokens('acquire', n, gate.burst)
        checkSignal('acquire: signal', signal)
        signal?.throwIfAborted()
      } catch (error) {
        return Promise.reject(error)
      }
      return new Promise((resolve, reject) => {
        const onAbort = (): void => {
          giveUp()
          reject(signal?.reason)
        }
        signal?.addEventListener('abort', onAbort, { once: true })
        const giveUp = gate.enter(n, () => {
          signal?.removeEventListener('abort', onAbort)
          resolve()
        })
      })
    },
    tryAcquire: (n = 1) => {
      checkTokens('tryAcquire', n, gate.burst)
      return gate.tryEnter(n)
    },
    get waiting() {
      return gate.waiting
    },
  }
  return Object.defineProperty(limiter, GATE, { value: gate })
}

/** Throws unless these are a rate. */
export function checkRate(where: string, options: RateOptions): void {
  if (options === undefined)
    throw new TypeError(`${where}: options must be { limit, interval }, received undefined`)
  checkOptions(where, options)
  const { limit, interval, burst = 1 } = options
  checkInteger(`${where}: limit`, limit, 1)
  checkDelay(`${where}: interval`, interval)
  if (interval === 0) throw new RangeError(`${where}: interval must be above 0 milliseconds, received 0`)
  checkInteger(`${where}: burst`, burst, 1)
}

function checkTokens(where: string, n: number, burst: number): void {
  checkInteger(`${where}: n`, n, 1)
  if (n > burst)
    throw new RangeError(
      `${where}: n must not be above burst (${show(burst)}), received ${n}: it could never pass`,
    )
}
