// Builds the rows of a bench report and compares them with their budgets.
import { type Summary, summarise } from './statistics.ts'

export type Unit = 'ms' | '%' | 'kB' | 'count'

/** A percentile, a counted value, or the ratio to the best other client. */
type Limited = 'p50' | 'p95' | 'value' | 'ratio'

export type Budget = {
  of: Limited
  atMost: number
  unit: Unit | '×'
  /** Of a ratio: the limit at the 95th percentile, too. */
  atMostP95?: number
}

export const p95AtMost = (ms: number): Budget => ({ of: 'p95', atMost: ms, unit: 'ms' })
/** Of something counted. */
export const NONE: Budget = { of: 'value', atMost: 0, unit: 'count' }

export type Row = {
  name: string
  n: number
  unit: Unit
  /** Both are the count where something is counted. Null without measurements. */
  p50: number | null
  p95: number | null
  /** The figure that the budget limits; without a budget the 95th percentile. */
  value: number | null
  budget: string | null
  met: boolean | null
  /** The best other client. */
  peer?: string
  /** Kiosk to peer, at the median. */
  ratio?: number
  ratioP95?: number
}

const digits = (value: number, count: number): number => Number(value.toFixed(count))

/** The clocks are no finer. */
const rounded = (value: number): number => digits(value, 1)

const budgetText = (budget: Budget): string => {
  const limit = budget.unit === 'count' ? `${budget.atMost}` : `${budget.atMost} ${budget.unit}`
  switch (budget.of) {
    case 'p50':
    case 'p95':
      return `${budget.of} ≤ ${limit}`
    case 'value':
      return budget.atMost === 0 ? 'none' : `≤ ${limit}`
    case 'ratio':
      return `≤ ${budget.atMost}× the best${budget.atMostP95 === undefined ? '' : ` (p95 ≤ ${budget.atMostP95}×)`}`
    default:
      return budget.of satisfies never
  }
}

/** The figure that the budget limits; without a budget the 95th percentile. */
const limitedFigure = (
  budget: Budget | null,
  figures: Summary,
  ratio: number | null
): number | null => {
  const of = budget?.of ?? 'p95'
  switch (of) {
    case 'p50':
      return figures.p50
    case 'p95':
    case 'value':
      return figures.p95
    case 'ratio':
      return ratio
    default:
      return of satisfies never
  }
}

/** Compares the unrounded figure. */
const judged = (budget: Budget | null, figures: Summary | null, ratio: number | null) => {
  const figure = figures === null ? null : limitedFigure(budget, figures, ratio)
  return {
    value: figure === null ? null : digits(figure, budget?.of === 'ratio' ? 2 : 1),
    budget: budget === null ? null : budgetText(budget),
    met: budget === null ? null : figure !== null && figure <= budget.atMost
  }
}

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
    ...judged(budget, figures, null)
  }
}

/** @param n the number of observations */
export const counted = (
  name: string,
  unit: Unit,
  value: number,
  n: number,
  budget: Budget | null
): Row => ({ ...measured(name, unit, [value], budget), n })

/**
 * Compares the kiosk with the client that has the smallest median. A median of 0 gives no ratio; the kiosk meets the
 * budget with 0, too.
 */
export const compared = (
  name: string,
  unit: Unit,
  ours: readonly number[],
  clients: readonly { name: string; values: readonly number[] }[],
  budget: Budget | null
): Row => {
  const row = measured(name, unit, ours, null)
  const own = summarise(ours)
  const [best] = clients
    .flatMap((client) => {
      const figures = summarise(client.values)
      return figures === null ? [] : [{ peer: client.name, figures }]
    })
    .toSorted((a, b) => a.figures.p50 - b.figures.p50)
  if (best === undefined || own === null) {
    return { ...row, ...judged(budget, null, null), value: row.value }
  }
  const { peer, figures } = best
  if (figures.p50 === 0) {
    const met = budget === null ? null : own.p50 === 0
    return { ...row, ...judged(budget, own, null), met, peer }
  }
  const ratio = own.p50 / figures.p50
  const ratioP95 = own.p95 / figures.p95
  const verdict = judged(budget, own, ratio)
  const isTooSlow = ratioP95 > (budget?.atMostP95 ?? Number.POSITIVE_INFINITY)
  return {
    ...row,
    ...verdict,
    met: verdict.met === true && isTooSlow ? false : verdict.met,
    peer,
    ratio: digits(ratio, 2),
    ratioP95: digits(ratioP95, 2)
  }
}
