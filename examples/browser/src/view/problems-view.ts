import type { Problem } from '../entry.ts'
import { element, make, write } from './element.ts'
import { files, number } from './format.ts'

/** More of them are counted, not listed. */
const SHOWN = 50

/** Lists the files that were left out, and why. */
export class ProblemsView {
  readonly #section = element('problems', HTMLElement)
  readonly #title = element('problems-title', HTMLHeadingElement)
  readonly #list = element('problem-list', HTMLUListElement)
  readonly #more = element('problem-more', HTMLParagraphElement)
  #count = 0

  add({ path, error }: Problem): void {
    this.#count++
    this.#section.hidden = false
    write(this.#title, `Left out: ${files(this.#count)}`)
    if (this.#count <= SHOWN) {
      this.#list.append(make('li', '', make('b', '', path), ' ', make('span', '', reasonOf(error))))
    } else {
      this.#more.hidden = false
      write(this.#more, `and ${number(this.#count - SHOWN)} more`)
    }
  }

  clear(): void {
    this.#count = 0
    this.#section.hidden = this.#more.hidden = true
    this.#list.replaceChildren()
  }
}

export function reasonOf(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.message : String(error)
}
