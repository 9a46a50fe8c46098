// What an answer was taken from: the passages that were given for it, what the model reports of them, and whether the
// report checks. Pure.
import type * as answerCheck from '../../shared/answer-check.ts'
import {
  type AnswerReport,
  type Citation,
  citationsOf,
  type Passage,
  type ReportedAnswer
} from '../../shared/handbook.ts'

/** What checks an answer; loaded beside the first screen, which is drawn without it. */
export type AnswerChecks = Pick<typeof answerCheck, 'checkQuote' | 'unverifiedFigures'>

/** A section that the screen names as the source of an answer. */
export type CitedSection = Citation & {
  needsManager: boolean
  /** A quote that was reported from it stands in no passage that was given. */
  hasUnverifiedQuote: boolean
}

/** What a report comes to. */
export type ReviewedReport = Pick<ReportedAnswer, 'sections' | 'unverifiedQuotes'> & {
  outcome: 'answered' | 'not_found'
  cited: readonly CitedSection[]
}

/** Sections that are named to a person whose question was not answered; a fourth would not be read. */
const MOST_NEAREST = 3

/** The passages of all searches for a question, each once. */
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

/** The section of the best passage, for an answer that does not say what it was taken from. */
export const bestSection = (passages: readonly Passage[]): readonly CitedSection[] =>
  citationsOf(passages)
    .slice(0, 1)
    .map((citation) => cited(passages, citation, NONE))

/** The sections nearest to a question that was not answered: those that were read, or else what the search names. */
export const nearestSections = (
  passages: readonly Passage[],
  nearest: readonly Citation[]
): readonly Citation[] =>
  (passages.length > 0 ? citationsOf(passages) : nearest).slice(0, MOST_NEAREST)

/**
 * The sections of a report among those that were given, in its order, each once; an answer that names none of them is
 * cited by the best. Its quotes are looked for in all passages.
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
