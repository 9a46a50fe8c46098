// The quantities of a figure, and when two quantities agree.
import type { Unit } from './units.ts'

/** A value with its unit. */
export type Quantity = {
  /** The spoken number; NaN where there is no single number, as in half past three. */
  value: number
  /** Kind of the unit; null without a unit. */
  kind: string | null
  /** In the kind's smallest unit, for comparing hours with minutes. */
  base: number
}

/** A part of a text that claims a value. Places are in UTF-16 units, `end` exclusive. */
export type Figure = {
  start: number
  end: number
  /** Possible meanings, each a list of quantities: "one hour thirty" is 90 minutes, or 1 hour and 30. */
  readings: readonly (readonly Quantity[])[]
  /** False for words that mostly claim nothing: "one of them", "the two", "in a second". */
  isClaim: boolean
}

export const unitlessQuantity = (value: number): Quantity => ({ value, kind: null, base: value })
export const quantityWithUnit = (value: number, { kind, scale }: Unit): Quantity => ({
  value,
  kind,
  base: value * scale
})
/** @param minutes since midnight, or since either twelve o'clock where `kind` is `clock12` */
export const timeQuantity = (
  kind: 'clock' | 'clock12',
  minutes: number,
  hour: number
): Quantity => ({
  value: minutes % 60 === 0 ? hour : Number.NaN,
  kind,
  base: minutes
})
export const dateQuantity = (month: number, day: number): Quantity => ({
  value: day,
  kind: 'date',
  base: month * 100 + day
})

/** Relative error of a conversion. Telephone numbers that differ in one digit must differ. */
const ROUNDING = 1e-9
const isSame = (one: number, other: number): boolean =>
  Math.abs(one - other) <= ROUNDING * Math.max(1, Math.abs(one))

const HALF_DAY_MINUTES = 720
const isTime = (kind: string): boolean => kind === 'clock' || kind === 'clock12'

/** True for the same value without different units. */
export const quantitiesAgree = (one: Quantity, other: Quantity): boolean => {
  if (one.kind === null || other.kind === null) return isSame(one.value, other.value)
  if (isTime(one.kind) && isTime(other.kind)) {
    return one.kind === 'clock' && other.kind === 'clock'
      ? one.base === other.base
      : one.base % HALF_DAY_MINUTES === other.base % HALF_DAY_MINUTES
  }
  const kinds = [one.kind, other.kind]
  // "165 degrees" is of either scale.
  const isDegree = kinds.includes('degree') && kinds.every((kind) => /^(?:degree|F|C)$/.test(kind))
  return (one.kind === other.kind || isDegree) && isSame(one.base, other.base)
}
