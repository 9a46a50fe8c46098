// Reads counts and limits of usage, as the database's function usage_counts returns them.
import { z } from 'zod'

const measureSchema = z.enum(['questions', 'live_keys', 'keys', 'calls', 'call_seconds', 'cost'])
/** `hour`: the last 60 minutes. `day` and `month`: of the restaurant. */
const periodSchema = z.enum(['now', 'hour', 'day', 'month'])

/** `cost` is in dollars. */
export const usageCountSchema = z.object({
  /** Of the account, or of the whole restaurant. */
  whose: z.enum(['person', 'group']),
  measure: measureSchema,
  period: periodSchema,
  counted: z.number(),
  /** Null without a limit. */
  most: z.number().nullable()
})
export type UsageCount = z.output<typeof usageCountSchema>

/** The limit of voice that a caller has reached. */
export const reachedLimitSchema = usageCountSchema
  .pick({ whose: true, measure: true, period: true })
  .extend({ retry_after_seconds: z.int().positive() })
