// Finds the figures of a text: numbers in digits or words with their units, times of day, dates, halves and ranges.
import type { Language } from '../language.ts'
import {
  dateQuantity,
  type Figure,
  type Quantity,
  quantityWithUnit,
  unitlessQuantity
} from './figure.ts'
import { extraAt, figureOf, type Text, unitFrom, wordAt } from './figure-text.ts'
import { joinFigures, type PlacedFigure } from './join-figures.ts'
import { type NumberRead, numberAt } from './numbers.ts'
import {
  clockFrom,
  colonAt,
  monthAfter,
  monthFirstAt,
  namedAt,
  ordinalFigureAt,
  partPastAt,
  slashDateAt,
  spokenHour,
  suffixFrom
} from './times-and-dates.ts'
import { guessLanguage, tokenizeFigureText } from './tokens.ts'
import { currencyAt, type Unit } from './units.ts'

const isOneOf = (words: string): ReadonlySet<string> => new Set(words.split(' '))

/** Articles and "of" between a part and what it is part of: "half of an hour", "tres cuartos de taza". */
const SKIPPED = isOneOf('of de a an un una the la el')
const skippedFrom = (text: Text, at: number): number => {
  let next = at
  while (next < at + 2 && SKIPPED.has(wordAt(text, next))) next += 1
  return next
}

const readingsOf = (values: readonly number[], units: readonly Unit[]): Quantity[][] =>
  values.flatMap((value) => units.map((unit) => [quantityWithUnit(value, unit)]))

/** Units that "a" counts: "within an hour". With other units it mostly claims nothing: "a day off", "a second". */
const isCounted = ({ kind, scale }: Unit): boolean =>
  kind === 'months' ||
  (kind === 'time' && [60, 3_600, 604_800].includes(scale)) ||
  (/^(?:weight|volume|length)$/.test(kind) && [453.59237, 1_000, 946.352946, 25.4].includes(scale))

/** Before "a" or "an" these make it a rate: "15 dollars an hour", "twice a week". */
const RATED = isOneOf('times time twice once veces vez per por')

const isRate = (text: Text, at: number): boolean =>
  RATED.has(wordAt(text, at - 1)) ||
  text.tokens[at - 1]?.kind === 'digits' ||
  unitFrom(text, at - 1) !== null

/** "Half an hour", "media hora", "half a dozen". A half without a unit cannot be checked. */
const halfUnitAt = (text: Text, at: number): PlacedFigure | null => {
  const word = wordAt(text, at)
  const value = word === 'quarter' ? 0.25 : /^(?:half|media|medio)$/.test(word) ? 0.5 : null
  if (value === null) return null
  const from = skippedFrom(text, at + 1)
  const unit = unitFrom(text, from)
  if (unit !== null) return figureOf(text, at, unit.next, readingsOf([value], unit.units), true)
  const after = wordAt(text, from)
  return DOZENS.has(after)
    ? figureOf(text, at, from + 1, [[unitlessQuantity(value * 12)]], true)
    : null
}
const DOZENS = isOneOf('dozen dozens docena docenas')

/** "Hora y media", "time and a half": the one is implied. */
const oneAndHalfAt = (text: Text, at: number): PlacedFigure | null => {
  if (text.tokens[at]?.kind !== 'word') return null
  if (/^(?:vez|tiempo|time)$/.test(wordAt(text, at))) {
    const more = extraAt(text, at + 1)
    return more === null
      ? null
      : figureOf(text, at, more.next, [[unitlessQuantity(1 + more.value)]], true)
  }
  const unit = unitFrom(text, at)
  const extra = unit === null ? null : extraAt(text, unit.next)
  return unit === null || extra === null
    ? null
    : figureOf(text, at, extra.next, readingsOf([1 + extra.value], unit.units), true)
}

const FRACTION_NAMES: readonly (readonly [RegExp, number])[] = [
  [/^(?:thirds?|tercios?)$/, 3],
  [/^(?:quarters?|fourths?|cuartos?)$/, 4],
  [/^(?:fifths?|quintos?)$/, 5],
  [/^(?:eighths?|octavos?)$/, 8]
]

