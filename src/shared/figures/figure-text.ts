// The tokens of a text, and helpers for the readers of its figures.
import type { Language } from '../language.ts'
import type { Figure } from './figure.ts'
import type { PlacedFigure } from './join-figures.ts'
import type { Token } from './tokens.ts'
import { afterPhrase, type UnitRead, unitAt } from './units.ts'

/** `language` is null where it is not known. */
export type Text = { tokens: readonly Token[]; language: Language | null }

export const wordAt = ({ tokens }: Text, at: number): string => tokens[at]?.text ?? ''

/** After a number or its unit: "and a half", "y media". */
export const extraAt = ({ tokens }: Text, at: number): { value: number; next: number } | null => {
  for (const [phrase, value] of EXTRAS) {
    const next = afterPhrase(tokens, at, phrase)
    if (next !== null) return { value, next }
  }
  return null
}
const EXTRAS: readonly (readonly [string, number])[] = [
  ['and a half', 0.5],
  ['and one half', 0.5],
  ['- and - a - half', 0.5],
  ['and a quarter', 0.25],
  ['and three quarters', 0.75],
  ['y media', 0.5],
  ['y medio', 0.5],
  ['y cuarto', 0.25]
]

export const unitFrom = ({ tokens, language }: Text, at: number): UnitRead | null =>
  unitAt(tokens, at, language)

export const figureOf = (
  text: Text,
  first: number,
  next: number,
  readings: Figure['readings'],
  isClaim: boolean
): PlacedFigure => ({
  start: text.tokens[first]?.start ?? 0,
  end: text.tokens[next - 1]?.end ?? 0,
  readings,
  isClaim,
  first,
  next
})
