// docs/answers.md: the tables of the last whole evaluation and of the last ablation, each between two markers. The text
// around them is written by hand and stays.
import { readFile, writeFile } from 'node:fs/promises'
import { fromProject } from '../../dev/paths.ts'
import { asMarkdown, type Table } from './result-tables.ts'
import { MEASURES } from './search-measures.ts'
import type { Search } from './search-result.ts'

const PAGE = fromProject('docs/answers.md')

const MARKERS = {
  evaluation: [
    '<!-- eval:handbook begin (npm run eval:handbook -- --write) -->',
    '<!-- eval:handbook end -->'
  ],
  ablation: [
    '<!-- eval:handbook ablation begin (npm run eval:handbook -- --ablation --write) -->',
    '<!-- eval:handbook ablation end -->'
  ]
} as const
export type PagePart = keyof typeof MARKERS

type Source = { date: string; embedding: string }

const headOf = ({ date, embedding }: Source): string =>
  `${date}. Vectors: ${embedding}. Shares in percent`

const tablesText = (tables: readonly Table[]): string =>
  tables.map((table) => `### ${table.title}\n\n${asMarkdown(table)}`).join('\n\n')

export const evaluationText = (
  source: Source,
  tables: readonly Table[],
  searches: readonly Pick<Search, 'name' | 'about'>[]
): string => `${headOf(source)}; in brackets 95 % intervals (bootstrap over questions).

${tablesText(tables)}

### The searches

${searches.map(({ name, about }) => `- **${name}**: ${about}`).join('\n')}

### The measures

${Object.entries(MEASURES)
  .map(([name, { meaning }]) => `- **${name}**: ${meaning}`)
  .join('\n')}`

export const ablationText = (source: Source, table: Table): string =>
  `${headOf(source)}.

${tablesText([table])}`

/** @throws Error when the page lacks a marker of the part, or has them in the wrong order */
export const replacePart = (page: string, part: PagePart, text: string): string => {
  const [begin, end] = MARKERS[part]
  const from = page.indexOf(begin)
  const to = page.indexOf(end)
  if (from < 0 || to < from) {
    throw new Error(`The page lacks ${from < 0 ? begin : end}, or has it in the wrong place.`)
  }
  return `${page.slice(0, from)}${begin}\n${text.trim()}\n${page.slice(to)}`
}

export const writePart = async (part: PagePart, text: string): Promise<void> =>
  writeFile(PAGE, replacePart(await readFile(PAGE, 'utf8'), part, text))
