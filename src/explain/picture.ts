import type { ExplainedStage, Explanation } from './explanation.ts'
import { howLong, span } from './span.ts'

/** An explanation as a text for a terminal. */
export function picture({ stages, culprit, why, advice }: Omit<Explanation, 'toString'>): string {
  const rows = stages.map(stage => [
    `${stage === culprit ? '>' : ' '} ${stage.branch === '' ? '' : `${stage.branch} `}${stage.name}`,
    stage.kind === stage.name ? '' : stage.kind,
    load(stage),
    state(stage),
  ])
  const widths = [0, 1, 2].map(column => Math.max(...rows.map(row => (row[column] as string).length)))
  const lines = rows.map(row =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return [...lines, '', why, ...(advice === undefined ? [] : [`To do: ${advice}.`])].join('\n')
}

function load({ capacity, queued, inFlight, concurrency, kind }: ExplainedStage): string {
  if (kind !== 'stage' && kind !== 'sink') return ''
  const work = `${inFlight}${concurrency > 1 ? `/${concurrency}` : ''} in flight`
  return capacity > 0 ? `${queued}/${capacity} queued, ${work}` : work
}

function state(stage: ExplainedStage): string {
  const { ended, waitsOn, detail, untilMs } = stage
  if (ended) return 'ended'
  if (waitsOn === undefined) return stage.kind === 'tee' ? '' : 'running'
  if (waitsOn === 'source' && stage.kind !== 'stage') return `gives nothing${howLong(stage)}`
  if (waitsOn === 'reader' && stage.kind === 'reader') return `asks for nothing${howLong(stage)}`
  const about = detail === undefined ? '' : ` (${detail})`
  const rest = untilMs === undefined ? '' : `, ${span(untilMs)} to go`
  return `waits for ${NAMES[waitsOn] ?? waitsOn}${about}${howLong(stage)}${rest}`
}

const NAMES: { readonly [reason in NonNullable<ExplainedStage['waitsOn']>]?: string } = {
  upstream: 'items',
  downstream: 'room downstream',
  function: 'its function',
  timer: 'a timer',
  worker: 'a worker',
  items: 'more items',
  reader: 'a reader',
  source: 'the source',
  store: 'its store',
  breaker: 'its circuit breaker',
  deadLetter: 'its dead letters',
}
