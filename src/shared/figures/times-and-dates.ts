// Reads times of day and dates: "half past three", "las 3 de la tarde", "6/15", "the 15th of June".
import { dayPeriodAt, minutesOf, monthAt } from './day-period.ts'
import { dateQuantity, timeQuantity, unitlessQuantity } from './figure.ts'
import { extraAt, figureOf, type Text, unitFrom, wordAt } from './figure-text.ts'
import type { PlacedFigure } from './join-figures.ts'
import { fractionAt, type NumberRead, numberAt, ordinalAt } from './numbers.ts'

/** "Noon", "medianoche", "twice". */
export const namedAt = (text: Text, at: number): PlacedFigure | null => {
  const word = wordAt(text, at)
  if (word === 'twice') return figureOf(text, at, at + 1, [[unitlessQuantity(2)]], true)
  if (/^(?:noon|midday|mediodia)$/.test(word)) {
    return figureOf(text, at, at + 1, [[timeQuantity('clock', 720, 12)]], true)
  }
  return /^(?:midnight|medianoche)$/.test(word)
    ? figureOf(text, at, at + 1, [[timeQuantity('clock', 0, 12)]], true)
    : null
}

/** A time of day from its hour and minute, and the "p.m." after it. */
export const clockFrom = (text: Text, hour: number, minute: number, next: number) => {
  const period = dayPeriodAt(text.tokens, next)
  const half = period?.half ?? 'either'
  const minutes = minutesOf(hour, minute, half)
  if (minutes === null) return null
  const kind = half === 'either' && hour <= 12 ? 'clock12' : 'clock'
  return {
    quantity: timeQuantity(kind, minutes, hour),
    next: period?.next ?? next,
    hasPeriod: period !== null
  }
}

/** "Half past three", "quarter to five". */
export const partPastAt = (text: Text, at: number): PlacedFigure | null => {
  const named = wordAt(text, at) === 'a' ? at + 1 : at
  const part = { half: 30, quarter: 15 }[wordAt(text, named)]
  const way = wordAt(text, named + 1)
  if (part === undefined || !/^(?:past|after|to|before)$/.test(way)) return null
  const hour = numberAt(text.tokens, named + 2, text.language)
  const [value] = hour?.values ?? []
  if (hour === null || value === undefined || value > 12) return null
  const isPast = way === 'past' || way === 'after'
  const clock = clockFrom(
    text,
    isPast ? value : (value + 11) % 12,
    isPast ? part : 60 - part,
    hour.next
  )
  return clock === null ? null : figureOf(text, at, clock.next, [[clock.quantity]], true)
}

/** The day after a month: "June 15", "June 15th", "June fifteenth". */
export const monthFirstAt = (text: Text, at: number): PlacedFigure | null => {
  const month = monthAt(text.tokens, at)
  if (month === null) return null
  const from = wordAt(text, at + 1) === '.' ? at + 2 : at + 1
  const day = ordinalAt(text.tokens, from) ?? numberAt(text.tokens, from, text.language)
  const [value = 0] = day?.values ?? []
  if (day === null || value < 1 || value > 31 || !Number.isInteger(value)) return null
  return figureOf(text, at, suffixFrom(text, day.next), [[dateQuantity(month, value)]], true)
}

/** The month after a day: "15 de junio", "the 15th of June", "15 June". */
export const monthAfter = (text: Text, at: number): { month: number; next: number } | null => {
  const from = /^(?:of|de)$/.test(wordAt(text, at)) ? at + 1 : at
  const month = monthAt(text.tokens, from)
  return month === null ? null : { month, next: from + 1 }
}

/** After the "th" of "15th". */
export const suffixFrom = ({ tokens }: Text, at: number): number =>
  tokens[at]?.isAdjacent === true && /^(?:st|nd|rd|th)$/.test(tokens[at]?.text ?? '') ? at + 1 : at

