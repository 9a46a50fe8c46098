// Judges the answer of a search to one question. A measure that does not apply is null.
import { LANGUAGES } from '../../src/shared/language.ts'
import { mean, quantile, type Statistic } from './confidence-interval.ts'
import { folded } from './excerpts.ts'
import type { Fact } from './question-set.ts'
import { type Answer, type Asked, type GivenPassage, sizeOf } from './search-result.ts'

/** The limits of the search count in the same way. */
const CHARACTERS_PER_TOKEN = 4
const NDCG_DEPTH = 10
/** The screen offers as many. */
const MOST_TITLES = 3

type MeasureKind = { statistic: Statistic; unit: 'share' | 'tokens'; meaning: string }

const share = (meaning: string): MeasureKind => ({ statistic: mean, unit: 'share', meaning })

export const MEASURES = {
  'facts given': share(
    'answerable questions whose facts all stand in what is given, each in either language'
  ),
  'right section given': share('answerable questions with a passage of a section that answers'),
  'recall@1': share('answerable questions whose first given section answers'),
  'nDCG@10': share(
    'the given sections in their order, discounted by place; the best section is worth more than others that answer'
  ),
  MRR: share('one over the place of the first given section that answers'),
  'wrongly withheld': share(
    'answerable questions that are given nothing: the model says "not found"'
  ),
  'rightly withheld': share('unanswerable questions that are given nothing'),
  'titles offered': share(
    'unanswerable questions with one to three section titles to open: the nearest, or the first ones given'
  ),
  'section of another restaurant': share(
    'questions with a passage or a title of another restaurant'
  ),
  'tokens, median': {
    statistic: quantile(0.5),
    unit: 'tokens',
    meaning:
      'the middle of what the questions are given, headings and text, four characters a token'
  },
  'tokens, p95': {
    statistic: quantile(0.95),
    unit: 'tokens',
    meaning: 'the most that 95 % of the questions are given'
  },
  'no section named': share('unanswerable questions whose request names no section'),
  'right section named': share('answerable questions whose request names a section that answers')
} as const satisfies Record<string, MeasureKind>
export type Measure = keyof typeof MEASURES

export const REQUEST_MEASURES = [
  'right section named',
  'no section named'
] as const satisfies readonly Measure[]
type RequestMeasure = (typeof REQUEST_MEASURES)[number]

const isOfSearch = (name: string): name is Exclude<Measure, RequestMeasure> =>
  name in MEASURES && !REQUEST_MEASURES.some((each) => each === name)
export const SEARCH_MEASURES = Object.keys(MEASURES).filter(isOfSearch)
type SearchMeasure = (typeof SEARCH_MEASURES)[number]

export type Judgement = Partial<Record<Measure, number | null>>

const flag = (condition: boolean): number => (condition ? 1 : 0)

/** Distinct, in order. */
const sectionsOf = (passages: readonly GivenPassage[]): string[] => [
  ...new Set(passages.map(({ group, slug }) => `${group}/${slug}`))
]

/** The best section is worth 2, other right ones 1. */
const gainOf = (section: string, right: readonly string[]): number => {
  const place = right.indexOf(section)
  return place === -1 ? 0 : place === 0 ? 2 : 1
}

const discounted = (gains: readonly number[]): number =>
  gains.slice(0, NDCG_DEPTH).reduce((sum, gain, place) => sum + gain / Math.log2(place + 2), 0)

/** Normalised discounted cumulative gain of the first ten (Järvelin and Kekäläinen, 2002), 0 to 1. */
export const ndcg = (found: readonly string[], right: readonly string[]): number =>
  discounted(found.map((section) => gainOf(section, right))) /
  discounted(right.map((section) => gainOf(section, right)))

/** The facts that are in none of the passages. */
export const missingFacts = (
  facts: readonly Fact[],
  given: readonly Pick<GivenPassage, 'heading' | 'text'>[]
): Fact[] => {
  const texts = given.map(({ heading, text }) => folded(`${heading}\n\n${text}`))
  const isGiven = (excerpt: string | undefined): boolean =>
    excerpt !== undefined && texts.some((text) => text.includes(folded(excerpt)))
  return facts.filter((fact) => !LANGUAGES.some((language) => isGiven(fact[language])))
}

export const judge = (
  { question }: Pick<Asked, 'question'>,
  { given, nearest }: Answer
): Record<SearchMeasure, number | null> => {
  const isAnswerable = question.sections.length > 0
  const right = question.sections.map((slug) => `${question.group}/${slug}`)
  const sections = sectionsOf(given)
  const first = sections.findIndex((section) => right.includes(section))
  const titles = given.length > 0 ? sections.slice(0, MOST_TITLES) : nearest
  const characters = given.reduce((sum, passage) => sum + sizeOf(passage), 0)
  const tokens = Math.ceil(characters / CHARACTERS_PER_TOKEN)
  const ofAnswerable = (value: () => number): number | null => (isAnswerable ? value() : null)
  const ofUnanswerable = (value: () => number): number | null => (isAnswerable ? null : value())
  return {
    'facts given': ofAnswerable(() => flag(missingFacts(question.facts, given).length === 0)),
    'right section given': ofAnswerable(() => flag(first !== -1)),
    'recall@1': ofAnswerable(() => flag(first === 0)),
    'nDCG@10': ofAnswerable(() => ndcg(sections, right)),
    MRR: ofAnswerable(() => (first === -1 ? 0 : 1 / (first + 1))),
    'wrongly withheld': ofAnswerable(() => flag(given.length === 0)),
    'rightly withheld': ofUnanswerable(() => flag(given.length === 0)),
    'titles offered': ofUnanswerable(() => flag(titles.length > 0 && titles.length <= MOST_TITLES)),
    'section of another restaurant': flag(
      [...given, ...nearest].some(({ group }) => group !== question.group)
    ),
    'tokens, median': tokens,
    'tokens, p95': tokens
  }
}

export const judgeRequest = ({
  question,
  request
}: Asked): Record<RequestMeasure, number | null> => {
  const isAnswerable = question.sections.length > 0
  return {
    'right section named': isAnswerable
      ? flag(request.sections.some((slug) => question.sections.includes(slug)))
      : null,
    'no section named': isAnswerable ? null : flag(request.sections.length === 0)
  }
}
