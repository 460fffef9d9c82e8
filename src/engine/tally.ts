/** An operator's account; `entered - done - failed` items are inside. */
export interface Tally {
  readonly entered: number
  readonly done: number
  readonly failed: number
  readonly emitted: number
}
