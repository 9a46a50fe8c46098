// Reads kitchen-words.txt: which words of English and Spanish mean the same, and which word is the ordinary one.
import { readFileSync } from 'node:fs'
import { folded, stem, type WordLanguage } from './words.ts'

const WORD_FILE = new URL('./kitchen-words.txt', import.meta.url)

/** A word with the hyphens inside it, as in "walk-in". */
const WORD = /[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*/gu

type Side = { words: string[]; slang: string[] }
type Lookup = Record<WordLanguage, Map<string, string>>

const listed = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')

const sideOf = (text: string | undefined): Side => {
  const [words, slang] = (text ?? '').split('~')
  return { words: listed(words), slang: listed(slang) }
}

/** The first meaning of a word is the one that counts. */
const setOnce = (map: Map<string, string>, key: string, value: string): void => {
  if (!map.has(key)) map.set(key, value)
}

const readWordFile = (text: string): { meanings: Lookup; ordinary: Lookup } => {
  const meanings: Lookup = { en: new Map(), es: new Map() }
  const ordinary: Lookup = { en: new Map(), es: new Map() }
  for (const line of text.split('\n')) {
    if (line.startsWith('#') || !line.includes('=')) continue
    const [english, spanish] = line.split('=')
    const en = sideOf(english)
    const meaning = `meaning ${en.words[0]}`
    for (const [language, { words, slang }] of [
      ['en', en],
      ['es', sideOf(spanish)]
    ] as const) {
      for (const word of words) setOnce(meanings[language], stem(folded(word), language), meaning)
      for (const word of slang) setOnce(ordinary[language], folded(word), words[0] ?? word)
    }
  }
  return { meanings, ordinary }
}

const { meanings, ordinary } = readWordFile(readFileSync(WORD_FILE, 'utf8'))

/** Names the meaning that a stem shares with its synonyms and translations; undefined for a word that is not listed. */
export const meaningOf = (stemmed: string, language: WordLanguage): string | undefined =>
  meanings[language].get(stemmed)

const asWritten = (word: string, like: string): string =>
  /^\p{Lu}/u.test(like) ? word.charAt(0).toUpperCase() + word.slice(1) : word

/** The question with the listed slang and damaged words put into their ordinary words; otherwise the same text. */
export const restated = (question: string, language: WordLanguage): string =>
  question.replace(WORD, (word) => {
    const plain = ordinary[language].get(folded(word))
    return plain === undefined ? word : asWritten(plain, word)
  })
