// What a search hands over for one question, in the form in which every search of the evaluation is judged.
import type { Language } from '../../src/shared/language.ts'
import type { EvaluationQuestion, SearchRequest } from './question-set.ts'

/** A question, and what a voice model would send for it. */
export type Asked = { question: EvaluationQuestion; request: SearchRequest }

export type Place = {
  /** The slug of the restaurant that the section belongs to; empty when no restaurant has it. */
  group: string
  slug: string
}

export type GivenPassage = Place & {
  language: Language
  heading: string
  text: string
}

export type Answer = {
  /** What the model is given, best first; empty when the search says "not found". */
  given: readonly GivenPassage[]
  /** Sections that are offered when nothing is given, nearest first. */
  nearest: readonly Place[]
}

export type Search = {
  name: string
  /** One phrase for the page. */
  about: string
  ask: (asked: Asked) => Promise<Answer>
}

/** As many passages as Heard's search hands over, and as many characters: about 1,200 tokens. */
export const MOST_PASSAGES = 6
export const MOST_CHARACTERS = 4_800

/** In characters: what the model reads of a passage, as the limits of the search count it. */
export const sizeOf = ({ heading, text }: Pick<GivenPassage, 'heading' | 'text'>): number =>
  heading.length + text.length

/** The first passages of a ranking, up to Heard's limits: the one that exceeds them is cut. */
export const firstOf = (ranked: readonly GivenPassage[]): GivenPassage[] => {
  const given: GivenPassage[] = []
  let left = MOST_CHARACTERS
  for (const passage of ranked.slice(0, MOST_PASSAGES)) {
    const text = passage.text.slice(0, Math.max(0, left - passage.heading.length))
    if (text === '') break
    const cut = { ...passage, text }
    left -= sizeOf(cut)
    given.push(cut)
  }
  return given
}
