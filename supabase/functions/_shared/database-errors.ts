// The refusals that the migrations raise, told apart by SQLSTATE; anything else that a database answers is a failure.
import { z } from 'zod'
import type { GoldenChange, Refusal } from './refusals.ts'

export type DatabaseError = { code: string; message: string; details: string | null }

export type DatabaseRefusal = Extract<
  Refusal,
  {
    code:
      | 'not_a_member'
      | 'ai_disabled'
      | 'limit_exceeded'
      | 'bad_request'
      | 'not_allowed'
      | 'not_found'
      | 'golden_regression'
      | 'conflict'
  }
>

const limitDetailSchema = z.object({
  daily_count: z.int().nullable(),
  daily_limit: z.int().nullable()
})

export const goldenChangeSchema: z.ZodType<GoldenChange> = z.object({
  question: z.string(),
  language: z.string(),
  expected: z.string().nullable(),
  got: z.string().nullable(),
  missing: z.array(z.string()),
  group: z
    .string()
    .nullish()
    .transform((group) => group ?? null)
})

/** A refusal without its detail is still that refusal. */
const detailOf = <T>(details: string | null, schema: z.ZodType<T>, otherwise: T): T => {
  try {
    const read = schema.safeParse(JSON.parse(details ?? ''))
    return read.success ? read.data : otherwise
  } catch {
    return otherwise
  }
}

/** Undefined for what is no refusal. */
export const refusalOf = ({ code, details }: DatabaseError): DatabaseRefusal | undefined => {
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

/** Its name carries the SQLSTATE, because the log takes names only. */
export class DatabaseRequestError extends Error {
  constructor(what: string) {
    super(what)
    this.name = `DatabaseRequestError(${what})`
  }
}

/** For an error that is no refusal: supabase-js has no code where nobody answered. */
export const failureOf = ({ code }: DatabaseError): DatabaseRequestError =>
  new DatabaseRequestError(code === '' ? 'unreachable' : code)
