// Holds a set of questions against the handbook it asks about: whether the sections are there, whether
// the figures stand in them, and whether a question was copied from what the search has already seen.
import type { Handbook, HandbookGroup } from '../../local/backend/handbook-files.ts'
import type { Language } from '../../src/shared/language.ts'
import type { EvaluationQuestion } from './question-set.ts'

/** From this share of words in common on, two questions are one question. */
export const NEAR_DUPLICATE = 0.85

const COMBINING_MARKS = /\p{M}/gu
const WORD = /[\p{L}\p{N}]+/gu
const REGEX_SPECIAL = /[.*+?^${}()|[\]\\]/g
const WHITE_SPACE = /\s+/g

/** Lower case, without accents, each word once. */
const wordsOf = (text: string): Set<string> =>
  new Set(text.normalize('NFD').replace(COMBINING_MARKS, '').toLowerCase().match(WORD) ?? [])

/** Words in common over the mean number of words (Dice), 0 to 1. */
const overlapOf = (ones: Set<string>, others: Set<string>): number => {
  let shared = 0
  for (const word of ones) if (others.has(word)) shared += 1
  return ones.size + others.size === 0 ? 0 : (2 * shared) / (ones.size + others.size)
}

/** How much of two questions is the same, 0 to 1, whatever the case, accents and order. */
export const wordOverlap = (one: string, other: string): number =>
  overlapOf(wordsOf(one), wordsOf(other))

/** Whether a text holds a figure as a whole: `4 hours` is not in `24 hours`, nor `4 °F` in `-4 °F`. */
export const holdsFigure = (text: string, figure: string): boolean => {
  const escaped = figure.replace(REGEX_SPECIAL, '\\$&')
  const whole = new RegExp(`(?<![\\p{L}\\p{N}.,:-])${escaped}(?![\\p{L}\\p{N}])`, 'u')
  // A figure may stand on both sides of a line's end.
  return whole.test(text.replace(WHITE_SPACE, ' '))
}

const otherLanguage = (language: Language): Language => (language === 'en' ? 'es' : 'en')

const checkSections = (question: EvaluationQuestion, group: HandbookGroup): string[] => {
  const problems: string[] = []
  const texts: string[] = []
  for (const slug of question.sections) {
    const section = group.sections.find((each) => each.slug === slug)
    if (section === undefined) {
      problems.push(`${question.id}: ${group.slug} has no section ${slug}.`)
      continue
    }
    const own = section.texts[question.language]
    const other = section.texts[otherLanguage(question.language)]
    if (question.kind === 'cross_language' && own !== undefined) {
      problems.push(
        `${question.id}: ${slug} exists in ${question.language}, so nothing is crossed.`
      )
    }
    if (question.kind !== 'cross_language' && own === undefined) {
      problems.push(`${question.id}: ${slug} lacks ${question.language}, so it is cross_language.`)
    }
    texts.push((own ?? other)?.content ?? '')
  }
  for (const figure of question.figures ?? []) {
    if (!texts.some((text) => holdsFigure(text, figure))) {
      problems.push(`${question.id}: no section it names has the figure ${figure}.`)
    }
  }
  return problems
}

type Worded = { text: string; words: Set<string> }

/** Questions that a search may have been made or seeded with, by language. */
const seenBefore = (handbook: Handbook, language: Language): Worded[] =>
  [
    ...handbook.groups.flatMap(({ sections }) =>
      sections.flatMap(({ texts }) => texts[language]?.questions ?? [])
    ),
    ...handbook.unanswered[language]
  ].map((text) => ({ text, words: wordsOf(text) }))

/** What does not fit between the questions and the handbook, one sentence each; empty when all fits. */
export const checkAgainstHandbook = (
  questions: EvaluationQuestion[],
  handbook: Handbook
): string[] => {
  const problems: string[] = []
  const seen = { en: seenBefore(handbook, 'en'), es: seenBefore(handbook, 'es') }
  const earlier: { question: EvaluationQuestion; words: Set<string> }[] = []
  for (const question of questions) {
    const group = handbook.groups.find(({ slug }) => slug === question.group)
    if (group === undefined) problems.push(`${question.id}: there is no group ${question.group}.`)
    else problems.push(...checkSections(question, group))
    const words = wordsOf(question.text)
    for (const own of seen[question.language]) {
      if (overlapOf(words, own.words) >= NEAR_DUPLICATE) {
        problems.push(`${question.id}: is nearly the handbook's own question "${own.text}".`)
      }
    }
    for (const other of earlier) {
      if (
        other.question.group === question.group &&
        other.question.language === question.language &&
        overlapOf(words, other.words) >= NEAR_DUPLICATE
      ) {
        problems.push(`${question.id}: is nearly ${other.question.id}.`)
      }
    }
    earlier.push({ question, words })
  }
  return problems
}
