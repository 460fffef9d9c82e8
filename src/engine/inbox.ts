import { BlockInbox, type Verdict } from './block-inbox.ts'

/**
 * A bounded queue with an answer to overload, as plain data. The law:
 * `received = count + taken out + dropped + rejected + timedOut + discarded`.
 */
export class Inbox<T> extends BlockInbox<T> {
  dropped = 0
  rejected = 0
  timedOut = 0

  override fits(weight: number): boolean {
    return this.mode === 'block' ? super.fits(weight) : this.weight + weight <= this.capacity
  }

  override offer(item: T, weight: number, evict: (item: T) => void): Verdict {
    if (!this.fits(weight)) {
      if (this.mode !== 'dropOldest' || weight > this.capacity) return this.turnAway()
      while (!this.fits(weight)) {
        this.dropped++
        evict(this.take())
      }
    }
    this.admit(item, weight)
    return 'taken'
  }

  /** What becomes of an arriving item for which nobody leaves. */
  protected turnAway(): Verdict {
    switch (this.mode) {
      case 'dropNewest':
      case 'dropOldest':
        this.received++
        this.dropped++
        return 'dropped'
      case 'reject':
        this.received++
        this.rejected++
        return 'refused'
      default:
        return 'wait'
    }
  }

  /** The time of a waiting item is up: true if it is in after all, because others had to leave for it. */
  expire(_evict?: (item: T) => void): boolean {
    this.received++
    this.timedOut++
    return false
  }
}
