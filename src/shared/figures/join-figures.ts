// Joins figures: the ends of a range share a unit, hours go with minutes, digits with digits.
import { type Figure, type Quantity, unitlessQuantity } from './figure.ts'
import type { Token } from './tokens.ts'

/** A figure with its tokens: from `first` up to `next`, which is exclusive. */
export type PlacedFigure = Figure & { first: number; next: number }

const RANGE = /^(?:-|to|through|thru|or|and|a|o|u|y|hasta)$/
const COMPOUND = /^(?:,|and|y|con|with)$/
const DIGIT_GAP = /^[-().]$/

/** The tokens between two figures, where all of them fit. */
const gapOf = (
  tokens: readonly Token[],
  one: PlacedFigure,
  other: PlacedFigure,
  isGap: RegExp
): readonly Token[] | null => {
  const gap = tokens.slice(one.next, other.first)
  return gap.every(({ text }) => isGap.test(text)) ? gap : null
}

/** The one quantity of each reading; null where a reading has several. */
const singles = ({ readings }: Figure): Quantity[] | null =>
  readings.every(({ length }) => length === 1) ? readings.flat() : null

const isBare = (figure: Figure): boolean =>
  singles(figure)?.every(({ kind }) => kind === null) === true

const isUnit = (kind: string | null): kind is string =>
  kind !== null && !/^(?:clock|clock12|date)$/.test(kind)

/** `one` with the units of `other`: "10 to 15 minutes", "$5 to 10". */
const sharing = (one: PlacedFigure, other: PlacedFigure): PlacedFigure | null => {
  if (!isBare(one)) return null
  const units = singles(other)?.filter(({ kind }) => isUnit(kind)) ?? []
  const [unit] = units
  if (unit === undefined || unit.value === 0) return null
  return {
    ...one,
    isClaim: true,
    readings: one.readings.flatMap(([quantity]) =>
      units.map(({ kind, base, value }) => [
        {
          value: quantity?.value ?? 0,
          kind,
          base: ((quantity?.value ?? 0) * base) / value
        }
      ])
    )
  }
}

const shareUnits = (tokens: readonly Token[], figures: readonly PlacedFigure[]): PlacedFigure[] => {
  const shared = [...figures]
  // From the end: "5, 10 or 15 minutes" hands its unit on.
  for (let at = shared.length - 2; at >= 0; at -= 1) {
    const [one, other] = [shared[at], shared[at + 1]]
    if (one === undefined || other === undefined) continue
    if (gapOf(tokens, one, other, RANGE)?.length !== 1) continue
    const before = sharing(one, other)
    const isMoney = /dollars|pesos|euros|pounds-sterling/.test(one.readings[0]?.[0]?.kind ?? '')
    if (before !== null) shared[at] = before
    else if (isMoney) shared[at + 1] = sharing(other, one) ?? other
  }
  return shared
}

/** "One hour and 30 minutes", "5 feet 6 inches": the sum, or each for itself. */
const compound = (one: PlacedFigure, other: PlacedFigure): PlacedFigure | null => {
  const sums = one.readings.flatMap(([large, ...more]) =>
    other.readings.flatMap(([small, ...rest]) => {
      const isSum =
        more.length + rest.length === 0 &&
        large !== undefined &&
        small !== undefined &&
        isUnit(large.kind) &&
        large.kind === small.kind &&
        small.base < large.base / Math.max(1, large.value)
      return isSum ? [[{ value: Number.NaN, kind: large.kind, base: large.base + small.base }]] : []
    })
  )
  if (sums.length === 0) return null
  const parts = one.readings.flatMap((way) => other.readings.map((more) => [...way, ...more]))
  return {
    ...one,
    end: other.end,
    next: other.next,
    readings: [...sums, ...parts],
    isClaim: one.isClaim || other.isClaim
  }
}

/** Digits of a whole number without a unit; null for any other figure. */
const digitsIn = (tokens: readonly Token[], figure: PlacedFigure): string | null => {
  const [only, ...more] = figure.readings
  const value = only?.[0]?.value ?? Number.NaN
  if (more.length > 0 || only?.length !== 1 || !isBare(figure) || !Number.isInteger(value)) {
    return null
  }
  const token = tokens[figure.first]
  return token?.kind === 'digits' && figure.next === figure.first + 1 ? token.text : String(value)
}

/** A telephone number has seven digits at least; "nine one one" is spelled out. */
const LONG_DIGITS = 7
const SPELLED_DIGITS = 3

const joinDigits = (tokens: readonly Token[], figures: readonly PlacedFigure[]): PlacedFigure[] => {
  const joined: PlacedFigure[] = []
  for (let at = 0; at < figures.length; ) {
    const run: { figure: PlacedFigure; digits: string }[] = []
    for (let next = at; next < figures.length; next += 1) {
      const figure = figures[next]
      const digits = figure === undefined ? null : digitsIn(tokens, figure)
      const last = run.at(-1)?.figure
      if (figure === undefined || digits === null) break
      if (last !== undefined && gapOf(tokens, last, figure, DIGIT_GAP) === null) break
      run.push({ figure, digits })
    }
    const [first, last] = [run[0]?.figure, run.at(-1)?.figure]
    const digits = run.map((one) => one.digits).join('')
    const isSpelled = run.length >= SPELLED_DIGITS && digits.length === run.length
    const isNumber = run.length > 1 && digits.length >= LONG_DIGITS
    if (first !== undefined && last !== undefined && (isSpelled || isNumber)) {
      joined.push({
        ...first,
        end: last.end,
        next: last.next,
        readings: [
          [unitlessQuantity(Number(digits))],
          run.flatMap(({ figure }) => figure.readings[0] ?? [])
        ],
        isClaim: true
      })
      at += run.length
    } else {
      joined.push(...figures.slice(at, at + 1))
      at += 1
    }
  }
  return joined
}

const joinCompounds = (
  tokens: readonly Token[],
  figures: readonly PlacedFigure[]
): PlacedFigure[] => {
  const joined: PlacedFigure[] = []
  for (const figure of figures) {
    const last = joined.at(-1)
    const gap = last === undefined ? null : gapOf(tokens, last, figure, COMPOUND)
    const together =
      last === undefined || gap === null || gap.length > 1 ? null : compound(last, figure)
    if (together === null) joined.push(figure)
    else joined[joined.length - 1] = together
  }
  return joined
}

/** @param figures in the order of the text, none over another */
export const joinFigures = (
  tokens: readonly Token[],
  figures: readonly PlacedFigure[]
): PlacedFigure[] => joinCompounds(tokens, shareUnits(tokens, joinDigits(tokens, figures)))
