import { describe, expect, it } from 'vitest'
import { readOptions } from '../../../../bench/evaluation/cli-options.ts'
import { mean, quantile, withInterval } from '../../../../bench/evaluation/confidence-interval.ts'
import { embeddingSource } from '../../../../bench/evaluation/embedding-source.ts'
import { half } from '../../../../bench/evaluation/question-set.ts'
import { allMet, buildResultRows, type Row } from '../../../../bench/evaluation/result-rows.ts'
import { budgetTable } from '../../../../bench/evaluation/result-tables.ts'
import { isMet } from '../../../../bench/evaluation/search-budgets.ts'
import { judge } from '../../../../bench/evaluation/search-measures.ts'
import { withConstant } from '../../../../bench/evaluation/sql-function-constants.ts'
import { asked, passage, question } from './sample-set.ts'

describe('withInterval', () => {
  it('is the same in every run and contains the mean', () => {
    const values = Array.from({ length: 100 }, (_, place) => (place < 80 ? 1 : 0))
    const one = withInterval(values)
    expect(one).toEqual(withInterval(values))
    expect(one?.value).toBeCloseTo(0.8)
    // The binomial's own: 0.8 ± 1.96 · 0.04.
    expect(one?.low).toBeCloseTo(0.72, 1)
    expect(one?.high).toBeCloseTo(0.88, 1)
  })

  it('is one value for equal values, and null for none', () => {
    expect(withInterval([1, 1, 1])).toEqual({ value: 1, low: 1, high: 1 })
    expect(withInterval([])).toBeNull()
  })

  it('takes a quantile or the mean', () => {
    const values = Array.from({ length: 100 }, (_, place) => place + 1)
    expect(withInterval(values, quantile(0.5))?.value).toBe(50)
    expect(withInterval(values, quantile(0.95))?.value).toBe(95)
    expect(withInterval(values, mean)?.value).toBe(50.5)
  })
})

describe('buildResultRows', () => {
  const judged = [
    {
      question: question(),
      judgement: judge(asked(), { given: [passage('cooking')], nearest: [] })
    }
  ]
  const own = half(question())
  const other = own === 'test' ? 'development' : 'test'
  const withBudget = (rows: readonly Row[]) =>
    rows.filter(({ budget }) => budget !== null).map(({ name }) => name)

  it('has budgets on the test half of the sample and on all of the held-out set', () => {
    const budgets = [
      'facts given',
      'wrongly withheld',
      'section of another restaurant',
      'tokens, p95'
    ]
    expect(buildResultRows('named', 'sample', other, judged)).toEqual([])
    expect(withBudget(buildResultRows('named', 'sample', own, judged))).toEqual(
      own === 'test' ? budgets : []
    )
    expect(withBudget(buildResultRows('named', 'sample', 'all', judged))).toEqual([])
    expect(withBudget(buildResultRows('named', 'held-out', own, judged))).toEqual([])
    expect(withBudget(buildResultRows('named', 'held-out', 'all', judged))).toEqual(budgets)
    expect(withBudget(buildResultRows('own words', 'held-out', 'all', judged))).toEqual(budgets)
    expect(withBudget(buildResultRows('named, no vectors', 'held-out', 'all', judged))).toEqual([])
  })

  it('meets a bound exactly, and reports whether all are met', () => {
    expect(isMet({ direction: 'at least', bound: 0.98 }, 0.98)).toBe(true)
    expect(isMet({ direction: 'at most', bound: 0 }, 0.001)).toBe(false)
    const rows = buildResultRows('named', 'held-out', 'all', judged)
    expect(allMet(rows)).toBe(true)
    expect(allMet(rows.map((row) => ({ ...row, budget: null, met: null })))).toBeNull()
    const missed = rows.map((row) =>
      row.budget !== null && row.name === 'facts given' ? { ...row, met: false } : row
    )
    expect(allMet(missed)).toBe(false)
    expect(budgetTable(missed).lines.map((cells) => cells.slice(2, 6))).toEqual([
      ['facts given', '100.0', '≥ 98', 'NO'],
      ['wrongly withheld', '0.0', '≤ 0.5', 'met'],
      ['section of another restaurant', '0.0', '≤ 0', 'met'],
      ['tokens, p95', '13', '≤ 1,200', 'met']
    ])
  })
})

describe('withConstant', () => {
  const SQL = `declare
    _b constant real := 0.3;
    _weights constant real[] := '{0, 0.25, 0.125, 1}';
    _best constant integer := _b;`

  it('changes one constant and nothing else', () => {
    expect(withConstant(SQL, '_weights', "'{0, 0.25, 0.125, 0.25}'")).toBe(
      SQL.replace('0.125, 1}', '0.125, 0.25}')
    )
    expect(withConstant(SQL, '_b', '0')).toBe(SQL.replace(':= 0.3', ':= 0'))
  })

  it('throws for an undeclared constant', () => {
    expect(() => withConstant(SQL, '_k1', '0')).toThrow(/_k1/)
  })
})

describe('the options', () => {
  it('refuses options that do not go together', () => {
    expect(() => readOptions(['--half', 'third'])).toThrow(/development or test/)
    expect(() => readOptions(['--write', '--set', 'sample'])).toThrow(/--write/)
    expect(() => readOptions(['--ablation', '--misses'])).toThrow(/--ablation/)
    expect(readOptions([])).toMatchObject({
      sets: ['sample', 'held-out'],
      parts: ['all', 'development', 'test']
    })
  })

  it('uses the real service only with its own key', () => {
    for (const key of [undefined, ' ', 'sk-local-x']) {
      expect(embeddingSource({ OPENAI_API_KEY: key }).about).toMatch(/stand-in/)
    }
    expect(embeddingSource({ OPENAI_API_KEY: 'sk-proj-x' }).about).toMatch(/^the real /)
  })
})
