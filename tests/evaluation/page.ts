// docs/answers.md: what the last whole evaluation found, between two markers, so that what is written by hand around
// them stays.
import { readFile, writeFile } from 'node:fs/promises'
import type { Search } from './answer.ts'
import { MEANING, MEASURES } from './judging.ts'
import type { Row } from './rows.ts'
import { asMarkdown, breakdown, comparison } from './table.ts'

const BEGIN = '<!-- eval:handbook begin (written by `npm run eval:handbook -- --write`) -->'
const END = '<!-- eval:handbook end -->'
const PAGE_HEAD = `# Answers

What \`npm run eval:handbook\` found: how often the search finds the section that answers, and how often it says that there
is none. The questions, and how they were made, are in \`tests/evaluation/questions/README.md\`.
`

export type Evaluation = {
  date: string
  embedding: string
  searches: readonly Pick<Search, 'name' | 'about'>[]
  rows: readonly Row[]
}

const reportText = ({ date, embedding, searches, rows }: Evaluation): string => {
  const halves = [...new Set(rows.map(({ half }) => half))].sort().reverse()
  const tables = halves.flatMap((half) =>
    [comparison(rows, half), breakdown(rows, half)].map(
      (table) => `### ${table.title}\n\n${asMarkdown(table)}`
    )
  )
  return `${date}. Vectors: ${embedding}. In percent; in brackets 95 % intervals (bootstrap over questions).
Thresholds were fitted on the development half only; the budgets are those of the test half.

${tables.join('\n\n')}

### The searches

${searches.map(({ name, about }) => `- **${name}**: ${about}`).join('\n')}

### The measures

${MEASURES.map((name) => `- **${name}**: ${MEANING[name]}`).join('\n')}
`
}

/** @throws Error when only one of the markers is there, or they are the wrong way round: nothing is guessed */
export const withReport = (page: string, report: string): string => {
  const part = `${BEGIN}\n${report.trim()}\n${END}`
  const begin = page.indexOf(BEGIN)
  const end = page.indexOf(END)
  if (begin < 0 && end < 0) return `${page.trimEnd()}\n\n${part}\n`
  if (begin < 0 || end < begin) {
    throw new Error('The page has one marker of two, or they are crossed.')
  }
  return page.slice(0, begin) + part + page.slice(end + END.length)
}

const readPage = async (path: string): Promise<string> => {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return PAGE_HEAD
    throw error
  }
}

export const writePage = async (path: string, evaluation: Evaluation): Promise<void> =>
  writeFile(path, withReport(await readPage(path), reportText(evaluation)))