/** "Two thirds", "tres cuartos de taza". */
const namedFraction = (text: Text, at: number, number: NumberRead): PlacedFigure | null => {
  const [count = 0] = number.values
  const hyphen = wordAt(text, number.next) === '-' ? 1 : 0
  const name = wordAt(text, number.next + hyphen)
  const parts = FRACTION_NAMES.find(([pattern]) => pattern.test(name))?.[1]
  if (parts === undefined || number.style === 'digits' || count >= parts) return null
  const next = number.next + hyphen + 1
  // "A third day" is one more day; "a quarter inch" is a part of one.
  const isOrdinal = wordAt(text, at) === 'a' && name !== 'quarter' && wordAt(text, next) !== 'of'
  if (isOrdinal) return null
  const unit = unitFrom(text, skippedFrom(text, next))
  if (unit !== null) {
    return figureOf(text, at, unit.next, readingsOf([count / parts], unit.units), true)
  }
  // "Dos cuartos fríos" are two rooms.
  const readings = [[unitlessQuantity(count / parts)], [unitlessQuantity(count)]]
  return figureOf(text, at, next, readings, number.style !== 'one')
}

/** Before a small number these refer to named things: "the two", "los dos". */
const POINTING = isOneOf(
  'the these those other first last next los las estos estas esos esas otros otras primeros primeras ultimos ultimas'
)
/** Nouns that structure speech: "two things". */
const SPOKEN_OF = isOneOf(
  `thing things step steps way readings option options reason reasons rule rules kind kinds type types point points
   cosa cosas paso pasos forma formas manera maneras opcion opciones razon razones regla reglas tipo tipos punto puntos`
    .split(/\s+/)
    .join(' ')
)
const PERSONS = isOneOf(
  'them these those us you the ellos ellas estos estas esos esas los las nosotros ustedes'
)
const LARGEST_SMALL = 12

/** True when a number without a unit claims a count. */
const isCount = (text: Text, at: number, { style, values, next }: NumberRead): boolean => {
  if (style === 'digits') return true
  const [value = 0] = values
  if (style === 'one' || value === 0) return false
  if (value > LARGEST_SMALL) return true
  const isOf = /^(?:of|de)$/.test(wordAt(text, next)) && PERSONS.has(wordAt(text, next + 1))
  return !isOf && !POINTING.has(wordAt(text, at - 1)) && !SPOKEN_OF.has(wordAt(text, next))
}

/** A minus before a number: "-10 °F", "menos diez grados". */
const signAt = ({ tokens }: Text, at: number): number => {
  const sign = tokens[at]
  const before = tokens[at - 1]
  // "Por lo menos 20" and "al menos 20" are no minus.
  const isLeast = before?.text === 'lo' || before?.text === 'al'
  if (sign?.text === 'minus' || (sign?.text === 'menos' && !isLeast)) return 1
  const isDash = sign?.text === '-' && tokens[at + 1]?.isAdjacent === true
  // "135-165" is a range, and so is "walk-in".
  const isBetween = before?.kind === 'digits' || sign?.isAdjacent === true
  return isDash && !isBetween ? 1 : 0
}

