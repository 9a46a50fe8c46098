// Formats the results of an evaluation as tables for a terminal and for docs/answers.md.
import { textColumns } from '../../dev/text-columns.ts'
import type { Part, SetName } from './question-set.ts'
import { REQUESTS, type Row, SLICES } from './result-rows.ts'
import { type Bound, PART_WITH_BUDGETS } from './search-budgets.ts'
import { MEASURES, type Measure, REQUEST_MEASURES, SEARCH_MEASURES } from './search-measures.ts'

export type Table = { title: string; headings: string[]; lines: string[][] }

const WHOLE = { language: 'all', kind: 'all' } as const

const figure = (name: Measure, value: number): string =>
  MEASURES[name].unit === 'tokens' ? value.toFixed(0) : (value * 100).toFixed(1)

const plain = ({ name, value }: Row): string => figure(name, value)
const withInterval = ({ name, value, low, high }: Row): string =>
  low === high
    ? figure(name, value)
    : `${figure(name, value)} (${figure(name, low)}–${figure(name, high)})`

const cellOf = (rows: readonly Row[], where: Partial<Row>): Row | undefined =>
  rows.find((row) =>
    Object.entries(where).every(([name, value]) => Reflect.get(row, name) === value)
  )

const boundText = (name: Measure, { direction, bound }: Bound): string => {
  const sign = direction === 'at least' ? '≥' : '≤'
  return MEASURES[name].unit === 'tokens'
    ? `${sign} ${bound.toLocaleString('en-US')}`
    : `${sign} ${bound * 100}`
}

const partText = (part: Part): string => (part === 'all' ? 'all questions' : `${part} half`)

/** A budget on all questions also shows the test half alone. */
export const budgetTable = (rows: readonly Row[]): Table => ({
  title: 'Budgets',
  headings: ['set', 'search', 'measure', 'value', 'budget', 'met', 'test half alone'],
  lines: rows.flatMap((row) => {
    const { set, search, name, budget, met } = row
    if (budget === null) return []
    const isOfTest = PART_WITH_BUDGETS[set] === 'test'
    const alone = cellOf(rows, { set, search, name, half: 'test', ...WHOLE })
    return [
      [
        `${set}, ${partText(row.half)}`,
        search,
        name,
        withInterval(row),
        boundText(name, budget),
        met === true ? 'met' : 'NO',
        isOfTest || alone === undefined ? '' : withInterval(alone)
      ]
    ]
  })
})

export const requestTable = (rows: readonly Row[]): Table => {
  const own = rows.filter(({ search }) => search === REQUESTS)
  const places = [...new Map(own.map((row) => [`${row.set} ${row.half}`, row])).values()]
  return {
    title: 'The requests',
    headings: ['set', ...REQUEST_MEASURES],
    lines: places.map(({ set, half }) => [
      `${set}, ${partText(half)}`,
      ...REQUEST_MEASURES.map((name) => {
        const row = cellOf(own, { name, set, half, ...WHOLE })
        return row === undefined ? '–' : withInterval(row)
      })
    ])
  }
}

type Place = { set: SetName; half: Part }

export const comparison = (
  rows: readonly Row[],
  { set, half }: Place,
  searches: readonly string[],
  intervals: 'with intervals' | 'without intervals'
): Table => {
  const asked = new Set(rows.map(({ search }) => search))
  const shown = searches.filter((search) => asked.has(search))
  return {
    title: `${set}, ${partText(half)}`,
    headings: ['', ...shown],
    lines: SEARCH_MEASURES.map((name) => [
      name,
      ...shown.map((search) => {
        const row = cellOf(rows, { name, search, set, half, ...WHOLE })
        if (row === undefined) return '–'
        return intervals === 'with intervals' ? withInterval(row) : plain(row)
      })
    ])
  }
}

const BREAKDOWN: readonly { search: string; name: Measure }[] = [
  { search: 'named', name: 'facts given' },
  { search: 'own words', name: 'facts given' },
  { search: 'own words', name: 'right section given' },
  { search: 'own words', name: 'recall@1' },
  { search: 'own words', name: 'wrongly withheld' },
  { search: 'own words', name: 'rightly withheld' }
]

export const breakdown = (rows: readonly Row[], { set, half }: Place): Table => ({
  title: `${set}, ${partText(half)}, by language and kind`,
  headings: ['', 'n', ...BREAKDOWN.map(({ search, name }) => `${search}: ${name}`)],
  lines: SLICES.slice(1).flatMap((slice) => {
    const all = cellOf(rows, { name: 'section of another restaurant', set, half, ...slice })
    if (all === undefined) return []
    const cells = BREAKDOWN.map((column) => cellOf(rows, { ...column, set, half, ...slice }))
    return [
      [
        slice.kind === 'all' ? slice.language : slice.kind,
        String(all.n),
        ...cells.map((row) => (row === undefined ? '–' : withInterval(row)))
      ]
    ]
  })
})

export const asText = ({ title, headings, lines }: Table): string =>
  `${title} (shares in %)\n\n${textColumns([headings, ...lines]).join('\n')}`

const isFigure = (cell: string): boolean => /^[\d–]/.test(cell)

/** Columns of figures are aligned to the right. */
export const asMarkdown = ({ headings, lines }: Table): string =>
  [
    headings,
    headings.map((_, column) => (isFigure(lines[0]?.[column] ?? '') ? '--:' : '---')),
    ...lines
  ]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
