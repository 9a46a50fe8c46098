// What the search bench asks: questions of the evaluation, each with a restatement and three sections that it names.
import type { HandbookQuestion } from '../../src/shared/handbook.ts'
import {
  type EvaluationQuestion,
  loadQuestions,
  QUESTION_FOLDER
} from '../evaluation/question-set.ts'
import { SEED } from './data-folder.ts'
import { sectionAt } from './load-handbooks.ts'
import { createHandbook } from './synthetic-handbook.ts'
import { type Owner, VISIBLE_PREFIXES } from './tenants.ts'

/** Every question in another order than in the files, where one kind follows the other. */
const QUESTION_STRIDE = 37
/** A prime, so that the named sections are spread over the handbook. */
const SECTION_STRIDE = 7_919
/** As many as a model may name. */
const NAMED = 3

export type Request = Required<HandbookQuestion> & Pick<EvaluationQuestion, 'language'>
type Question = Pick<EvaluationQuestion, 'language' | 'text'>

/** The evaluation's questions, half of them Spanish and a fifth without an answer, as often as they are needed. */
const benchQuestions = async (count: number): Promise<Question[]> => {
  const all = await loadQuestions(QUESTION_FOLDER)
  return Array.from({ length: count }, (_, place) => {
    const question = all[(place * QUESTION_STRIDE) % all.length]
    if (question === undefined) throw new Error('There are no questions.')
    return question
  })
}

/**
 * The same requests for the same handbook.
 * @param owners of all sections of the asking restaurant's brand; only sections that the restaurant sees are named
 */
export const benchRequests = async (
  count: number,
  owners: readonly Owner[]
): Promise<Request[]> => {
  const make = await createHandbook(SEED)
  const visible = owners
    .filter(({ slugPrefix }) => VISIBLE_PREFIXES.some((prefix) => prefix === slugPrefix))
    .flatMap((owner) =>
      Array.from({ length: owner.sections }, (_, place) => ({
        slug: `${owner.slugPrefix}${place}`,
        make: () => sectionAt(owner, place, make)
      }))
    )
  /** The title of a section and one of its example questions; undefined where it is not in the language. */
  const restatementOf = (place: number, language: Question['language']): string | undefined => {
    const section = visible[place % visible.length]?.make()
    const title = section?.titles[language]
    if (title === undefined) return undefined
    const [example = ''] = section?.questions[language] ?? []
    return `${title}: ${example}`.trim()
  }
  return (await benchQuestions(count)).map(({ text, language }, index) => {
    let first = index * SECTION_STRIDE
    let restated = restatementOf(first, language)
    while (restated === undefined) {
      first += 1
      restated = restatementOf(first, language)
    }
    const sections = Array.from({ length: NAMED }, (_, nth) => {
      const place = (first + Math.floor((nth * visible.length) / NAMED)) % visible.length
      return visible[place]?.slug ?? ''
    })
    return { question: text.trim(), restated, sections, language }
  })
}
