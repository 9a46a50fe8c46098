// Makes the requests of the search bench: questions of the evaluation with a restatement and three named sections.
import { type HandbookQuestion, MOST_NAMED_SECTIONS } from '../../src/shared/handbook.ts'
import {
  type EvaluationQuestion,
  loadQuestions,
  QUESTION_FOLDER
} from '../evaluation/question-set.ts'
import { SEED } from './data-folder.ts'
import { sectionAt } from './load-handbooks.ts'
import { createHandbook } from './synthetic-handbook.ts'
import { type Owner, VISIBLE_PREFIXES } from './tenants.ts'

/** Mixes the kinds, which are grouped in the files. */
const QUESTION_STRIDE = 37
/** A prime: it spreads the named sections over the handbook. */
const SECTION_STRIDE = 7_919

export type Request = Required<HandbookQuestion> & Pick<EvaluationQuestion, 'language'>
type Question = Pick<EvaluationQuestion, 'language' | 'text'>

/** Repeats the questions of the evaluation; half are Spanish, a fifth unanswerable. */
const benchQuestions = async (count: number): Promise<Question[]> => {
  const all = await loadQuestions(QUESTION_FOLDER)
  return Array.from({ length: count }, (_, place) => {
    const question = all[(place * QUESTION_STRIDE) % all.length]
    if (question === undefined) throw new Error('There are no questions.')
    return question
  })
}

/**
 * Deterministic for a handbook.
 * @param owners of all sections of the brand; only those that the restaurant sees are named
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
  /** The title and an example question of a section; undefined without a translation. */
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
    const sections = Array.from({ length: MOST_NAMED_SECTIONS }, (_, nth) => {
      const place =
        (first + Math.floor((nth * visible.length) / MOST_NAMED_SECTIONS)) % visible.length
      return visible[place]?.slug ?? ''
    })
    return { question: text.trim(), restated, sections, language }
  })
}
