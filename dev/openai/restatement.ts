// Restates a question as far as a word list can: slang and misheard words become their ordinary words.
import { readFileSync } from 'node:fs'
import { foldAccents, type WordLanguage } from './text-normalisation.ts'

/** A word with the hyphens inside it, as in "walk-in". */
const WORD = /[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*/gu

/** Lines such as `en chiken, chickin = chicken`. */
const ordinary: Record<WordLanguage, Map<string, string>> = { en: new Map(), es: new Map() }
const list = readFileSync(new URL('./misheard-words.txt', import.meta.url), 'utf8')
for (const [, language, misheard = '', word = ''] of list.matchAll(/^(en|es) (.+) = (.+)$/gm)) {
  for (const each of misheard.split(', ')) {
    ordinary[language === 'es' ? 'es' : 'en'].set(foldAccents(each), word)
  }
}

const capitalisedLike = (word: string, like: string): string =>
  /^\p{Lu}/u.test(like) ? word.charAt(0).toUpperCase() + word.slice(1) : word

export const restated = (question: string, language: WordLanguage): string =>
  question.replace(WORD, (word) => {
    const plain = ordinary[language].get(foldAccents(word))
    return plain === undefined ? word : capitalisedLike(plain, word)
  })
