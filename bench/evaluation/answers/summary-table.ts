// Formats the summary of an evaluation of answers for a terminal.
import { textColumns } from '../../../dev/text-columns.ts'
import { MEASURES, type Row, type Summary } from './answer-measures.ts'
import { PRICES } from './token-prices.ts'

const percent = (share: number): string => (share * 100).toFixed(1)
const withInterval = ({ value, low, high }: Row): string =>
  `${percent(value)} (${percent(low)}–${percent(high)})`

/** The measures that are shown by part. */
const BY_PART = ['acceptable-answer ratio', 'unanswered ratio'] as const

const inColumns = (lines: readonly (readonly string[])[]): string => textColumns(lines).join('\n')

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
