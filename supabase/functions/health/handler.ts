// Handles health: reports to a restaurant's member the project's configuration and connections, and to others only that
// the function runs. Reports the presence of a key, never a part of it.
import { z } from 'zod'
import type { Backend, Caller, EmbeddingModels } from '../_shared/backend.ts'
import { EMBEDDING_MODEL } from '../_shared/embedding.ts'
import { bearerToken, createAddress, type Outcome, rateRefusal } from '../_shared/endpoint.ts'
import type { EnvironmentReading } from '../_shared/environment.ts'
import { CONVERSATION_LANGUAGES } from '../_shared/language.ts'
import { kindOfError, type Log } from '../_shared/log.ts'
import type { RateLimit } from '../_shared/rate-limit.ts'
import { FALLBACK_TRANSCRIPTION_MODEL, TRANSCRIPTION_MODEL } from '../_shared/session-config.ts'
import type { UsageCount } from '../_shared/usage.ts'
import {
  CHECK_TIMEOUT_MS,
  checkFunction,
  checkOpenai,
  endingModels,
  type ModelUse,
  type Reach
} from './checks.ts'

/** The functions that a kiosk calls. */
const FUNCTIONS = ['realtime-session', 'realtime-search', 'realtime-call'] as const

/** The answer without a token. */
const ALIVE = { status: 'up' } as const

type HealthDependencies = {
  reading: EnvironmentReading
  /** Undefined where the environment names no project. */
  backend: Pick<Backend, 'verify' | 'voiceAccess' | 'embeddingModels'> | undefined
  rateLimit: RateLimit
  addressLimit: RateLimit
  log: Log
  now?: () => number
  timeoutMs?: number
}

type Membership =
  | {
      member: true
      database: Reach
      embedding: EmbeddingModels
      usage: readonly UsageCount[]
    }
  | { member: false; outcome: Outcome }

const membershipOf = async (
  backend: Pick<Backend, 'voiceAccess' | 'embeddingModels'>,
  caller: Caller,
  groupId: string
): Promise<Membership> => {
  const startedMs = performance.now()
  const ms = () => Math.round(performance.now() - startedMs)
  try {
    const access = await backend.voiceAccess(caller, groupId, 'en', null)
    if (!access.ok) {
      return { member: false, outcome: { ok: false, refusal: access.refusal, log: { groupId } } }
    }
    const database: Reach = { reachable: true, ms: ms(), problem: null }
    const embedding = await backend.embeddingModels(caller, groupId)
    return {
      member: true,
      database,
      embedding: embedding ?? { answering: EMBEDDING_MODEL, next: null },
      usage: access.value.usage
    }
  } catch (error) {
    // Without a confirmed membership, the answer holds only the reason.
    const database: Reach = { reachable: false, ms: ms(), problem: kindOfError(error) }
    return {
      member: false,
      outcome: {
        ok: true,
        body: { status: 'degraded', checks: { database } },
        log: { groupId, health: 'degraded', database: database.problem }
      }
    }
  }
}

type Check = { requestId: string; nowMs: number; timeoutMs: number }

const details = async (
  reading: EnvironmentReading,
  { database, embedding, usage }: Extract<Membership, { member: true }>,
  check: Check
): Promise<Outcome> => {
  if (!reading.ok) {
    // The other functions do not start with this environment.
    return {
      ok: true,
      body: { status: 'degraded', problems: reading.problems, checks: { database } },
      log: { health: 'degraded', problems: reading.problems.length }
    }
  }
  const { environment } = reading
  const models: { use: ModelUse; id: string }[] = [
    { use: 'realtime', id: environment.session.model },
    { use: 'transcription', id: TRANSCRIPTION_MODEL },
    { use: 'transcription_fallback', id: FALLBACK_TRANSCRIPTION_MODEL },
    { use: 'embedding', id: embedding.answering }
  ]
  if (embedding.next !== null) models.push({ use: 'next_embedding', id: embedding.next })
  const [openai, ...functions] = await Promise.all([
    checkOpenai({
      baseUrl: environment.openaiBaseUrl,
      apiKey: environment.openaiApiKey,
      models,
      ...check
    }),
    ...FUNCTIONS.map((name) =>
      checkFunction(`${environment.supabaseUrl}/functions/v1/${name}`, check)
    )
  ])
  const ending = endingModels(openai.models)
  const missing = openai.models.filter(
    // The fallback can replace the first transcription model.
    ({ use, available }) => use !== 'transcription' && available === false
  )
  const isHealthy =
    openai.reach.problem === null &&
    functions.every(({ problem }) => problem === null) &&
    ending.length === 0 &&
    missing.length === 0
  const status = isHealthy ? 'ok' : 'degraded'
  return {
    ok: true,
    body: {
      status,
      region: environment.region,
      configured: {
        openaiKey: environment.openaiApiKey !== undefined,
        publishableKey: environment.publishableKey !== '',
        secretKey: environment.hasSecretKey
      },
      voice: environment.session.voice,
      limits: {
        maxOutputTokens: environment.session.maxOutputTokens,
        historyTokens: environment.session.historyTokens,
        keySeconds: environment.keySeconds,
        requestsPerMinute: environment.requestsPerMinute
      },
      /** What the caller and the restaurant used until now, with their limits. */
      usage,
      languages: CONVERSATION_LANGUAGES,
      models: openai.models,
      endingModels: ending.map(({ id }) => id),
      checks: {
        database,
        openai: openai.reach,
        functions: Object.fromEntries(FUNCTIONS.map((name, at) => [name, functions[at]]))
      }
    },
    log: { health: status, openaiMs: openai.reach.ms, openai: openai.reach.problem }
  }
}

export const createHandler = ({
  reading,
  backend,
  rateLimit,
  addressLimit,
  log,
  now = Date.now,
  timeoutMs = CHECK_TIMEOUT_MS
}: HealthDependencies) => {
  const answer = async (request: Request, requestId: string): Promise<Outcome> => {
    const token = bearerToken(request)
    // supabase-js sends the publishable key as a token until a person signs in.
    const isAnonymous =
      !request.headers.has('authorization') || token === reading.project?.publishableKey
    if (isAnonymous || backend === undefined) return { ok: true, body: ALIVE, log: {} }
    const caller = token === null ? null : await backend.verify(token)
    if (caller === null) return { ok: false, refusal: { code: 'unauthorized' } }
    const refusal = rateRefusal(rateLimit, caller.userId)
    if (refusal !== null) return { ok: false, refusal }
    const groupId = z.uuid().safeParse(new URL(request.url).searchParams.get('groupId'))
    if (!groupId.success) {
      return {
        ok: false,
        refusal: { code: 'bad_request', problem: 'groupId: must be the id of a restaurant' }
      }
    }
    const membership = await membershipOf(backend, { ...caller, requestId }, groupId.data)
    return membership.member
      ? details(reading, membership, {
          requestId,
          nowMs: now(),
          timeoutMs
        })
      : membership.outcome
  }

  return createAddress({
    name: 'health',
    method: 'GET',
    addressLimit,
    allowedOrigins: reading.ok ? reading.environment.allowedOrigins : [],
    log,
    answer: async (request, { requestId }) => ({
      outcome: await answer(request, requestId),
      language: 'en'
    })
  })
}
