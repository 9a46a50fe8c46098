// Groups the text runs of a PDF's page into rows with cells. A row with one cell is a line of text.
import type { TextRun } from './pdf-text-runs.ts'

export type Cell = { left: number; right: number; lines: TextRun[] }
export type Row = { cells: Cell[]; page: number }

/** Left edges of one column. */
const SAME_EDGE_EM = 0.4
/** Between two lines of a cell. */
const LINE_PITCH_EM = 1.75
/** A centred cell begins above or below a taller one. */
const CELL_RISE_EM = 2.5
const SAME_LINE_EM = 0.45

const cellOf = (run: TextRun): Cell => ({
  left: run.left,
  right: run.right,
  lines: [run]
})

const lowest = (cells: readonly Cell[]): number =>
  Math.min(...cells.flatMap(({ lines }) => lines.map(({ y }) => y)))
const highest = (cells: readonly Cell[]): number =>
  Math.max(...cells.flatMap(({ lines }) => lines.map(({ y }) => y)))

/** The run is the next cell of the row. */
const isBeside = (row: readonly Cell[], run: TextRun): boolean => {
  const last = row.at(-1)
  if (last === undefined) return false
  const em = run.sizePt
  return (
    run.left > last.right - SAME_EDGE_EM * em &&
    run.left > last.left + em &&
    run.y <= highest(row) + CELL_RISE_EM * em &&
    run.y >= lowest(row) - SAME_LINE_EM * em
  )
}

/** The run is the next line of the row's last cell. */
const isBelow = (row: readonly Cell[], run: TextRun): boolean => {
  const last = row.at(-1)
  const line = last?.lines.at(-1)
  if (last === undefined || line === undefined) return false
  const em = run.sizePt
  const pitch = line.y - run.y
  return (
    Math.abs(run.left - last.left) <= SAME_EDGE_EM * em &&
    Math.abs(run.sizePt - line.sizePt) < 0.5 &&
    pitch > SAME_LINE_EM * em &&
    pitch <= LINE_PITCH_EM * em
  )
}

export const groupIntoRows = (runs: readonly TextRun[], page: number): Row[] => {
  const rows: Row[] = []
  let row: Cell[] = []
  const flush = (): void => {
    if (row.length === 1) {
      // One cell is no row: its lines are text.
      for (const line of row[0]?.lines ?? []) rows.push({ cells: [cellOf(line)], page })
    } else if (row.length > 1) {
      rows.push({ cells: row, page })
    }
    row = []
  }
  for (const run of runs) {
    const last = row.at(-1)
    if (isBeside(row, run)) {
      const lines = last?.lines ?? []
      const lastLine = lines.at(-1)
      // Only the cell's last line is beside the run; the lines above are text.
      if (
        row.length === 1 &&
        last !== undefined &&
        lastLine !== undefined &&
        lines.length > 1 &&
        Math.abs(lastLine.y - run.y) <= SAME_LINE_EM * run.sizePt
      ) {
        last.lines = lines.slice(0, -1)
        flush()
        row = [cellOf(lastLine)]
      }
      row.push(cellOf(run))
    } else if (last !== undefined && isBelow(row, run)) {
      last.lines.push(run)
      last.right = Math.max(last.right, run.right)
    } else {
      flush()
      row = [cellOf(run)]
    }
  }
  flush()
  return rows
}

/** This many rows of two long cells are two columns of text, not a table. */
const ACROSS_ROWS = 6
const ACROSS_CHARACTERS = 22
const EDGE_PT = 3

const textOf = (cell: Cell): string => cell.lines.map(({ text }) => text).join(' ')

const isAcrossColumns = ({ cells }: Row, before: Row | undefined): boolean =>
  cells.length === 2 &&
  cells.every((cell, at) => {
    // The wide gaps of justified text are at another place in each line.
    const above = before?.cells[at]
    const isUnder = above === undefined || Math.abs(above.left - cell.left) <= EDGE_PT
    return isUnder && cell.lines.length === 1 && textOf(cell).length >= ACROSS_CHARACTERS
  })

/** Reorders lines that run across two columns: the left column first. */
export const splitColumns = (rows: readonly Row[]): Row[] => {
  const out: Row[] = []
  let at = 0
  while (at < rows.length) {
    const across: Row[] = []
    for (const row of rows.slice(at)) {
      if (!isAcrossColumns(row, across.at(-1))) break
      across.push(row)
    }
    const end = at + across.length
    if (across.length >= ACROSS_ROWS) {
      for (const side of [0, 1]) {
        for (const { cells, page } of across) {
          const cell = cells[side]
          if (cell !== undefined) out.push({ cells: [cell], page })
        }
      }
    } else {
      out.push(...across)
    }
    const next = rows[end]
    if (next !== undefined) out.push(next)
    at = end + 1
  }
  return out
}
