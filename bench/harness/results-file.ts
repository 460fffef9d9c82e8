import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import type { BuiltScenario } from './build.ts'
import { results, root } from './paths.ts'
import { verdictsOf } from './report.ts'
import type { CaseResult } from './run-scenario.ts'
import type { Runtime } from './runtime.ts'

interface CaseRecord extends CaseResult {
  readonly targets: readonly object[]
}

interface ScenarioRecord {
  readonly question: string
  readonly unit: string
  readonly better: 'more' | 'less'
  /** Of the library that was measured; with a `+` if files had been changed since. */
  readonly commit: string
  readonly date: string
  readonly processor: string
  readonly runtime: string
  readonly cases: readonly CaseRecord[]
}

export interface ResultsFile {
  readonly runtime: string
  readonly processor: string
  readonly scenarios: Record<string, ScenarioRecord>
}

const fileOf = (runtime: string): string => join(results, `${runtime}.json`)

export function readResults(runtime: string): ResultsFile | undefined {
  return existsSync(fileOf(runtime)) ? JSON.parse(readFileSync(fileOf(runtime), 'utf8')) : undefined
}

/** Replaces what is known of this scenario, and leaves the others as they were measured: each says when and of what. */
export function saveResults(scenario: BuiltScenario, cases: readonly CaseResult[], runtime: Runtime): void {
  const { name, question, unit, better } = scenario
  const version = `${runtime.id.replace(/\d+$/, '')} ${runtime.version}`
  const here = { runtime: version, processor: `${cpus()[0]?.model}, ${cpus().length} cores` }
  const record: ScenarioRecord = {
    question,
    unit,
    better,
    commit: commit(),
    date: new Date().toISOString().slice(0, 10),
    ...here,
    cases: cases.map(one => ({
      ...one,
      targets: verdictsOf(scenario, one, runtime.id).map(({ target, ...verdict }) => ({
        ...target,
        ...verdict,
      })),
    })),
  }
  const scenarios = { ...readResults(runtime.id)?.scenarios, [name]: record }
  mkdirSync(results, { recursive: true })
  const json = JSON.stringify({ ...here, scenarios }, rounded, 2)
  // The figures of a variant on one line, so that a difference of two files can be read.
  const lines = json.replace(/\[[-\d.e+,\s]+\]/g, figures => figures.replace(/\s+/g, ' '))
  writeFileSync(fileOf(runtime.id), `${lines}\n`)
}

/** More digits than four are noise, and make every difference of two files unreadable. */
const rounded = (_key: string, value: unknown): unknown =>
  typeof value === 'number' ? Number(value.toPrecision(4)) : value

function commit(): string {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
  return (
    git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '--', 'src', 'package.json') && '+')
  )
}
