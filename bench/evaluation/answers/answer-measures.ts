// Measures answers by comparing facts, figures, sections and quotes as text; no model judges. The names are those of
// UAEval4RAG (Peng et al., 2024: unanswered and acceptable ratio) and ALCE (Gao et al., 2023: citation precision and recall).
// Pure.
import {
  type CheckedPassage,
  checkQuote,
  unverifiedFigures
} from '../../../src/shared/answer-check.ts'
import { withInterval } from '../confidence-interval.ts'
import { holdsExcerpt } from '../excerpts.ts'
import type { EvaluationQuestion, Fact } from '../question-set.ts'
import type { Run } from './ask-question.ts'
import { addUsage, costOf, NO_USAGE, type Usage } from './token-prices.ts'

export const MEASURES = [
  'acceptable-answer ratio',
  'unanswered ratio',
  'citation precision',
  'citation recall',
  'exact figures',
  'quotes in a passage',
  'missing reports',
  'facts given to the model'
] as const
export type Measure = (typeof MEASURES)[number]

const standsIn = ({ en, es }: Fact, passages: readonly CheckedPassage[]): boolean =>
  passages.some(({ text }) =>
    [en, es].some((excerpt) => excerpt !== undefined && holdsExcerpt(text, excerpt))
  )

const shareOf = <T>(all: readonly T[], isTrue: (one: T) => boolean): number =>
  all.filter(isTrue).length / all.length

const folded = (text: string): string => text.replace(/\s+/g, ' ').toLowerCase()

/** The figure as written, or the same value and unit in other words or in another language. */
const hasFigure = (answer: string, figure: string): boolean => {
  if (folded(answer).includes(folded(figure))) return true
  const isRead = unverifiedFigures(figure, []).length > 0
  const passage: CheckedPassage = { text: answer, title: '', heading: '', language: 'en' }
  return isRead && unverifiedFigures(figure, [passage]).length === 0
}

const flag = (condition: boolean): number => (condition ? 1 : 0)

/** No values for a measure that does not apply, and for a failed run. */
export const measureAnswer = (run: Run): Record<Measure, readonly number[]> => {
  const { question, passages, answer, report } = run
  const { facts, figures = [], sections } = question
  const none = Object.fromEntries(MEASURES.map((name) => [name, []])) as unknown as Record<
    Measure,
    readonly number[]
  >
  if (run.failure !== null) return none
  const isAnswered = report?.found === true
  const reported = [...new Set(report?.sources.map(({ section }) => section))]
  const reportedPassages = passages.filter(({ slug }) => reported.includes(slug))
  const isRight = (slug: string): boolean => sections.includes(slug)
  const isFactGiven = (fact: Fact): boolean => standsIn(fact, reportedPassages)
  const both = {
    ...none,
    'exact figures':
      report?.found === false ? [] : [flag(unverifiedFigures(answer, passages).length === 0)],
    'quotes in a passage': (report?.sources ?? []).map(({ quote }) =>
      flag(checkQuote(quote, passages))
    ),
    'missing reports': [flag(report === null)]
  }
  if (sections.length === 0) {
    // An answer without a report counts as an answer.
    return { ...both, 'unanswered ratio': [flag(report?.found === false)] }
  }
  const isSupported = facts.length > 0 ? facts.every(isFactGiven) : reported.some(isRight)
  const hasFigures = figures.every((figure) => hasFigure(answer, figure))
  return {
    ...both,
    'acceptable-answer ratio': [flag(isAnswered && isSupported && hasFigures)],
    'citation precision': isAnswered && reported.length > 0 ? [shareOf(reported, isRight)] : [],
    'citation recall': isAnswered && facts.length > 0 ? [shareOf(facts, isFactGiven)] : [],
    'facts given to the model':
      facts.length > 0 ? [flag(facts.every((fact) => standsIn(fact, passages)))] : []
  }
}

export type Row = {
  name: Measure
  /** A language, a kind, a kind of UAEval4RAG, or `all`. */
  part: string
  /** Observations: questions, answers or quotes. */
  n: number
  value: number
  /** The ends of the 95 % interval. */
  low: number
  high: number
}

export type Summary = {
  rows: Row[]
  asked: number
  /** By code. */
  failures: Record<string, number>
  usage: Usage
  /** In dollars; null for a model without a listed price. */
  cost: number | null
}

const partsOf = ({
  language,
  kind,
  unanswerable_kind: unanswerable
}: EvaluationQuestion): string[] => [
  'all',
  language,
  kind,
  ...(unanswerable === undefined ? [] : [unanswerable])
]

const rowsOf = (runs: readonly Run[]): Row[] => {
  const values = new Map<string, { name: Measure; part: string; values: number[] }>()
  for (const run of runs) {
    const seen = measureAnswer(run)
    for (const part of partsOf(run.question)) {
      for (const name of MEASURES) {
        const key = `${part} ${name}`
        const known = values.get(key) ?? { name, part, values: [] }
        known.values.push(...seen[name])
        values.set(key, known)
      }
    }
  }
  return [...values.values()].flatMap(({ name, part, values: all }) => {
    const interval = withInterval(all)
    return interval === null ? [] : [{ name, part, n: all.length, ...interval }]
  })
}

export const summarise = (model: string, runs: readonly Run[]): Summary => {
  const failures: Record<string, number> = {}
  for (const { failure } of runs) {
    if (failure !== null) failures[failure] = (failures[failure] ?? 0) + 1
  }
  const usage = runs.reduce((sum, run) => addUsage(sum, run.usage), NO_USAGE)
  return { rows: rowsOf(runs), asked: runs.length, failures, usage, cost: costOf(model, usage) }
}
