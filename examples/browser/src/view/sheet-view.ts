import type { Entry, Thumbnail } from '../entry.ts'
import { allow, element, hide, make, onPress, write } from './element.ts'
import { number } from './format.ts'

/** Frames on a page: of these alone an image is decoded in memory. */
const FRAMES = matchMedia('(max-width: 900px)').matches ? 12 : 36

/** Shows the results a page at a time. Follows the newest until the person turns a page. */
export class SheetView {
  readonly #film = element('film', HTMLOListElement)
  readonly #empty = element('film-empty', HTMLParagraphElement)
  readonly #pager = element('pager', HTMLElement)
  readonly #back = element('page-back', HTMLButtonElement)
  readonly #on = element('page-on', HTMLButtonElement)
  readonly #number = element('page-number', HTMLParagraphElement)
  readonly #entries: readonly Entry[]
  #page = 0
  #shown = 0
  /** Entries whose previews have been painted or closed. */
  #settled = 0
  #following = true

  /** @param entries Grows while the results come. */
  constructor(entries: readonly Entry[]) {
    this.#entries = entries
    onPress(this.#back, () => this.#turn(this.#page - 1))
    onPress(this.#on, () => this.#turn(this.#page + 1))
  }

  get #last(): number {
    return Math.max(0, Math.ceil(this.#entries.length / FRAMES) - 1)
  }

  /** Shows what has come since. */
  draw(): void {
    if (this.#following && this.#page !== this.#last) {
      this.#open(this.#last)
      // The film lies there unexposed, so that nothing below it jumps.
      const from = this.#page * FRAMES
      this.#film.append(...Array.from({ length: FRAMES }, (_, at) => unexposed(from + at + 1)))
    }
    const from = this.#page * FRAMES
    const until = Math.min(this.#entries.length, from + FRAMES)
    for (; from + this.#shown < until; this.#shown++) {
      const at = from + this.#shown
      const frame = this.#frame(this.#entries[at] as Entry, at + 1)
      const place = this.#film.children[this.#shown]
      if (place) place.replaceWith(frame)
      else this.#film.append(frame)
    }
    // What has come and is on another page is painted from its file, should somebody turn to it.
    for (; this.#settled < this.#entries.length; this.#settled++)
      this.#entries[this.#settled]?.thumbnail?.preview.close()
    hide(this.#empty, this.#entries.length > 0)
    hide(this.#film, this.#entries.length === 0)
    hide(this.#pager, this.#last === 0)
    write(this.#number, `Page ${number(this.#page + 1)} of ${number(this.#last + 1)}`)
    allow(this.#back, this.#page > 0)
    allow(this.#on, this.#page < this.#last)
  }

  clear(): void {
    this.#following = true
    this.#settled = 0
    this.settle()
    this.#open(0)
    this.draw()
  }

  #turn(page: number): void {
    this.#following = page === this.#last
    this.settle()
    this.#open(page)
    this.draw()
  }

  /** No more will come. */
  settle(): void {
    for (const blank of this.#film.querySelectorAll('.unexposed')) blank.remove()
  }

  #open(page: number): void {
    this.#page = page
    this.#shown = 0
    this.#film.replaceChildren()
  }

  #frame({ path, thumbnail, sha256 }: Entry, at: number): HTMLLIElement {
    const name = path.slice(path.lastIndexOf('/') + 1)
    const about = thumbnail ? `${thumbnail.fullWidth} × ${thumbnail.fullHeight}` : ''
    const caption = make(
      'figcaption',
      '',
      make('span', 'frame-number', String(at)),
      make('span', 'frame-name', name),
    )
    if (about !== '') caption.append(make('span', 'frame-size', about))
    const figure = make('figure', thumbnail ? '' : 'of-checksum', caption)
    if (thumbnail) {
      const image = make('canvas', '')
      image.width = thumbnail.width
      image.height = thumbnail.height
      // Its name is below it.
      image.setAttribute('aria-hidden', 'true')
      paint(image, thumbnail)
      figure.prepend(image)
    }
    if (sha256 !== undefined) {
      const code = make(
        'code',
        thumbnail ? 'frame-checksum' : '',
        thumbnail ? `${sha256.slice(0, 12)}…` : sha256,
      )
      if (thumbnail) caption.append(code)
      else figure.prepend(code)
    }
    return make('li', '', figure)
  }
}

/** A frame that waits for its result. */
function unexposed(at: number): HTMLLIElement {
  const caption = make('figcaption', '', make('span', 'frame-number', String(at)))
  const frame = make('li', 'unexposed', make('figure', '', make('div', ''), caption))
  frame.setAttribute('aria-hidden', 'true')
  return frame
}

/**
 * Paints the preview as it came from the worker, or the blob. Not an image with the address of a blob: to give one out, the
 * page would stand still until the browser's process has answered.
 */
async function paint(canvas: HTMLCanvasElement, { preview, blob }: Thumbnail): Promise<void> {
  const image = preview.width > 0 ? preview : await createImageBitmap(blob)
  // Drawn by the processor: what goes to the graphics process as it is makes the page wait for that.
  canvas.getContext('2d', { willReadFrequently: true })?.drawImage(image, 0, 0)
  image.close()
}
