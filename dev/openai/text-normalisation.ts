// Normalises English and Spanish words for comparison: accents folded, endings cut, filler words left out.
import { FILLER_WORDS } from '../../src/shared/words/filler-words.ts'

export type WordLanguage = 'en' | 'es'

/** Lower case without accents; ñ becomes "ny", so that año is not ano. */
export const foldAccents = (text: string): string =>
  text.toLowerCase().replace(/ñ/g, 'ny').normalize('NFD').replace(/\p{M}/gu, '')

export const tokens = (text: string): string[] =>
  foldAccents(text)
    .replace(/[’']/g, "'")
    .replace(/°\s*([fc])\b/g, ' degree $1 ')
    .match(/\d+(?:[.,]\d+)?|[a-z]+/g) ?? []

const SPANISH_MARKS = /[¿¡ñáéíóú]/iu

/** Guesses a text's language by its filler words. A tie is English. */
export const languageOf = (text: string): WordLanguage => {
  let spanish = SPANISH_MARKS.test(text) ? 1 : 0
  let english = 0
  for (const token of tokens(text)) {
    if (FILLER_WORDS.es.has(token)) spanish += 1
    if (FILLER_WORDS.en.has(token)) english += 1
  }
  return spanish > english ? 'es' : 'en'
}

/** Shorter stems lose their meaning. */
const SHORTEST_STEM = 3

const cut = (word: string, endings: readonly string[]): string => {
  for (const ending of endings)
    if (word.endsWith(ending) && word.length - ending.length >= SHORTEST_STEM)
      return word.slice(0, -ending.length)
  return word
}

const undoubled = (word: string): string =>
  /([bdfgmnprt])\1$/.test(word) ? word.slice(0, -1) : word

const englishStem = (word: string): string => {
  if (word.length <= SHORTEST_STEM) return word
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`
  if (/(ss|us|is)$/.test(word)) return word
  const singular = /(s|x|z|ch|sh)es$/.test(word) ? word.slice(0, -2) : word.replace(/s$/, '')
  const bare = cut(singular, ['ing', 'ed', 'ly'])
  return (bare === singular ? bare : undoubled(bare)).replace(/(?<=...)e$/, '')
}

const SPANISH_ENDINGS = [
  'andolo iendolo aciones ciones ando iendo arse erse irse arlo arla erlo irlo',
  'acion cion amos emos imos adas ados idas idos aban ada ado ida',
  'ido aba ar er ir an en as os es a o e s'
].flatMap((endings) => endings.split(' '))

/** The light stem of a word with folded accents. */
export const stem = (word: string, language: WordLanguage): string => {
  if (/^\d/.test(word)) return word.replace(',', '.')
  return language === 'es' ? cut(word, SPANISH_ENDINGS) : englishStem(word)
}

/** Content words of a text, in order, as stems. */
export const contentStems = (text: string, language: WordLanguage): string[] =>
  tokens(text)
    .filter((token) => !FILLER_WORDS[language].has(token) && (token.length > 1 || /\d/.test(token)))
    .map((token) => stem(token, language))
