/** How many times in a row a worker may die before it comes to anything, of itself or by somebody outside. */
const FAILED = 3
const KILLED = 50

/** Counts workers that die before they come to anything: the next one may have better luck, but not for ever. */
export class StartLuck {
  #failed = 0
  #killed = 0

  /** One has died; whether a further one may be tried. */
  mayStart(killed: boolean): boolean {
    return killed ? ++this.#killed < KILLED : ++this.#failed < FAILED
  }

  /** One has come to something. */
  began(): void {
    this.#failed = this.#killed = 0
  }
}
