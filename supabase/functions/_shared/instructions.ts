// Builds a session's instructions. The order is language, brand (words, table of contents), role, station: sessions
// share the longest possible beginning in the service's prompt cache. Equal input gives equal bytes.
import { estimateTokens, linesWithin } from './estimate-tokens.ts'
import { inOrder, type KitchenWord } from './kitchen-words.ts'
import type { ConversationLanguage } from './language.ts'
import { ROLES, type Role, STATION_PLACE } from './languages/phrases.ts'
import { PHRASES } from './languages/phrases-by-language.ts'
import { type Contents, NO_CONTENTS, tableOfContentsText } from './table-of-contents.ts'

/** A hundred words with short meanings take 1,000 tokens; the limit leaves room for the table of contents. */
const KITCHEN_WORDS_TOKEN_LIMIT = 2_000
const BETWEEN_PARTS = '\n\n'

export type Asker = {
  language: ConversationLanguage
  role: Role
  /** Checked by `station.ts`. */
  station?: string | undefined
  kitchenWords?: readonly KitchenWord[] | undefined
  contents?: Contents | undefined
}

/** A role with another name keeps the rights of its policy, and gets the answers of crew. */
export const roleOf = (name: string): Role => ROLES.find((role) => role === name) ?? 'crew'

const part = (heading: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [[`# ${heading}`, ...lines.map((line) => `- ${line}`)].join('\n')]

/** @param tokenLimit in estimated tokens; the table of contents takes the rest that the other parts leave */
export const instructionsFor = (
  { language, role, station, kitchenWords = [], contents = NO_CONTENTS }: Asker,
  tokenLimit: number
): string => {
  const phrases = PHRASES[language]
  const { headings } = phrases
  const words = inOrder(kitchenWords).map(({ term, means }) => `${term} = ${means}`)
  const before = [
    phrases.instructions,
    ...part(headings.terms, linesWithin(words, KITCHEN_WORDS_TOKEN_LIMIT))
  ]
  const after = [
    ...part(headings.role, [phrases.roles[role]]),
    // A function as replacement keeps a `$&` in a label as it is.
    ...part(
      headings.station,
      station === undefined ? [] : [phrases.station.replace(STATION_PLACE, () => station)]
    )
  ]
  const others = [...before, '', ...after].join(BETWEEN_PARTS)
  const listed = tableOfContentsText(
    contents,
    { ...phrases.contents, heading: `# ${headings.contents}` },
    tokenLimit - estimateTokens(others)
  )
  return [...before, ...(listed === null ? [] : [listed]), ...after].join(BETWEEN_PARTS)
}
