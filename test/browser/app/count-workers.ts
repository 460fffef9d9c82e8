let alive = 0
let made = 0
const watchers: (() => void)[] = []

/** How many workers this page has made, and how many of them nobody has ended. */
export const workers = {
  get alive(): number {
    return alive
  },
  get made(): number {
    return made
  },
  /** Settles once there are so many. */
  async come(count: number): Promise<void> {
    while (alive < count) await new Promise<void>(resolve => watchers.push(resolve))
  },
  /** Settles once all have been ended, save so many. */
  async gone(besides: number): Promise<void> {
    while (alive > besides) await new Promise<void>(resolve => watchers.push(resolve))
  },
}

function tell(): void {
  for (const watcher of watchers.splice(0)) watcher()
}

class CountedWorker extends Worker {
  #ended = false

  constructor(url: string | URL, options?: WorkerOptions) {
    super(url, options)
    alive++
    made++
    tell()
  }

  override terminate(): void {
    super.terminate()
    if (this.#ended) return
    this.#ended = true
    alive--
    tell()
  }
}

globalThis.Worker = CountedWorker
