// Reads a number at a place of a text, in digits or in English or Spanish words.
import type { Language } from '../language.ts'
import { NUMBER_WORDS, numberWordPairs } from '../words/number-words.ts'
import type { Token } from './tokens.ts'

export type NumberRead = {
  /** Possible values: "1,500" is 1500, and 1.5 where the comma is decimal. */
  values: readonly number[]
  /** "one sixty-five", "four thirty": two numbers in a row; `values` is another reading of them. */
  pair?: readonly [number, number]
  /** `one` is "a", "one", "una", which are mostly no figures. */
  style: 'digits' | 'words' | 'one'
  /** Index of the token after it. */
  next: number
}

type Words = {
  hundred: string
  thousand: string
  /** "Hundred and five". */
  and: string
  /** The first ten that a unit may follow, and their joint: "sixty-five", "treinta y cinco". */
  firstTen: number
  tenJoint: string
  /** "2 point 5". */
  point: ReadonlySet<string>
  ones: ReadonlySet<string>
  /** Articles before "hundred" and "thousand". */
  article: string
}

const WORDS: Record<Language, Words> = {
  en: {
    hundred: 'hundred',
    thousand: 'thousand',
    and: 'and',
    firstTen: 20,
    tenJoint: '-',
    point: new Set(['point']),
    ones: new Set(['a', 'an', 'one']),
    article: 'a'
  },
  es: {
    hundred: '',
    thousand: 'mil',
    and: '',
    firstTen: 20,
    tenJoint: 'y',
    point: new Set(['punto', 'coma']),
    ones: new Set(['un', 'una', 'uno']),
    article: ''
  }
}
/** Spanish "eleven" is English "once", English "ten" is Spanish "have": numbers only where the language is known. */
const FALSE_FRIENDS = new Set(['once', 'ten'])

const FRACTIONS = '½¼¾⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞'
const FRACTION_VALUES = [
  ...[1 / 2, 1 / 4, 3 / 4, 1 / 3, 2 / 3, 1 / 5, 2 / 5, 3 / 5, 4 / 5, 1 / 6, 5 / 6],
  ...[1 / 8, 3 / 8, 5 / 8, 7 / 8]
]
/** "6/15" is a date, "1/64" the smallest fraction that a ruler has. */
const LARGEST_DENOMINATOR = 64

const digitValues = (digits: string): number[] => {
  const separators = digits.match(/[.,]/g) ?? []
  const [first] = separators
  if (first === undefined) return [Number(digits)]
  const last = digits.search(/[.,]\d+$/)
  const decimal = Number(
    `${digits.slice(0, last).replaceAll(/[.,]/g, '')}.${digits.slice(last + 1)}`
  )
  const isGrouped = /^[1-9]\d{0,2}([.,]\d{3})+$/.test(digits)
  const whole = Number(digits.replaceAll(/[.,]/g, ''))
  if (separators.length === 1) return isGrouped ? [whole, decimal] : [decimal]
  if (separators.every((mark) => mark === first)) return isGrouped ? [whole] : []
  // "1,500.25", "1.500,25".
  return /^[1-9]\d{0,2}(?:(?:,\d{3})+\.\d+|(?:\.\d{3})+,\d+)$/.test(digits) ? [decimal] : []
}

const isInteger = (text: string | undefined): boolean => text !== undefined && /^\d+$/.test(text)

/** "1/2" or "½" at `at`. */
export const fractionAt = (
  tokens: readonly Token[],
  at: number
): { value: number; next: number } | null => {
  const [top, slash, bottom] = tokens.slice(at, at + 3)
  if (top?.kind === 'fraction') {
    return { value: FRACTION_VALUES[FRACTIONS.indexOf(top.text)] ?? 0, next: at + 1 }
  }
  if (!isInteger(top?.text) || slash?.text !== '/' || !isInteger(bottom?.text)) return null
  if (!slash.isAdjacent || bottom?.isAdjacent !== true) return null
  const [over, under] = [Number(top?.text), Number(bottom.text)]
  return over > 0 && over < under && under <= LARGEST_DENOMINATOR
    ? { value: over / under, next: at + 3 }
    : null
}

const digitsAt = (tokens: readonly Token[], at: number): NumberRead | null => {
  const token = tokens[at]
  const before = tokens[at - 1]
  // "F19", "B12": a name, no number.
  if (token?.isAdjacent === true && before?.kind === 'word' && /[a-z]$/.test(before.text))
    return null
  const fraction = fractionAt(tokens, at)
  if (fraction !== null) return { values: [fraction.value], style: 'digits', next: fraction.next }
  if (token?.kind !== 'digits') return null
  const values = digitValues(token.text)
  if (isInteger(token.text)) {
    // "1 1/2", "1-1/2", "1½".
    const hyphen = tokens[at + 1]
    const skipped = hyphen?.text === '-' && hyphen.isAdjacent ? 1 : 0
    const part = fractionAt(tokens, at + 1 + skipped)
    if (part !== null && (skipped === 0 || tokens[at + 2]?.isAdjacent === true)) {
      return { values: [Number(token.text) + part.value], style: 'digits', next: part.next }
    }
  }
  return values.length === 0 ? null : { values, style: 'digits', next: at + 1 }
}

type Spelled = { value: number; next: number }
/** Reads the words of one language from a place on. */
type Reader = {
  words: Words
  valueAt: (at: number) => number | undefined
  textAt: (at: number) => string
}

