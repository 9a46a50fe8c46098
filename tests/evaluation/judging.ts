// One answer to one question, judged: each measure is a number from 0 to 1, or null where it says nothing about that
// question. A question that was refused has found nothing, whatever the search had in hand.
import type { Handbook } from '../../local/backend/handbook-files.ts'
import { splitIntoPassages } from '../../supabase/functions/_shared/passages.ts'
import { type Answer, DEPTH, type RankedPassage } from './answer.ts'
import { holdsFigure } from './question-checks.ts'
import type { EvaluationQuestion } from './question-set.ts'

export const MEASURES = [
  'recall@1',
  'recall@3',
  'nDCG@10',
  'MRR',
  'given to the model',
  'refused when unanswerable',
  'answered outright when unanswerable',
  'refused when answerable',
  'wrong number',
  'citation correct',
  'section of another restaurant',
  'answered with a maybe',
  'recall@1 before the decision',
  'recall@3 before the decision'
] as const
export type Measure = (typeof MEASURES)[number]

export type Judgement = Record<Measure, number | null>

/** What each measure says, for the page. */
export const MEANING: Readonly<Record<Measure, string>> = {
  'recall@1': 'answerable questions whose first section answers; a refusal counts as a miss',
  'recall@3': 'the same, among the first three sections',
  'nDCG@10':
    'the same, discounted by place, the best section worth more than the others that answer',
  MRR: 'one over the place of the first section that answers',
  'given to the model':
    'answerable questions with a section that answers among the passages that the model is given',
  'answered outright when unanswerable':
    'questions without an answer that get passages without the warning',
  'refused when unanswerable': 'questions without an answer that are answered with "not found"',
  'refused when answerable': 'questions with an answer that are answered with "not found"',
  'wrong number': 'questions that need a figure, answered from passages that lack it',
  'citation correct':
    'answered questions whose first citation is a section that answers and points to what is quoted',
  'section of another restaurant':
    'questions with anything of another restaurant among the results',
  'answered with a maybe':
    'questions that are answered with the warning that it may not be said exactly',
  'recall@1 before the decision': 'as recall@1, had nothing been refused',
  'recall@3 before the decision': 'as recall@3, had nothing been refused'
}

const flag = (condition: boolean): number => (condition ? 1 : 0)

/** The sections in the order in which they come first. */
const sectionsOf = (passages: readonly RankedPassage[]): string[] => [
  ...new Set(passages.map(({ group, slug }) => `${group}/${slug}`))
]

/** The first of the right sections is the best one: worth 2, the others 1. */
const gainOf = (section: string, right: readonly string[]): number => {
  const place = right.indexOf(section)
  return place === -1 ? 0 : place === 0 ? 2 : 1
}

const discounted = (gains: readonly number[]): number =>
  gains.slice(0, DEPTH).reduce((sum, gain, place) => sum + gain / Math.log2(place + 2), 0)

/** Normalised discounted cumulative gain of the first ten (Järvelin and Kekäläinen, 2002). */
export const ndcg = (found: readonly string[], right: readonly string[]): number =>
  discounted(found.map((section) => gainOf(section, right))) /
  discounted(right.map((section) => gainOf(section, right)))

const reciprocalRank = (found: readonly string[], right: readonly string[]): number => {
  const place = found.findIndex((section) => right.includes(section))
  return place === -1 ? 0 : 1 / (place + 1)
}

/** Whether the citation leads to the quoted text: the section is there, in that language, with that anchor. */
const pointsToItsText = (passage: RankedPassage, handbook: Handbook): boolean => {
  const group = handbook.groups.find(({ slug }) => slug === passage.group)
  const section = group?.sections.find(({ slug }) => slug === passage.slug)
  const written = section?.texts[passage.language]
  if (written === undefined) return false
  if (passage.anchor === null) return true
  const cited = splitIntoPassages(written.content).find(({ anchor }) => anchor === passage.anchor)
  return cited !== undefined && passage.text.includes(cited.text)
}

/** @param handbook the one that is searched: citations are followed into it */
export const judge = (
  question: EvaluationQuestion,
  { decision, passages, given }: Answer,
  handbook: Handbook
): Judgement => {
  const isRefused = decision === 'not_found'
  const isAnswerable = question.sections.length > 0
  const right = question.sections.map((slug) => `${question.group}/${slug}`)
  const ranked = sectionsOf(passages)
  const found = isRefused ? [] : ranked
  const among = (sections: readonly string[], places: number): number =>
    flag(sections.slice(0, places).some((section) => right.includes(section)))
  const ofAnswerable = (value: number): number | null => (isAnswerable ? value : null)
  const spokenFrom = passages.slice(0, given).map(({ text }) => text)
  const [cited] = passages
  return {
    'recall@1': ofAnswerable(among(found, 1)),
    'recall@3': ofAnswerable(among(found, 3)),
    'nDCG@10': ofAnswerable(isAnswerable ? ndcg(found, right) : 0),
    MRR: ofAnswerable(reciprocalRank(found, right)),
    'given to the model': ofAnswerable(
      flag(
        !isRefused &&
          passages.slice(0, given).some(({ group, slug }) => right.includes(`${group}/${slug}`))
      )
    ),
    'answered outright when unanswerable': isAnswerable ? null : flag(decision === 'answer'),
    'refused when unanswerable': isAnswerable ? null : flag(isRefused),
    'refused when answerable': ofAnswerable(flag(isRefused)),
    'wrong number':
      question.figures === undefined
        ? null
        : flag(
            !isRefused &&
              question.figures.some(
                (figure) => !spokenFrom.some((text) => holdsFigure(text, figure))
              )
          ),
    'citation correct':
      isRefused || cited === undefined
        ? null
        : flag(right.includes(`${cited.group}/${cited.slug}`) && pointsToItsText(cited, handbook)),
    'section of another restaurant': flag(passages.some(({ group }) => group !== question.group)),
    'answered with a maybe': flag(decision === 'maybe'),
    'recall@1 before the decision': ofAnswerable(among(ranked, 1)),
    'recall@3 before the decision': ofAnswerable(among(ranked, 3))
  }
}
