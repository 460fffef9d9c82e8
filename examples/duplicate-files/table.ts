/** Rows of cells as lines; all columns but the last, or the first, stand to the right. */
export function table(rows: readonly (readonly string[])[], left: 'first' | 'last'): string[] {
  const [head = []] = rows
  const widths = head.map((_, at) => rows.reduce((most, row) => Math.max(most, row[at]?.length ?? 0), 0))
  const isLeft = (at: number) => at === (left === 'first' ? 0 : head.length - 1)
  return rows.map(row =>
    row
      .map((cell, at) => (isLeft(at) ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
}
