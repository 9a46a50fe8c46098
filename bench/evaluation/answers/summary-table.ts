// What an evaluation of answers found, as a person reads it on a terminal.
import { MEASURES, type Row, type Summary } from './answer-measures.ts'
import { PRICES } from './token-prices.ts'

const percent = (share: number): string => (share * 100).toFixed(1)
const withInterval = ({ value, low, high }: Row): string =>
  `${percent(value)} (${percent(low)}–${percent(high)})`

/** The two measures that a part of the questions has; the others are told for all of them only. */
const BY_PART = ['acceptable-answer ratio', 'unanswered ratio'] as const

const inColumns = (lines: readonly (readonly string[])[]): string => {
  const columns = Math.max(...lines.map((cells) => cells.length))
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...lines.map((cells) => (cells[column] ?? '').length))
  )
  return lines
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()
    )
    .join('\n')
}

const dollars = (cost: number | null): string =>
  cost === null ? 'no listed price' : `$${cost.toFixed(2)} by the prices of ${PRICES.date}`

export const asText = ({ rows, asked, failures, usage, cost }: Summary): string => {
  const row = (name: Row['name'], part: string): Row | undefined =>
    rows.find((each) => each.name === name && each.part === part)
  const all = MEASURES.map((name) => {
    const found = row(name, 'all')
    return [
      name,
      found === undefined ? '–' : withInterval(found),
      found === undefined ? '' : `n = ${found.n}`
    ]
  })
  const parts = [...new Set(rows.map(({ part }) => part))].filter((part) => part !== 'all')
  const byPart = parts.map((part) => [
    part,
    ...BY_PART.map((name) => {
      const found = row(name, part)
      return found === undefined ? '–' : `${withInterval(found)}, n = ${found.n}`
    })
  ])
  const failed = Object.entries(failures).map(([code, times]) => `${times} × ${code}`)
  return [
    `${asked} questions, in % with 95 % intervals`,
    inColumns(all),
    inColumns([['', ...BY_PART], ...byPart]),
    `Failed: ${failed.length === 0 ? 'none' : failed.join(', ')}`,
    `Tokens: ${usage.input} in (${usage.cached} cached), ${usage.output} out; ${dollars(cost)}`
  ].join('\n\n')
}
