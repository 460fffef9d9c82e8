import type { Notes } from './progress.ts'
import type { SeatJob } from './seat-job.ts'

/** What is known of the items that a dead worker had at work. */
export interface LastWords {
  /** Its notes, where it had any. */
  readonly notes: Notes | undefined
  /** The item that it last said it was at. */
  readonly announced: number | undefined
  /** Items that it may have had at work at the same time. */
  readonly overlap: number
}

/** The items that may have cost a worker its life: the one whose function was running, else all at work. */
export function blame(jobs: readonly SeatJob[], { notes, announced, overlap }: LastWords): readonly number[] {
  const open = (serial: number): boolean => jobs.some(job => job.placeOf(serial) !== undefined)
  const current = notes ? notes.current : announced
  if (current !== undefined && open(current)) return [current]
  if (notes) return notes.pending.filter(open)
  // Whatever the worker may have come to.
  return overlap === 1 ? (jobs[0]?.open() ?? []) : jobs.flatMap(job => job.open())
}
