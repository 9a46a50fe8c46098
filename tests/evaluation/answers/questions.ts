// Reads what a set's questions need to be judged by: the facts, figures and sections of a right answer.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { z } from 'zod'
import { languageSchema } from '../../../src/shared/language.ts'

export const SETS = ['sample', 'held-out'] as const
export type SetName = (typeof SETS)[number]

export const SET_FOLDERS: Readonly<Record<SetName, string>> = {
  sample: fileURLToPath(new URL('../sets/sample', import.meta.url)),
  'held-out': fileURLToPath(new URL('../sets/held-out', import.meta.url))
}

const answerQuestionSchema = z.object({
  id: z.string(),
  group: z.string(),
  language: languageSchema,
  kind: z.string(),
  text: z.string(),
  /** Every section that really answers, the best first; empty where none does. */
  sections: z.array(z.string()),
  /** What a right answer rests on, word for word as in the section, in the languages that it has. */
  facts: z
    .array(z.strictObject({ en: z.string().exactOptional(), es: z.string().exactOptional() }))
    .default([]),
  /** The figures that a right answer says. */
  figures: z.array(z.string()).default([]),
  /** One of UAEval4RAG's six kinds. */
  unanswerable_kind: z.string().optional()
})
export type AnswerQuestion = z.output<typeof answerQuestionSchema>

export const isAnswerable = ({ sections }: AnswerQuestion): boolean => sections.length > 0

/** @throws ZodError when a file does not hold questions; `npm run test:unit` says what is wrong with which. */
export const loadAnswerQuestions = async (set: SetName): Promise<AnswerQuestion[]> => {
  const folder = join(SET_FOLDERS[set], 'questions')
  const files = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort()
  const read = files.map(async (name) =>
    z.array(answerQuestionSchema).parse(parse(await readFile(join(folder, name), 'utf8')))
  )
  return (await Promise.all(read)).flat()
}
