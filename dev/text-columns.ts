// Aligns rows of cells in columns for a terminal.

/** One line a row. Cells are padded on the right, or on the left in the columns of `rightAligned`. */
export const textColumns = (
  rows: readonly (readonly string[])[],
  rightAligned: readonly number[] = []
): string[] => {
  const widths: number[] = []
  for (const row of rows) {
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length)
  }
  return rows.map((row) =>
    row
      .map((cell, at) =>
        rightAligned.includes(at) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)
      )
      .join('  ')
      .trimEnd()
  )
}
