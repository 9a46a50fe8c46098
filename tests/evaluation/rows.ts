// The rows of an evaluation: each measure of each search, by half, language and kind, with its interval and its budget.
import { meanWithInterval } from './bootstrap.ts'
import { type Judgement, MEASURES, type Measure } from './judging.ts'
import { type EvaluationQuestion, type Half, half, KINDS, type Kind } from './question-set.ts'

/** The search whose answers have budgets; the others are what it is compared with. */
export const HEARD = 'heard'

export type Row = {
  name: Measure
  search: string
  half: Half
  language: 'en' | 'es' | 'all'
  kind: Kind | 'all'
  /** Questions that it is measured on. */
  n: number
  value: number
  low: number
  high: number
  /** Of all questions of the test half; null elsewhere, as a part of them has none. */
  budget: string | null
  met: boolean | null
}

export type Judged = { question: EvaluationQuestion; judgement: Judgement }

type Budget = { text: string; isMet: (value: number) => boolean }
const atLeast = (bound: number): Budget => ({
  text: `≥ ${bound}`,
  isMet: (value) => value >= bound
})
const atMost = (bound: number): Budget => ({ text: `≤ ${bound}`, isMet: (value) => value <= bound })

/** What an answer has to be worth before a cook may rely on it. */
export const BUDGETS: Readonly<Partial<Record<Measure, Budget>>> = {
  'recall@1': atLeast(0.9),
  'recall@3': atLeast(0.98),
  'refused when unanswerable': atLeast(0.95),
  'refused when answerable': atMost(0.03),
  'section of another restaurant': atMost(0)
}

const LANGUAGES = ['all', 'en', 'es'] as const

/** Rows without a question to measure on are left out. */
export const rowsOf = (search: string, judged: readonly Judged[], whole: Half): Row[] => {
  const ofHalf = judged.filter(({ question }) => half(question) === whole)
  const rows: Row[] = []
  for (const name of MEASURES) {
    for (const language of LANGUAGES) {
      for (const kind of ['all', ...KINDS] as const) {
        const values = ofHalf
          .filter(
            ({ question }) =>
              (language === 'all' || question.language === language) &&
              (kind === 'all' || question.kind === kind)
          )
          .flatMap(({ judgement }) => judgement[name] ?? [])
        const interval = meanWithInterval(values)
        if (interval === null) continue
        const isJudged =
          search === HEARD && whole === 'test' && language === 'all' && kind === 'all'
        const budget = isJudged ? BUDGETS[name] : undefined
        rows.push({
          name,
          search,
          half: whole,
          language,
          kind,
          n: values.length,
          ...interval,
          budget: budget?.text ?? null,
          met: budget === undefined ? null : budget.isMet(interval.value)
        })
      }
    }
  }
  return rows
}

/** Whether every budget is met; null when the half that has them was not asked. */
export const allMet = (rows: readonly Row[]): boolean | null => {
  const judged = rows.filter(({ met }) => met !== null)
  return judged.length === 0 ? null : judged.every(({ met }) => met === true)
}
