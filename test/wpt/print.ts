import { type Comparison, type Failure, failures } from './compare.ts'
import type { FileResult } from './run-file.ts'

/** Prints what the platform's own classes do. */
export function printBaseline({ suites }: Comparison, platform: readonly FileResult[]): void {
  table(suites, ['total', 'platform'])
  list('The platform fails', platform.flatMap(failures))
}

/** Prints what the library does beside what the platform does. */
export function printComparison({ suites, regressions, unlisted, outdated }: Comparison): void {
  table(suites, ['total', 'platform', 'ours', 'regressions'])
  const listed = regressions.filter(failure => !unlisted.includes(failure))
  list('Regressions', unlisted)
  list('Listed in differences.json', listed)
  for (const { file, subtest } of outdated) {
    console.log(`\nPasses now, remove it from differences.json\n\n  ${file}: ${subtest}`)
  }
}

type Row = Comparison['suites'][number]
type Column = Exclude<keyof Row, 'suite'>

function table(rows: readonly Row[], columns: readonly Column[]): void {
  const sum = (column: Column) => rows.reduce((sum, row) => sum + row[column], 0)
  console.log(line('suite', columns))
  for (const row of rows)
    console.log(
      line(
        row.suite,
        columns.map(column => row[column]),
      ),
    )
  console.log(line('all', columns.map(sum)))
}

function line(first: string, cells: readonly (string | number)[]): string {
  return first.padEnd(24) + cells.map(cell => String(cell).padStart(13)).join('')
}

function list(title: string, failed: readonly Failure[]): void {
  if (failed.length > 0) console.log(`\n${title}`)
  for (const { file, subtest, status, message } of failed) {
    console.log(`\n  ${file}: ${subtest}\n    ${status} ${shorten(message).replaceAll('\n', '\n    ')}`)
  }
}

/** Some messages quote whole classes. */
function shorten(message: string): string {
  const limit = 1_000
  return message.length > limit ? `${message.slice(0, limit)}…` : message
}
