// The budgets of the handbook search.
import type { Part, SetName } from './question-set.ts'
import type { Measure } from './search-measures.ts'

export type Bound = { direction: 'at least' | 'at most'; bound: number }

/** With and without the restatement and the named sections. */
const SEARCHES: readonly string[] = ['named', 'own words']

const FACTS_GIVEN: Readonly<Record<string, Record<SetName, number>>> = {
  named: { sample: 0.99, 'held-out': 0.98 },
  'own words': { sample: 0.94, 'held-out': 0.92 }
}
/** Of both searches and both sets. */
const AT_MOST: Partial<Record<Measure, number>> = {
  'wrongly withheld': 0.005,
  'section of another restaurant': 0,
  'tokens, p95': 1_200
}

export const PART_WITH_BUDGETS: Readonly<Record<SetName, Part>> = {
  sample: 'test',
  'held-out': 'all'
}

export const boundOf = (
  name: Measure,
  search: string,
  set: SetName,
  part: Part
): Bound | undefined => {
  if (PART_WITH_BUDGETS[set] !== part || !SEARCHES.includes(search)) return undefined
  const least = name === 'facts given' ? FACTS_GIVEN[search]?.[set] : undefined
  const most = AT_MOST[name]
  if (least !== undefined) return { direction: 'at least', bound: least }
  return most === undefined ? undefined : { direction: 'at most', bound: most }
}

export const isMet = ({ direction, bound }: Bound, value: number): boolean =>
  direction === 'at least' ? value >= bound : value <= bound
