// Checks the project's configuration and connections through its health function.
import { z } from 'zod'
import { type UsageCount, usageCountSchema } from '../../supabase/functions/_shared/usage.ts'
import { type Finding, passed, refused, warned } from './check-step.ts'

/** The function's checks take 2 s at the same time; a cold start adds as much again. */
const HEALTH_DEADLINE_MS = 10_000

/** The share of a limit from which the check warns. */
const NEAR_LIMIT = 0.9

const reachSchema = z.object({ reachable: z.boolean(), problem: z.string().nullable() })
const healthSchema = z.object({
  status: z.enum(['ok', 'degraded']),
  problems: z.array(z.string()).optional(),
  endingModels: z.array(z.string()).optional(),
  usage: z.array(usageCountSchema).optional(),
  models: z
    .array(z.object({ use: z.string(), id: z.string(), available: z.boolean().nullable() }))
    .optional(),
  checks: z.object({
    database: reachSchema,
    openai: reachSchema.optional(),
    functions: z.record(z.string(), reachSchema).optional()
  })
})
type Health = z.output<typeof healthSchema>

const problemsOf = ({ problems = [], models = [], checks }: Health): string[] => {
  const reaches = Object.entries({
    'the database': checks.database,
    OpenAI: checks.openai,
    ...checks.functions
  })
  return [
    ...problems,
    ...reaches.flatMap(([name, reach]) =>
      reach === undefined || reach.problem === null ? [] : [`${name}: ${reach.problem}`]
    ),
    ...models.flatMap(({ id, available }) =>
      available === false ? [`the model ${id} is not available to this key`] : []
    )
  ]
}

const usageLine = ({ whose, measure, period, counted, most }: UsageCount): string =>
  `${counted} of ${most} ${measure} (${whose}, ${period})`

export const checkHealth = async (
  project: { supabaseUrl: string; publishableKey: string },
  token: string,
  groupId: string
): Promise<Finding> => {
  let answer: Response
  try {
    answer = await fetch(`${project.supabaseUrl}/functions/v1/health?groupId=${groupId}`, {
      headers: { apikey: project.publishableKey, authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(HEALTH_DEADLINE_MS)
    })
  } catch {
    return refused('the function could not be reached')
  }
  const health = healthSchema.safeParse(await answer.json().catch(() => null))
  if (!answer.ok || !health.success) {
    return refused(`the function answered with ${answer.status}: is it deployed from this version?`)
  }
  const problems = problemsOf(health.data)
  if (problems.length > 0) return refused(problems.join('; '))
  const ending = health.data.endingModels ?? []
  if (ending.length > 0) return warned(`shut down within 60 days: ${ending.join(', ')}`)
  const near = (health.data.usage ?? []).filter(
    ({ counted, most }) => most !== null && counted >= most * NEAR_LIMIT
  )
  return near.length === 0
    ? passed('database, functions, OpenAI, models and limits')
    : warned(near.map(usageLine).join('; '))
}
