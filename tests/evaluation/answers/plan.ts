// Which questions are asked, and what that will cost at most. Pure.
import type { Language } from '../../../src/shared/language.ts'
import { type Half, half } from '../question-set.ts'
import { addUsage, costOf, NO_USAGE, type Usage } from './prices.ts'
import type { AnswerQuestion } from './questions.ts'

export type Choice = {
  /** null: both. */
  half: Half | null
  /** null: both. */
  language: Language | null
  /** null: no limit. */
  limit: number | null
}

/** `limit` of the questions in their order, evenly spread, so that every file and kind is among them. */
const spread = <T>(all: readonly T[], limit: number): T[] =>
  Array.from({ length: Math.min(limit, all.length) }, (_, place) => {
    const step = all.length / Math.min(limit, all.length)
    return all.slice(Math.floor(place * step), Math.floor(place * step) + 1)
  }).flat()

export const chooseQuestions = (
  questions: readonly AnswerQuestion[],
  { half: chosenHalf, language, limit }: Choice
): AnswerQuestion[] => {
  const chosen = questions.filter(
    (question) =>
      (chosenHalf === null || half(question) === chosenHalf) &&
      (language === null || question.language === language)
  )
  return limit === null ? chosen : spread(chosen, limit)
}

/** One response that searches, one that answers and reports. */
const RESPONSES = 2
/** Six passages with their titles. */
const PASSAGE_TOKENS = 1_400
/** The call of the search; the answer and its report. */
const OUTPUT_TOKENS = 80 + 220

export type Estimate = {
  usage: Usage
  /** Dollars, with instructions and tools always and never in the service's cache; null without a listed price. */
  least: number | null
  most: number | null
}

/** @param sessionTokens of the instructions and tools, by question. */
export const estimateRun = (model: string, sessionTokens: readonly number[]): Estimate => {
  const usage = sessionTokens.reduce<Usage>(
    (sum, tokens) =>
      addUsage(sum, {
        input: Math.round(RESPONSES * tokens + PASSAGE_TOKENS),
        cached: Math.round(RESPONSES * tokens),
        output: OUTPUT_TOKENS
      }),
    NO_USAGE
  )
  return { usage, least: costOf(model, usage), most: costOf(model, { ...usage, cached: 0 }) }
}
