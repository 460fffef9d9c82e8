import type { StageStats } from 'sluice'
import type { JobKind } from '../entry.ts'
import { element, make, transform, write } from './element.ts'
import { number } from './format.ts'

/** What people read instead of the stages' names. */
const TITLES: Record<string, { title: string; about: string }> = {
  look: { title: 'Look', about: 'at the first bytes' },
  thumbnail: { title: 'Thumbnail', about: 'in the workers' },
  sha256: { title: 'SHA-256', about: 'in the workers' },
  keep: { title: 'Keep', about: 'on the sheet' },
}

/** What the picture is of while nothing runs. */
const STAGES: Record<JobKind, readonly string[]> = {
  thumbnails: ['look', 'thumbnail', 'keep'],
  checksums: ['sha256', 'keep'],
  both: ['look', 'sha256', 'thumbnail', 'keep'],
}

export const titleOf = (stage: string): string => TITLES[stage]?.title ?? stage

/** Draws the stages with their queues, live. */
export class LineView {
  readonly #list = element('line', HTMLOListElement)
  readonly #source = new SourceCard()
  #cards: StageCard[] = []

  /** Draws what there is now; `slowest` is the name of the stage at which files pile up. */
  draw(stages: readonly StageStats[], total: number, slowest?: string): void {
    this.#have(stages.map(({ name }) => name))
    this.#source.draw(total, stages[0]?.received ?? 0)
    for (const [at, card] of this.#cards.entries()) {
      const stats = stages[at]
      if (stats) card.draw(stats, stats.name === slowest)
    }
  }

  /** Draws the stages of a job that has not begun. */
  preview(kind: JobKind): void {
    this.#have(STAGES[kind])
    this.#source.draw(0, 0)
    for (const card of this.#cards) card.draw(NOTHING, false)
  }

  #have(names: readonly string[]): void {
    if (names.join() === this.#cards.map(({ name }) => name).join()) return
    this.#cards = names.map(name => new StageCard(name))
    this.#list.replaceChildren(this.#source.item, ...this.#cards.map(({ item }) => item))
  }
}

type Figures = Pick<StageStats, 'queued' | 'capacity' | 'inFlight' | 'done' | 'failed'>
const NOTHING: Figures = { queued: 0, capacity: 16, inFlight: 0, done: 0, failed: 0 }

/** Where the files are that nobody has taken yet. */
class SourceCard {
  readonly #left = make('dd', '')
  readonly #taken = make('dd', '')
  readonly #pile = make('div', 'pile')
  readonly item = make(
    'li',
    'stage source',
    make('h3', '', 'Files', ' ', make('small', '', 'as chosen')),
    this.#pile,
    make('dl', '', pair('waiting', this.#left), pair('taken', this.#taken)),
  )

  constructor() {
    this.#pile.setAttribute('aria-hidden', 'true')
    this.#pile.append(make('i', ''))
  }

  draw(total: number, taken: number): void {
    write(this.#left, number(total - taken))
    write(this.#taken, number(taken))
    const part = total === 0 ? 0 : (total - taken) / total
    transform(this.#pile.firstElementChild as HTMLElement, `scaleY(${part})`)
  }
}

/** One stage: its queue, what is inside, and what has left it. */
class StageCard {
  readonly name: string
  readonly item: HTMLLIElement
  readonly #queue = new Cells('queue')
  readonly #work = new Cells('work')
  readonly #queued = make('dd', '')
  readonly #inFlight = make('dd', '')
  readonly #done = make('dd', '')
  readonly #failed = make('dd', '')

  constructor(name: string) {
    this.name = name
    const { title, about } = TITLES[name] ?? { title: name, about: '' }
    this.item = make(
      'li',
      'stage',
      make('h3', '', title, ' ', make('small', '', about)),
      this.#queue.row,
      this.#work.row,
      make(
        'dl',
        '',
        pair('queued', this.#queued),
        pair('in flight', this.#inFlight),
        pair('done', this.#done),
        pair('failed', this.#failed),
      ),
    )
  }

  draw({ queued, capacity, inFlight, done, failed }: Figures, slowest: boolean): void {
    // The sink has no queue: what is not taken waits in the stage before it.
    const last = this.name === 'keep'
    const slots = last ? 0 : capacity
    this.#queue.draw(queued, slots)
    this.#work.draw(inFlight, last ? 1 : Math.max(inFlight, 4))
    write(this.#queued, last ? 'none' : `${number(queued)}/${number(slots)}`)
    write(this.#inFlight, number(inFlight))
    write(this.#done, number(done))
    write(this.#failed, number(failed))
    this.item.classList.toggle('slowest', slowest)
    this.item.classList.toggle('has-failed', failed > 0)
  }
}

function pair(label: string, value: HTMLElement): HTMLElement {
  return make('div', `pair ${label}`, make('dt', '', label), value)
}

/** A row of places, some of them taken. For the eye: the figures below say the same. */
class Cells {
  readonly row: HTMLElement
  readonly #cells: HTMLElement[] = []

  constructor(kind: string) {
    this.row = make('div', `cells ${kind}`)
    this.row.setAttribute('aria-hidden', 'true')
  }

  draw(taken: number, places: number): void {
    while (this.#cells.length < places) {
      const cell = make('i', '')
      this.#cells.push(cell)
      this.row.append(cell)
    }
    for (const cell of this.#cells.splice(places)) cell.remove()
    for (const [at, cell] of this.#cells.entries()) cell.classList.toggle('taken', at < taken)
  }
}
