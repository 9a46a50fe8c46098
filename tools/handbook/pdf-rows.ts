// Which runs of text on a PDF's page stand side by side: rows with cells. A row of one cell is a line of text.
import type { TextRun } from './pdf-text-runs.ts'

export type Cell = { left: number; right: number; lines: TextRun[] }
export type Row = { cells: Cell[]; page: number }

/** In units of the text's size. Left edges of one column. */
const SAME_EDGE_EM = 0.4
/** From one line of a cell to the next. */
const LINE_PITCH_EM = 1.75
/** A cell that is centred beside a taller one begins above or below it. */
const CELL_RISE_EM = 2.5
const SAME_LINE_EM = 0.45

const cellOf = (fragment: TextRun): Cell => ({
  left: fragment.left,
  right: fragment.right,
  lines: [fragment]
})

const lowest = (cells: readonly Cell[]): number =>
  Math.min(...cells.flatMap(({ lines }) => lines.map(({ y }) => y)))
const highest = (cells: readonly Cell[]): number =>
  Math.max(...cells.flatMap(({ lines }) => lines.map(({ y }) => y)))

/** The next cell of this row: to the right of all before, at their height. */
const isBeside = (row: readonly Cell[], fragment: TextRun): boolean => {
  const last = row.at(-1)
  if (last === undefined) return false
  const em = fragment.sizePt
  return (
    fragment.left > last.right - SAME_EDGE_EM * em &&
    fragment.left > last.left + em &&
    fragment.y <= highest(row) + CELL_RISE_EM * em &&
    fragment.y >= lowest(row) - SAME_LINE_EM * em
  )
}

/** One more line of the row's last cell. */
const isBelow = (row: readonly Cell[], fragment: TextRun): boolean => {
  const last = row.at(-1)
  const line = last?.lines.at(-1)
  if (last === undefined || line === undefined) return false
  const em = fragment.sizePt
  const pitch = line.y - fragment.y
  return (
    Math.abs(fragment.left - last.left) <= SAME_EDGE_EM * em &&
    Math.abs(fragment.sizePt - line.sizePt) < 0.5 &&
    pitch > SAME_LINE_EM * em &&
    pitch <= LINE_PITCH_EM * em
  )
}

/** Rows of one page in the order of its text. */
export const groupIntoRows = (fragments: readonly TextRun[], page: number): Row[] => {
  const rows: Row[] = []
  let row: Cell[] = []
  const flush = (): void => {
    if (row.length === 1) {
      // Lines that turned out to stand alone.
      for (const line of row[0]?.lines ?? []) rows.push({ cells: [cellOf(line)], page })
    } else if (row.length > 1) {
      rows.push({ cells: row, page })
    }
    row = []
  }
  for (const fragment of fragments) {
    const last = row.at(-1)
    if (isBeside(row, fragment)) {
      const lines = last?.lines ?? []
      const lastLine = lines.at(-1)
      // Beside its last line: what stood above was text before the row.
      if (
        row.length === 1 &&
        last !== undefined &&
        lastLine !== undefined &&
        lines.length > 1 &&
        Math.abs(lastLine.y - fragment.y) <= SAME_LINE_EM * fragment.sizePt
      ) {
        last.lines = lines.slice(0, -1)
        flush()
        row = [cellOf(lastLine)]
      }
      row.push(cellOf(fragment))
    } else if (last !== undefined && isBelow(row, fragment)) {
      last.lines.push(fragment)
      last.right = Math.max(last.right, fragment.right)
    } else {
      flush()
      row = [cellOf(fragment)]
    }
  }
  flush()
  return rows
}

/** Rows in a line that are as long as this, each of two long cells, are no table but two columns read across. */
const ACROSS_ROWS = 6
const ACROSS_CHARACTERS = 22
const EDGE_PT = 3

const textOf = (cell: Cell): string => cell.lines.map(({ text }) => text).join(' ')

const looksAcross = ({ cells }: Row, before: Row | undefined): boolean =>
  cells.length === 2 &&
  cells.every((cell, at) => {
    // Justified text has wide gaps too, at another place in each line.
    const above = before?.cells[at]
    const isUnder = above === undefined || Math.abs(above.left - cell.left) <= EDGE_PT
    return isUnder && cell.lines.length === 1 && textOf(cell).length >= ACROSS_CHARACTERS
  })

/** The left column first, then the right one, where a file has its lines across both. */
export const downColumns = (rows: readonly Row[]): Row[] => {
  const out: Row[] = []
  let at = 0
  while (at < rows.length) {
    const run: Row[] = []
    for (const row of rows.slice(at)) {
      if (!looksAcross(row, run.at(-1))) break
      run.push(row)
    }
    const end = at + run.length
    if (run.length >= ACROSS_ROWS) {
      for (const side of [0, 1]) {
        for (const { cells, page } of run) {
          const cell = cells[side]
          if (cell !== undefined) out.push({ cells: [cell], page })
        }
      }
    } else {
      out.push(...run)
    }
    const next = rows[end]
    if (next !== undefined) out.push(next)
    at = end + 1
  }
  return out
}
