import { checkDelay, checkFunction, checkOptions, checkSignal } from '../internal/check.ts'
import { noop } from '../internal/noop.ts'
import { chainOf, type Explainable, explained } from './explain.ts'
import type { ExplainedStage, Explanation } from './explanation.ts'
import { judge } from './judge.ts'
import type { Chain } from './place.ts'
import { anchorOf, walk } from './walk.ts'

/** Options of {@link watchdog}. */
export interface WatchdogOptions {
  /** How long nothing must have moved in the chain, in milliseconds. */
  readonly after: number
  /** Told of each stall, once; and again only after something has moved. Default: `console.warn` of the text. */
  readonly report?: (explanation: Explanation) => void
  /** Whether a source that gives nothing, and a stage that nobody writes to, are a stall too. Default: true. */
  readonly idle?: boolean
  /** Ends the watch. */
  readonly signal?: AbortSignal
}

/** Looks within the time that a stall takes: it is reported at the latest a quarter later than it is one. */
const LOOKS = 4

/**
 * Watches over a chain, and says where it is stuck when nothing has moved in it for a while: no item has come into any
 * part of it or gone out.
 *
 * - **Watches** the whole chain, whichever part of it is given, and begins at once; also one that nobody reads.
 * - **Costs** a look at the chain four times in `after`, and nothing for each item. Its timer keeps no process alive
 *   where the platform allows that (Node, Deno and Bun): a program in which only promises are left ends before it is
 *   told, on Node with exit code 13 where it awaits at the top of a module, else with 0. It keeps a chain in memory until it has reported its stall.
 * - **Ends** when the chain does, which it sees at the next look, when `signal` fires, or by the function it gives.
 * - **On an error** of `report`, the watch goes on, and the error is thrown where nobody catches it, as in a timer.
 *
 * @returns A function that ends the watch; calling it again does nothing.
 * @throws {RangeError} `after` is not a number of milliseconds above 0.
 * @throws {TypeError} The first argument is no part of a chain.
 * @example
 * ```ts
 * const flow = from(['a', 'b']).pipeThrough(map(async item => item.toUpperCase()))
 * const stop = watchdog(flow, { after: 30_000, report: stall => console.error(String(stall)) })
 * await toArray(flow)
 * stop()
 * // => undefined
 * ```
 */
export function watchdog(x: Explainable, options: WatchdogOptions): () => void {
  if (options === undefined) throw new TypeError('watchdog: options must be { after }, received undefined')
  checkOptions('watchdog', options)
  const { after, report = warn, idle = true, signal } = options
  checkDelay('watchdog: after', after)
  if (after === 0) throw new RangeError('watchdog: after must be above 0 milliseconds, received 0')
  checkFunction('watchdog: report', report)
  checkSignal('watchdog: signal', signal)
  if (typeof idle !== 'boolean') throw new TypeError(`watchdog: idle must be true or false, received ${idle}`)
  const chain = chainOf('watchdog', x)
  if (signal?.aborted) return noop

  // Held until it has been reported on: what waits for a promise that is lost is held by nobody else.
  let held: object | undefined = anchorOf(x)
  const watched = new WeakRef(held)
  let before = trace(chain)
  let since = performance.now()
  let reported = false
  const stop = (): void => {
    held = undefined
    clearInterval(timer)
    signal?.removeEventListener('abort', stop)
  }
  const look = (): void => {
    const still = watched.deref()
    const present = still && walk(still)
    const now = performance.now()
    const verdict = present && judge(present, now)
    if (!verdict || verdict.ended) {
      stop()
      return
    }
    const { culprit } = verdict
    const trail = trace(present)
    if (trail !== before) {
      before = trail
      since = now
      reported = false
      held = still
    } else if (!reported && now - since >= after) {
      reported = true
      held = undefined
      if (culprit && (idle || !isIdle(culprit))) report(explained(present))
    }
  }
  const timer = setInterval(look, Math.max(1, after / LOOKS))
  ;(timer as { unref?: () => void }).unref?.()
  signal?.addEventListener('abort', stop)
  return stop
}

/** What changes when anything moves. */
function trace({ trunk, branches }: Chain): string {
  const places = trunk.map(({ figures, pulse, ended }) => {
    const { received, emitted, inFlight, queued } = figures ?? {}
    return [received, emitted, inFlight, queued, pulse, ended].join()
  })
  return [...places, ...branches.map(trace)].join(';')
}

function isIdle({ kind, waitsOn }: ExplainedStage): boolean {
  return kind === 'writer' || waitsOn === 'source'
}

function warn(explanation: Explanation): void {
  console.warn(`Nothing has moved in this chain for a while.\n${explanation}`)
}
