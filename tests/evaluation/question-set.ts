// Reads the questions that judge the handbook search, and says which half of them may be looked at
// while thresholds are fitted. Whatever is wrong is told by file and id, all of it at once.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseDocument } from 'yaml'
import { z } from 'zod'
import { languageSchema } from '../../src/shared/language.ts'

/** The set in the repository. */
export const QUESTION_FOLDER = fileURLToPath(new URL('./questions', import.meta.url))

export const KINDS = [
  'plain',
  'number',
  'cross_language',
  'slang',
  'damaged',
  'unanswerable'
] as const
export type Kind = (typeof KINDS)[number]

const QUESTION_FILE = /\.yaml$/
/** The restaurant's initials, the language asked in, a number: `hr-en-0001`. */
const ID = /^[a-z]+-(en|es)-\d{4}$/
const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/
/** What a person says in one breath; longer is a paragraph that nobody speaks to a kiosk. */
const LONGEST_QUESTION = 160

const questionSchema = z
  .strictObject({
    id: z.string().regex(ID, 'is not like hr-en-0001'),
    group: z.string().regex(SLUG, 'is not the slug of a restaurant'),
    language: languageSchema,
    kind: z.enum(KINDS),
    text: z.string().trim().min(1).max(LONGEST_QUESTION),
    /** Every section that really answers, the best first. */
    sections: z.array(z.string().regex(SLUG, 'is not the slug of a section')),
    /** As written in the section, `165 °F`. */
    figures: z.array(z.string().trim().min(1)).min(1).optional(),
    /** Why it is tempting. */
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
      if (question.figures !== undefined) refuse('figures', 'is given, yet nothing answers')
    } else if (question.sections.length === 0) {
      refuse('sections', 'names no section, yet the question has an answer')
    }
    if (question.kind === 'number' && question.figures === undefined) {
      refuse('figures', 'is missing, yet the question turns on a number')
    }
    if (new Set(question.sections).size < question.sections.length) {
      refuse('sections', 'names a section twice')
    }
  })

export type EvaluationQuestion = z.output<typeof questionSchema>

/** What is wrong with a set of questions, one sentence each. */
export class QuestionSetError extends Error {
  readonly problems: string[]

  constructor(problems: string[]) {
    super(problems.join('\n'))
    this.name = 'QuestionSetError'
    this.problems = problems
  }
}

const idOf = (entry: unknown, place: number): string =>
  typeof entry === 'object' && entry !== null && 'id' in entry && typeof entry.id === 'string'
    ? entry.id
    : `entry ${place + 1}`

const describeIssue = (file: string, id: string, issue: z.core.$ZodIssue): string => {
  const where = issue.path.filter((step) => typeof step !== 'symbol').join('.')
  return `${file}: ${id}: ${where === '' ? '' : `${where} `}${issue.message}.`
}

type FileRead = { questions: EvaluationQuestion[]; problems: string[] }

const readFileOfQuestions = (file: string, yaml: string): FileRead => {
  const document = parseDocument(yaml)
  const broken = document.errors[0]
  if (broken !== undefined) {
    const message = broken.message.split('\n', 1)[0] ?? ''
    return { questions: [], problems: [`${file}: is not YAML: ${message}`] }
  }
  const entries: unknown = document.toJS()
  if (!Array.isArray(entries)) {
    return { questions: [], problems: [`${file}: is not a list of questions.`] }
  }
  const questions: EvaluationQuestion[] = []
  const problems: string[] = []
  for (const [place, entry] of entries.entries()) {
    const parsed = questionSchema.safeParse(entry)
    if (parsed.success) questions.push(parsed.data)
    else {
      const id = idOf(entry, place)
      problems.push(...parsed.error.issues.map((issue) => describeIssue(file, id, issue)))
    }
  }
  return { questions, problems }
}

/**
 * Every question of a folder, file by file in the order of their names.
 * @throws QuestionSetError naming file and id of everything that does not fit.
 * @throws what the file system throws when the folder cannot be read.
 */
export const loadQuestions = async (folder: string): Promise<EvaluationQuestion[]> => {
  const files = (await readdir(folder)).filter((name) => QUESTION_FILE.test(name)).sort()
  const questions: EvaluationQuestion[] = []
  const problems: string[] = []
  const fileOfId = new Map<string, string>()
  for (const file of files) {
    const read = readFileOfQuestions(file, await readFile(join(folder, file), 'utf8'))
    problems.push(...read.problems)
    for (const question of read.questions) {
      const other = fileOfId.get(question.id)
      if (other === undefined) fileOfId.set(question.id, file)
      else problems.push(`${file}: ${question.id}: id is taken by a question of ${other}.`)
      questions.push(question)
    }
  }
  if (files.length === 0) problems.push(`${folder}: holds no .yaml file of questions.`)
  if (problems.length > 0) throw new QuestionSetError(problems)
  return questions
}

export type Half = 'development' | 'test'

/**
 * Picked among the first 200 before anything was searched: its halves are alike in every kind, both
 * languages and both restaurants. Another seed moves questions that thresholds were fitted on.
 */
const SPLIT_SEED = 52

/**
 * Thresholds are fitted on the development half only. The halves part by the first section, so that
 * no section is fitted on and judged by; a question without an answer has only its id to go by. A hash
 * rather than a list: a new question or section moves no other.
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
