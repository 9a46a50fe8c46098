// Computes the 95 % interval of a statistic by a percentile bootstrap with a seed: equal answers give an equal interval.
import { seededRandom } from '../../dev/openai/seeded-random.ts'

type Interval = { value: number; low: number; high: number }

/** May reorder the values. */
export type Statistic = (values: Float64Array) => number

/** From about here the ends of the interval are stable to the second digit. */
const RESAMPLES = 2_000
const SEED = 20_261_120
const TAIL = 0.025

export const mean: Statistic = (values) => {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}

/** The smallest value that is at least as large as a share of all. */
export const quantile =
  (share: number): Statistic =>
  (values) =>
    values.sort()[Math.max(0, Math.ceil(share * values.length) - 1)] ?? Number.NaN

/**
 * Efron's percentile method: questions are drawn with replacement.
 * @returns null without values
 */
export const withInterval = (
  values: readonly number[],
  statistic: Statistic = mean
): Interval | null => {
  const [first] = values
  if (first === undefined) return null
  if (values.every((value) => value === first)) return { value: first, low: first, high: first }
  const random = seededRandom(SEED)
  const drawn = new Float64Array(values.length)
  const found = Float64Array.from({ length: RESAMPLES }, () => {
    for (let place = 0; place < drawn.length; place += 1) {
      drawn[place] = values[Math.floor(random() * values.length)] ?? Number.NaN
    }
    return statistic(drawn)
  }).sort()
  const at = (share: number): number =>
    found[Math.min(RESAMPLES - 1, Math.floor(share * RESAMPLES))] ?? Number.NaN
  return { value: statistic(Float64Array.from(values)), low: at(TAIL), high: at(1 - TAIL) }
}
