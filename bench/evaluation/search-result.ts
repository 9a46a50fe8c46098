// The common form of the answers of all searches.
import type { Language } from '../../src/shared/language.ts'
import type { EvaluationQuestion, SearchRequest } from './question-set.ts'

export type Asked = { question: EvaluationQuestion; request: SearchRequest }

export type Place = {
  /** The slug of the restaurant; empty when no restaurant has the section. */
  group: string
  slug: string
}

export type GivenPassage = Place & {
  language: Language
  heading: string
  text: string
}

export type Answer = {
  /** Best first; empty for "not found". */
  given: readonly GivenPassage[]
  /** Offered when nothing is given, nearest first. */
  nearest: readonly Place[]
}

export type Search = {
  name: string
  about: string
  ask: (asked: Asked) => Promise<Answer>
}

/** The limits of Heard's search: about 1,200 tokens. */
export const MOST_PASSAGES = 6
export const MOST_CHARACTERS = 4_800

/** In characters. */
export const sizeOf = ({ heading, text }: Pick<GivenPassage, 'heading' | 'text'>): number =>
  heading.length + text.length

/** The first passages within Heard's limits. The last one is cut. */
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
