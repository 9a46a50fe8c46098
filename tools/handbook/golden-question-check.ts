// Reads the golden questions that a change of the handbook would lose.
import { z } from 'zod'
import { describeGoldenOutcome } from './golden-questions.ts'
import { type Answer, ProjectRequestError, unwrapResponse } from './project-requests.ts'

const changeSchema = z.object({
  golden_id: z.uuid(),
  question: z.string(),
  language: z.string(),
  expected: z.string(),
  got: z.string().nullable(),
  /** Required words that the given passages lack. */
  missing: z.array(z.string()),
  /** Null: all restaurants without a section of their own. */
  group: z.string().nullable()
})
export type GoldenChange = z.output<typeof changeSchema>

export type GoldenCheck = {
  /** Null where the project names only the lost questions. */
  total: number | null
  kept: number | null
  newlyFound: GoldenChange[]
  regressions: GoldenChange[]
  /** Lost in a restaurant by a change of the brand, which they do not stop. */
  warnings: GoldenChange[]
}

export const goldenCheckSchema = z
  .object({
    total: z.int(),
    kept: z.int(),
    newly_found: z.array(changeSchema),
    regressions: z.array(changeSchema),
    warnings: z.array(changeSchema)
  })
  .transform(
    ({ newly_found: newlyFound, ...golden }): GoldenCheck & { total: number; kept: number } => ({
      ...golden,
      newlyFound
    })
  )

const REGRESSION = 'HR409'

/** Empty for an unreadable list: the change is refused all the same. */
const regressionsIn = (detail: string): GoldenChange[] => {
  try {
    return z.array(changeSchema).parse(JSON.parse(detail))
  } catch {
    return []
  }
}

/**
 * The golden questions that a refused change would lose.
 * @throws any other error again
 */
export const regressionsFromError = (error: unknown): GoldenCheck => {
  if (!(error instanceof ProjectRequestError && error.code === REGRESSION)) throw error
  return {
    total: null,
    kept: null,
    newlyFound: [],
    regressions: regressionsIn(error.detail),
    warnings: []
  }
}

export type CheckedChange = {
  /** False for a dry run, and where a golden question would have been lost. */
  isDone: boolean
  slugs: string[]
  golden: GoldenCheck
}

/** @throws ProjectRequestError for any refusal except a lost golden question */
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

const changeLine = (change: GoldenChange): string => {
  const { golden_id: id, question, language, group } = change
  const where = group === null ? '' : ` (as ${group} asks it)`
  return `  ${id}  ${language}  ${question}${where}: ${describeGoldenOutcome(change)}`
}

export const goldenCheckLines = ({
  total,
  kept,
  newlyFound,
  regressions,
  warnings
}: GoldenCheck): string[] => [
  ...(total === null ? [] : [`Golden questions: ${kept} of ${total} are kept.`]),
  ...(newlyFound.length === 0 ? [] : ['Found now, and not before:']),
  ...newlyFound.map(changeLine),
  ...(regressions.length === 0 ? [] : ['Found until now, and not any more:']),
  ...regressions.map(changeLine),
  ...(warnings.length === 0
    ? []
    : ['Found until now in a restaurant, and not any more there. This does not stop the brand:']),
  ...warnings.map(changeLine)
]
