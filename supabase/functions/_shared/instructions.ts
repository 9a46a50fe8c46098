// What the model is told at the start of a session. Byte for byte the same for the same language, role, words and
// station, and in that order, so that as many sessions as possible share their beginning in the service's
// prompt cache: a language's part is everybody's, the role mostly crew's, the words a brand's, the station a kiosk's.
import { inOrder, type KitchenWord } from './kitchen-words.ts'
import type { ConversationLanguage } from './language.ts'
import { ROLES, type Role, STATION_PLACE } from './languages/phrases.ts'
import { PHRASES } from './languages/phrases-of.ts'

export type Asker = {
  language: ConversationLanguage
  role: Role
  /** Checked by `station.ts`; undefined where the kiosk has none. */
  station?: string | undefined
  kitchenWords?: readonly KitchenWord[] | undefined
  /** Whether calls to `report_answer` are answered: only then is the model told of it. */
  reportsAnswer?: boolean | undefined
}

/** A role that an older project made up may do what its policy says, and is spoken to as crew. */
export const roleOf = (name: string): Role => ROLES.find((role) => role === name) ?? 'crew'

export const instructionsFor = ({
  language,
  role,
  station,
  kitchenWords = [],
  reportsAnswer = false
}: Asker): string => {
  const { instructions, reporting, headings, roles, station: stationLine } = PHRASES[language]
  const words = inOrder(kitchenWords).map(({ term, means }) => `- ${term} = ${means}`)
  return [
    instructions,
    ...(reportsAnswer ? [reporting] : []),
    `${headings.role}\n- ${roles[role]}`,
    ...(words.length === 0 ? [] : [`${headings.terms}\n${words.join('\n')}`]),
    ...(station === undefined
      ? []
      : // A function: `$&` in a label is a label.
        [`${headings.station}\n- ${stationLine.replace(STATION_PLACE, () => station)}`])
  ].join('\n\n')
}
