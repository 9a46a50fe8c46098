// Finds the organisation's other terms for the words of a question: "nevera" finds the walk-in cooler. A question in
// one language also finds a section in the other.
import type { Language } from '../../shared/language.ts'
import type { OfflineTerm } from './offline-handbook.ts'
import { toSearchTerm, wordsOfText } from './offline-stemmer.ts'

/** A term: all of its words must be present, in the form of {@link toSearchTerm}. Never empty. */
export type Spelling = readonly string[]

/** The terms of one concept. */
type Concept = Record<Language, readonly Spelling[]>

type Glossary = {
  /**
   * For each word of a question its spellings in a passage: the word itself first, then the other terms of its concepts.
   * A word may belong to a phrase of the question.
   */
  spellingsOf(words: readonly string[], asked: Language, searched: Language): Spelling[][]
}

/** @param terms of the organisation, as the backend has them */
export const createGlossary = (terms: readonly OfflineTerm[]): Glossary => {
  const concepts = new Map<string, Record<Language, Spelling[]>>()
  /** Concepts by the words of their terms. */
  const byWord: Record<Language, Map<string, Set<Concept>>> = { en: new Map(), es: new Map() }
  for (const { concept, language, term } of terms) {
    const spelling = wordsOfText(term).flatMap((word) => toSearchTerm(word, language) ?? [])
    // A term of filler words only ("out of") is in every passage.
    if (spelling.length === 0) continue
    const known = concepts.get(concept) ?? { en: [], es: [] }
    concepts.set(concept, known)
    known[language].push(spelling)
    for (const word of spelling) {
      const withWord = byWord[language].get(word) ?? new Set()
      byWord[language].set(word, withWord.add(known))
    }
  }

  return {
    spellingsOf: (words, asked, searched) => {
      const spoken = new Set(words)
      return words.map((word) => {
        const others = [...(byWord[asked].get(word) ?? [])]
          .filter((of) => of[asked].some((phrase) => isInQuestion(phrase, word, spoken)))
          .flatMap((of) => of[searched])
        const spellings: Spelling[] = [[word], ...others]
        return [...new Map(spellings.map((spelling) => [spelling.join(' '), spelling])).values()]
      })
    }
  }
}

const isInQuestion = (phrase: Spelling, word: string, spoken: ReadonlySet<string>): boolean =>
  phrase.includes(word) && phrase.every((part) => spoken.has(part))
