// What an evaluation found, as a person reads it: on a terminal and in docs/answers.md.

import { MEASURES, type Measure } from './judging.ts'
import { KINDS } from './question-set.ts'
import { BUDGETS, HEARD, type Row } from './rows.ts'

const percent = (value: number): string => (value * 100).toFixed(1)
const withInterval = ({ value, low, high }: Row): string =>
  `${percent(value)} (${percent(low)}–${percent(high)})`

const cellOf = (rows: readonly Row[], where: Partial<Row>): Row | undefined =>
  rows.find((row) =>
    Object.entries(where).every(([name, value]) => Reflect.get(row, name) === value)
  )

export type Table = { title: string; headings: string[]; lines: string[][] }

const ALL = { language: 'all', kind: 'all' } as const

/** Every search side by side, all questions of one half. */
export const comparison = (rows: readonly Row[], half: Row['half']): Table => {
  const searches = [...new Set(rows.map(({ search }) => search))]
  return {
    title: `All questions of the ${half} half`,
    headings: ['', ...searches, 'budget', 'met'],
    lines: MEASURES.map((name) => {
      const own = cellOf(rows, { name, search: HEARD, half, ...ALL })
      return [
        name,
        ...searches.map((search) => {
          const row = cellOf(rows, { name, search, half, ...ALL })
          if (row === undefined) return '–'
          return search === HEARD ? withInterval(row) : percent(row.value)
        }),
        BUDGETS[name]?.text ?? '',
        own === undefined || own.met === null ? '' : own.met ? 'yes' : 'NO'
      ]
    })
  }
}

/** Heard's own figures by language and kind. */
export const breakdown = (rows: readonly Row[], half: Row['half']): Table => {
  const names: readonly Measure[] = [
    'recall@1',
    'recall@3',
    'refused when unanswerable',
    'refused when answerable',
    'wrong number',
    'citation correct'
  ]
  const parts = [
    ...(['en', 'es'] as const).map((language) => ({ language, kind: 'all' as const })),
    ...KINDS.map((kind) => ({ language: 'all' as const, kind }))
  ]
  return {
    title: `Heard's search, by language and kind, ${half} half`,
    headings: ['', 'n', ...names],
    lines: parts.map((part) => {
      const cells = names.map((name) => cellOf(rows, { name, search: HEARD, half, ...part }))
      const all = cellOf(rows, {
        name: 'section of another restaurant',
        search: HEARD,
        half,
        ...part
      })
      return [
        part.kind === 'all' ? part.language : part.kind,
        String(all?.n ?? 0),
        ...cells.map((row) => (row === undefined ? '–' : withInterval(row)))
      ]
    })
  }
}

export const asText = ({ title, headings, lines }: Table): string => {
  const all = [headings, ...lines]
  const widths = headings.map((_, column) =>
    Math.max(...all.map((cells) => (cells[column] ?? '').length))
  )
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return `${title} (in %)\n\n${all.map(line).join('\n')}`
}

export const asMarkdown = ({ headings, lines }: Table): string =>
  [headings, headings.map((_, column) => (column === 0 ? '---' : '--:')), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
