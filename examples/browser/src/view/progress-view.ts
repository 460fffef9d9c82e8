import { element, make, set, transform, write } from './element.ts'
import { bytes, duration, files, number } from './format.ts'

/** How far a run has come. */
export interface Progress {
  readonly total: number
  readonly kept: number
  readonly failed: number
  /** Of the files that are done. */
  readonly bytes: number
  /** Milliseconds at work, pauses left out. */
  readonly worked: number
}

export type State =
  | 'idle'
  | 'ready'
  | 'sampling'
  | 'running'
  | 'paused'
  | 'cancelling'
  | 'cancelled'
  | 'done'
  | 'broken'

const SAID: Record<State, string> = {
  idle: 'Nothing to do',
  ready: 'Ready',
  sampling: 'Making samples',
  running: 'Running',
  paused: 'Paused',
  cancelling: 'Cancelling',
  cancelled: 'Cancelled',
  done: 'Done',
  broken: 'Failed',
}

const LABELS = ['done', 'left out', 'files a second', 'read', 'time left'] as const

/** Draws the bar and the figures below it. */
export class ProgressView {
  readonly #bar = element('bar', HTMLDivElement)
  readonly #state = element('state', HTMLParagraphElement)
  readonly #parts = this.#bar.children as HTMLCollectionOf<HTMLElement>
  readonly #values = LABELS.map(() => make('dd', ''))

  constructor() {
    const pairs = LABELS.map((label, at) => make('div', '', make('dt', '', label), this.#values[at] ?? ''))
    element('figures', HTMLDListElement).append(...pairs)
  }

  draw(state: State, { total, kept, failed, bytes: read, worked }: Progress): void {
    write(this.#state, SAID[state])
    set(this.#state, 'data-state', state)
    const over = kept + failed
    const part = total === 0 ? 0 : over / total
    const percent = Math.floor(100 * part)
    const [done, left] = total === 0 ? [0, 0] : [kept / total, failed / total]
    transform(this.#parts[0] as HTMLElement, `scaleX(${done})`)
    transform(this.#parts[1] as HTMLElement, `translateX(${100 * done}%) scaleX(${left})`)
    set(this.#bar, 'aria-valuenow', String(percent))
    set(this.#bar, 'aria-valuetext', total === 0 ? 'nothing to do' : `${number(over)} of ${files(total)}`)
    const rate = worked > 500 ? over / (worked / 1000) : 0
    const rest = rate > 0 && over < total ? ((total - over) / rate) * 1000 : undefined
    const texts = [
      total === 0 ? '–' : `${number(kept)} of ${number(total)}`,
      number(failed),
      rate === 0 ? '–' : rate.toFixed(rate < 10 ? 1 : 0),
      bytes(read),
      state === 'done' ? 'none' : rest === undefined ? '–' : duration(rest),
    ]
    for (const [at, value] of this.#values.entries()) write(value, texts[at] ?? '')
  }
}
