// What a bench prints, one row for each thing measured, and whether its budget was met.
import { type Summary, summarise } from './statistics.ts'

export type Unit = 'ms' | '%' | 'kB' | 'count'

/** What a budget limits: a percentile, the value of something counted, or the ratio to the best peer. */
type Limited = 'p50' | 'p95' | 'value' | 'ratio'

export type Budget = { of: Limited; atMost: number; unit: Unit | '×' }

export type Row = {
  name: string
  n: number
  unit: Unit
  /** Of something counted, both are the count. Null: nothing could be measured. */
  p50: number | null
  p95: number | null
  /** The one that the budget limits; without a budget the 95th percentile. */
  value: number | null
  /** As it is written; null for a figure that is only told. */
  budget: string | null
  met: boolean | null
  /** Whom it is compared with: the best of the others. */
  peer?: string
  /** Ours through theirs, at the median. */
  ratio?: number
  /** The same at the 95th percentile. */
  ratioP95?: number
}

const digits = (value: number, count: number): number => Number(value.toFixed(count))

/** One decimal is finer than any clock here tells. */
const rounded = (value: number): number => digits(value, 1)

export const budgetText = (budget: Budget): string => {
  const limit = budget.unit === 'count' ? `${budget.atMost}` : `${budget.atMost} ${budget.unit}`
  switch (budget.of) {
    case 'p50':
    case 'p95':
      return `${budget.of} ≤ ${limit}`
    case 'value':
      return budget.atMost === 0 ? 'none' : `≤ ${limit}`
    case 'ratio':
      return `≤ ${budget.atMost}× the best`
    default:
      return budget.of satisfies never
  }
}

const limited = (budget: Budget | null, figures: Summary, ratio: number | null): number | null => {
  const of = budget?.of ?? 'p95'
  switch (of) {
    case 'p50':
      return rounded(figures.p50)
    case 'p95':
    case 'value':
      return rounded(figures.p95)
    case 'ratio':
      return ratio === null ? null : digits(ratio, 2)
    default:
      return of satisfies never
  }
}

const isMet = (budget: Budget, figures: Summary | null, ratio: number | null): boolean => {
  switch (budget.of) {
    case 'p50':
      return figures !== null && figures.p50 <= budget.atMost
    case 'p95':
    case 'value':
      return figures !== null && figures.p95 <= budget.atMost
    case 'ratio':
      return ratio !== null && ratio <= budget.atMost
    default:
      return budget.of satisfies never
  }
}

/** A row of many measurements. It is judged before its figures are rounded. */
export const measured = (
  name: string,
  unit: Unit,
  values: readonly number[],
  budget: Budget | null
): Row => {
  const figures = summarise(values)
  return {
    name,
    n: values.length,
    unit,
    p50: figures === null ? null : rounded(figures.p50),
    p95: figures === null ? null : rounded(figures.p95),
    value: figures === null ? null : limited(budget, figures, null),
    budget: budget === null ? null : budgetText(budget),
    met: budget === null ? null : isMet(budget, figures, null)
  }
}

/** A row of one value: something counted, or a size. @param n of how many */
export const counted = (
  name: string,
  unit: Unit,
  value: number,
  n: number,
  budget: Budget | null
): Row => ({ ...measured(name, unit, [value], budget), n })

export type ComparedClient = { name: string; values: readonly number[] }

/**
 * Ours against the best of the others, which is the one with the smallest median. What was measured as 0 has no
 * ratio: it is met when ours is 0 as well.
 */
export const compared = (
  name: string,
  unit: Unit,
  ours: readonly number[],
  peers: readonly ComparedClient[],
  budget: Budget | null
): Row => {
  const row = measured(name, unit, ours, null)
  const own = summarise(ours)
  const best = peers
    .flatMap(({ name: peer, values }) => {
      const figures = summarise(values)
      return figures === null ? [] : [{ peer, figures }]
    })
    .toSorted((a, b) => a.figures.p50 - b.figures.p50)[0]
  const text = budget === null ? null : budgetText(budget)
  if (best === undefined || own === null) {
    return { ...row, budget: text, met: budget === null ? null : false }
  }
  const ratio = best.figures.p50 === 0 ? null : own.p50 / best.figures.p50
  const isNoWorse = ratio === null ? own.p50 === 0 : budget !== null && isMet(budget, own, ratio)
  return {
    ...row,
    value: limited(budget, own, ratio),
    budget: text,
    met: budget === null ? null : isNoWorse,
    peer: best.peer,
    ...(ratio === null
      ? {}
      : { ratio: digits(ratio, 2), ratioP95: digits(own.p95 / best.figures.p95, 2) })
  }
}
