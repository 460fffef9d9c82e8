import type { Flow } from '../flow.ts'
import { show } from '../internal/check.ts'
import type { Stage } from '../stage.ts'
import { blame, type Words } from './blame.ts'
import type { Explanation } from './explanation.ts'
import { judge } from './judge.ts'
import { picture } from './picture.ts'
import type { Chain } from './place.ts'
import { walk } from './walk.ts'

/** What can be asked about: any flow of a chain, read or not, any of its stages, or the sink at its end. */
// biome-ignore-start lint/suspicious/noExplicitAny: of any items
export type Explainable =
  | Flow<any>
  | Stage<any, any>
  | ReadableStream<any>
  | WritableStream<any>
  | TransformStream<any, any>
// biome-ignore-end lint/suspicious/noExplicitAny: of any items

/**
 * Tells where a chain is stuck: what each part of it waits for, and which one all others wait for. As data, and as a
 * text: `console.log(String(explain(flow)))`.
 *
 * - **Asks** about the whole chain, from any part of it, at any moment: before it runs, while it does, when it has
 *   ended, and from within its functions. It reads only, and changes nothing.
 * - **Costs** a chain nothing while nobody asks.
 * - **Names** the first part, seen from the end, that is asked for items and waits for something of its own; a part
 *   that waits for room downstream is never to blame. In a chain that runs well, it is the one that sets the pace just
 *   now: ask again, or see its `forMs`, to tell the two apart.
 * - **Does not see** what the platform hides: the queue of a native stream, or who reads a branch of `tee()`. How long
 *   nothing has come is known where a promise is awaited; elsewhere from the first look on (`at least`). Of promises
 *   that come by the thousand, the clock is looked at for one in 32 (`at most`).
 *
 * @throws {TypeError} The argument is no part of a chain.
 * @example
 * ```ts
 * const flow = from(['a', 'b']).pipeThrough(map(() => new Promise(() => {}), { name: 'fetch' }))
 * flow.pipeTo(sink(() => {}))
 * const { culprit } = explain(flow)
 * const found = [culprit?.name, culprit?.waitsOn, culprit?.detail]
 * // => ['fetch', 'function', 'item 0']
 * ```
 */
export function explain(x: Explainable): Explanation {
  return explained(chainOf('explain', x))
}

/** @throws {TypeError} It is no part of a chain. */
export function chainOf(name: string, x: unknown): Chain {
  const chain = walk(x)
  if (chain) return chain
  const hint =
    x instanceof WritableStream ? '; of a writable of the platform, give the flow that is piped into it' : ''
  throw new TypeError(`${name}: the argument must be a flow, a stage or a sink, received ${show(x)}${hint}`)
}

export function explained(chain: Chain): Explanation {
  const { stages, culprit, ended } = judge(chain, performance.now())
  const { why, advice } = culprit ? blame(culprit, stages) : ended ? ENDED : RUNNING
  const explanation = { stages, culprit, why, advice, ended }
  return { ...explanation, toString: () => picture(explanation) }
}

const ENDED: Words = { why: 'The chain has come to its end.' }
const RUNNING: Words = { why: 'Nothing is stuck: the chain is running.' }
