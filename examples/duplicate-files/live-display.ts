import type { WriteStream } from 'node:tty'
import type { Display } from './display.ts'
import { count } from './format.ts'
import type { Reading } from './meter.ts'

const BOLD = '1'
const FAINT = '2'
const BAR = 12

interface Line {
  readonly text: string
  readonly style?: string
}

/** One line per stage, drawn over itself. The cursor stays visible below the lines, so there is nothing to restore. */
export function liveDisplay(terminal: WriteStream, stopped: AbortSignal): Display {
  const start = performance.now()
  // Some terminals do not know their size.
  const columns = () => terminal.columns || 80
  const rows = () => terminal.rows || 24
  let widths: number[] = []

  /** Back to the first line: since it was drawn, a narrower window may have broken it into several. */
  const home = () => {
    const up = widths.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns())), 0)
    return up > 0 ? `\x1b[${up}A\r` : '\r'
  }

  return {
    every: 100,
    show(readings) {
      const seconds = ((performance.now() - start) / 1000).toFixed(1)
      const hint = stopped.aborted
        ? 'finishing what is queued; Ctrl-C again ends it now'
        : 'Ctrl-C stops and reports what was found'
      const frame: Line[] = [
        { text: row('stage', 'items', 'items/s', 'queue'), style: BOLD },
        ...readings.map(reading => ({ text: rowOf(reading) })),
        { text: `${seconds} s  ${hint}`, style: FAINT },
      ]
      // A line that reached the last column, or the last row, would move everything up.
      const lines = frame
        .slice(0, rows() - 1)
        .map(({ text, style }) => ({ text: text.slice(0, columns() - 1), style }))
      const colour = terminal.hasColors()
      const drawn = lines.map(
        ({ text, style }) => `${colour && style ? `\x1b[${style}m${text}\x1b[0m` : text}\x1b[K\n`,
      )
      terminal.write(`${home()}${drawn.join('')}\x1b[J`)
      widths = lines.map(({ text }) => text.length)
    },
    close() {
      terminal.write(`${home()}\x1b[J`)
      widths = []
    },
  }
}

function rowOf({ name, items, perSecond, queue }: Reading): string {
  return row(name, count(items), count(perSecond), queue === undefined ? '' : bar(queue))
}

function row(name: string, items: string, perSecond: string, queue: string): string {
  return `${name.padEnd(13)}${items.padStart(11)}${perSecond.padStart(11)}  ${queue}`.trimEnd()
}

function bar(filled: number): string {
  const full = Math.round(filled * BAR)
  return `${'█'.repeat(full)}${'░'.repeat(BAR - full)} ${Math.round(filled * 100)} %`
}
