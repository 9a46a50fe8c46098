// Whether what is about to be quoted says what was asked, for passages that come with a warning. It stands in for a
// model that reads, and cannot read: it compares words, and says no where too few of those that the question is about
// are in the sections quoted from, or the figure that it asks for is not in the quotes.
import { figureAskedFor } from './figure-questions.ts'
import { readGlossary } from './glossary.ts'
import type { ReadPassage } from './tool-result.ts'
import { contentStems, folded, languageOf, stem, type WordLanguage } from './words.ts'

/**
 * A question that asks for a figure has to have more than this share of its words in the sections quoted from. Fitted on
 * the development half of tests/evaluation/questions among 0.4 to 0.67: at 0.5 search and reader together refuse 52 % of
 * its unanswerable questions and 11 % of the answerable ones; at 0.67 it would be 60 and 14, at 0.4 36 and 8. For other
 * questions no share was found that tells the two apart (at 0.5: 68 and 33), so only those without a single word are no.
 */
const FIGURE_NEEDS_MORE_THAN = 0.5

const glossary = readGlossary(stem)

/** Words as they are compared: a concept where there is one, so that synonyms count as the same. */
const wordsIn = (text: string, language: WordLanguage): Set<string> =>
  new Set(
    contentStems(text, language).map((stemmed) => {
      const concept = glossary[language].get(stemmed)
      return concept === undefined ? stemmed : `concept ${concept}`
    })
  )

/** Share of the words that are among the others, 0 to 1; 1 where there are none to look for. */
const shareAmong = (words: ReadonlySet<string>, others: ReadonlySet<string>): number =>
  words.size === 0 ? 1 : [...words].filter((word) => others.has(word)).length / words.size

/**
 * @param passages that may be quoted, all in one language
 * @param quotes what would be said, each with the slug of its passage
 */
export const saysWhatWasAsked = (
  question: string,
  passages: readonly ReadPassage[],
  quotes: readonly { text: string; slug: string | undefined }[]
): boolean => {
  const plain = folded(question)
  const figure = figureAskedFor(plain)
  if (figure !== undefined && !quotes.some(({ text }) => figure.shows.test(text))) return false
  const language = languageOf(question)
  // Words of two languages are not compared: the few that the glossary knows would refuse whatever it does not.
  if (passages.some((passage) => passage.language !== language)) return true
  const about = wordsIn(figure === undefined ? plain : plain.replace(figure.asks, ' '), language)
  const quotedFrom = passages.filter(({ slug }) => quotes.some((quote) => quote.slug === slug))
  const share = shareAmong(
    about.size > 0 ? about : wordsIn(plain, language),
    wordsIn(quotedFrom.map(({ section, text }) => `${section} ${text}`).join(' '), language)
  )
  return figure === undefined ? share > 0 : share > FIGURE_NEEDS_MORE_THAN
}
