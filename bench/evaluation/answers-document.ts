// Writes the tables of an evaluation and of an ablation into docs/answers.md.
import { readFile, writeFile } from 'node:fs/promises'
import { fromProject } from '../../dev/paths.ts'
import { type Markers, replaceMarkedPart } from '../marked-part.ts'
import { asMarkdown, type Table } from './result-tables.ts'
import { MEASURES } from './search-measures.ts'
import type { Search } from './search-result.ts'

const PAGE = fromProject('docs/answers.md')

const MARKERS = {
  evaluation: {
    begin: '<!-- eval:handbook begin (npm run eval:handbook -- --write) -->',
    end: '<!-- eval:handbook end -->'
  },
  ablation: {
    begin: '<!-- eval:handbook ablation begin (npm run eval:handbook -- --ablation --write) -->',
    end: '<!-- eval:handbook ablation end -->'
  }
} as const satisfies Record<string, Markers>

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

export const writePart = async (part: keyof typeof MARKERS, text: string): Promise<void> =>
  writeFile(PAGE, replaceMarkedPart(await readFile(PAGE, 'utf8'), MARKERS[part], text))
