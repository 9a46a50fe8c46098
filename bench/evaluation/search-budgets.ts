// The budgets of the search: what it has to hand over before a cook may rely on an answer.

import type { Part, SetName } from './question-set.ts'
import type { Measure } from './search-measures.ts'

/** Bounds of a measure, one a set. */
type Budget = {
  name: Measure
  searches: readonly string[]
  direction: 'at least' | 'at most'
  bounds: Readonly<Record<SetName, number>>
}

/** As a kiosk asks, and as it asks when the model restates and names nothing. */
const BOTH = ['named', 'own words'] as const

export const BUDGETS: readonly Budget[] = [
  {
    name: 'facts given',
    searches: ['named'],
    direction: 'at least',
    bounds: { sample: 0.99, 'held-out': 0.98 }
  },
  {
    name: 'facts given',
    searches: ['own words'],
    direction: 'at least',
    bounds: { sample: 0.94, 'held-out': 0.92 }
  },
  {
    name: 'wrongly withheld',
    searches: BOTH,
    direction: 'at most',
    bounds: { sample: 0.005, 'held-out': 0.005 }
  },
  {
    name: 'section of another restaurant',
    searches: BOTH,
    direction: 'at most',
    bounds: { sample: 0, 'held-out': 0 }
  },
  {
    name: 'tokens, p95',
    searches: BOTH,
    direction: 'at most',
    bounds: { sample: 1_200, 'held-out': 1_200 }
  }
]

/** The questions that a budget is measured on. */
export const PART_WITH_BUDGETS: Readonly<Record<SetName, Part>> = {
  sample: 'test',
  'held-out': 'all'
}

export type Bound = { direction: Budget['direction']; bound: number }

/** The budget of a measure of all questions of a part; undefined where there is none. */
export const boundOf = (
  name: Measure,
  search: string,
  set: SetName,
  part: Part
): Bound | undefined => {
  if (PART_WITH_BUDGETS[set] !== part) return undefined
  const budget = BUDGETS.find((each) => each.name === name && each.searches.includes(search))
  return budget && { direction: budget.direction, bound: budget.bounds[set] }
}

export const isMet = ({ direction, bound }: Bound, value: number): boolean =>
  direction === 'at least' ? value >= bound : value <= bound
