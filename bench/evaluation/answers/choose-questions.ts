// Chooses the questions and estimates the cost. Pure.
import type { Handbook } from '../../../dev/supabase/handbook-files.ts'
import type { Language } from '../../../src/shared/language.ts'
import type { Asker } from '../../../supabase/functions/_shared/instructions.ts'
import type { SessionSettings } from '../../../supabase/functions/_shared/session-config.ts'
import { type EvaluationQuestion, type Half, half } from '../question-set.ts'
import { kioskSession } from './session-settings.ts'
import { addUsage, costOf, NO_USAGE, type Usage } from './token-prices.ts'

/** Null does not restrict. */
type Choice = {
  half: Half | null
  language: Language | null
  limit: number | null
}

/** Evenly spread, so that all files and kinds are among them. */
const spread = <T>(all: readonly T[], limit: number): T[] =>
  Array.from({ length: Math.min(limit, all.length) }, (_, place) => {
    const step = all.length / Math.min(limit, all.length)
    return all.slice(Math.floor(place * step), Math.floor(place * step) + 1)
  }).flat()

export const chooseQuestions = (
  questions: readonly EvaluationQuestion[],
  { half: chosenHalf, language, limit }: Choice
): EvaluationQuestion[] => {
  const chosen = questions.filter(
    (question) =>
      (chosenHalf === null || half(question) === chosenHalf) &&
      (language === null || question.language === language)
  )
  return limit === null ? chosen : spread(chosen, limit)
}

/** One searches, one answers and reports. */
const RESPONSES = 2
/** Six passages with their titles. */
const PASSAGE_TOKENS = 1_400
/** The search call, then the answer with its report. */
const OUTPUT_TOKENS = 80 + 220

export type Estimate = {
  usage: Usage
  /** Dollars, with instructions and tools always in the service's cache; null without a listed price. */
  least: number | null
  /** Never in the cache. */
  most: number | null
}

const sessionTokens = (
  settings: SessionSettings,
  handbook: Handbook,
  { group, language }: EvaluationQuestion
): number => {
  const sections = handbook.groups.find(({ slug }) => slug === group)?.sections ?? []
  const listed = sections.map(({ slug, category, texts }) => {
    const title = (texts[language] ?? texts.en ?? texts.es)?.title ?? slug
    return { slug, title, category, asked: 0 }
  })
  const asker: Asker = { language, role: 'crew', contents: { sections: listed, omitted: [] } }
  return kioskSession(settings, asker).tokens
}

export const estimateRun = (
  settings: SessionSettings,
  handbook: Handbook,
  questions: readonly EvaluationQuestion[]
): Estimate => {
  const { model } = settings
  const usage = questions.reduce<Usage>((sum, question) => {
    const tokens = sessionTokens(settings, handbook, question)
    return addUsage(sum, {
      input: Math.round(RESPONSES * tokens + PASSAGE_TOKENS),
      cached: Math.round(RESPONSES * tokens),
      output: OUTPUT_TOKENS
    })
  }, NO_USAGE)
  return { usage, least: costOf(model, usage), most: costOf(model, { ...usage, cached: 0 }) }
}
