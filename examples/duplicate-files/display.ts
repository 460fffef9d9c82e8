import type { Reading } from './meter.ts'

/** Something that shows how far the stages are. */
export interface Display {
  /** Milliseconds from one look at the stages to the next. */
  readonly every: number
  show(readings: readonly Reading[]): void
  close(): void
}
