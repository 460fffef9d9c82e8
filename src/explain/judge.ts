import type { Wait } from '../engine/wait.ts'
import type { ExplainedStage, WaitsFor } from './explanation.ts'
import { held } from './memory.ts'
import type { Chain, Place } from './place.ts'

/** What was found out about a chain, or a branch of one. */
interface Verdict {
  readonly stages: readonly ExplainedStage[]
  readonly culprit: ExplainedStage | undefined
  /** Keeps items back until more come, and would be at fault if none did. */
  readonly keeper: ExplainedStage | undefined
  /** It wants items. */
  readonly asked: boolean
  /** And nothing in it is at fault. */
  readonly wanted: boolean
  readonly ended: boolean
}

const NO_FIGURES = { queued: 0, capacity: 0, inFlight: 0, concurrency: 1, received: 0, emitted: 0 }

/**
 * Finds out what each part waits for, and who is at fault: demand goes up from the end, as in the chain itself, and the
 * first part on its way that waits for something of its own is the one that all others wait for. A part that is held up
 * by somebody below it is not to blame, whatever else it may be doing.
 */
export function judge(chain: Chain, now: number, branch = ''): Verdict {
  const prefix = branch === '' ? '' : `${branch}.`
  const below = chain.branches.map((each, at) => judge(each, now, `${prefix}${at + 1}`))
  const stages: ExplainedStage[] = []
  let { asked, wanted, culprit, keeper } = merge(below)
  for (const place of [...chain.trunk].reverse()) {
    const stage = examine(place, asked, branch, now)
    stages.unshift(stage)
    const { wait, ahead = false } = place
    const own = stage.waitsOn !== undefined && stage.waitsOn === wait?.on
    const soft = own && wait?.on === 'items'
    if (wanted && soft) keeper ??= stage
    else if (wanted && (own || stage.ended)) {
      wanted = false
      // What is kept back only waits for the source, and is what there is.
      culprit = stage.ended ? keeper : wait?.on === 'source' ? (keeper ?? stage) : stage
    }
    asked = !stage.ended && (ahead || (asked && (!own || soft)))
  }
  return {
    stages: [...stages, ...below.flatMap(each => each.stages)],
    culprit,
    keeper,
    asked,
    wanted,
    ended: below.length > 0 ? below.every(each => each.ended) : stages.at(-1)?.ended === true,
  }
}

/** What the branches behind a place ask of it: the platform's `tee` pulls as soon as one of them does. */
function merge(branches: readonly Verdict[]): Omit<Verdict, 'stages' | 'ended'> {
  if (branches.length === 0) return { asked: true, wanted: true, culprit: undefined, keeper: undefined }
  // It stops nobody, but what it is not given piles up.
  const unread = branches.find(({ culprit }) => culprit?.kind === 'reader' && culprit.name === 'nobody')
  const asking = branches.find(each => each.wanted)
  const stuck = branches.find(each => each.culprit)
  return {
    asked: branches.some(each => each.asked),
    wanted: asking !== undefined && unread === undefined,
    culprit: unread?.culprit ?? (asking ? undefined : stuck?.culprit),
    keeper: asking?.keeper,
  }
}

/** Tells how it is with one part, whether it is asked for items being known. */
function examine(place: Place, asked: boolean, branch: string, now: number): ExplainedStage {
  const { name, kind, figures = NO_FIGURES, wait, ended = false } = place
  const waitsOn = ended ? undefined : waitsFor(place, asked)
  const own = waitsOn === wait?.on ? wait : undefined
  return {
    name,
    kind,
    branch,
    ...figures,
    waitsOn,
    detail: own?.detail,
    ...duration(place, waitsOn, own, now),
    untilMs: own?.until === undefined ? undefined : Math.max(0, own.until - now),
    ended,
  }
}

function waitsFor({ kind, wait }: Place, asked: boolean): WaitsFor | undefined {
  if (wait && (asked || !quiet(kind, wait))) return wait.on
  if (!asked) return 'downstream'
  return kind === 'source' || kind === 'readable' ? undefined : 'upstream'
}

/** Whether a wait shows by nothing but that nothing comes: that is no news while nothing is asked for. */
function quiet(kind: Place['kind'], { on, since }: Wait): boolean {
  return on === 'items' || kind === 'pair' || (on === 'source' && since === undefined)
}

function duration(
  place: Place,
  waitsOn: WaitsFor | undefined,
  wait: Wait | undefined,
  now: number,
): Pick<ExplainedStage, 'forMs' | 'bound'> {
  const { received, emitted, inFlight } = place.figures ?? NO_FIGURES
  const seen = held(place.identity, `${waitsOn} ${received} ${emitted} ${inFlight} ${place.pulse}`, now)
  const since = wait?.since
  if (waitsOn === undefined) return { forMs: 0, bound: 'exact' }
  if (since === undefined) return { forMs: seen, bound: 'at least' }
  return { forMs: Math.max(0, now - Math.abs(since)), bound: since < 0 ? 'at most' : 'exact' }
}
