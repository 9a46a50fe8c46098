import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { percentile, summarise } from '../../../bench/statistics.ts'

describe('percentile', () => {
  test.each([
    [30, 20],
    [40, 20],
    [50, 35],
    [95, 50],
    [100, 50]
  ])('returns the nearest rank at %i', (percent, value) => {
    expect(percentile([15, 20, 35, 40, 50], percent)).toBe(value)
  })

  test('sorts numerically and leaves its argument unchanged', () => {
    const values = [100, 9, 30]
    expect([percentile(values, 50), values]).toEqual([30, [100, 9, 30]])
  })

  test('returns a measured value that enough values do not exceed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true }), { minLength: 1 }),
        fc.integer({ min: 1, max: 100 }),
        (values, percent) => {
          const found = percentile(values, percent)
          expect(values).toContain(found)
          const notLarger = values.filter((value) => value <= found).length
          expect(notLarger * 100).toBeGreaterThanOrEqual(percent * values.length)
        }
      )
    )
  })

  test('throws without values and out of range', () => {
    for (const [values, percent] of [
      [[], 50],
      [[1], 0],
      [[1], 101]
    ] as const)
      expect(() => percentile(values, percent)).toThrow(RangeError)
  })
})

test('summarise returns null without values', () => {
  expect(summarise([])).toBeNull()
  expect(summarise([3, 1, 2])).toEqual({ n: 3, p50: 2, p95: 3 })
})
