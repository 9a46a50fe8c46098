// Implements the backend port on supabase-js, with the caller's own token on every call.
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { z } from 'zod'
import { createVerify } from './access-tokens.ts'
import type { AskRefusalCode, Backend, BackendResult, Caller, Search } from './backend.ts'
import { camelCased } from './camel-case.ts'
import type { Database } from './database.types.ts'
import {
  type DatabaseError,
  DatabaseRequestError,
  failureOf,
  refusalOf
} from './database-errors.ts'
import { kitchenWordSchema } from './kitchen-words.ts'
import { type Language, languageSchema } from './language.ts'
import { pauseBeforeRetry, send } from './outbound-request.ts'
import { readJson } from './read-json.ts'
import type { Refusal } from './refusals.ts'
import type { RpcArguments } from './rpc-arguments.ts'
import { contentsSchema, NO_CONTENTS } from './table-of-contents.ts'
import { usageCountSchema } from './usage.ts'

/** For the project's public keys, once in ten minutes. */
const KEYS_TIMEOUT_MS = 2_000
/** The kiosk gives a search 2.5 s; charge and embedding may take 0.9 s of them. */
const DATABASE_TIMEOUT_MS = 1_400
/** Without the charge there is no embedding, so a longer wait costs more than it adds. */
const CHARGE_TIMEOUT_MS = 400
/** A connection that fails faster may succeed a moment later; a slow one stays slow. */
const FAILED_FAST_MS = 500
/** SQLSTATE of a statement that exceeded Postgres's time limit. */
const QUERY_CANCELED = '57014'
const GATEWAY_TIMEOUT = 504
/** Statuses of a project that is unreachable for the moment; supabase-js gives 0 without an answer. */
const TRANSIENT_STATUSES = [0, 502, 503]

const NO_SESSION = { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false }

const voiceAccessSchema = z
  .array(
    z.object({
      voice_enabled: z.boolean(),
      can_use_ai: z.boolean(),
      daily_count: z.int(),
      daily_limit: z.int().nullable(),
      can_ask: z.boolean(),
      role: z.string(),
      // An unreadable list must not stop the voice.
      kitchen_words: z.array(kitchenWordSchema).catch([]),
      contents: contentsSchema.catch(NO_CONTENTS),
      key_id: z.uuid().nullable(),
      usage: z.array(usageCountSchema)
    })
  )
  .length(1)

