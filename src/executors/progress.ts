/**
 * A worker's note of the items it has at work, kept where it outlives the worker: whoever finds the worker dead, or
 * silent, learns from it which item is to blame. Numbers are the items' serials in that worker.
 */
export interface Progress {
  /** The function is called with this item, which may have a timeout; -1: it has returned. */
  sync(serial: number, timed: boolean): void
  /** The place of an item whose promise is pending. */
  async(place: number, serial: number): void
}

/** What the note says. */
export interface Notes {
  /** The item whose function was running, if one was. */
  readonly current: number | undefined
  /** The items whose promises were pending. */
  readonly pending: readonly number[]
}

/** How many numbers the notes of a worker take that has `overlap` items at work at the same time. */
export function notesLength(overlap: number): number {
  return 1 + overlap
}

/** Reads notes; empty places are 0, items one more than their serial. */
export function readNotes(cells: Float64Array): Notes {
  const [current = 0] = cells
  return {
    current: current === 0 ? undefined : current - 1,
    pending: [...cells.subarray(1)].filter(cell => cell !== 0).map(cell => cell - 1),
  }
}

/** Notes in memory, shared with the other side where `cells` are; `save` is told of each change. */
export class CellProgress implements Progress {
  readonly #cells: Float64Array
  readonly #save: ((from: number, to: number) => void) | undefined

  constructor(cells: Float64Array, save?: (from: number, to: number) => void) {
    this.#cells = cells
    this.#save = save
  }

  sync(serial: number): void {
    this.#cells[0] = serial + 1
    this.#save?.(0, 1)
  }

  async(place: number, serial: number): void {
    this.#cells[1 + place] = serial + 1
    this.#save?.(1 + place, 2 + place)
  }
}
