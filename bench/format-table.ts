// Formats the rows of a bench for a terminal and as Markdown.
import { textColumns } from '../dev/text-columns.ts'
import type { Row } from './report-rows.ts'

const HEADINGS = ['what', 'n', 'p50', 'p95', 'unit', 'budget', 'met', 'against'] as const

/** Columns of figures. */
const RIGHT_ALIGNED = [1, 2, 3]

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

export const textTable = (rows: readonly Row[]): string =>
  textColumns([HEADINGS, ...rows.map(cellsOf)], RIGHT_ALIGNED).join('\n')

/** A bar would end the cell. */
const escaped = (cell: string): string => cell.replaceAll('|', '\\|')

export const markdownTable = (rows: readonly Row[]): string => {
  const alignments = HEADINGS.map((_, column) => (RIGHT_ALIGNED.includes(column) ? '--:' : '---'))
  return [HEADINGS, alignments, ...rows.map(cellsOf)]
    .map((cells) => `| ${cells.map(escaped).join(' | ')} |`)
    .join('\n')
}
