/** What the page's own thread noticed while it was measured; in milliseconds. */
export interface Measured {
  readonly longestFrame: number
  /** All but one of a hundred frames were shorter. */
  readonly p99: number
  readonly frames: number
  readonly longTasks: number
  readonly longestTask: number
  /** What the longest of the frames that the browser calls long spent its time on, if there was one. */
  readonly blame: string
  /** The most that there were at any time. */
  readonly shown: number
  readonly queued: number
  readonly heap: number
}

interface LongFrame extends PerformanceEntry {
  readonly scripts: readonly { readonly invoker: string; readonly duration: number }[]
}

/** In the page, before its own code: gives `meters.start()` and `meters.stop()`. */
export function installMeters(): void {
  const said: string[] = []
  addEventListener('DOMContentLoaded', () => {
    const announcer = document.getElementById('announcer')
    if (!announcer) return
    new MutationObserver(() => said.push(announcer.textContent ?? '')).observe(announcer, { childList: true })
  })
  let running = false
  const gaps: number[] = []
  const most = { shown: 0, queued: 0, heap: 0 }
  let last = 0
  let began = 0
  const frame = (now: number) => {
    if (!running) return
    if (last > 0) gaps.push(now - last)
    last = now
    if (gaps.length % 10 === 0) {
      most.shown = Math.max(most.shown, document.querySelectorAll('#film li').length)
      const { memory } = performance as { memory?: { usedJSHeapSize: number } }
      most.heap = Math.max(most.heap, memory?.usedJSHeapSize ?? 0)
      for (const place of document.querySelectorAll('.queued dd'))
        most.queued = Math.max(most.queued, Number.parseInt(place.textContent ?? '0', 10) || 0)
    }
    requestAnimationFrame(frame)
  }
  const tasks: number[] = []
  new PerformanceObserver(list => {
    if (running) for (const { duration } of list.getEntries()) tasks.push(duration)
  }).observe({ type: 'longtask' })
  let worst = 0
  let blame = ''
  new PerformanceObserver(list => {
    for (const entry of list.getEntries() as LongFrame[]) {
      if (!running || entry.startTime < began || entry.duration < worst) continue
      worst = entry.duration
      const parts = entry.scripts.map(({ invoker, duration }) => `${invoker} ${duration.toFixed(0)} ms`)
      blame = `after ${(entry.startTime - began).toFixed(0)} ms, ${entry.duration.toFixed(0)} ms: ${parts.join(', ') || 'no script'}`
    }
  }).observe({ type: 'long-animation-frame' })
  const meters = {
    said,
    start() {
      running = true
      gaps.length = tasks.length = last = worst = 0
      blame = ''
      began = performance.now()
      requestAnimationFrame(frame)
    },
    stop(): Measured {
      running = false
      const sorted = gaps.toSorted((a, b) => a - b)
      return {
        longestFrame: sorted.at(-1) ?? 0,
        p99: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
        frames: sorted.length,
        longTasks: tasks.length,
        longestTask: Math.max(0, ...tasks),
        blame,
        ...most,
      }
    },
  }
  Object.assign(window, { meters })
}
