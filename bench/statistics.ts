// Percentiles by nearest rank: every figure of a report is a measured value.

/**
 * The smallest value that at least `percent` of all values do not exceed.
 * @param percent above 0, up to 100
 * @throws RangeError without values, or for a percentage out of range
 */
export const percentile = (values: readonly number[], percent: number): number => {
  if (percent <= 0 || percent > 100) throw new RangeError(`There is no ${percent}th percentile.`)
  const sorted = values.toSorted((a, b) => a - b)
  const value = sorted[Math.ceil((percent / 100) * sorted.length) - 1]
  if (value === undefined) throw new RangeError('Nothing was measured.')
  return value
}

export type Summary = { n: number; p50: number; p95: number }

/** Null without values. */
export const summarise = (values: readonly number[]): Summary | null =>
  values.length === 0
    ? null
    : { n: values.length, p50: percentile(values, 50), p95: percentile(values, 95) }
