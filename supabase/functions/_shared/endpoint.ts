// Wraps a function's work: CORS, rate limits, method, request id, body, caller, validation, one log line and a JSON
// answer.
import type { z } from 'zod'
import type { Backend, Caller } from './backend.ts'
import { clientAddressOf } from './client-address.ts'
import { type ConversationLanguage, conversationLanguageSchema } from './language.ts'
import { kindOfError, type Log, type LogFields } from './log.ts'
import type { RateLimit } from './rate-limit.ts'
import { refusalResponse } from './refusal-response.ts'
import type { Refusal } from './refusals.ts'
import { readJsonBody } from './request-body.ts'
import { requestIdOf } from './request-id.ts'

/** A request takes some hundred bytes; a question and its restatement take 8 kB at most. */
export const BODY_LIMIT_BYTES = 16_384
/** A browser remembers a preflight for this long. */
const PREFLIGHT_AGE_SECONDS = 7_200
/** A Supabase token takes about 1 kB; a longer one is refused unread. */
const TOKEN_LENGTH_LIMIT = 8_192

export type Outcome =
  | { ok: true; body: unknown; log: LogFields }
  | { ok: false; refusal: Refusal; log?: LogFields }

type RequestContext = {
  requestId: string
  /** Aborted when the caller disconnects. The runtime watches only once this is read. */
  readonly signal: AbortSignal
}

type Answered = { outcome: Outcome; language: ConversationLanguage }

type AddressOptions = {
  name: string
  /** The accepted method, beside OPTIONS. */
  method: 'GET' | 'POST'
  /** For each address, before the token is read. */
  addressLimit: RateLimit
  allowedOrigins: readonly string[]
  log: Log
  answer: (request: Request, context: RequestContext) => Promise<Answered>
}

const corsHeaders = (request: Request, allowedOrigins: readonly string[]): Headers => {
  const headers = new Headers({ vary: 'Origin' })
  const origin = request.headers.get('origin')
  if (origin !== null && allowedOrigins.includes(origin)) {
    headers.set('access-control-allow-origin', origin)
    headers.set('access-control-expose-headers', 'retry-after, x-request-id')
  }
  return headers
}

const preflight = (headers: Headers, allowedMethods: string): Response => {
  if (headers.has('access-control-allow-origin')) {
    headers.set('access-control-allow-methods', allowedMethods)
    headers.set(
      'access-control-allow-headers',
      'authorization, x-client-info, apikey, content-type, x-request-id'
    )
    headers.set('access-control-max-age', String(PREFLIGHT_AGE_SECONDS))
  }
  return new Response(null, { status: 204, headers })
}

/** Null for a caller within the limit. */
export const rateRefusal = (limit: RateLimit, callerId: string): Refusal | null => {
  const retryAfterSeconds = limit.take(callerId)
  return retryAfterSeconds > 0 ? { code: 'rate_limited', retryAfterSeconds } : null
}

/** Serves one address. Does not throw: an exception of `answer` becomes a 500. */
export const createAddress = ({
  name,
  method,
  addressLimit,
  allowedOrigins,
  log,
  answer
}: AddressOptions): ((request: Request) => Promise<Response>) => {
  const allowedMethods = `${method}, OPTIONS`

  const guarded = async (request: Request, context: RequestContext): Promise<Answered> => {
    const refusal = rateRefusal(addressLimit, clientAddressOf(request))
    if (refusal !== null) return { outcome: { ok: false, refusal }, language: 'en' }
    if (request.method !== method) {
      const refusal: Refusal = { code: 'method_not_allowed', allowed: allowedMethods }
      return { outcome: { ok: false, refusal }, language: 'en' }
    }
    try {
      return await answer(request, context)
    } catch (error) {
      return failedIn('en', error)
    }
  }

  return async (request) => {
    const cors = corsHeaders(request, allowedOrigins)
    if (request.method === 'OPTIONS') return preflight(cors, allowedMethods)
    const requestId = requestIdOf(request)
    const startedMs = performance.now()
    const { outcome, language } = await guarded(request, {
      requestId,
      get signal() {
        return request.signal
      }
    })
    const response = outcome.ok
      ? Response.json(outcome.body)
      : refusalResponse(outcome.refusal, language)
    for (const [header, value] of cors) response.headers.set(header, value)
    response.headers.set('x-request-id', requestId)
    response.headers.set('cache-control', 'no-store')
    response.headers.set('x-content-type-options', 'nosniff')
    const level = response.status >= 500 ? 'error' : outcome.ok ? 'info' : 'warn'
    log(level, name, {
      requestId,
      status: response.status,
      code: outcome.ok ? 'ok' : outcome.refusal.code,
      ms: Math.round(performance.now() - startedMs),
      ...outcome.log
    })
    return response
  }
}

