// The backend port on supabase-js, with the caller's own token on every call.
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { z } from 'zod'
import type { Backend, BackendRefusal, BackendResult, Caller, Search } from './backend.ts'
import type { Database } from './database.types.ts'
import {
  type DatabaseError,
  DatabaseRequestError,
  failureOf,
  refusalOf
} from './database-errors.ts'
import { kitchenWordSchema } from './kitchen-words.ts'
import { type Language, languageSchema } from './language.ts'
import { pauseBeforeRetry } from './outbound-request.ts'
import type { RpcArguments } from './rpc-arguments.ts'
import { contentsSchema, NO_CONTENTS } from './table-of-contents.ts'

/** Verifying is local except when keys are fetched, once in ten minutes. */
const VERIFY_TIMEOUT_MS = 2_000
/** The kiosk gives a search 2.5 s in all; the embedding before it may have used 0.9 s. */
const DATABASE_TIMEOUT_MS = 1_400
/** A connection that was refused at once may be there a moment later; one that was slow will be slow again. */
const FAILED_FAST_MS = 500
/** SQLSTATE of a statement that Postgres ended for its own time limit. */
const QUERY_CANCELED = '57014'
const GATEWAY_TIMEOUT = 504
/** Statuses of a project that could not be reached just now; supabase-js says 0 where nobody answered. */
const FAILED_IN_PASSING = [0, 502, 503]

const NO_SESSION = { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false }

const claimsSchema = z.object({ sub: z.uuid(), role: z.literal('authenticated') })

const voiceAccessSchema = z
  .array(
    z.object({
      voice_enabled: z.boolean(),
      can_use_ai: z.boolean(),
      daily_count: z.int(),
      daily_limit: z.int().nullable(),
      can_ask: z.boolean(),
      role: z.string(),
      // A list that cannot be read costs a few words, not the voice.
      kitchen_words: z.array(kitchenWordSchema).nullish().catch(null),
      // Without a table of contents the model names no section and is answered by the search alone.
      contents: contentsSchema.nullish().catch(null)
    })
  )
  .length(1)

const passagesSchema = z.array(
  z.object({
    slug: z.string().min(1),
    title: z.string().min(1),
    heading: z.string(),
    language: languageSchema,
    content: z.string().min(1),
    anchor: z.string(),
    is_given: z.boolean(),
    is_named: z.boolean(),
    needs_manager: z.boolean(),
    method: z.enum(['hybrid', 'keyword']),
    embedding_model: z.string().nullish()
  })
)

const embeddingModelsSchema = z
  .array(
    z.object({
      organisations: z.object({
        embedding_model: z.string(),
        next_embedding_model: z.string().nullable()
      })
    })
  )
  .max(1)

/** What asking can be refused with; to a kiosk any other refusal is a failure. */
const voiceRefusalOf = (error: DatabaseError): BackendRefusal | undefined => {
  const refusal = refusalOf(error)
  switch (refusal?.code) {
    case 'not_a_member':
    case 'ai_disabled':
    case 'limit_exceeded':
    case 'bad_request':
      return refusal
    default:
      return undefined
  }
}

const readResult = <T>(
  { data, error }: { data: unknown; error: DatabaseError | null },
  schema: z.ZodType<T>
): BackendResult<T> => {
  if (error === null) return { ok: true, value: schema.parse(data) }
  const refusal = voiceRefusalOf(error)
  if (refusal === undefined) throw failureOf(error)
  return { ok: false, refusal }
}

/** The project's public keys are read, never written: who failed to answer may be asked again. */
const fetchOnceMore: typeof fetch = async (input, init) => {
  const attempt = () => fetch(input, { ...init, signal: AbortSignal.timeout(VERIFY_TIMEOUT_MS) })
  try {
    return await attempt()
  } catch (error) {
    const isTimeout = error instanceof Error && error.name === 'TimeoutError'
    if (isTimeout || (init?.method ?? 'GET') !== 'GET') throw error
    await pauseBeforeRetry()
    return attempt()
  }
}

/** Whether it has a JWT's parts at all: supabase-js throws whatever its decoder throws for what has not. */
const isJwt = (token: string): boolean => {
  const parts = token.split('.')
  const readable = (part: string): boolean => {
    try {
      return typeof JSON.parse(atob(part.replaceAll('-', '+').replaceAll('_', '/'))) === 'object'
    } catch {
      return false
    }
  }
  return (
    parts.length === 3 &&
    parts.every((part) => /^[\w-]+$/.test(part)) &&
    parts.slice(0, 2).every(readable)
  )
}

/** Clients that act as a caller, with the caller's token and the request's id on every call. */
export const callerClients =
  (url: string, publishableKey: string) =>
  ({ token, requestId }: Caller) =>
    createClient<Database>(url, publishableKey, {
      auth: NO_SESSION,
      global: {
        headers: {
          authorization: `Bearer ${token}`,
          ...(requestId === undefined ? {} : { 'x-request-id': requestId })
        }
      }
    })

/** Six digits behind the point are more than any two passages differ by. */
const VECTOR_SCALE = 1_000_000

/**
 * A vector in pgvector's text form, for cosines only: as whole millionths, because reading 1,536 fractions takes the
 * embedded Postgres seven times as long, and as JSON they would be twice as many bytes. (As a JSON array PostgREST would
 * make a Postgres array of it.)
 */
