// Reads the words that make a number a time of day or a date: "3 p.m.", "las 3 de la tarde", "June 15".

import type { Token } from './tokens.ts'
import { afterPhrase } from './units.ts'

type Half = 'am' | 'pm'

const HALVES: readonly (readonly [string, Half])[] = [
  ['am', 'am'],
  ['pm', 'pm'],
  ['a . m', 'am'],
  ['p . m', 'pm'],
  ['in the morning', 'am'],
  ['in the afternoon', 'pm'],
  ['in the evening', 'pm'],
  ['at night', 'pm'],
  ['de la manana', 'am'],
  ['de la madrugada', 'am'],
  ['de la tarde', 'pm'],
  ['de la noche', 'pm']
]
const ON_THE_HOUR = ["o'clock", 'en punto']

/** The half of the day; `either` after "o'clock". */
export const dayPeriodAt = (
  tokens: readonly Token[],
  at: number
): { half: Half | 'either'; next: number } | null => {
  for (const phrase of ON_THE_HOUR) {
    const next = afterPhrase(tokens, at, phrase)
    if (next !== null) return dayPeriodAt(tokens, next) ?? { half: 'either', next }
  }
  for (const [phrase, half] of HALVES) {
    const next = afterPhrase(tokens, at, phrase)
    if (next !== null) return { half, next }
  }
  return null
}

const MINUTES_PER_HOUR = 60
const HALF_DAY = 12

/** Minutes since midnight, under half a day when the half is unknown; null for an invalid time. */
export const minutesOf = (hour: number, minute: number, half: Half | 'either'): number | null => {
  if (!Number.isInteger(hour) || hour < 0 || hour > 24 || minute < 0 || minute > 59) return null
  const isLate = half === 'pm' && hour < HALF_DAY
  const isMidnight = half === 'am' && hour === HALF_DAY
  const counted = isLate ? hour + HALF_DAY : isMidnight ? 0 : hour
  return (counted % 24) * MINUTES_PER_HOUR + minute
}

const MONTHS = [
  'january jan enero',
  'february feb febrero',
  'march mar marzo',
  'april apr abril',
  'may mayo',
  'june jun junio',
  'july jul julio',
  'august aug agosto',
  'september sep sept septiembre setiembre',
  'october oct octubre',
  'november nov noviembre',
  'december dec diciembre'
]
const MONTH_OF = new Map(
  MONTHS.flatMap((names, at) => names.split(' ').map((name) => [name, at + 1] as const))
)

/** English months need a capital: "march" and "may" are verbs too. */
export const monthAt = (tokens: readonly Token[], at: number): number | null => {
  const token = tokens[at]
  const month = MONTH_OF.get(token?.text ?? '')
  if (token === undefined || month === undefined) return null
  return /o$|il$/.test(token.text) || /^\p{Lu}/u.test(token.raw) ? month : null
}
