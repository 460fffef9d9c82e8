import { readFileSync, readlinkSync } from 'node:fs'

/** This thread's folder in the file system that Linux shows threads in; null elsewhere, and where it is not shown. */
export function threadFolder(): string | null {
  // It might ask the user whether we may look.
  if ('Deno' in globalThis) return null
  try {
    return `/proc/${readlinkSync('/proc/thread-self')}`
  } catch {
    return null
  }
}

/** The least part of the time that counts, so that what never returns is ended on the busiest machine. */
const LEAST = 0.1

/** How long a thread could have been at work: without the time in which it was ready to and was given no processor. */
export class ProcessorTime {
  readonly #folder: string
  #ran = 0
  #waited = 0

  constructor(folder: string) {
    this.#folder = folder
  }

  /** How much of the last `elapsed` milliseconds counts, since it was asked for last. All, if it cannot be told. */
  of(elapsed: number): number {
    try {
      const [ran = 0, waited = 0] = this.#read('schedstat').split(' ').map(Number)
      // A wait is added up when it is over: of a thread that is ready now, only what it has run for is certain.
      const stat = this.#read('stat')
      // After the name, which may hold anything.
      const ready = stat[stat.lastIndexOf(')') + 2] === 'R'
      const counts = ready ? ran - this.#ran : elapsed * 1e6 - (waited - this.#waited)
      this.#ran = ran
      this.#waited = waited
      return Math.min(elapsed, Math.max(LEAST * elapsed, counts / 1e6))
    } catch {
      return elapsed
    }
  }

  #read(name: string): string {
    return readFileSync(`${this.#folder}/${name}`, 'utf8')
  }
}