const readerOf = (tokens: readonly Token[], language: Language, isCertain: boolean): Reader => {
  const textAt = (at: number) => tokens[at]?.text ?? ''
  return {
    words: WORDS[language],
    textAt,
    valueAt: (at) =>
      isCertain || !FALSE_FRIENDS.has(textAt(at))
        ? NUMBER_WORDS[language].get(textAt(at))
        : undefined
  }
}

/** "Sixty-five", "sixty five", "sesenta y cinco". */
const belowHundred = ({ words, valueAt, textAt }: Reader, at: number): Spelled | null => {
  const value = valueAt(at)
  if (value === undefined || value >= 100) return null
  if (value % 10 === 0 && value >= words.firstTen) {
    const isJoined = textAt(at + 1) === words.tenJoint
    const next = isJoined ? at + 2 : at + 1
    const unit = isJoined || words.tenJoint === '-' ? valueAt(next) : undefined
    if (unit !== undefined && unit > 0 && unit < 10) return { value: value + unit, next: next + 1 }
  }
  return { value, next: at + 1 }
}

/** The rest after a hundred or a thousand, with or without "and". */
const restAfter = (
  reader: Reader,
  at: number,
  read: (reader: Reader, at: number) => Spelled | null
): Spelled => {
  const isAnd = reader.words.and !== '' && reader.textAt(at) === reader.words.and
  return (isAnd ? read(reader, at + 1) : read(reader, at)) ?? { value: 0, next: at }
}

/** "Two hundred and ten", "a hundred", "doscientos diez". */
const belowThousand = (reader: Reader, at: number): Spelled | null => {
  const { words, valueAt, textAt } = reader
  const named = valueAt(at)
  if (named !== undefined && named >= 100) {
    const rest = restAfter(reader, at + 1, belowHundred)
    return { value: named + rest.value, next: rest.next }
  }
  const small = belowHundred(reader, at) ?? articleAt(reader, at)
  if (small === null || words.hundred === '' || textAt(small.next) !== words.hundred) {
    return belowHundred(reader, at)
  }
  const rest = restAfter(reader, small.next + 1, belowHundred)
  return { value: small.value * 100 + rest.value, next: rest.next }
}

const articleAt = ({ words, textAt }: Reader, at: number): Spelled | null =>
  words.article !== '' && textAt(at) === words.article ? { value: 1, next: at + 1 } : null

/** Any number up to 999,999. */
const spelledAt = (reader: Reader, at: number): Spelled | null => {
  const { words, textAt } = reader
  const isBare = words.article === '' && textAt(at) === words.thousand
  const count = isBare
    ? { value: 1, next: at }
    : (belowThousand(reader, at) ?? articleAt(reader, at))
  if (count === null || textAt(count.next) !== words.thousand) return belowThousand(reader, at)
  const rest = restAfter(reader, count.next + 1, belowThousand)
  return { value: count.value * 1_000 + rest.value, next: rest.next }
}

const wordsAt = (reader: Reader, at: number): NumberRead | null => {
  const { words, textAt } = reader
  const spelled = spelledAt(reader, at)
  const isOne = words.ones.has(textAt(at)) && (spelled === null || spelled.next === at + 1)
  if (isOne) {
    const one: NumberRead = { values: [1], style: 'one', next: at + 1 }
    // "A twenty-minute break" is no 120.
    return textAt(at) === 'one' ? pairAt(reader, { value: 1, next: at + 1 }, 'one') : one
  }
  if (spelled === null) return null
  // "Two point five".
  const part = words.point.has(textAt(spelled.next)) ? spelledAt(reader, spelled.next + 1) : null
  if (part !== null && part.value < 100) {
    return {
      values: [spelled.value + part.value / 10 ** String(part.value).length],
      style: 'words',
      next: part.next
    }
  }
  return pairAt(reader, spelled, 'words')
}

/** "One sixty-five" is 165, "four thirty" a time: a small number and one of two digits right after it. */
const pairAt = (reader: Reader, first: Spelled, style: 'words' | 'one'): NumberRead => {
  const second = first.value > 0 && first.value < 100 ? belowHundred(reader, first.next) : null
  return second !== null && second.value >= 10
    ? {
        values: [first.value * 100 + second.value],
        pair: [first.value, second.value],
        style: 'words',
        next: second.next
      }
    : { values: [first.value], style, next: first.next }
}

/**
 * The number that begins at a token.
 * @param language of the text; null: reads words of both languages
 */
export const numberAt = (
  tokens: readonly Token[],
  at: number,
  language: Language | null
): NumberRead | null => {
  const read = digitsAt(tokens, at)
  if (read !== null) return read
  if (tokens[at]?.kind !== 'word') return null
  if (language !== null) return wordsAt(readerOf(tokens, language, true), at)
  return wordsAt(readerOf(tokens, 'en', false), at) ?? wordsAt(readerOf(tokens, 'es', false), at)
}

const ORDINALS = new Map([
  ...numberWordPairs(
    `first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
     sixteenth seventeenth eighteenth nineteenth twentieth`,
    1,
    1
  ),
  ['thirtieth', 30] as const
])

/** An English ordinal word up to "thirty-first", for the day of a month. */
export const ordinalAt = (tokens: readonly Token[], at: number): NumberRead | null => {
  const textAt = (index: number) => tokens[index]?.text ?? ''
  const whole = ORDINALS.get(textAt(at))
  if (whole !== undefined) return { values: [whole], style: 'words', next: at + 1 }
  const ten = { twenty: 20, thirty: 30 }[textAt(at)]
  const from = textAt(at + 1) === '-' ? at + 2 : at + 1
  const unit = ORDINALS.get(textAt(from))
  return ten === undefined || unit === undefined || unit > 9
    ? null
    : { values: [ten + unit], style: 'words', next: from + 1 }
}
