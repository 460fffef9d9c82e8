/** Random numbers from 0 to 1, the same for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const gauss = (next: () => number) => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())

/** How long a service works on a call, 100 ms on average. */
export const times = {
  constant: () => 100,
  uniform: next => 50 + 100 * next(),
  exponential: next => -100 * Math.log(1 - next()),
  lognormal: next => 100 * Math.exp(gauss(next) - 0.5),
  bimodal: next => (next() < 0.9 ? 50 : 550),
} satisfies Record<string, (next: () => number) => number>
export type Times = keyof typeof times

interface Call {
  end: number
  readonly done: (failed: boolean) => void
}

/**
 * A service in virtual time: as many servers as its capacity, and a queue before them. Nothing happens but in `step()`.
 */
export class Service {
  now = 0
  capacity = 10
  /** What working times are multiplied by. */
  slowness = 1
  /** By how much each call above the capacity slows down all, as a part of the capacity: 0 is a plain queue. */
  thrash = 0
  /** Calls that may wait; each further one fails after a millisecond. */
  room = Number.POSITIVE_INFINITY
  readonly #draw: () => number
  /** Calls at work, the one that ends first in front (a heap). */
  readonly #heap: Call[] = []
  #waiting: Call[] = []
  #next = 0
  #refused = 0

  constructor(kind: Times, seed: number) {
    const next = random(seed)
    this.#draw = () => times[kind](next)
  }

  get busy(): boolean {
    return this.#heap.length > 0
  }

  get queued(): number {
    return this.#waiting.length - this.#next
  }

  call(done: (failed: boolean) => void): void {
    const call = { end: 0, done }
    if (this.queued >= this.room && this.#heap.length - this.#refused >= this.capacity) {
      this.#refused++
      call.end = this.now + 1
      this.#push({ end: call.end, done: () => (this.#refused--, done(true)) })
      return
    }
    this.#waiting.push(call)
    this.#serve()
  }

  /** Lets the next call finish. */
  step(): void {
    const call = this.#pop()
    this.now = call.end
    call.done(false)
    this.#serve()
  }

  #serve(): void {
    while (this.queued > 0 && this.#heap.length - this.#refused < this.capacity) {
      const call = this.#waiting[this.#next++] as Call
      const above = Math.max(0, this.queued + this.#heap.length + 1 - this.capacity) / this.capacity
      call.end = this.now + this.#draw() * this.slowness * (1 + this.thrash * above)
      this.#push(call)
    }
    if (this.#next > 1_000) this.#waiting = this.#waiting.slice(this.#next)
    if (this.#next > 1_000) this.#next = 0
  }

  #push(call: Call): void {
    const heap = this.#heap
    let at = heap.push(call) - 1
    for (; at > 0; ) {
      const parent = (at - 1) >> 1
      if ((heap[parent] as Call).end <= call.end) break
      heap[at] = heap[parent] as Call
      at = parent
    }
    heap[at] = call
  }

  #pop(): Call {
    const heap = this.#heap
    const first = heap[0] as Call
    const last = heap.pop() as Call
    const size = heap.length
    let at = 0
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && (heap[child + 1] as Call).end < (heap[child] as Call).end) child++
      if ((heap[child] as Call).end >= last.end) break
      heap[at] = heap[child] as Call
      at = child
    }
    if (size > 0) heap[at] = last
    return first
  }
}

/** What a limiter is to the service's user. */
export interface Limiter {
  readonly value: number
  finished(latency: number, failed: boolean, used: boolean, others: number): void
}

/** A limit that stays as it is. */
export const fixed = (value: number): Limiter => ({ value, finished() {} })

export interface Finished {
  readonly at: number
  readonly latency: number
  readonly failed: boolean
  /** The limit after it. */
  readonly limit: number
}

/** What happens to the service while it is used, and who uses it. */
export interface Plan {
  readonly until: number
  /** Called before each step. */
  readonly change?: (service: Service) => void
  /** How many calls there are for it at the most, though the limit may allow more. Default: any number. */
  readonly demand?: (now: number) => number
}

/** Uses a service as much as a limiter allows, until a moment. */
export function use(service: Service, limiter: Limiter, { until, change, demand }: Plan): Finished[] {
  const finished: Finished[] = []
  let inside = 0
  const begin = (): void => {
    inside++
    const start = service.now
    service.call(failed => {
      const latency = service.now - start
      const used = inside >= limiter.value
      inside--
      limiter.finished(latency, failed, used, inside)
      finished.push({ at: service.now, latency, failed, limit: limiter.value })
    })
  }
  while (service.now < until) {
    change?.(service)
    const most = Math.min(limiter.value, demand?.(service.now) ?? Number.POSITIVE_INFINITY)
    while (inside < most) begin()
    service.step()
  }
  return finished
}

/** Succeeded calls per second, and the latency that all but a hundredth of them stay below, from a moment on. */
export function summary(
  finished: readonly Finished[],
  from: number,
  to: number,
): { rate: number; p99: number } {
  const latencies = finished
    .filter(({ at, failed }) => at >= from && at < to && !failed)
    .map(({ latency }) => latency)
    .sort((a, b) => a - b)
  return {
    rate: (latencies.length * 1_000) / (to - from),
    p99: latencies[Math.ceil(latencies.length * 0.99) - 1] ?? Number.NaN,
  }
}
