import { Lanes } from '../engine/lanes.ts'
import { Operator } from '../engine/operator.ts'
import { Outlet } from '../engine/outlet.ts'
import type { Upstream } from '../engine/protocol.ts'
import { StepRun } from '../engine/step-run.ts'
import { TransformOperator } from '../engine/transform-operator.ts'
import type { Wait } from '../engine/wait.ts'

/** Any operator at all. */
export type AnyOperator = Operator<never, unknown>

/**
 * What an operator waits for, apart from its neighbours.
 *
 * @param inside Items that it has: of a run, the step's in question.
 * @param item The position of the first of them.
 */
export function operatorWait(
  operator: AnyOperator | undefined,
  inside: number,
  item: number,
): Wait | undefined {
  if (!operator || operator.over) return
  if (operator instanceof TransformOperator) {
    return operator.working ? { on: 'function', since: operator.stamp?.at } : undefined
  }
  // A run waits for one of its steps at the most.
  if (inside === 0 && operator instanceof StepRun) return
  const own = operator.waitsOn?.()
  if (own || inside === 0) return own
  if (operator instanceof Lanes) return laneWait(operator)
  if (operator instanceof StepRun)
    return { on: 'function', detail: `item ${item}`, since: operator.stamp?.at }
  // One that says nothing of itself keeps what it has until more comes, or until it is asked for it.
  return operator.waitsOn ? undefined : { on: 'items', detail: `${inside} held` }
}

function laneWait({ lanes }: Lanes<never, unknown>): Wait | undefined {
  const [oldest, ...others] = lanes.filter(lane => lane.state === 'working').sort((a, b) => a.index - b.index)
  if (!oldest) return
  const policy = oldest.scope?.waits
  if (policy) return policy
  const more = others.length > 0 ? ` and ${others.length} more` : ''
  return { on: 'function', detail: `item ${oldest.index}${more}`, since: oldest.since }
}

/** What a source waits for. One that can say so, and does not, is at work; one that cannot is taken to give nothing. */
export function sourceWait(up: Upstream | undefined): Wait | undefined {
  let run: Upstream | undefined = up
  // What only stands before a source lets it be seen.
  while (run && !(run instanceof Operator) && !(run instanceof Outlet)) {
    if (!run.up) break
    run = run.up
  }
  const source = run as Upstream | undefined
  if (!source) return
  if (source.waitsOn) return source.waitsOn()
  const { stamp } = source
  if (!('stamp' in source)) return { on: 'source' }
  return stamp?.at ? { on: 'source', since: stamp.at } : undefined
}