const passagesSchema = z.array(
  z
    .object({
      slug: z.string().min(1),
      title: z.string().min(1),
      heading: z.string(),
      language: languageSchema,
      content: z.string().min(1),
      anchor: z.string(),
      is_given: z.boolean(),
      is_named: z.boolean(),
      needs_manager: z.boolean(),
      method: z.enum(['hybrid', 'keyword'])
    })
    .transform(camelCased)
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

/** The refusals that a kiosk can get; any other is a failure. */
const voiceRefusalOf = (
  error: DatabaseError
): Extract<Refusal, { code: AskRefusalCode }> | undefined => {
  const refusal = refusalOf(error)
  switch (refusal?.code) {
    case 'not_a_member':
    case 'ai_disabled':
    case 'limit_exceeded':
    case 'voice_limit_exceeded':
    case 'bad_request':
      return refusal
    default:
      return undefined
  }
}

type DatabaseAnswer = { data: unknown; error: DatabaseError | null; status: number }

const isTransient = ({ error, status }: DatabaseAnswer): boolean =>
  error !== null && TRANSIENT_STATUSES.includes(status)

/** @param limit the signal that aborts the request */
const isLate = ({ error, status }: DatabaseAnswer, limit: AbortSignal): boolean =>
  error !== null &&
  (error.code === QUERY_CANCELED || status === GATEWAY_TIMEOUT || (status === 0 && limit.aborted))

const readResult = <T>(
  { data, error }: Omit<DatabaseAnswer, 'status'>,
  schema: z.ZodType<T>
): BackendResult<T> => {
  if (error === null) return { ok: true, value: schema.parse(data) }
  const refusal = voiceRefusalOf(error)
  if (refusal === undefined) throw failureOf(error)
  return { ok: false, refusal }
}

/** Asks once more after a transient failure, unless the first attempt was slow. */
const repeatFastFailure = async <Answer>(
  ask: () => PromiseLike<Answer>,
  isTransient: (answer: Answer) => boolean
): Promise<Answer> => {
  const startedMs = performance.now()
  const first = await ask()
  if (!isTransient(first) || performance.now() - startedMs >= FAILED_FAST_MS) return first
  await pauseBeforeRetry()
  return ask()
}

/** Creates clients that act as a caller and pass on the request's id. */
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

/** The cosines of two passages differ before the sixth decimal. */
const VECTOR_SCALE = 1_000_000

/**
 * A vector in pgvector's text form, as whole millionths: good for cosines only. The embedded Postgres reads 1,536
 * fractions seven times slower, and they take twice the bytes. PostgREST turns a JSON array into a Postgres array.
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
  _embedding: vectorText(search.embedding?.vector ?? null),
  _embedding_model: search.embedding?.model ?? null,
  _conversation_language: search.conversationLanguage,
  _is_early: search.isEarly
})

export const supabaseBackend = (url: string, publishableKey: string): Backend => {
  const { auth } = createClient(url, publishableKey, { auth: NO_SESSION })
  const verify = createVerify(auth, async () => {
    const answer = await send({
      url: `${url}/auth/v1/.well-known/jwks.json`,
      method: 'GET',
      headers: { apikey: publishableKey },
      timeoutMs: KEYS_TIMEOUT_MS,
      repeat: 'safe'
    })
    if (!answer.ok || answer.status !== 200) throw new Error('Auth gives no keys')
    return readJson(answer.text)
  })

  const as = callerClients(url, publishableKey)

  const readAccess = (
    caller: Caller,
    groupId: string,
    language: Language,
    keySeconds: number | null
  ) =>
    repeatFastFailure(
      () =>
        as(caller)
          .rpc('get_voice_access', {
            _group_id: groupId,
            _language: language,
            ...(keySeconds === null ? {} : { _key_seconds: keySeconds })
          })
          .abortSignal(AbortSignal.timeout(DATABASE_TIMEOUT_MS)),
      // An empty code: no answer came. At worst a second key is counted.
      ({ error }) => error?.code === ''
    )

  /**
   * Repeats a search that failed fast: one question id is charged once. Never repeats a late one: the first may still
   * hold the restaurant's row, for which the second would wait; the kiosk's offline copy answers sooner.
   */
  const runSearch = async (caller: Caller, search: Search) => {
    // For both attempts.
    const limit = AbortSignal.timeout(DATABASE_TIMEOUT_MS)
    const client: SupabaseClient = as(caller)
    const parameters = searchArguments(search)
    const answer: DatabaseAnswer = await repeatFastFailure(
      () => client.rpc('search_handbook', parameters).abortSignal(limit),
      isTransient
    )
    return { answer, isLate: isLate(answer, limit) }
  }

  return {
    verify,

    voiceAccess: async (caller, groupId, language, keySeconds) => {
      const result = readResult(
        await readAccess(caller, groupId, language, keySeconds),
        voiceAccessSchema
      )
      if (!result.ok) return result
      const [row] = result.value
      if (row === undefined) throw new DatabaseRequestError('no row')
      return { ok: true, value: camelCased(row) }
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

    charge: async (caller, { groupId, questionId }) => {
      const limit = AbortSignal.timeout(CHARGE_TIMEOUT_MS)
      const answer: DatabaseAnswer = await as(caller)
        .rpc('charge_question', { _group_id: groupId, _question_id: questionId })
        .abortSignal(limit)
      return isLate(answer, limit) || isTransient(answer)
        ? { ok: true, value: null }
        : readResult(answer, z.string().min(1))
    },

    search: async (caller, search) => {
      const { answer, isLate } = await runSearch(caller, search)
      if (isLate) return { ok: false, refusal: { code: 'search_timeout' } }
      return readResult(answer, passagesSchema)
    }
  }
}
