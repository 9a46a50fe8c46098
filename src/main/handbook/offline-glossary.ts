// Finds the organisation's other terms for the words of a question, in English and Spanish: "nevera" finds the walk-in
// cooler, and a question in one language finds a section that is written in the other only.
import type { Language } from '../../shared/language.ts'
import type { OfflineTerm } from './offline-handbook.ts'
import { toSearchTerm, wordsOfText } from './offline-stemmer.ts'

/** A way to write something: words that must all be there, as {@link toSearchTerm} has them. Never empty. */
export type Spelling = readonly string[]

/** All words for one thing. */
type Thing = Record<Language, readonly Spelling[]>

export type Glossary = {
  /**
   * For each word of a question how it may be written in a passage: as it stands first, then the kitchen's other words
   * for what it, or a phrase of the question that it belongs to, stands for.
   */
  spellingsOf(words: readonly string[], asked: Language, searched: Language): Spelling[][]
}

/** @param terms the organisation's, the same that the backend searches by */
export const createGlossary = (terms: readonly OfflineTerm[]): Glossary => {
  const things = new Map<string, Record<Language, Spelling[]>>()
  /** The things that a phrase with this word may stand for. */
  const named: Record<Language, Map<string, Set<Thing>>> = { en: new Map(), es: new Map() }
  for (const { concept, language, term } of terms) {
    const spelling = wordsOfText(term).flatMap((word) => toSearchTerm(word, language) ?? [])
    // Of small words only ("out of"): every passage has those.
    if (spelling.length === 0) continue
    const thing = things.get(concept) ?? { en: [], es: [] }
    things.set(concept, thing)
    thing[language].push(spelling)
    for (const word of spelling) {
      const known = named[language].get(word) ?? new Set()
      named[language].set(word, known.add(thing))
    }
  }

  return {
    spellingsOf: (words, asked, searched) => {
      const spoken = new Set(words)
      return words.map((word) => {
        const others = [...(named[asked].get(word) ?? [])]
          .filter((thing) => thing[asked].some((phrase) => isSaid(phrase, word, spoken)))
          .flatMap((thing) => thing[searched])
        const spellings: Spelling[] = [[word], ...others]
        return [...new Map(spellings.map((spelling) => [spelling.join(' '), spelling])).values()]
      })
    }
  }
}

const isSaid = (phrase: Spelling, word: string, spoken: ReadonlySet<string>): boolean =>
  phrase.includes(word) && phrase.every((part) => spoken.has(part))
