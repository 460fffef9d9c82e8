import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { headlines } from '../headlines.ts'
import { times } from './format.ts'
import { results } from './paths.ts'
import { bestPeer, nativeOf } from './rank.ts'
import { type ResultsFile, readResults } from './results-file.ts'
import type { Scenario } from './scenario.ts'

interface Row {
  readonly label: string
  readonly bars: readonly { readonly name: string; readonly ratio: number }[]
}

const [WIDTH, LEFT, RIGHT, TOP, BAR, ROW] = [860, 250, 150, 64, 13, 40]
// Read on white and on GitHub's dark grey alike, since an image does not know which of the two its page is.
const [TEXT, OURS, PEER] = ['#7d8590', '#2f81f7', '#8c959f']
const FONT = 'font-family="ui-sans-serif, system-ui, Segoe UI, Helvetica, Arial, sans-serif"'

/** Draws the headline figures of the newest Node there are results of. */
export function drawChart(): void {
  const file = ['node26', 'node24', 'node22', 'node20'].map(readResults).find(found => found !== undefined)
  if (file === undefined || !existsSync(results)) return
  const rows = rowsOf(file)
  if (rows.length > 0) writeFileSync(join(results, 'chart.svg'), svgOf(rows, subtitleOf(file)))
}

function rowsOf({ scenarios }: ResultsFile): Row[] {
  return headlines.flatMap(({ scenario, in: which, label, group }) => {
    const record = scenarios[scenario]
    const found = record?.cases.find(one => one.case === which)
    const ours = found?.results.find(one => one.variant === 'sluice')
    if (record === undefined || found === undefined || ours === undefined) return []
    const native = nativeOf(record as unknown as Scenario, found)
    if (native === undefined) return []
    const peer = bestPeer(record as unknown as Scenario, found, group)
    const rivals = peer === undefined ? [ours] : [ours, peer]
    return { label, bars: rivals.map(one => ({ name: one.variant, ratio: one.median / native.median })) }
  })
}

function subtitleOf({ runtime, processor, scenarios }: ResultsFile): string {
  const dates = Object.values(scenarios).map(({ date }) => date)
  return `${runtime}, ${processor}, ${dates.sort().at(-1)}, medians, logarithmic. Blue: sluice; grey: the best peer of each row`
}

function svgOf(rows: readonly Row[], subtitle: string): string {
  const highest = Math.max(10, ...rows.flatMap(({ bars }) => bars.map(({ ratio }) => ratio)))
  const lowest = Math.min(1, ...rows.flatMap(({ bars }) => bars.map(({ ratio }) => ratio)))
  const [from, to] = [Math.log10(lowest), Math.log10(highest)]
  const x = (ratio: number): number =>
    Math.round(LEFT + ((Math.log10(ratio) - from) / (to - from)) * (WIDTH - LEFT - RIGHT))
  const height = TOP + rows.length * ROW + 24
  const marks = [1, 10, 100, 1000].filter(mark => mark <= highest)
  const body = [
    text(12, 22, 'Throughput as a multiple of native streams', 'start', 16, 600),
    text(12, 42, subtitle, 'start', 12),
    ...marks.flatMap(mark => [
      `<path d="M${x(mark)} ${TOP - 4}V${height - 20}" stroke="${PEER}" stroke-opacity="${mark === 1 ? 0.9 : 0.3}"/>`,
      text(x(mark), height - 6, mark === 1 ? 'native' : `${mark} ×`, 'middle', 12),
    ]),
    ...rows.flatMap(({ label, bars }, row) => [
      text(LEFT - 12, TOP + row * ROW + 18, label, 'end', 13),
      ...bars.flatMap(({ name, ratio }, bar) => {
        const y = TOP + row * ROW + bar * (BAR + 1)
        const [start, end] = [Math.min(x(1), x(ratio)), Math.max(x(1), x(ratio))]
        const fill = name === 'sluice' ? OURS : PEER
        return [
          `<rect x="${start}" y="${y}" width="${Math.max(1, end - start)}" height="${BAR}" rx="2" fill="${fill}"/>`,
          text(end + 6, y + 11, `${times(ratio)} ${name === 'sluice' ? '' : name}`.trim(), 'start', 11),
        ]
      }),
    ]),
  ]
  const size = `width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}"`
  const title = 'Throughput of sluice and of the best peers, as a multiple of native streams'
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" ${FONT}>\n<title>${title}</title>\n${body.join('\n')}\n</svg>\n`
}

const text = (x: number, y: number, words: string, anchor: string, size: number, weight = 400): string =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}" font-size="${size}" font-weight="${weight}" fill="${TEXT}">${words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`
