/** Three significant digits, with a letter for thousands and up. */
export function short(figure: number): string {
  const size = Math.abs(figure)
  if (size >= 1e9) return `${(figure / 1e9).toPrecision(3)} G`
  if (size >= 999_500) return `${(figure / 1e6).toPrecision(3)} M`
  if (size >= 1e3) return `${(figure / 1e3).toPrecision(3)} k`
  return size >= 100 ? figure.toFixed(0) : figure.toPrecision(3)
}

/** A ratio, as precise as anybody can use it. */
export const times = (ratio: number): string => (ratio >= 10 ? ratio.toFixed(0) : ratio.toFixed(2))

/** A table whose first column is text and the others are figures. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => (row[column] ?? '').length)))
  return rows
    .map(row =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('   ')
        .trimEnd(),
    )
    .join('\n')
}
