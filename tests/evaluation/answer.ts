// What a search says to one question, in the form in which every search of the evaluation is judged.
import type { Language } from '../../src/shared/language.ts'
import type { EvaluationQuestion } from './question-set.ts'

export type RankedPassage = {
  /** The restaurant that the section belongs to. */
  group: string
  slug: string
  language: Language
  /** What an answer would be spoken from. */
  text: string
  /** Where the citation points to inside the section; null where the search has no such thing. */
  anchor: string | null
}

export type Answer = {
  /** `not_found` is a refusal; `maybe` is not. */
  decision: 'answer' | 'maybe' | 'not_found'
  /** Best first, at most {@link DEPTH}; what is told when the question is refused as well. */
  passages: RankedPassage[]
  /** How many of the first passages are given to whoever speaks. */
  given: number
}

/** nDCG looks at ten places. */
export const DEPTH = 10

export type Search = {
  name: string
  /** One sentence for the page. */
  about: string
  ask: (question: EvaluationQuestion) => Promise<Answer>
}
