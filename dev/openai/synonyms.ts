// Maps words to shared concepts, and slang and misheard words to ordinary ones.
import { readFileSync } from 'node:fs'
import { KITCHEN_TERMS } from '../../src/shared/words/kitchen-terms.ts'
import { foldAccents, stem, type WordLanguage } from './text-normalisation.ts'

const MISHEARD_FILE = new URL('./misheard-words.txt', import.meta.url)

/** A word with the hyphens inside it, as in "walk-in". */
const WORD = /[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*/gu

type Lookup = Record<WordLanguage, Map<string, string>>

/** The first concept of each stem. Terms of several words are left out: texts are compared word by word. */
const readMeanings = (): Lookup => {
  const meanings: Lookup = { en: new Map(), es: new Map() }
  for (const { concept, language, term } of KITCHEN_TERMS) {
    const stemmed = stem(foldAccents(term), language)
    if (/^[\p{L}\d]+$/u.test(term) && !meanings[language].has(stemmed)) {
      meanings[language].set(stemmed, `meaning ${concept}`)
    }
  }
  return meanings
}

/** The ordinary word of each misheard one. */
const readMisheardWords = (text: string): Lookup => {
  const ordinary: Lookup = { en: new Map(), es: new Map() }
  for (const line of text.split('\n')) {
    const [, language, misheard = '', word = ''] = /^(en|es) (.+) = (.+)$/.exec(line) ?? []
    if (language !== 'en' && language !== 'es') continue
    for (const each of misheard.split(', ')) ordinary[language].set(foldAccents(each), word)
  }
  return ordinary
}

const meanings = readMeanings()
const ordinary = readMisheardWords(readFileSync(MISHEARD_FILE, 'utf8'))

/** The concept that a stem shares with its synonyms and translations; undefined for other words. */
export const conceptOf = (stemmed: string, language: WordLanguage): string | undefined =>
  meanings[language].get(stemmed)

const asWritten = (word: string, like: string): string =>
  /^\p{Lu}/u.test(like) ? word.charAt(0).toUpperCase() + word.slice(1) : word

/** Replaces slang and misheard words by ordinary ones. */
export const restated = (question: string, language: WordLanguage): string =>
  question.replace(WORD, (word) => {
    const plain = ordinary[language].get(foldAccents(word))
    return plain === undefined ? word : asWritten(plain, word)
  })
