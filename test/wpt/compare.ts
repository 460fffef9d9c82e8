import { readFileSync } from 'node:fs'
import type { Mode, Status } from './protocol.ts'
import type { FileResult } from './run-file.ts'

/** A subtest that the platform passes and that ours is allowed to fail. */
export interface Difference {
  mode: Mode
  file: string
  subtest: string
  reason: string
  /** Where the difference shows only on some versions: how their names begin, such as `v24.`. */
  runtimes?: string[]
}

export interface Failure {
  file: string
  subtest: string
  status: Status
  message: string
}

export interface Comparison {
  suites: { suite: string; total: number; platform: number; ours: number; regressions: number }[]
  /** What the platform passes and ours does not, listed differences included. */
  regressions: Failure[]
  /** Regressions that no difference lists. */
  unlisted: Failure[]
  /** Differences whose subtest passes now. */
  outdated: Difference[]
}

/** Trouble outside the subtests of a file is compared like a subtest of this name, but not counted as one. */
const outside = '(outside any subtest)'

export function readDifferences(version: string): Difference[] {
  const all: Difference[] = JSON.parse(readFileSync(new URL('differences.json', import.meta.url), 'utf8'))
  return all.filter(({ runtimes }) => runtimes?.some(start => version.startsWith(start)) ?? true)
}

export function compare(
  mode: Mode,
  platform: readonly FileResult[],
  ours: readonly FileResult[],
  listed: readonly Difference[],
): Comparison {
  const suites = new Map<string, Comparison['suites'][number]>()
  const regressions: Failure[] = []
  const outdated: Difference[] = []
  for (const [index, expected] of platform.entries()) {
    const actual = ours[index]
    if (actual?.file !== expected.file) throw new Error(`no result of ours for ${expected.file}`)
    const found = regressionsOf(expected, actual)
    const failed = new Set(failures(actual).map(({ subtest }) => subtest))
    const differences = listed.filter(entry => entry.mode === mode && entry.file === expected.file)
    regressions.push(...found)
    outdated.push(...differences.filter(({ subtest }) => !failed.has(subtest)))
    const suite = suiteOf(expected.file)
    const row = suites.get(suite) ?? { suite, total: 0, platform: 0, ours: 0, regressions: 0 }
    row.total += Math.max(expected.subtests.length, actual.subtests.length)
    row.platform += passes(expected)
    row.ours += passes(actual)
    row.regressions += found.length
    suites.set(suite, row)
  }
  const isListed = ({ file, subtest }: Failure) =>
    listed.some(entry => entry.mode === mode && entry.file === file && entry.subtest === subtest)
  const unlisted = regressions.filter(failure => !isListed(failure))
  return { suites: [...suites.values()], regressions, unlisted, outdated }
}

export function failures({ file, subtests, problems }: FileResult): Failure[] {
  const failed = subtests.filter(({ status }) => status !== 'PASS')
  return [
    ...failed.map(({ name, status, message = '' }) => ({ file, subtest: name, status, message })),
    ...(problems.length > 0
      ? [{ file, subtest: outside, status: 'FAIL' as const, message: problems.join('\n') }]
      : []),
  ]
}

function regressionsOf(platform: FileResult, ours: FileResult): Failure[] {
  const excused = new Set(failures(platform).map(({ subtest }) => subtest))
  const run = new Set(ours.subtests.map(({ name }) => name))
  const missing = platform.subtests.filter(({ name }) => !run.has(name))
  return [
    ...failures(ours),
    ...missing.map(({ name }) => ({
      file: ours.file,
      subtest: name,
      status: 'NOTRUN' as const,
      message: '',
    })),
  ].filter(({ subtest }) => !excused.has(subtest))
}

function passes({ subtests }: FileResult): number {
  return subtests.filter(({ status }) => status === 'PASS').length
}

function suiteOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : file.replace(/\..*/, '')
}
