import type { StageStats } from 'sluice'
import { element, write } from './element.ts'
import { titleOf } from './line-view.ts'

/** For how many looks in a row a stage must be the one before it is named: others may be, for a moment. */
const SURE = 4

/**
 * Says where files pile up: at the last stage whose queue is full, which makes all before it wait. What it waits for are the
 * workers, that all stages share.
 */
export class PaceView {
  readonly #line = element('pace', HTMLParagraphElement)
  #candidate: string | undefined
  #looks = 0
  /** The stage at which files pile up. */
  slowest: string | undefined

  look(stages: readonly StageStats[]): void {
    const name = stages.findLast(({ utilization }) => utilization === 1)?.name
    if (name === undefined) return
    this.#looks = name === this.#candidate ? this.#looks + 1 : 1
    this.#candidate = name
    if (this.#looks < SURE || this.slowest === name) return
    this.slowest = name
    const words = `the queue of “${titleOf(name)}” is full, and what comes before it waits.`
    write(this.#line, `The workers set the pace: ${words}`)
  }

  say(text: string): void {
    this.#candidate = this.slowest = undefined
    write(this.#line, text)
  }
}
