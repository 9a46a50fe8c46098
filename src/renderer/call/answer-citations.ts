// The citations of an answer: checks the model's report against the passages that the model was given. Pure.
import type * as answerCheck from '../../shared/answer-check.ts'
import {
  type AnswerReport,
  type Citation,
  citationsOf,
  type Passage,
  type ReportedAnswer
} from '../../shared/handbook.ts'

/** Loaded after the first screen is drawn. */
export type AnswerChecks = Pick<typeof answerCheck, 'checkQuote' | 'unverifiedFigures'>

export type CitedSection = Citation & {
  needsManager: boolean
  /** No given passage contains a quote that was reported from this section. */
  hasUnverifiedQuote: boolean
}

export type ReviewedReport = Pick<ReportedAnswer, 'sections' | 'unverifiedQuotes'> & {
  outcome: 'answered' | 'not_found'
  cited: readonly CitedSection[]
}

/** People do not read a fourth section. */
const MOST_NEAREST = 3

/** Passages of all searches for a question, without duplicates. */
export const withPassages = (
  known: readonly Passage[],
  more: readonly Passage[]
): readonly Passage[] => [
  ...known,
  ...more.filter(
    ({ slug, language, text }) =>
      !known.some(
        (other) => other.slug === slug && other.language === language && other.text === text
      )
  )
]

const cited = (
  passages: readonly Passage[],
  citation: Citation,
  misquoted: ReadonlySet<string>
): CitedSection => ({
  ...citation,
  needsManager: passages.some((one) => one.slug === citation.slug && one.needsManager),
  hasUnverifiedQuote: misquoted.has(citation.slug)
})

const NONE: ReadonlySet<string> = new Set()

/** The section of the best passage, for an answer without a report. */
export const bestSection = (passages: readonly Passage[]): readonly CitedSection[] =>
  citationsOf(passages)
    .slice(0, 1)
    .map((citation) => cited(passages, citation, NONE))

/** The sections of the passages, or else those that the search names. */
export const nearestSections = (
  passages: readonly Passage[],
  nearest: readonly Citation[]
): readonly Citation[] =>
  (passages.length > 0 ? citationsOf(passages) : nearest).slice(0, MOST_NEAREST)

/**
 * Cites the reported sections that were given, in the report's order; the best section when it names none of them.
 * A quote may stand in any passage.
 */
export const reviewReport = (
  { found, sources }: AnswerReport,
  passages: readonly Passage[],
  checkQuote: AnswerChecks['checkQuote']
): ReviewedReport => {
  if (!found) return { outcome: 'not_found', sections: [], unverifiedQuotes: 0, cited: [] }
  const unverified = sources.filter(({ quote }) => !checkQuote(quote, passages))
  const misquoted = new Set(unverified.map(({ section }) => section))
  const given = citationsOf(passages)
  const named = [...new Set(sources.map(({ section }) => section))].flatMap(
    (slug) => given.find((citation) => citation.slug === slug) ?? []
  )
  return {
    outcome: 'answered',
    sections: named.map(({ slug }) => slug),
    unverifiedQuotes: unverified.length,
    cited:
      named.length === 0
        ? bestSection(passages)
        : named.map((citation) => cited(passages, citation, misquoted))
  }
}
