// Loads the evaluation sets: questions, the requests of a voice model, and the two halves.
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import {
  HANDBOOK_FOLDER,
  type Handbook,
  readHandbookFolder
} from '../../dev/supabase/handbook-files.ts'
import { MOST_NAMED_SECTIONS, QUERY_LENGTH_LIMIT } from '../../src/shared/handbook.ts'
import { languageSchema } from '../../src/shared/language.ts'
import { loadLists } from './yaml-lists.ts'

export const KINDS = [
  'plain',
  'number',
  'cross_language',
  'slang',
  'damaged',
  'one_word',
  'unanswerable'
] as const
export type Kind = (typeof KINDS)[number]

/** The kinds of UAEval4RAG (Peng and others, 2024). */
export const UNANSWERABLE_KINDS = [
  'underspecified',
  'false_presupposition',
  'nonsensical',
  'modality_limited',
  'safety_concerned',
  'out_of_database'
] as const

/** The restaurant's initials, the language asked in, a number: `hr-en-0001`. */
const ID = /^[a-z]+-(en|es)-\d{4}$/
const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/
/** In characters. */
const LONGEST_QUESTION = 160
const MOST_FACTS = 3

const idSchema = z.string().regex(ID, 'is not like hr-en-0001')
const sectionSchema = z.string().regex(SLUG, 'is not the slug of a section')
const excerptSchema = z.string().trim().min(1)

const questionSchema = z
  .strictObject({
    id: idSchema,
    group: z.string().regex(SLUG, 'is not the slug of a restaurant'),
    language: languageSchema,
    kind: z.enum(KINDS),
    text: z.string().trim().min(1).max(LONGEST_QUESTION),
    /** The sections that answer, best first. */
    sections: z.array(sectionSchema),
    /** Excerpts that a right answer needs, in each language of the section. */
    facts: z
      .array(
        z
          .strictObject({ en: excerptSchema.optional(), es: excerptSchema.optional() })
          .refine(({ en, es }) => en !== undefined || es !== undefined, 'has no excerpt')
      )
      .max(MOST_FACTS)
      .default([]),
    /** As in the section: `165 °F`. */
    figures: z.array(z.string().trim().min(1)).min(1).optional(),
    /** Why an unanswerable question has no answer. */
    unanswerable_kind: z.enum(UNANSWERABLE_KINDS).optional(),
    note: z.string().trim().min(1).optional()
  })
  .superRefine((question, context) => {
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message })
    if (question.id.split('-')[1] !== question.language) {
      refuse('id', `names another language than ${question.language}`)
    }
    if (question.kind === 'unanswerable') {
      if (question.sections.length > 0) refuse('sections', 'is not empty, yet nothing answers')
      if (question.facts.length > 0) refuse('facts', 'is not empty, yet nothing answers')
      if (question.figures !== undefined) refuse('figures', 'is given, yet nothing answers')
    } else {
      if (question.sections.length === 0) {
        refuse('sections', 'names no section, yet the question has an answer')
      }
      if (question.facts.length === 0) {
        refuse('facts', 'names no fact, yet the question has an answer')
      }
      if (question.unanswerable_kind !== undefined) {
        refuse('unanswerable_kind', 'is given, yet the question has an answer')
      }
    }
    if (question.kind === 'number' && question.figures === undefined) {
      refuse('figures', 'is missing, yet the question turns on a number')
    }
    if (new Set(question.sections).size < question.sections.length) {
      refuse('sections', 'names a section twice')
    }
  })

export type EvaluationQuestion = z.output<typeof questionSchema>
export type Fact = EvaluationQuestion['facts'][number]

const requestSchema = z.strictObject({
  id: idSchema,
  /** Best first; empty when no title fits. */
  sections: z.array(sectionSchema).max(MOST_NAMED_SECTIONS),
  /** The question as one plain sentence. */
  restated: z.string().trim().min(1).max(QUERY_LENGTH_LIMIT)
})

/** A voice model with the table of contents sends it beside the question. */
export type SearchRequest = z.output<typeof requestSchema>

export const SET_NAMES = ['sample', 'held-out'] as const
export type SetName = (typeof SET_NAMES)[number]

const folderOf = (path: string): string => fileURLToPath(new URL(`./sets/${path}`, import.meta.url))

export const QUESTION_FOLDER = folderOf('sample/questions')

export const HANDBOOKS: Readonly<Record<SetName, string>> = {
  sample: HANDBOOK_FOLDER,
  'held-out': folderOf('held-out/handbook')
}

export type EvaluationSet = {
  name: SetName
  handbook: Handbook
  questions: EvaluationQuestion[]
  requests: SearchRequest[]
}

/** @throws as {@link loadLists} */
export const loadQuestions = (folder: string): Promise<EvaluationQuestion[]> =>
  loadLists(folder, questionSchema)

/** @throws as {@link loadLists} */
export const loadRequests = (folder: string): Promise<SearchRequest[]> =>
  loadLists(folder, requestSchema)

/** @throws as {@link loadLists} */
export const loadSet = async (name: SetName): Promise<EvaluationSet> => ({
  name,
  handbook: await readHandbookFolder(HANDBOOKS[name]),
  questions: await loadQuestions(folderOf(`${name}/questions`)),
  requests: await loadRequests(folderOf(`${name}/requests`))
})

export const HALVES = ['development', 'test'] as const
export type Half = (typeof HALVES)[number]
export type Part = Half | 'all'

/**
 * Picked among the first 200 before any search, for halves that are alike in kinds, languages and restaurants. Another seed
 * would move questions of the development half into the test half.
 */
const SPLIT_SEED = 52

/**
 * Only the development halves may shape the search. The first section decides the half, so no section is in both; an
 * unanswerable question has only its id. With a hash, a new question moves no other.
 */
export const half = ({
  id,
  group,
  sections
}: Pick<EvaluationQuestion, 'id' | 'group' | 'sections'>): Half => {
  const [best] = sections
  const key = best === undefined ? id : `${group}/${best}`
  const firstByte = createHash('sha256').update(`${SPLIT_SEED}:${key}`).digest().readUInt8(0)
  return firstByte % 2 === 0 ? 'development' : 'test'
}
