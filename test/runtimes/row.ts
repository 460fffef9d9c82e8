/** What came of one runtime: a line of the table. */
export class Row {
  readonly name: string
  version = ''
  passed = 0
  failed = 0
  /** How many tests were skipped, by reason. */
  readonly skipped = new Map<string, number>()
  /** What is wrong with the run as such: it did not begin, or did not end. */
  readonly faults: string[] = []
  /** Why it cannot run on this machine. */
  missing: string | undefined
  /** It need not run everywhere: what is missing is reported, and no failure. */
  optional = false
  seconds = 0

  constructor(name: string) {
    this.name = name
  }

  skip(reason: string, count = 1): void {
    this.skipped.set(reason, (this.skipped.get(reason) ?? 0) + count)
  }

  get well(): boolean {
    return this.failed === 0 && this.faults.length === 0
  }
}

/** Whether all is well. What is missing is a fault where CI is set, and elsewhere a line that nobody overlooks. */
export function wellWithin(rows: readonly Row[], ci: boolean): boolean {
  return rows.every(row => row.well && (row.missing === undefined || row.optional || !ci))
}

/** The table, with why tests were skipped and what is missing below it. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map(row => {
    const skipped = [...row.skipped.values()].reduce((sum, count) => sum + count, 0)
    const counts = row.missing !== undefined ? ['–', '–', '–'] : [row.passed, row.failed, skipped]
    return [
      row.name,
      row.version,
      ...counts,
      row.missing !== undefined ? 'not run' : `${Math.round(row.seconds)} s`,
    ].map(String)
  })
  cells.unshift(['runtime', 'version', 'passed', 'failed', 'skipped', 'time'])
  const widths = [0, 1, 2, 3, 4, 5].map(at => Math.max(...cells.map(row => row[at]?.length ?? 0)))
  const lines = cells.map(row =>
    row
      .map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  '),
  )
  lines.splice(1, 0, widths.map(width => '-'.repeat(width)).join('  '))
  const reasons = new Map<string, string[]>()
  for (const { name, skipped } of rows) {
    for (const [reason, count] of skipped)
      reasons.set(reason, [...(reasons.get(reason) ?? []), `${name} ${count}`])
  }
  if (reasons.size > 0) lines.push('', 'Skipped:')
  for (const [reason, where] of reasons) lines.push(`  ${reason}: ${where.join(', ')}`)
  const faults = rows.flatMap(({ name, faults }) => faults.map(fault => `  ${name}: ${fault}`))
  if (faults.length > 0) lines.push('', 'Faults:', ...faults)
  const missing = rows.filter(row => row.missing !== undefined)
  if (missing.length > 0) {
    lines.push('', 'NOT RUN on this machine:')
    for (const { name, missing: reason } of missing) lines.push(`  ${name}: ${reason}`)
  }
  return lines.join('\n')
}
