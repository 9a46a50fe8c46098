// The rows of a bench as a person reads them: on a terminal, and as Markdown.
import type { Row } from './report-rows.ts'

const HEADINGS = ['what', 'n', 'p50', 'p95', 'unit', 'budget', 'met', 'against'] as const

/** Text on the left, figures on the right. */
const IS_FIGURE: readonly boolean[] = [false, true, true, true, false, false, false, false]

const figure = (value: number | null): string => (value === null ? '–' : String(value))

const against = ({ peer, ratio, ratioP95 }: Row): string => {
  if (peer === undefined) return ''
  return ratio === undefined ? peer : `${ratio}× ${peer} (p95 ${ratioP95}×)`
}

const cellsOf = (row: Row): string[] => [
  row.name,
  String(row.n),
  figure(row.p50),
  figure(row.p95),
  row.unit,
  row.budget ?? '',
  row.met === null ? '' : row.met ? 'yes' : 'NO',
  against(row)
]

export const textTable = (rows: readonly Row[]): string => {
  const lines = [[...HEADINGS], ...rows.map(cellsOf)]
  const widths = HEADINGS.map((_, column) =>
    Math.max(...lines.map((cells) => (cells[column] ?? '').length))
  )
  return lines
    .map((cells) =>
      cells
        .map((cell, column) => {
          const width = widths[column] ?? 0
          return IS_FIGURE[column] === true ? cell.padStart(width) : cell.padEnd(width)
        })
        .join('  ')
        .trimEnd()
    )
    .join('\n')
}

/** A bar would end the cell. */
const escaped = (cell: string): string => cell.replaceAll('|', '\\|')

const markdownLine = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |`

export const markdownTable = (rows: readonly Row[]): string =>
  [
    markdownLine(HEADINGS),
    markdownLine(HEADINGS.map((_, column) => (IS_FIGURE[column] === true ? '--:' : '---'))),
    ...rows.map((row) => markdownLine(cellsOf(row)))
  ].join('\n')
