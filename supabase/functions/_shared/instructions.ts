// Builds a session's instructions. The order is task, data (words, table of contents, station), rules, role. The rules
// come after all that people of the restaurant wrote. Sessions of a brand share the beginning in the service's prompt
// cache. Equal input gives equal bytes.
import { estimateTokens, linesWithin } from './estimate-tokens.ts'
import { dataPart } from './fenced-data.ts'
import { inOrder, type KitchenWord } from './kitchen-words.ts'
import type { ConversationLanguage } from './language.ts'
import { ROLES, type Role } from './languages/phrases.ts'
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

/** @param tokenLimit in estimated tokens; the table of contents takes the rest that the other parts leave */
export const instructionsFor = (
  { language, role, station, kitchenWords = [], contents = NO_CONTENTS }: Asker,
  tokenLimit: number
): string => {
  const phrases = PHRASES[language]
  const { headings } = phrases
  const words = linesWithin(
    inOrder(kitchenWords).map(({ term, means }) => `${term} = ${means}`),
    KITCHEN_WORDS_TOKEN_LIMIT
  )
  const before = [
    phrases.task,
    ...(words.length === 0 ? [] : [dataPart(headings.terms, [phrases.terms], words)])
  ]
  const after = [
    ...(station === undefined ? [] : [dataPart(headings.station, [phrases.station], [station])]),
    phrases.rules,
    `# ${headings.role}\n- ${phrases.roles[role]}`
  ]
  const others = [...before, '', ...after].join(BETWEEN_PARTS)
  const listed = tableOfContentsText(
    contents,
    { ...phrases.contents, heading: headings.contents },
    tokenLimit - estimateTokens(others)
  )
  return [...before, ...(listed === null ? [] : [listed]), ...after].join(BETWEEN_PARTS)
}