const failedIn = (language: ConversationLanguage, error: unknown): Answered => ({
  outcome: { ok: false, refusal: { code: 'internal' }, log: { cause: kindOfError(error) } },
  language
})

/** The language for refusals, read from a body that may be invalid otherwise. */
const languageOf = (json: unknown): ConversationLanguage => {
  if (typeof json !== 'object' || json === null) return 'en'
  const read = conversationLanguageSchema.safeParse(Reflect.get(json, 'language'))
  return read.success ? read.data : 'en'
}

/** Names the fields and their problems, never their values. */
const problemOf = (error: z.ZodError): string =>
  error.issues
    .map((issue) => {
      const path = issue.path.join('.')
      const keys = issue.code === 'unrecognized_keys' ? ` (${issue.keys.join(', ')})` : ''
      return `${path === '' ? 'body' : path}: ${issue.code}${keys}`
    })
    .join('; ')
    .slice(0, 500)

/** Null for a missing, malformed or overlong token. */
export const bearerToken = (request: Request): string | null => {
  const token = /^Bearer ([^\s]+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  return token === undefined || token.length > TOKEN_LENGTH_LIMIT ? null : token
}

/** The parts of an endpoint that all functions take from their environment. */
export type EndpointSettings = {
  /** For each person. */
  rateLimit: RateLimit
  addressLimit: RateLimit
  allowedOrigins: readonly string[]
  log: Log
}

type EndpointOptions<Body extends { language: ConversationLanguage }> = EndpointSettings & {
  name: string
  backend: Pick<Backend, 'verify'>
  bodySchema: z.ZodType<Body>
  bodyLimitBytes?: number
  work: (caller: Caller, body: Body, context: RequestContext) => Promise<Outcome>
}

/** Serves an address that takes JSON by POST from a signed-in person. */
export const createEndpoint = <Body extends { language: ConversationLanguage }>({
  backend,
  rateLimit,
  bodySchema,
  bodyLimitBytes = BODY_LIMIT_BYTES,
  work,
  ...address
}: EndpointOptions<Body>): ((request: Request) => Promise<Response>) =>
  createAddress({
    ...address,
    method: 'POST',
    answer: async (request, context) => {
      // The body comes before the caller: it holds the language of every refusal.
      const body = await readJsonBody(request, bodyLimitBytes)
      const language = languageOf(body.json)
      const refuse = (refusal: Refusal): Answered => ({ outcome: { ok: false, refusal }, language })
      try {
        const token = bearerToken(request)
        const caller = token === null ? null : await backend.verify(token)
        if (caller === null) return refuse({ code: 'unauthorized' })
        const refusal = rateRefusal(rateLimit, caller.userId)
        if (refusal !== null) return refuse(refusal)
        if (!body.ok) return refuse(body.refusal)
        const parsed = bodySchema.safeParse(body.json)
        if (!parsed.success) {
          return refuse({ code: 'bad_request', problem: problemOf(parsed.error) })
        }
        const { requestId } = context
        return { outcome: await work({ ...caller, requestId }, parsed.data, context), language }
      } catch (error) {
        return failedIn(language, error)
      }
    }
  })
