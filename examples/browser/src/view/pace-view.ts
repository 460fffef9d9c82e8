import type { StageStats } from 'sluice'
import { element, write } from './element.ts'
import { titleOf } from './line-view.ts'

/** For how many looks in a row a stage must be the slowest before it is named: others may be, for a moment. */
const SURE = 4

/** Says which stage the others wait for: the last one whose queue is full, for it makes all before it wait. */
export class PaceView {
  readonly #line = element('pace', HTMLParagraphElement)
  #candidate: string | undefined
  #looks = 0
  /** The stage that sets the pace. */
  slowest: string | undefined

  look(stages: readonly StageStats[]): void {
    const name = stages.findLast(({ utilization }) => utilization === 1)?.name
    if (name === undefined) return
    this.#looks = name === this.#candidate ? this.#looks + 1 : 1
    this.#candidate = name
    if (this.#looks < SURE || this.slowest === name) return
    this.slowest = name
    write(this.#line, `${titleOf(name)} sets the pace: its queue is full, and all before it waits.`)
  }

  say(text: string): void {
    this.#candidate = this.slowest = undefined
    write(this.#line, text)
  }
}
