// What the model is told at the start of a session. Byte for byte the same for the same language, brand, role and
// station, and in that order, so that as many sessions as possible share their beginning in the service's prompt cache:
// a language's part is everybody's, words and table of contents a brand's, the role mostly crew's, the station a kiosk's.

import { estimateTokens, linesWithin } from './estimate-tokens.ts'
import { inOrder, type KitchenWord } from './kitchen-words.ts'
import type { ConversationLanguage } from './language.ts'
import { ROLES, type Role, STATION_PLACE } from './languages/phrases.ts'
import { PHRASES } from './languages/phrases-by-language.ts'
import { type Contents, NO_CONTENTS, tableOfContentsText } from './table-of-contents.ts'

/** A hundred words with short meanings take 1,000; longer ones leave the table of contents its place. */
const KITCHEN_WORDS_TOKEN_LIMIT = 2_000
const BETWEEN_PARTS = '\n\n'

export type Asker = {
  language: ConversationLanguage
  role: Role
  /** Checked by `station.ts`; undefined where the kiosk has none. */
  station?: string | undefined
  kitchenWords?: readonly KitchenWord[] | undefined
  contents?: Contents | undefined
}

/** A role that an older project made up may do what its policy says, and is spoken to as crew. */
export const roleOf = (name: string): Role => ROLES.find((role) => role === name) ?? 'crew'

const part = (heading: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [[`# ${heading}`, ...lines.map((line) => `- ${line}`)].join('\n')]

/** @param tokenLimit estimated tokens of the whole; the table of contents takes what the other parts leave */
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
    // A function: `$&` in a label is a label.
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
