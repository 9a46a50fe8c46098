// Reads which golden questions a change of the handbook would lose, as the project answers it.
import { z } from 'zod'
import { describeGoldenOutcome } from './golden-questions.ts'
import { type Answer, ProjectRequestError, unwrapResponse } from './project-requests.ts'

const changeSchema = z.object({
  question: z.string(),
  language: z.string(),
  expected: z.string(),
  got: z.string().nullable(),
  /** Words that it must say and that the given passages of the section lack. */
  missing: z.array(z.string()),
  /** The restaurant that sees it so; null for all that have nothing of their own. */
  group: z.string().nullish()
})
export type GoldenChange = z.output<typeof changeSchema>

export type GoldenCheck = {
  /** Null where the project named only the lost questions. */
  total: number | null
  kept: number | null
  newlyFound: GoldenChange[]
  regressions: GoldenChange[]
}

export const goldenCheckSchema = z
  .object({
    total: z.int(),
    kept: z.int(),
    newly_found: z.array(changeSchema),
    regressions: z.array(changeSchema)
  })
  .transform(
    ({ newly_found: newlyFound, ...golden }): GoldenCheck & { total: number; kept: number } => ({
      ...golden,
      newlyFound
    })
  )

const REGRESSION = 'HR409'

/** The questions that a refusal names. */
const regressionsIn = (detail: string): GoldenChange[] => {
  try {
    return z.array(changeSchema).parse(JSON.parse(detail))
  } catch {
    // The refusal stands, whatever became of its list.
    return []
  }
}

/**
 * The golden questions that a refused change would lose.
 * @throws the error itself where it is another than a golden question that would be lost
 */
export const regressionsFromError = (error: unknown): GoldenCheck => {
  if (!(error instanceof ProjectRequestError && error.code === REGRESSION)) throw error
  return { total: null, kept: null, newlyFound: [], regressions: regressionsIn(error.detail) }
}

/** A change of sections that the golden questions may refuse. */
export type CheckedChange = {
  /** False for a dry run, and where a golden question would have been lost. */
  isDone: boolean
  slugs: string[]
  golden: GoldenCheck
}

/**
 * The result of a change that the golden questions may refuse.
 * @throws ProjectRequestError for anything but a lost golden question
 */
export const readCheckedChange = (
  what: string,
  answer: Answer,
  schema: z.ZodType<Omit<CheckedChange, 'isDone'>>,
  { dryRun }: { dryRun: boolean }
): CheckedChange => {
  try {
    return { isDone: !dryRun, ...unwrapResponse(what, answer, schema) }
  } catch (error) {
    return { isDone: false, slugs: [], golden: regressionsFromError(error) }
  }
}

export const hasRegressions = ({ regressions }: GoldenCheck): boolean => regressions.length > 0

export const changeLine = (change: GoldenChange): string => {
  const { question, language, group } = change
  const where = group === null || group === undefined ? '' : ` (as ${group} asks it)`
  return `  ${language}  ${question}${where}: ${describeGoldenOutcome(change)}`
}

/** In sentences, the lost ones last. */
export const goldenCheckLines = ({
  total,
  kept,
  newlyFound,
  regressions
}: GoldenCheck): string[] => [
  ...(total === null ? [] : [`Golden questions: ${kept} of ${total} are kept.`]),
  ...(newlyFound.length === 0 ? [] : ['Found now, and not before:']),
  ...newlyFound.map(changeLine),
  ...(regressions.length === 0 ? [] : ['Found until now, and not any more:']),
  ...regressions.map(changeLine)
]
