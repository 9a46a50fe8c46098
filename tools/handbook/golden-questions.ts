// Lists, adds and deletes golden questions. A change that loses one of them is refused.
import { z } from 'zod'
import { say } from '../../dev/run-command.ts'
import type { Language } from '../../src/shared/language.ts'
import type { Project } from './project.ts'
import { callFunction, unwrapResponse } from './project-requests.ts'

const goldenRow = z.object({
  golden_id: z.uuid(),
  /** Null: for every restaurant of the brand. */
  group_id: z.uuid().nullable(),
  question: z.string(),
  language: z.string(),
  expected: z.string(),
  /** The section of the first given passage; null where nothing was given. */
  got: z.string().nullable(),
  is_kept: z.boolean(),
  must_say: z.array(z.string()),
  /** Words of `must_say` that the given passages lack. */
  missing: z.array(z.string()),
  has_embedding: z.boolean(),
  /** Null: asked at each publishing. */
  set_aside_reason: z.string().nullable(),
  set_aside_at: z.string().nullable(),
  /** The address of the account that set it aside. */
  set_aside_by: z.string().nullable()
})
export type Golden = z.output<typeof goldenRow>

export const runGolden = async ({ client, scope }: Project): Promise<Golden[]> =>
  unwrapResponse(
    'Asking the golden questions',
    await callFunction(client, 'run_golden', {
      _organisation_id: scope.organisationId,
      _group_id: scope.groupId
    }),
    z.array(goldenRow)
  )

/**
 * Saves a question with its vector and returns its id.
 * @param mustSay words that the given passages of the section must contain
 */
export const addGolden = async (
  { client, scope, embed }: Project,
  {
    question,
    language,
    section,
    mustSay
  }: { question: string; language: Language; section: string; mustSay: readonly string[] }
): Promise<string> => {
  const embedded = await embed?.embed([question])
  const vector = embedded?.ok === true ? embedded.vectors[0] : undefined
  if (embedded?.ok === false)
    say(`No vector for it (${embedded.message}): it is asked by its words.`)
  return unwrapResponse(
    'Keeping the question',
    await callFunction(client, 'save_golden', {
      _organisation_id: scope.organisationId,
      _group_id: scope.groupId,
      _language: language,
      _question: question,
      _section_slug: section,
      _must_say: [...mustSay],
      _embedding: vector === undefined ? null : JSON.stringify(vector),
      _embedding_model: vector === undefined ? null : (embed?.model ?? null)
    }),
    z.uuid()
  )
}

export const deleteGolden = async ({ client }: Project, id: string): Promise<void> => {
  unwrapResponse(
    'Forgetting the question',
    await callFunction(client, 'delete_golden', { _golden_id: id }),
    z.unknown()
  )
}

/** @param reason null: the question is asked again */
export const setGoldenAside = async (
  { client }: Project,
  id: string,
  reason: string | null
): Promise<void> => {
  unwrapResponse(
    'Setting the question aside',
    await callFunction(client, 'set_golden_aside', { _golden_id: id, _reason: reason }),
    z.unknown()
  )
}

const quoted = (words: readonly string[]): string => words.map((word) => `"${word}"`).join(', ')

export const describeGoldenOutcome = ({
  expected,
  got,
  missing
}: Pick<Golden, 'expected' | 'got' | 'missing'>): string =>
  missing.length > 0
    ? `"${expected}" was found, and the passages given from it do not say ${quoted(missing)}`
    : `expected "${expected}", found ${got === null ? 'nothing' : `"${got}" first`}`

const isAsked = ({ set_aside_reason: reason }: Golden): boolean => reason === null

/** @returns the golden questions that a publishing would lose now */
export const lostGolden = (questions: readonly Golden[]): Golden[] =>
  questions.filter((golden) => isAsked(golden) && !golden.is_kept)

const asideText = ({
  set_aside_reason: reason,
  set_aside_at: at,
  set_aside_by: by
}: Pick<Golden, 'set_aside_reason' | 'set_aside_at' | 'set_aside_by'>): string =>
  reason === null ? '' : `, set aside on ${at?.slice(0, 10)} by ${by ?? 'the service'}: ${reason}`

export const goldenLines = (questions: readonly Golden[]): string[] =>
  questions.length === 0
    ? ['There are no golden questions yet.']
    : questions.map(
        ({ golden_id: id, language, question, expected, must_say: mustSay, ...golden }) => {
          const said = mustSay.length === 0 ? '' : `, saying ${quoted(mustSay)}`
          const whose = golden.group_id === null ? ' (of the brand)' : ''
          return `${id}  ${language}  ${question} → ${expected}${said}${whose}${asideText(golden)}`
        }
      )

export const goldenResultLines = (questions: readonly Golden[]): string[] => [
  ...lostGolden(questions).map(
    (golden) => `LOST  ${golden.language}  ${golden.question}: ${describeGoldenOutcome(golden)}`
  ),
  `${questions.filter((golden) => isAsked(golden) && golden.is_kept).length} of ${questions.filter(isAsked).length} golden questions are kept.`
]
