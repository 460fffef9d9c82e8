import type { Display } from './display.ts'
import { count } from './format.ts'
import type { Reading } from './meter.ts'

/** One plain line a second, for files, pipes and dumb terminals. */
export function progressLines(stream: NodeJS.WritableStream): Display {
  const start = performance.now()
  return {
    every: 1000,
    show(readings) {
      const seconds = Math.round((performance.now() - start) / 1000)
      stream.write(`${seconds} s: ${readings.map(describe).join(' | ')}\n`)
    },
    close() {},
  }
}

function describe({ name, items, perSecond, queue }: Reading): string {
  const detail = queue === undefined ? '' : ` (${count(perSecond)}/s, queue ${Math.round(queue * 100)} %)`
  return `${name} ${count(items)}${detail}`
}
