// The budgets of the handbook search.
import type { Part, SetName } from './question-set.ts'
import type { Measure } from './search-measures.ts'

type Budget = {
  name: Measure
  searches: readonly string[]
  direction: 'at least' | 'at most'
  bounds: Readonly<Record<SetName, number>>
}

/** With and without the restatement and the named sections. */
const BOTH = ['named', 'own words'] as const

const BUDGETS: readonly Budget[] = [
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

export const PART_WITH_BUDGETS: Readonly<Record<SetName, Part>> = {
  sample: 'test',
  'held-out': 'all'
}

export type Bound = { direction: Budget['direction']; bound: number }

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
