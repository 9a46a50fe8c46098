// Reduces text to search terms: lower case, without accents, without filler words, without endings of number and gender.
// The stemmer is light: over-stemmed words are lost to the search, which already weighs rare words higher.
import type { Language } from '../../shared/language.ts'
import { FILLER_WORDS } from '../../shared/words/filler-words.ts'
import { NUMBER_WORDS } from '../../shared/words/number-words.ts'

/** The words and numbers of a text, in order. `°` and punctuation separate. */
export const wordsOfText = (text: string): string[] => fold(text).match(/\d+|\p{L}+/gu) ?? []

/** The search term of a word; null for a filler word. */
export const toSearchTerm = (word: string, language: Language): string | null => {
  const folded = fold(word)
  if (FILLER_WORDS[language].has(folded)) return null
  // A recogniser writes numbers out; the handbook writes digits.
  const number = NUMBER_WORDS[language].get(folded)
  if (number !== undefined) return String(number)
  return stem(folded, language)
}

/** Lower case without accents; `ñ` becomes `n`, as a keyboard without it writes it. */
const fold = (text: string): string => text.toLowerCase().normalize('NFD').replaceAll(/\p{M}/gu, '')

/** Protects short words: "bus", "mes", "ice". */
const SHORTEST_STEM = 3

/** A Spanish verb with attached pronouns: "lavarse", "lavarme", "guardarlos", "lávense". */
const WITH_PRONOUN = /^(\p{L}{3,}?)(?:[aei]r(?:me|te|se|l[aeo]s?|nos)|en?se)$/u

const stem = (word: string, language: Language): string => {
  if (/^\d/.test(word)) return word
  const verb = language === 'es' ? WITH_PRONOUN.exec(word)?.[1] : undefined
  if (verb !== undefined) return verb
  for (const [ending, instead] of ENDINGS[language]) {
    if (word.endsWith(ending) && word.length - ending.length >= SHORTEST_STEM) {
      return `${word.slice(0, -ending.length)}${instead}`
    }
  }
  return word
}

/** The first match is replaced. English: plurals, and -ing and -ed of verbs. */
const ENDINGS: Record<Language, readonly (readonly [string, string])[]> = {
  en: [
    ['ies', 'y'],
    ['sses', 'ss'],
    ['shes', 'sh'],
    ['ches', 'ch'],
    ['xes', 'x'],
    ['ss', 'ss'],
    ['us', 'us'],
    ['es', ''],
    ['s', ''],
    ['ing', ''],
    ['ed', ''],
    ['e', '']
  ],
  // Number and gender, then the commonest endings of verbs: "lavo", "lavan" and "lavar" become one term.
  es: [
    ['ciones', 'cion'],
    ['ando', ''],
    ['iendo', ''],
    ['amos', ''],
    ['emos', ''],
    ['ados', ''],
    ['adas', ''],
    ['idos', ''],
    ['idas', ''],
    ['ado', ''],
    ['ada', ''],
    ['ido', ''],
    ['ida', ''],
    ['ces', 'z'],
    ['ar', ''],
    ['er', ''],
    ['ir', ''],
    ['an', ''],
    ['en', ''],
    ['os', ''],
    ['as', ''],
    ['es', ''],
    ['o', ''],
    ['a', ''],
    ['e', ''],
    ['s', '']
  ]
}
