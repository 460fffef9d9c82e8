import { bytes, count, printable, reason } from './format.ts'
import type { Fingerprinted } from './hash.ts'
import type { Watched } from './meter.ts'
import type { Problem } from './problem.ts'
import { table } from './table.ts'

/** What there is to report. */
export interface Findings {
  /** Files with the same content, at least two in each group. */
  readonly groups: readonly (readonly Fingerprinted[])[]
  readonly problems: readonly Problem[]
  readonly stages: readonly Watched[]
  /** Files that were seen, and those among them that can waste nothing. */
  readonly seen: number
  readonly empty: number
  readonly hardLinks: number
  /** Stages whose account is wrong. */
  readonly broken: readonly string[]
  /** The walk was ended before it had seen everything. */
  readonly stopped: boolean
  /** Whether to list everything, or what matters most. */
  readonly all: boolean
}

type Group = Findings['groups'][number]

/** The report, as text. */
export function report(findings: Findings): string {
  const { groups, problems, stages, broken, seen, empty, hardLinks, stopped, all } = findings
  const copies = groups.reduce((sum, group) => sum + group.length - 1, 0)
  const total = groups.reduce((sum, group) => sum + wasted(group), 0)
  return [
    ...(stopped ? ['Stopped early: this is what was found until then.', ''] : []),
    ...listGroups(groups, all ? Infinity : 10, all ? Infinity : 3),
    ...listProblems(problems, all ? Infinity : 10),
    ...listStages(stages),
    ...verdict(broken),
    '',
    `${plural(seen, 'file')} seen, among them ${count(empty)} empty (ignored) and ${count(hardLinks)} hard-linked (counted once).`,
    `${plural(groups.length, 'group')} of equal files, ${plural(copies, 'needless copy', 'needless copies')}: ${bytes(total)} wasted.`,
    '',
  ].join('\n')
}

function listGroups(groups: Findings['groups'], most: number, filesEach: number): string[] {
  if (groups.length === 0) return []
  const sorted = groups.toSorted((a, b) => wasted(b) - wasted(a))
  const rows = sorted.slice(0, most).flatMap(group => {
    const paths = group.map(({ path }) => printable(path)).toSorted()
    const figures = [bytes(wasted(group)), count(group.length), bytes(group[0]?.size ?? 0)]
    return capped(paths, filesEach).map((path, at) => [...(at === 0 ? figures : ['', '', '']), path])
  })
  const more = groups.length - most
  return [
    ...table([['wasted', 'files', 'each', 'where'], ...rows], 'last'),
    ...(more > 0 ? [`… and ${plural(more, 'more group')}; --all lists everything`] : []),
    '',
  ]
}

function listProblems(problems: Findings['problems'], most: number): string[] {
  if (problems.length === 0) return []
  const lines = problems.map(({ path, error }) => `${printable(path)}: ${reason(error)}`)
  return [`Could not be read: ${count(problems.length)}`, ...capped(lines, most).map(line => `  ${line}`), '']
}

function listStages(stages: Findings['stages']): string[] {
  const head = ['stage', 'received', 'done', 'passed on', 'inside', 'failed', 'refused', 'discarded']
  const rows = stages.map(stage => {
    const s = stage.stats()
    const refused = s.dropped + s.rejected + s.timedOut
    const figures = [s.received, s.done, s.emitted, s.queued + s.inFlight, s.failed, refused, s.discarded]
    return [s.name, ...figures.map(count)]
  })
  return table([head, ...rows], 'first')
}

function verdict(broken: Findings['broken']): string[] {
  if (broken.length > 0) return broken.map(line => `THE LAW IS BROKEN: ${line}`)
  return [
    'The law holds: received = done + inside + failed + refused + discarded in every stage,',
    'and each stage received what the one before it passed on.',
  ]
}

function wasted(group: Group): number {
  return (group.length - 1) * (group[0]?.size ?? 0)
}

function capped(lines: readonly string[], most: number): readonly string[] {
  return lines.length > most ? [...lines.slice(0, most), `… and ${count(lines.length - most)} more`] : lines
}

function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`
}
