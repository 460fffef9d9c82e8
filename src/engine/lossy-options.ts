import type { StageOptions } from '../fused-stage.ts'
import type { DropReason } from './refusals.ts'

/** The options of a stage that leaves items out itself, for a reason of its own. */
export interface LossyOptions<I, R extends string> extends Omit<StageOptions<I>, 'onDrop'> {
  // A method, so that a callback that only knows the inbox's reasons may be given here too.
  /** Called with each item that is left out, or that the inbox drops. If it throws, the stream errors with that value. */
  onDrop?(item: I, reason: DropReason | R): void
}
