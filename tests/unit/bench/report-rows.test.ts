import { describe, expect, test } from 'vitest'
import { compared, counted, measured } from '../../../bench/report-rows.ts'

const P95 = { of: 'p95', atMost: 10, unit: 'ms' } as const
const RATIO = { of: 'ratio', atMost: 0.9, unit: '×' } as const

describe('measured', () => {
  test('compares the percentile of the budget', () => {
    const values = [1, 2, 3, 4, 30]
    expect(measured('gate', 'ms', values, P95)).toEqual({
      name: 'gate',
      n: 5,
      unit: 'ms',
      p50: 3,
      p95: 30,
      value: 30,
      budget: 'p95 ≤ 10 ms',
      met: false
    })
    expect(measured('start', 'ms', values, { ...P95, of: 'p50' })).toMatchObject({
      value: 3,
      budget: 'p50 ≤ 10 ms',
      met: true
    })
  })

  test('compares the unrounded figure', () => {
    expect(measured('gate', 'ms', [10.04], P95)).toMatchObject({ p95: 10, met: false })
  })

  test('does not meet a budget without measurements, and has no verdict without a budget', () => {
    const nothing = { n: 0, p50: null, p95: null, met: false }
    expect(measured('gate', 'ms', [], P95)).toMatchObject(nothing)
    expect(measured('all of it', 'ms', [5], null)).toMatchObject({ budget: null, met: null })
  })
})

test('counted meets a budget of none only with 0', () => {
  const none = { of: 'value', atMost: 0, unit: 'count' } as const
  expect(counted('long tasks', 'count', 0, 200, none)).toMatchObject({
    n: 200,
    p50: 0,
    budget: 'none',
    met: true
  })
  expect(counted('long tasks', 'count', 1, 200, none)).toMatchObject({ met: false })
})

describe('compared', () => {
  const peers = [
    { name: 'slow', values: [200, 220] },
    { name: 'quick', values: [100, 120] },
    { name: 'absent', values: [] }
  ]

  test('compares with the smallest median', () => {
    expect(compared('call ready', 'ms', [85, 150], peers, RATIO)).toMatchObject({
      p50: 85,
      peer: 'quick',
      ratio: 0.85,
      ratioP95: 1.25,
      budget: '≤ 0.9× the best',
      met: true
    })
    expect(compared('call ready', 'ms', [95], peers, RATIO)).toMatchObject({ met: false })
  })

  test('compares the 95th percentiles, too, where the budget limits them', () => {
    const both = (atMostP95: number) =>
      compared('audible', 'ms', [85, 150], peers, { ...RATIO, atMostP95 })
    expect(both(1.3)).toMatchObject({ met: true, budget: '≤ 0.9× the best (p95 ≤ 1.3×)' })
    expect(both(1.2)).toMatchObject({ met: false })
  })

  test('does not meet a budget without other clients, and has no verdict without a budget', () => {
    expect(compared('call ready', 'ms', [85], [], RATIO)).toMatchObject({ met: false })
    const unbounded = { ratio: 0.8, budget: null, met: null }
    expect(compared('first event', 'ms', [80], peers, null)).toMatchObject(unbounded)
  })

  test('has no ratio to a median of 0, and meets the budget with 0', () => {
    const none = [{ name: 'perfect', values: [0] }]
    expect(compared('lost', 'ms', [0], none, RATIO)).toMatchObject({ peer: 'perfect', met: true })
    expect(compared('lost', 'ms', [1], none, RATIO)).toMatchObject({ met: false })
    expect(compared('lost', 'ms', [0], none, RATIO)).not.toHaveProperty('ratio')
  })
})
