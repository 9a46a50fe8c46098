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
  /** Markdown of the passage with the first quote, or else of the section's best passage. */
  text: string
  /** The reported quotes that stand in passages of this section. */
  quotes: readonly string[]
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

type Quotes = { verified: readonly string[]; hasUnverified: boolean }
const NO_QUOTES: Quotes = { verified: [], hasUnverified: false }

/** @param passages of one section, best first */
const cited = (
  passages: readonly Passage[],
  { verified, hasUnverified }: Quotes,
  checkQuote: AnswerChecks['checkQuote']
): CitedSection[] => {
  const [quote] = verified
  const quoted =
    quote === undefined ? undefined : passages.find((passage) => checkQuote(quote, [passage]))
  const passage = quoted ?? passages[0]
  if (passage === undefined) return []
  const { slug, title, language, anchor, text } = passage
  const needsManager = passages.some((one) => one.needsManager)
  return [
    {
      ...{ slug, title, language, anchor, text, needsManager },
      hasUnverifiedQuote: hasUnverified,
      quotes: verified
    }
  ]
}

const inSection = (passages: readonly Passage[], slug: string): readonly Passage[] =>
  passages.filter((passage) => passage.slug === slug)

/** The section of the best passage, for an answer without a report. */
export const bestSection = (passages: readonly Passage[]): readonly CitedSection[] =>
  cited(inSection(passages, passages[0]?.slug ?? ''), NO_QUOTES, () => false)

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
  const named = [...new Set(sources.map(({ section }) => section))].flatMap((slug) => {
    const own = inSection(passages, slug)
    const quotes = sources.flatMap(({ section, quote }) => (section === slug ? [quote] : []))
    return cited(
      own,
      {
        verified: quotes.filter((quote) => checkQuote(quote, own)),
        hasUnverified: unverified.some(({ section }) => section === slug)
      },
      checkQuote
    )
  })
  return {
    outcome: 'answered',
    sections: named.map(({ slug }) => slug),
    unverifiedQuotes: unverified.length,
    cited: named.length === 0 ? bestSection(passages) : named
  }
}