const numericAt = (text: Text, at: number): PlacedFigure | null => {
  const { tokens, language } = text
  const currency = currencyAt(tokens, at)
  const sign = currency === null ? signAt(text, at) : 0
  const from = at + (currency === null ? sign : 1)
  const time = colonAt(text, from) ?? slashDateAt(text, from)
  if (time !== null && from === at) return time
  const number = numberAt(tokens, from, language)
  if (number === null) return null
  const values = number.values.map((value) => (sign === 1 ? -value : value))
  if (currency !== null) return figureOf(text, at, number.next, readingsOf(values, currency), true)
  const fraction = namedFraction(text, at, number)
  if (fraction !== null) return fraction

  const day = suffixFrom(text, number.next)
  const month = monthAfter(text, day)
  const [first = 0] = values
  if (month !== null && first >= 1 && first <= 31) {
    return figureOf(text, at, month.next, [[dateQuantity(month.month, first)]], true)
  }
  const [hour = first, minute = 0] = number.pair ?? []
  const clock = clockFrom(text, hour, minute, number.next)
  if (clock?.hasPeriod === true) return figureOf(text, at, clock.next, [[clock.quantity]], true)
  // "3.30 p. m."
  const dotted =
    tokens[from]?.kind === 'digits' ? /^(\d{1,2})\.(\d\d)$/.exec(wordAt(text, from)) : null
  const dottedClock = dotted && clockFrom(text, Number(dotted[1]), Number(dotted[2]), number.next)
  if (dottedClock?.hasPeriod === true) {
    return figureOf(text, at, dottedClock.next, [[dottedClock.quantity]], true)
  }
  if (DOZENS.has(wordAt(text, number.next))) {
    return figureOf(text, at, number.next + 1, [[unitlessQuantity(first * 12)]], true)
  }
  return (
    withUnit(text, at, { ...number, values }) ??
    spokenHour(text, at, number) ??
    plainNumber(text, at, day, { ...number, values })
  )
}

/** A number and its unit, with a half before or after it: "two and a half hours", "dos horas y media". */
const withUnit = (text: Text, at: number, number: NumberRead): PlacedFigure | null => {
  const inner = extraAt(text, number.next)
  const isHour = /^las?$/.test(wordAt(text, at - 1))
  const unit = inner === null ? null : unitFrom(text, inner.next)
  const read = unit ?? unitFrom(text, number.next)
  if (read === null) {
    if (inner === null || isHour) return null
    const readings = number.values.map((value) => [unitlessQuantity(value + inner.value)])
    return figureOf(text, at, inner.next, readings, true)
  }
  const extra = unit === null ? extraAt(text, read.next) : inner
  const values = number.values.map((value) => value + (extra?.value ?? 0))
  const parts =
    number.pair === undefined
      ? []
      : read.units.map((of) => [
          unitlessQuantity(number.pair?.[0] ?? 0),
          quantityWithUnit(number.pair?.[1] ?? 0, of)
        ])
  const isArticle = number.style === 'one' && wordAt(text, at) !== 'one'
  const isClaim = !isArticle || extra !== null || (read.units.some(isCounted) && !isRate(text, at))
  const next = unit === null ? (extra?.next ?? read.next) : read.next
  return figureOf(text, at, next, [...readingsOf(values, read.units), ...parts], isClaim)
}

const plainNumber = (text: Text, at: number, next: number, number: NumberRead): PlacedFigure => {
  const { pair } = number
  const clock = pair === undefined ? null : clockFrom(text, pair[0], pair[1], number.next)
  const readings = [
    ...number.values.map((value) => [unitlessQuantity(value)]),
    ...(pair === undefined ? [] : [pair.map(unitlessQuantity)]),
    ...(clock === null ? [] : [[clock.quantity]])
  ]
  return figureOf(text, at, next, readings, isCount(text, at, number))
}

const READERS = [
  namedAt,
  partPastAt,
  halfUnitAt,
  monthFirstAt,
  ordinalFigureAt,
  numericAt,
  oneAndHalfAt
] as const

/**
 * The figures of a text, in its order, none over another.
 * @param assumed language of a text whose words do not show it; null: reads words of both languages
 */
export const readFigures = (content: string, assumed: Language | null): Figure[] => {
  const tokens = tokenizeFigureText(content)
  const text: Text = { tokens, language: guessLanguage(tokens) ?? assumed }
  const figures: PlacedFigure[] = []
  for (let at = 0; at < tokens.length; ) {
    let found: PlacedFigure | null = null
    for (const read of READERS) {
      found = read(text, at)
      if (found !== null) break
    }
    if (found !== null) figures.push(found)
    at = found?.next ?? at + 1
  }
  return joinFigures(tokens, figures)
}
