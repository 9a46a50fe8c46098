// Finds tables in the rows of a PDF's page by the left edges of their cells.
import { markdownTable } from './markdown-table.ts'
import { cellText, headingLevel, joinText, type Layout, median } from './pdf-layout.ts'
import type { Row } from './pdf-rows.ts'

const SAME_EDGE_EM = 1
/** Lines that are nearer than this share of the row distance belong to one row. */
const WRAPPED_PITCH = 0.87

const fits = (columns: readonly number[], row: Row): boolean =>
  row.cells.every(({ left, lines }) =>
    columns.some((edge) => Math.abs(edge - left) <= SAME_EDGE_EM * (lines[0]?.sizePt ?? 0))
  )

const nearestColumn = (columns: readonly number[], left: number): number => {
  const distances = columns.map((edge) => Math.abs(edge - left))
  return distances.indexOf(Math.min(...distances))
}

/** The median distance between rows of several cells that begin in the first column. */
const rowPitchOf = (rows: readonly Row[], columns: readonly number[]): number => {
  const heights: number[] = []
  for (const row of rows) {
    const [head] = row.cells
    const line = head?.lines[0]
    if (!fits(columns, row) || head === undefined || line === undefined) break
    if (row.cells.length > 1 && nearestColumn(columns, head.left) === 0) heights.push(line.y)
  }
  return median(heights.slice(1).map((y, at) => (heights[at] ?? 0) - y)) ?? 0
}

/** The table that begins with the first row, and its number of rows. Null where there is none. */
export const tableAt = (
  rows: readonly Row[],
  layout: Layout
): { markdown: string; rows: number } | null => {
  const columns = rows[0]?.cells.map(({ left }) => left) ?? []
  if (columns.length < 2) return null
  const rowPitch = rowPitchOf(rows, columns)
  const table: string[][] = []
  let used = 0
  let previousY = Number.POSITIVE_INFINITY
  for (const row of rows) {
    const [head] = row.cells
    const line = head?.lines[0]
    if (head === undefined || line === undefined) break
    // A row above the previous one is in the next column or on the next page.
    if (!fits(columns, row) || line.y > previousY || headingLevel(line.sizePt, layout) !== null) {
      break
    }
    const isWrapped =
      row.cells.length < columns.length && previousY - line.y < WRAPPED_PITCH * rowPitch
    const isNewRow = nearestColumn(columns, head.left) === 0 && !isWrapped
    if (row.cells.length === 1 && (table.length === 0 || isNewRow)) break
    used += 1
    previousY = line.y
    if (table.length === 0 || isNewRow) table.push(columns.map(() => ''))
    const cells = table.at(-1) ?? []
    for (const cell of row.cells) {
      const column = nearestColumn(columns, cell.left)
      cells[column] = joinText(cells[column] ?? '', cellText(cell))
    }
  }
  const markdown = table.length < 2 ? null : markdownTable(table)
  return markdown === null ? null : { markdown, rows: used }
}
