// Maps the SQLSTATEs that the migrations raise to refusals; every other database error is a failure.
import { z } from 'zod'
import { camelCased } from './camel-case.ts'
import type { GoldenChange, Refusal } from './refusals.ts'
import { reachedLimitSchema } from './usage.ts'

/** For a limit without a readable detail. */
const DEFAULT_RETRY_SECONDS = 60

export type DatabaseError = { code: string; message: string; details: string | null }

const limitDetailSchema = z.object({
  daily_count: z.int().nullable(),
  daily_limit: z.int().nullable()
})

export const goldenChangeSchema: z.ZodType<GoldenChange> = z
  .object({
    golden_id: z.uuid(),
    question: z.string(),
    language: z.string(),
    expected: z.string().nullable(),
    got: z.string().nullable(),
    missing: z.array(z.string()),
    group: z.string().nullable()
  })
  .transform(camelCased)

/** The detail, or `otherwise` where it is unreadable: the refusal holds without it. */
const detailOf = <T>(details: string | null, schema: z.ZodType<T>, otherwise: T): T => {
  try {
    return schema.parse(JSON.parse(details ?? ''))
  } catch {
    return otherwise
  }
}

/** Undefined for an error that is not a refusal. */
export const refusalOf = ({ code, details }: DatabaseError): Refusal | undefined => {
  switch (code) {
    case 'HR001':
      return { code: 'not_a_member' }
    case 'HR002':
      return { code: 'ai_disabled' }
    case 'HR003': {
      const none = { daily_count: null, daily_limit: null }
      const counts = detailOf(details, limitDetailSchema, none)
      return {
        code: 'limit_exceeded',
        dailyCount: counts.daily_count,
        dailyLimit: counts.daily_limit
      }
    }
    case 'HR004':
      return { code: 'not_allowed' }
    case 'HR005':
      return { code: 'not_found' }
    case 'HR006': {
      const reached = detailOf(details, reachedLimitSchema.nullable(), null)
      return reached === null
        ? { code: 'voice_limit_exceeded', reached, retryAfterSeconds: DEFAULT_RETRY_SECONDS }
        : {
            code: 'voice_limit_exceeded',
            reached: { whose: reached.whose, measure: reached.measure, period: reached.period },
            retryAfterSeconds: reached.retry_after_seconds
          }
    }
    case 'HR400':
      return { code: 'bad_request', problem: 'the database refused a value' }
    case 'HR409':
      return {
        code: 'golden_regression',
        regressions: detailOf(details, z.array(goldenChangeSchema), [])
      }
    case 'HR410':
      return { code: 'conflict' }
    default:
      return undefined
  }
}

/** Carries the SQLSTATE in its name, because the log takes names only. */
export class DatabaseRequestError extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = `DatabaseRequestError(${reason})`
  }
}

/** supabase-js gives an empty code when the connection fails. */
export const failureOf = ({ code }: DatabaseError): DatabaseRequestError =>
  new DatabaseRequestError(code === '' ? 'unreachable' : code)