/** "4:30", "16:30 h", "1:10" of a mixture. */
export const colonAt = (text: Text, at: number): PlacedFigure | null => {
  const [hour, colon, minute] = text.tokens.slice(at, at + 3)
  if (hour?.kind !== 'digits' || minute?.kind !== 'digits') return null
  const isClock = colon?.text === ':' || (colon?.text === '.' && minute.isAdjacent)
  if (!isClock || !colon.isAdjacent || !minute.isAdjacent) return null
  const [before, after] = [Number(hour.text), Number(minute.text)]
  const clock = minute.text.length === 2 ? clockFrom(text, before, after, at + 3) : null
  const mixture = before === 1 || after === 1 || clock === null
  if (clock === null && !mixture) return null
  const readings = [
    ...(clock === null ? [] : [[clock.quantity]]),
    ...(mixture && clock?.hasPeriod !== true
      ? [[unitlessQuantity(before), unitlessQuantity(after)]]
      : [])
  ]
  return figureOf(text, at, clock?.next ?? at + 3, readings, true)
}

/** "6/15" and "6/15/2026", as month and day or as day and month; null for a number. */
export const slashDateAt = (text: Text, at: number): PlacedFigure | null => {
  const parts = [0, 2, 4].map((step) => text.tokens[at + step])
  const isDate = [1, 3].map((step) => wordAt(text, at + step) === '/')
  const [one, other, year] = parts.map((part) => (part?.kind === 'digits' ? Number(part.text) : 0))
  if (isDate[0] !== true || one === undefined || other === undefined) return null
  const fraction = fractionAt(text.tokens, at)
  const readings = [
    ...(fraction === null ? [] : [[unitlessQuantity(fraction.value)]]),
    ...(one >= 1 && one <= 12 && other >= 1 && other <= 31 ? [[dateQuantity(one, other)]] : []),
    ...(other >= 1 && other <= 12 && one >= 1 && one <= 31 ? [[dateQuantity(other, one)]] : [])
  ]
  if (isDate[1] === true && (year ?? 0) > 0) return figureOf(text, at, at + 5, readings, true)
  // "1/2 cup" has its unit still to come.
  const isPart = fraction !== null && unitFrom(text, at + 3) !== null
  return isPart || readings.length === 0 ? null : figureOf(text, at, at + 3, readings, true)
}

/** The hour after "las": "a las tres y media", "las 5 menos cuarto". */
export const spokenHour = (text: Text, at: number, number: NumberRead): PlacedFigure | null => {
  if (!/^las?$/.test(wordAt(text, at - 1)) || text.language === 'en') return null
  const [value = 0] = number.pair ?? number.values
  if (value < 1 || value > 24) return null
  const extra = extraAt(text, number.next)
  const joint = wordAt(text, number.next)
  const isMinutes = joint === 'y' || joint === 'menos'
  const minutes = isMinutes ? numberAt(text.tokens, number.next + 1, text.language) : null
  const isQuarter = joint === 'menos' && wordAt(text, number.next + 1) === 'cuarto'
  const [counted = 0] = isQuarter ? [15] : (minutes?.values ?? [])
  const minute = number.pair?.[1] ?? (extra === null ? counted : extra.value * 60)
  const next = extra?.next ?? (isQuarter ? number.next + 2 : (minutes?.next ?? number.next))
  const clock =
    joint === 'menos' && minute > 0
      ? clockFrom(text, (value + 11) % 12, 60 - minute, next)
      : clockFrom(text, value, minute, next)
  if (clock === null) return null
  const isToldTime = /^(?:a|desde|hasta)$/.test(wordAt(text, at - 2))
  const isClaim = clock.hasPeriod || minute > 0 || number.style === 'digits' || isToldTime
  return figureOf(text, at, clock.next, [[clock.quantity]], isClaim)
}

/** "The fifteenth". Without a month it is no claim: "first" and "fourth" often order sentences. */
export const ordinalFigureAt = (text: Text, at: number): PlacedFigure | null => {
  const ordinal = text.language === 'es' ? null : ordinalAt(text.tokens, at)
  const [value = 0] = ordinal?.values ?? []
  if (ordinal === null) return null
  const month = monthAfter(text, ordinal.next)
  return month === null
    ? figureOf(text, at, ordinal.next, [[unitlessQuantity(value)]], false)
    : figureOf(text, at, month.next, [[dateQuantity(month.month, value)]], true)
}
