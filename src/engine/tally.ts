/** An operator's account; `entered` less the others are inside. */
export interface Tally {
  readonly entered: number
  readonly done: number
  readonly failed: number
  readonly emitted: number
  /** Items that the operator itself left out, or refused, for want of time. */
  readonly dropped?: number
  readonly rejected?: number
}
