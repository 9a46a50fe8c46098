// How sure a share of some hundred questions is: percentile bootstrap with a seed, so that two runs on the same answers
// print the same interval.
import { seededRandom } from '../../local/realtime/randomness.ts'

export type Interval = { value: number; low: number; high: number }

/** Resamples: the ends of a 95 % interval stand still to the second digit from about here. */
const RESAMPLES = 2_000
const SEED = 20_261_120
/** What lies outside the interval at each end. */
const TAIL = 0.025

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/**
 * The mean with its 95 % interval (Efron's percentile method: questions are drawn with replacement).
 * @returns null when there is nothing to average
 */
export const meanWithInterval = (values: readonly number[]): Interval | null => {
  if (values.length === 0) return null
  const random = seededRandom(SEED)
  const means = Array.from({ length: RESAMPLES }, () => {
    let sum = 0
    for (let drawn = 0; drawn < values.length; drawn += 1) {
      sum += values[Math.floor(random() * values.length)] ?? 0
    }
    return sum / values.length
  }).sort((one, other) => one - other)
  const at = (share: number): number =>
    means[Math.min(RESAMPLES - 1, Math.floor(share * RESAMPLES))] ?? Number.NaN
  return { value: mean(values), low: at(TAIL), high: at(1 - TAIL) }
}
