import { readdirSync, readFileSync } from 'node:fs'

/** What this process has running besides itself, as Linux sees it. */
function running(): { readonly threads: number; readonly children: number } {
  const threads = readdirSync('/proc/self/task')
  const children = threads.flatMap(thread => {
    try {
      return readFileSync(`/proc/self/task/${thread}/children`, 'utf8').split(' ').filter(Boolean)
    } catch {
      // That thread has ended.
      return []
    }
  })
  return { threads: threads.length, children: children.length }
}

/**
 * Says what a check has left behind. A stage that was aborted ends its workers without anybody waiting for it: they
 * have some time.
 */
export class Leftovers {
  #threads: number
  #children = 0

  /** What runs now is no leftover; the number of threads is not looked at where the runtime starts some by itself. */
  constructor(lookAtThreads: boolean) {
    this.#threads = lookAtThreads ? running().threads : Infinity
  }

  async look(): Promise<string | undefined> {
    const end = performance.now() + 3_000
    for (;;) {
      const { threads, children } = running()
      if (threads <= this.#threads && children <= this.#children) return undefined
      if (performance.now() > end) {
        const text = `left behind: ${threads} threads (not ${this.#threads}), ${children} processes (not ${this.#children})`
        // Not the next check's fault.
        this.#threads = Math.max(threads, this.#threads)
        this.#children = children
        return text
      }
      await new Promise(resolve => setTimeout(resolve, 5))
    }
  }
}
