// Writes rows as a Markdown table.

/** The first row is the head. Null where all cells are empty. */
export const markdownTable = (rows: readonly (readonly string[])[]): string | null => {
  const columns = Math.max(0, ...rows.map((row) => row.length))
  const filled = rows.filter((row) => row.some((cell) => cell !== ''))
  if (filled.length === 0) return null
  const line = (cells: readonly string[]): string =>
    `| ${Array.from({ length: columns }, (_, at) => (cells[at] ?? '').replaceAll('|', '\\|')).join(' | ')} |`
  const [head = [], ...others] = filled
  return [line(head), `|${'---|'.repeat(columns)}`, ...others.map(line)].join('\n')
}
