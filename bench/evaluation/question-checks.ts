// Checks an evaluation set against its handbook, and for copied questions.
import type { HandbookGroup } from '../../dev/supabase/handbook-files.ts'
import { LANGUAGES, type Language } from '../../src/shared/language.ts'
import { holdsExcerpt } from './excerpts.ts'
import type { EvaluationQuestion, EvaluationSet } from './question-set.ts'

/** Two questions with this share of common words are one question. */
const NEAR_DUPLICATE = 0.85

const COMBINING_MARKS = /\p{M}/gu
const WORD = /[\p{L}\p{N}]+/gu
const REGEX_SPECIAL = /[.*+?^${}()|[\]\\]/g
const WHITE_SPACE = /\s+/g

/** Lower case, without accents, each word once. */
const wordsOf = (text: string): Set<string> =>
  new Set(text.normalize('NFD').replace(COMBINING_MARKS, '').toLowerCase().match(WORD) ?? [])

/** Dice coefficient, 0 to 1. */
const overlapOf = (ones: Set<string>, others: Set<string>): number => {
  let shared = 0
  for (const word of ones) if (others.has(word)) shared += 1
  return ones.size + others.size === 0 ? 0 : (2 * shared) / (ones.size + others.size)
}

/** 0 to 1, regardless of case, accents and order. */
export const wordOverlap = (one: string, other: string): number =>
  overlapOf(wordsOf(one), wordsOf(other))

/** `4 hours` is not in `24 hours`, nor `4 °F` in `-4 °F`. */
export const holdsFigure = (text: string, figure: string): boolean => {
  const escaped = figure.replace(REGEX_SPECIAL, '\\$&')
  const whole = new RegExp(`(?<![\\p{L}\\p{N}.,:-])${escaped}(?![\\p{L}\\p{N}])`, 'u')
  // A figure may span two lines.
  return whole.test(text.replace(WHITE_SPACE, ' '))
}

const otherLanguage = (language: Language): Language => (language === 'en' ? 'es' : 'en')

/** Only the first section needs the language: contradicting sections are not all translated. */
const checkLanguage = (question: EvaluationQuestion, group: HandbookGroup): string[] =>
  question.sections.flatMap((slug, place) => {
    const section = group.sections.find((each) => each.slug === slug)
    if (section === undefined) return [`${question.id}: ${group.slug} has no section ${slug}.`]
    const isOwn = section.texts[question.language] !== undefined
    if (question.kind === 'cross_language' && isOwn) {
      return [`${question.id}: ${slug} exists in ${question.language}, so nothing is crossed.`]
    }
    if (question.kind !== 'cross_language' && !isOwn && place === 0) {
      return [`${question.id}: ${slug} lacks ${question.language}, so it is cross_language.`]
    }
    return []
  })

const checkFacts = (question: EvaluationQuestion, group: HandbookGroup): string[] => {
  const sections = group.sections.filter(({ slug }) => question.sections.includes(slug))
  const problems: string[] = []
  for (const fact of question.facts) {
    for (const language of LANGUAGES) {
      const excerpt = fact[language]
      if (excerpt === undefined) continue
      const texts = sections.flatMap(({ texts }) => texts[language]?.content ?? [])
      if (!texts.some((text) => holdsExcerpt(text, excerpt))) {
        problems.push(`${question.id}: no section it names says "${excerpt}" in ${language}.`)
      }
    }
  }
  const read = sections.flatMap(
    ({ texts }) =>
      (texts[question.language] ?? texts[otherLanguage(question.language)])?.content ?? []
  )
  for (const figure of question.figures ?? []) {
    if (!read.some((text) => holdsFigure(text, figure))) {
      problems.push(`${question.id}: no section it names has the figure ${figure}.`)
    }
  }
  return problems
}

type Worded = { text: string; words: Set<string> }

/** Questions of the handbook itself, which the search indexes. */
const ownQuestions = (handbook: EvaluationSet['handbook'], language: Language): Worded[] =>
  [
    ...handbook.groups.flatMap(({ sections }) =>
      sections.flatMap(({ texts }) => texts[language]?.questions ?? [])
    ),
    ...handbook.unanswered[language]
  ].map((text) => ({ text, words: wordsOf(text) }))

/** One sentence a problem. */
export const checkAgainstHandbook = (
  questions: readonly EvaluationQuestion[],
  handbook: EvaluationSet['handbook']
): string[] => {
  const problems: string[] = []
  const own = { en: ownQuestions(handbook, 'en'), es: ownQuestions(handbook, 'es') }
  const earlier: { question: EvaluationQuestion; words: Set<string> }[] = []
  for (const question of questions) {
    const group = handbook.groups.find(({ slug }) => slug === question.group)
    if (group === undefined) problems.push(`${question.id}: there is no group ${question.group}.`)
    else problems.push(...checkLanguage(question, group), ...checkFacts(question, group))
    const words = wordsOf(question.text)
    for (const { text, words: others } of own[question.language]) {
      if (overlapOf(words, others) >= NEAR_DUPLICATE) {
        problems.push(`${question.id}: is nearly the handbook's own question "${text}".`)
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

const checkRequests = ({ questions, requests, handbook }: EvaluationSet): string[] => {
  const byId = new Map(requests.map((request) => [request.id, request]))
  const asked = new Set(questions.map(({ id }) => id))
  const problems = requests.flatMap(({ id }) =>
    asked.has(id) ? [] : [`${id}: there is a request and no question.`]
  )
  for (const { id, group } of questions) {
    const request = byId.get(id)
    if (request === undefined) problems.push(`${id}: there is no request.`)
    const sections = handbook.groups.find(({ slug }) => slug === group)?.sections ?? []
    for (const slug of request?.sections ?? []) {
      if (!sections.some((section) => section.slug === slug)) {
        problems.push(`${id}: its request names ${slug}, and ${group} has no such section.`)
      }
    }
  }
  return problems
}

/** One sentence a problem. */
export const checkSet = (set: EvaluationSet): string[] => [
  ...set.handbook.problems.map(({ file, message }) => `${file}: ${message}.`),
  ...checkAgainstHandbook(set.questions, set.handbook),
  ...checkRequests(set),
  // The sample set is older than these kinds.
  ...(set.name === 'sample'
    ? []
    : set.questions
        .filter((each) => each.kind === 'unanswerable' && each.unanswerable_kind === undefined)
        .map(({ id }) => `${id}: unanswerable_kind is missing.`))
]