const vectorText = (vector: readonly number[] | null): string | null =>
  vector === null ? null : `[${vector.map((value) => Math.round(value * VECTOR_SCALE)).join()}]`

const searchArguments = (search: Search): RpcArguments<'search_handbook'> => ({
  _group_id: search.groupId,
  _question_id: search.questionId,
  _question: search.question,
  _restated: search.restated,
  _sections: [...search.sections],
  _language: search.language,
  _embedding: vectorText(search.embedding),
  _embedding_model: search.embeddingModel,
  _conversation_language: search.conversationLanguage
})

export const supabaseBackend = (url: string, publishableKey: string): Backend => {
  // One client verifies for all: it keeps the project's public keys.
  const verifier = createClient(url, publishableKey, {
    auth: NO_SESSION,
    global: {
      fetch: (input, init) => fetchOnceMore(input, init)
    }
  })

  const as = callerClients(url, publishableKey)

  const readAccess = async (caller: Caller, groupId: string, language: Language) => {
    const startedMs = performance.now()
    const ask = () =>
      as(caller)
        .rpc('get_voice_access', { _group_id: groupId, _language: language })
        .abortSignal(AbortSignal.timeout(DATABASE_TIMEOUT_MS))
    const first = await ask()
    // No code: nobody answered. Asking again is safe, since nothing is counted or written.
    const failedFast = performance.now() - startedMs < FAILED_FAST_MS
    if (first.error === null || first.error.code !== '' || !failedFast) return first
    await pauseBeforeRetry()
    return ask()
  }

  /**
   * Once more where the project failed at once: one id is charged once, whatever became of the first. Never where it
   * was late: the first may still be at work and holds the restaurant's row, for which a second would wait; and the copy
   * on the kiosk answers sooner than that.
   */
  const askForSearch = async (caller: Caller, search: Search) => {
    const startedMs = performance.now()
    // For both.
    const limit = AbortSignal.timeout(DATABASE_TIMEOUT_MS)
    const client: SupabaseClient = as(caller)
    const parameters = searchArguments(search)
    const ask = () => client.rpc('search_handbook', parameters).abortSignal(limit)
    let answer = await ask()
    const failedFast = performance.now() - startedMs < FAILED_FAST_MS
    if (answer.error !== null && FAILED_IN_PASSING.includes(answer.status) && failedFast) {
      await pauseBeforeRetry()
      answer = await ask()
    }
    const { data, error, status }: { data: unknown; error: DatabaseError | null; status: number } =
      answer
    const isLate =
      error !== null &&
      (error.code === QUERY_CANCELED ||
        status === GATEWAY_TIMEOUT ||
        (status === 0 && limit.aborted))
    return { data, error, isLate }
  }

  return {
    verify: async (token) => {
      if (!isJwt(token)) return null
      const { data, error } = await verifier.auth.getClaims(token)
      if (error !== null) {
        // Only a verdict is a verdict: an unreachable auth server must not sign a kiosk out.
        const isVerdict = error.status !== undefined && error.status >= 400 && error.status < 500
        if (isVerdict || error.name === 'AuthInvalidJwtError') return null
        throw error
      }
      const claims = claimsSchema.safeParse(data?.claims)
      return claims.success ? { userId: claims.data.sub, token } : null
    },

    voiceAccess: async (caller, groupId, language) => {
      const result = readResult(await readAccess(caller, groupId, language), voiceAccessSchema)
      if (!result.ok) return result
      const [row] = result.value
      if (row === undefined) throw new DatabaseRequestError('no row')
      return {
        ok: true,
        value: {
          voiceEnabled: row.voice_enabled,
          canUseAi: row.can_use_ai,
          dailyCount: row.daily_count,
          dailyLimit: row.daily_limit,
          canAsk: row.can_ask,
          role: row.role,
          kitchenWords: row.kitchen_words ?? [],
          contents: row.contents ?? NO_CONTENTS
        }
      }
    },

    embeddingModels: async (caller, groupId) => {
      const { data, error }: { data: unknown; error: DatabaseError | null } = await as(caller)
        .from('groups')
        .select('organisations!groups_organisation_id_fkey(embedding_model, next_embedding_model)')
        .eq('id', groupId)
        .abortSignal(AbortSignal.timeout(DATABASE_TIMEOUT_MS))
      if (error !== null) throw failureOf(error)
      const [row] = embeddingModelsSchema.parse(data)
      return row === undefined
        ? null
        : {
            answering: row.organisations.embedding_model,
            next: row.organisations.next_embedding_model
          }
    },

    search: async (caller, search) => {
      const answer = await askForSearch(caller, search)
      if (answer.isLate) return { ok: false, refusal: { code: 'search_timeout' } }
      const result = readResult(answer, passagesSchema)
      if (!result.ok) return result
      return {
        ok: true,
        value: result.value.map(
          ({ is_given, is_named, needs_manager, embedding_model, ...passage }) => ({
            ...passage,
            isGiven: is_given,
            isNamed: is_named,
            needsManager: needs_manager,
            embeddingModel: embedding_model ?? null
          })
        )
      }
    }
  }
}
