// Renders the parts of the migrations that come from src/shared/words, each between two comments.
import { readFile } from 'node:fs/promises'
import { fromProject } from '../../dev/paths.ts'
import { LANGUAGES } from '../../src/shared/language.ts'
import { QUESTION_FILLERS } from '../../src/shared/words/filler-words.ts'
import { KITCHEN_CONCEPTS } from '../../src/shared/words/kitchen-terms.ts'

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`

const fillerRows = (): string =>
  LANGUAGES.map((language) => {
    const lines = QUESTION_FILLERS[language].map((words) => `    ${text(`${words} `)}`)
    return `  (${text(language)},\n${lines.join('\n')})`
  }).join(',\n')

const termRows = (): string =>
  KITCHEN_CONCEPTS.map((row) => `  (${row.map(text).join(', ')})`).join(',\n')

const BLOCKS = [
  {
    path: 'supabase/migrations/20261201090000_text_search.sql',
    source: 'src/shared/words/filler-words.ts',
    rows: fillerRows
  },
  {
    path: 'supabase/migrations/20261201090300_terms.sql',
    source: 'src/shared/words/kitchen-terms.ts',
    rows: termRows
  }
]

/** A migration's current text, and its text with the current words. */
type MigrationWordList = { path: string; before: string; after: string }

const END = '  -- words end\n'

/** @throws Error for a migration without its two comments */
export const renderMigrationWordLists = (): Promise<MigrationWordList[]> =>
  Promise.all(
    BLOCKS.map(async ({ path, source, rows }) => {
      const before = await readFile(fromProject(path), 'utf8')
      const begin = `  -- words begin (\`npm run words\` writes them from ${source})\n`
      const from = before.indexOf(begin) + begin.length
      const to = before.indexOf(END, from)
      if (from < begin.length || to < 0) throw new Error(`${path} has no place for the words.`)
      return { path, before, after: `${before.slice(0, from)}${rows()}\n${before.slice(to)}` }
    })
  )
