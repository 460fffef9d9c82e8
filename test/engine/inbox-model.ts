import { Inbox } from '../../src/engine/inbox.ts'
import type { Strategy } from '../../src/strategy.ts'

/** One thing that can happen to an inbox. */
export type InboxOp =
  | { readonly op: 'offer'; readonly weight: number }
  | { readonly op: 'admit'; readonly weight: number }
  | { readonly op: 'take' }
  | { readonly op: 'pass' }
  | { readonly op: 'expire' }
  | { readonly op: 'discard' }

interface Entry {
  readonly id: number
  readonly weight: number
}

/** What an inbox does, said with arrays: no counter that could be forgotten, each item is on exactly one list. */
class InboxModel {
  held: Entry[] = []
  readonly passed: Entry[] = []
  readonly taken: Entry[] = []
  readonly dropped: Entry[] = []
  readonly refused: Entry[] = []
  readonly expired: Entry[] = []
  readonly discarded: Entry[] = []
  readonly mode: Strategy['mode']
  readonly capacity: number

  constructor({ mode, highWaterMark }: Pick<Strategy, 'mode' | 'highWaterMark'>) {
    this.mode = mode
    this.capacity = highWaterMark
  }

  get weight(): number {
    return this.held.reduce((sum, { weight }) => sum + weight, 0)
  }

  get received(): number {
    const { held, passed, taken, dropped, refused, expired, discarded } = this
    return [held, passed, taken, dropped, refused, expired, discarded].flat().length
  }

  fits(weight: number): boolean {
    return this.weight + weight <= this.capacity || (this.mode === 'block' && this.held.length === 0)
  }

  offer(entry: Entry): { verdict: string; evicted: number[] } {
    const evicted: number[] = []
    const tooHeavy = entry.weight > this.capacity
    if (this.mode === 'dropOldest' && !tooHeavy) {
      while (!this.fits(entry.weight)) {
        const oldest = this.held.shift() as Entry
        this.dropped.push(oldest)
        evicted.push(oldest.id)
      }
    }
    if (this.fits(entry.weight)) {
      this.held.push(entry)
      return { verdict: 'taken', evicted }
    }
    if (this.mode === 'block' || this.mode === 'timeout') return { verdict: 'wait', evicted }
    if (this.mode === 'reject') {
      this.refused.push(entry)
      return { verdict: 'refused', evicted }
    }
    this.dropped.push(entry)
    return { verdict: 'dropped', evicted }
  }
}

/** Does the same to an inbox and to its model, and compares all that shows after each step. */
export function runBoth(strategy: Strategy<{ readonly weight: number }>, ops: readonly InboxOp[]): void {
  const inbox = new Inbox<Entry>(strategy)
  const model = new InboxModel(strategy)
  for (const [id, op] of ops.entries()) {
    let got: unknown
    let wanted: unknown
    if (op.op === 'offer') {
      const entry = { id, weight: op.weight }
      const evicted: number[] = []
      const weight = inbox.weigh(entry)
      const verdict = inbox.offer(entry, weight, item => evicted.push(item.id))
      got = `weighs ${weight}, ${verdict}, evicted ${evicted}`
      const answer = model.offer(entry)
      wanted = `weighs ${entry.weight}, ${answer.verdict}, evicted ${answer.evicted}`
    } else if (op.op === 'admit') {
      if (!model.fits(op.weight)) continue
      inbox.admit({ id, weight: op.weight }, op.weight)
      model.held.push({ id, weight: op.weight })
    } else if (op.op === 'take') {
      const entry = model.held.shift()
      if (!entry) continue
      model.taken.push(entry)
      wanted = entry.id
      got = inbox.take().id
    } else if (op.op === 'pass') {
      inbox.received++
      model.passed.push({ id, weight: 0 })
    } else if (op.op === 'expire') {
      inbox.expire()
      model.expired.push({ id, weight: 0 })
    } else {
      inbox.discard()
      model.discarded.push(...model.held)
      model.held = []
    }
    if (got !== wanted) throw new Error(`step ${id} (${op.op}): got ${got}, wanted ${wanted}`)
    const [seen, meant] = [fromInbox(inbox), fromModel(model)]
    if (seen !== meant) throw new Error(`after step ${id} (${op.op}): got ${seen}, wanted ${meant}`)
  }
}

function fromInbox(inbox: Inbox<Entry>): string {
  const { mode, capacity, count, weight, full, received, dropped, rejected, timedOut, discarded } = inbox
  const fits = [0, 1, 2, 3].map(w => inbox.fits(w))
  return `${[mode, capacity, count, weight, full, received, dropped, rejected, timedOut, discarded]} ${fits}`
}

function fromModel(model: InboxModel): string {
  const { mode, capacity, held, weight, received, dropped, refused, expired, discarded } = model
  const counts = [dropped, refused, expired, discarded].map(list => list.length)
  const fits = [0, 1, 2, 3].map(w => model.fits(w))
  return `${[mode, capacity, held.length, weight, weight >= capacity, received, ...counts]} ${fits}`
}
