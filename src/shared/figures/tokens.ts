// Cuts a text into numbers, words and marks with their places, and guesses its language.
import type { Language } from '../language.ts'

export type Token = {
  kind: 'digits' | 'word' | 'fraction' | 'mark'
  /** Lower case without accents; digits and marks in ASCII. */
  text: string
  /** Unchanged. */
  raw: string
  /** UTF-16 units of the text; `end` is exclusive. */
  start: number
  end: number
  /** Directly after the previous token, without a space. */
  isAdjacent: boolean
}

/** Zeros of other scripts: Arabic-Indic, extended, Devanagari, full width. */
const ZEROS = [0x0660, 0x06f0, 0x0966, 0xff10]
/** Equivalent signs, one character for one, so that places in the text do not change. */
const SIGNS = new Map(
  ['٫.', '．.', '٬,', '，,', '٪%', '％%', '：:', '／/', 'º°', '˚°', "’'"]
    .concat([...'－−–—‐‑〜～'].map((dash) => `${dash}-`))
    .map((pair) => [pair.charAt(0), pair.charAt(1)])
)

/** The text with its digits, dashes and signs in ASCII, each in its place. */
export const plain = (text: string): string => {
  let folded = ''
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charAt(at)
    const code = text.charCodeAt(at)
    const zero = ZEROS.find((first) => code >= first && code < first + 10)
    folded += zero === undefined ? (SIGNS.get(sign) ?? sign) : String(code - zero)
  }
  return folded
}

const TOKEN =
  /(?<digits>\d+(?:[.,]\d+)*)|(?<word>\p{L}[\p{L}\p{M}']*)|(?<fraction>[¼½¾⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])|\S/gu

export const fold = (word: string): string =>
  word.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()

export const tokenizeFigureText = (text: string): Token[] => {
  const tokens: Token[] = []
  for (const match of plain(text).matchAll(TOKEN)) {
    const [found] = match
    const { digits, word, fraction } = match.groups ?? {}
    const start = match.index
    tokens.push({
      kind:
        digits !== undefined
          ? 'digits'
          : word !== undefined
            ? 'word'
            : fraction !== undefined
              ? 'fraction'
              : 'mark',
      text: fold(found),
      raw: found,
      start,
      end: start + found.length,
      isAdjacent: tokens.at(-1)?.end === start
    })
  }
  return tokens
}

/** Frequent words of one language that the other does not have. */
const SMALL_WORDS: Record<Language, ReadonlySet<string>> = {
  en: new Set(
    `the of to and is are you it for in with not your at or if be degrees seconds minutes minute hours hour days
     weeks percent`.split(/\s+/)
  ),
  es: new Set(
    `el la los las de que y en con por para un una se tu es al del si lo grados segundos minutos minuto horas hora
     dias semanas`.split(/\s+/)
  )
}

/** The language with more of its small words; null for a tie. */
export const guessLanguage = (tokens: readonly Token[]): Language | null => {
  const count = (language: Language) =>
    tokens.filter(({ text }) => SMALL_WORDS[language].has(text)).length
  const balance = count('en') - count('es')
  return balance === 0 ? null : balance > 0 ? 'en' : 'es'
}
