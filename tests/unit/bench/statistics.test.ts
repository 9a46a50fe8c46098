// Percentiles by nearest rank.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { percentile, summarise } from '../../../bench/statistics.ts'

describe('a percentile', () => {
  test('is the smallest value that so many do not exceed', () => {
    const values = [15, 20, 35, 40, 50]
    expect(percentile(values, 30)).toBe(20)
    expect(percentile(values, 40)).toBe(20)
    expect(percentile(values, 50)).toBe(35)
    expect(percentile(values, 95)).toBe(50)
    expect(percentile(values, 100)).toBe(50)
  })

  test('of one value is that value', () => {
    expect(percentile([7], 1)).toBe(7)
    expect(percentile([7], 95)).toBe(7)
  })

  test('of 200 values leaves ten above it at 95', () => {
    const values = Array.from({ length: 200 }, (_, index) => index + 1)
    expect(percentile(values, 95)).toBe(190)
  })

  test('sorts figures as figures and leaves its values as they were', () => {
    const values = [100, 9, 30]
    expect(percentile(values, 50)).toBe(30)
    expect(values).toEqual([100, 9, 30])
  })

  test('is always a value that was measured, and enough of them are no larger', () => {
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

  test('is refused without values and outside its range', () => {
    expect(() => percentile([], 50)).toThrow(RangeError)
    expect(() => percentile([1], 0)).toThrow(RangeError)
    expect(() => percentile([1], 101)).toThrow(RangeError)
  })
})

test('nothing measured has no summary', () => {
  expect(summarise([])).toBeNull()
  expect(summarise([3, 1, 2])).toEqual({ n: 3, p50: 2, p95: 3 })
})
