// Builds the rows of an evaluation: each measure by search, set, half, language and kind, with interval and budget.
import { withInterval } from './confidence-interval.ts'
import { half, KINDS, type Kind, type Part, type SetName } from './question-set.ts'
import { type Bound, boundOf, isMet } from './search-budgets.ts'
import { type Judgement, MEASURES, type Measure } from './search-measures.ts'
import type { Asked } from './search-result.ts'

/** The `search` of the rows about requests. */
export const REQUESTS = 'requests'

export type Row = {
  name: Measure
  search: string
  set: SetName
  half: Part
  language: 'en' | 'es' | 'all'
  kind: Kind | 'all'
  /** Questions. */
  n: number
  value: number
  low: number
  high: number
  /** Null where the part has no budget. */
  budget: Bound | null
  met: boolean | null
}

export type Judged = Pick<Asked, 'question'> & { judgement: Judgement }

type Slice = Pick<Row, 'language' | 'kind'>
export const SLICES: readonly Slice[] = [
  { language: 'all', kind: 'all' },
  ...(['en', 'es'] as const).map((language) => ({ language, kind: 'all' as const })),
  ...KINDS.map((kind) => ({ language: 'all' as const, kind }))
]

const isMeasure = (name: string): name is Measure => name in MEASURES

/** Rows without a question are left out. */
export const buildResultRows = (
  search: string,
  set: SetName,
  part: Part,
  judged: readonly Judged[]
): Row[] => {
  const ofPart = judged.filter(({ question }) => part === 'all' || half(question) === part)
  const names = Object.keys(judged[0]?.judgement ?? {}).filter(isMeasure)
  return names.flatMap((name) =>
    SLICES.flatMap(({ language, kind }): Row[] => {
      const values = ofPart
        .filter(
          ({ question }) =>
            (language === 'all' || question.language === language) &&
            (kind === 'all' || question.kind === kind)
        )
        .flatMap(({ judgement }) => judgement[name] ?? [])
      const interval = withInterval(values, MEASURES[name].statistic)
      if (interval === null) return []
      const isWhole = language === 'all' && kind === 'all'
      const budget = (isWhole ? boundOf(name, search, set, part) : undefined) ?? null
      return [
        {
          name,
          search,
          set,
          half: part,
          language,
          kind,
          n: values.length,
          ...interval,
          budget,
          met: budget === null ? null : isMet(budget, interval.value)
        }
      ]
    })
  )
}

/** Null without a row that has a budget. */
export const allMet = (rows: readonly Row[]): boolean | null => {
  const judged = rows.filter(({ met }) => met !== null)
  return judged.length === 0 ? null : judged.every(({ met }) => met === true)
}
