import type { ExplainedStage } from './explanation.ts'

/** Milliseconds as a person says them. */
export function span(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  const seconds = ms / 1_000
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 60) return `${Math.round(seconds)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${Math.round(seconds) % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** For how long a part has waited; nothing where that is not known. */
export function howLong({ forMs, bound }: ExplainedStage): string {
  if (bound === 'at least' && forMs < 1) return ''
  return ` for ${bound === 'exact' ? '' : `${bound} `}${span(forMs)}`
}
