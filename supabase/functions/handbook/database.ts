// Calls the database's functions as the caller; the database decides about rights.
import type { SupabaseClient } from '@supabase/supabase-js'
import { z } from 'zod'
import type { Caller } from '../_shared/backend.ts'
import { camelCased } from '../_shared/camel-case.ts'
import { type DatabaseError, failureOf, refusalOf } from '../_shared/database-errors.ts'
import type { Result } from '../_shared/refusals.ts'
import type { RpcArguments, RpcName } from '../_shared/rpc-arguments.ts'
import { callerClients } from '../_shared/supabase-backend.ts'

/** A manager waits in front of a screen. */
const TIMEOUT_MS = 20_000
/** The publication of a whole handbook takes some seconds. */
export const PUBLISH_TIMEOUT_MS = 90_000

const brandSchema = z
  .array(
    z
      .object({
        embedding_model: z.string(),
        next_embedding_model: z.string().nullable(),
        retention_days: z.int(),
        caution_topics: z.array(z.string())
      })
      .transform(camelCased)
  )
  .max(1)
export type Brand = z.output<typeof brandSchema>[number]

/** Each throws when the database cannot be reached, fails, or answers out of shape. */
export type HandbookDatabase = {
  call: <Name extends RpcName, T>(
    name: Name,
    parameters: RpcArguments<Name>,
    schema: z.ZodType<T>,
    timeoutMs?: number
  ) => Promise<Result<T>>
  /** Undefined for a person who cannot see the brand. */
  brand: (organisationId: string) => Promise<Brand | undefined>
}

export const handbookDatabases = (url: string, publishableKey: string) => {
  const as = callerClients(url, publishableKey)

  return (caller: Caller): HandbookDatabase => {
    const client: SupabaseClient = as(caller)
    return {
      call: async (name, parameters, schema, timeoutMs = TIMEOUT_MS) => {
        const { data, error }: { data: unknown; error: DatabaseError | null } = await client
          .rpc(name, parameters)
          .abortSignal(AbortSignal.timeout(timeoutMs))
        if (error === null) return { ok: true, value: schema.parse(data) }
        const refusal = refusalOf(error)
        if (refusal === undefined) throw failureOf(error)
        // The detail names columns, limits and values of the manager, never a text: it helps to correct a value.
        return refusal.code === 'bad_request' && error.details !== null && error.details !== ''
          ? { ok: false, refusal: { code: 'bad_request', problem: error.details } }
          : { ok: false, refusal }
      },

      brand: async (organisationId) => {
        const { data, error }: { data: unknown; error: DatabaseError | null } = await client
          .from('organisations')
          .select('embedding_model, next_embedding_model, retention_days, caution_topics')
          .eq('id', organisationId)
          .abortSignal(AbortSignal.timeout(TIMEOUT_MS))
        if (error !== null) throw failureOf(error)
        return brandSchema.parse(data)[0]
      }
    }
  }
}

/** A restaurant's own sections, or the brand's (`groupId` null). */
export type HandbookScope = { organisationId: string; groupId: string | null }

export const scopeArguments = ({ organisationId, groupId }: HandbookScope) => ({
  _organisation_id: organisationId,
  _group_id: groupId
})

/** pgvector's text form: PostgREST turns a JSON array into a Postgres array. */
export const vectorText = (vector: readonly number[] | null | undefined): string | null =>
  vector == null ? null : JSON.stringify(vector)
