// Maps the words of the kitchen to concepts that synonyms and translations share.
import { KITCHEN_TERMS } from '../../src/shared/words/kitchen-terms.ts'
import { foldAccents, stem, type WordLanguage } from './text-normalisation.ts'

const concepts: Record<WordLanguage, Map<string, string>> = { en: new Map(), es: new Map() }
for (const { concept, language, term } of KITCHEN_TERMS) {
  const stemmed = stem(foldAccents(term), language)
  // Texts are compared word by word: a term of several words has no place.
  const isWord = /^[\p{L}\d]+$/u.test(term)
  if (isWord && !concepts[language].has(stemmed))
    concepts[language].set(stemmed, `meaning ${concept}`)
}

/** The concept of a stem; undefined for a word that is not listed. */
export const conceptOf = (stemmed: string, language: WordLanguage): string | undefined =>
  concepts[language].get(stemmed)
