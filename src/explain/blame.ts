import type { WaitReason } from '../engine/wait.ts'
import type { ExplainedStage } from './explanation.ts'
import { howLong, span } from './span.ts'

/** Who is at fault and why, as a sentence, and what can be done about it. */
export interface Words {
  readonly why: string
  readonly advice?: string
}

/** Says of the part that all others wait for why they do. */
export function blame(stage: ExplainedStage, stages: readonly ExplainedStage[]): Words {
  const words = wordsOf(stage, stages)
  return { ...words, why: `${subject(stage)} is at fault: ${words.why}.` }
}

function subject({ kind, name }: ExplainedStage): string {
  if (kind === 'source') return 'The source'
  if (kind === 'writer') return 'The writing side'
  if (kind === 'reader') return 'The reading side'
  return name
}

function wordsOf(stage: ExplainedStage, stages: readonly ExplainedStage[]): Words {
  switch (stage.kind) {
    case 'reader':
      return readerWords(stage, stages)
    case 'writer':
      return writerWords(stage, stages)
    case 'source':
    case 'readable':
      return sourceWords(stage)
    default:
      return stageWords(stage, stage.waitsOn as WaitReason)
  }
}

function readerWords(stage: ExplainedStage, stages: readonly ExplainedStage[]): Words {
  const { name, branch } = stage
  const long = howLong(stage)
  if (name === 'for await') {
    return {
      why: `the for await loop has not asked for an item${long}: its body is at work`,
      advice: 'see what the body of the loop awaits',
    }
  }
  if (name === 'reader') {
    return {
      why: `a reader holds the lock of the flow and has not asked for an item${long}`,
      advice: 'call its read(), or releaseLock() or cancel() where it is no longer needed',
    }
  }
  const advice = 'take its items (pipeTo, for await, toArray, drain), or cancel() it'
  if (branch !== '') {
    const why = `nobody reads branch ${branch} of tee()${long}, and the platform queues its items without bound`
    return { why, advice }
  }
  const before = stages[stages.indexOf(stage) - 1]
  return { why: `nobody reads the flow${before ? ` behind ${before.name}` : ''}${long}`, advice }
}

function writerWords(stage: ExplainedStage, stages: readonly ExplainedStage[]): Words {
  const { name, received } = stages[stages.indexOf(stage) + 1] as ExplainedStage
  const what = received > 0 ? `after item ${received - 1} nothing more` : 'nothing'
  const why = `${what} has been written to ${name}${howLong(stage)}`
  return stage.name === 'writer'
    ? { why: `a writer holds the lock, and ${why}`, advice: 'write, close(), or releaseLock()' }
    : { why, advice: 'write to it, pipe a flow into it, or close() its writable' }
}

function sourceWords(stage: ExplainedStage): Words {
  if (stage.waitsOn === 'timer') return { why: timerWords(stage) }
  return {
    why: `it has been asked for an item and has given none${howLong(stage)}`,
    advice: 'see what it waits for: everything behind it is ready for more',
  }
}

function timerWords({ detail = 'a timer', untilMs }: ExplainedStage): string {
  return `it waits for ${detail}${untilMs === undefined ? '' : `, for another ${span(untilMs)}`}`
}

function stageWords(stage: ExplainedStage, on: WaitReason): Words {
  const { detail, kind, concurrency, untilMs } = stage
  const long = howLong(stage)
  const about = detail === undefined ? '' : ` (${detail})`
  switch (on) {
    case 'function':
      if (kind === 'writable') {
        return { why: `it has taken nothing more${long}${about}`, advice: 'see what its write() awaits' }
      }
      if (kind === 'pair') {
        return { why: `it has taken nothing more${long}`, advice: 'see what its transform() awaits' }
      }
      return {
        why: `its function has been at work${detail === undefined ? '' : ` on ${detail}`}${long}`,
        advice: `see what it awaits (a full channel, for instance)${
          stage.inFlight >= concurrency
            ? `; if it is only slow, raise its concurrency above ${concurrency}`
            : ''
        }`,
      }
    case 'timer':
      return { why: timerWords(stage) }
    case 'worker':
      return {
        why: `its worker has been silent${long}${about}`,
        advice: 'give the stage a timeout: a worker whose function does not return is then replaced',
      }
    case 'items':
      return {
        why: `it keeps items back until more come${about}, and none comes${long}`,
        advice: 'give it a maxWait, or see why its source gives nothing',
      }
    case 'reader':
      return { why: `nobody takes what it gives${about}${long}`, advice: 'read it, or cancel it' }
    case 'source':
      return { why: `what it takes items from gives none${about}${long}`, advice: 'see what that waits for' }
    case 'store':
      return { why: `its store has not answered${about}${long}`, advice: 'see whether the store is well' }
    case 'breaker':
      return {
        why: `its circuit breaker is open${about}${long}${
          untilMs === undefined ? '' : `, and lets one try in ${span(untilMs)}`
        }`,
        advice: 'see why the calls before it failed',
      }
    case 'deadLetter':
      return {
        why: `its dead letters cannot be written${about}${long}`,
        advice: 'see why their stream takes nothing more: the stage waits rather than loses them',
      }
  }
}
