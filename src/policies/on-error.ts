import { FAILED } from '../engine/step.ts'

/** What is known of an item that failed for good. */
export interface FailureInfo {
  /** Its position among the items that came to the stage, from 0. */
  readonly index: number
  /** How many times its function was called for it. */
  readonly attempts: number
  /** To be returned if the item is to be left out. */
  readonly skip: Skip
}

declare const skipped: unique symbol
/** Says that an item is left out. */
export interface Skip {
  readonly [skipped]: true
}

/**
 * What becomes of an item that failed: `fail` fails the stage, `skip` leaves it out, a function gives what takes the
 * place of the function's result, or `info.skip` (`(error, item, { skip }) => skip`), or throws. The string `skip` from a
 * function would be a result. An item that is left out is counted as `failed`, one with a replacement as `done`.
 */
export type OnError<I, O> =
  | 'fail'
  | 'skip'
  | ((error: unknown, item: I, info: FailureInfo) => O | Skip | PromiseLike<O | Skip>)

/** What a function returns to have an item left out: the engine's own answer. */
export const SKIP_ITEM = FAILED as unknown as Skip
