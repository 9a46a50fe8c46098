// What both functions do around their own work: preflight, method, body, caller, validation, one log line,
// and an answer that is always JSON and never a stack.
import type { z } from 'zod'
import type { Backend, Caller } from './backend.ts'
import { type Language, languageSchema } from './language.ts'
import { kindOfError, type Log, type LogFields } from './log.ts'
import { type Refusal, refusalResponse } from './refusals.ts'

/** A request is some hundred bytes; 1,000 characters of question are 4 kB at most. */
export const BODY_LIMIT_BYTES = 16_384
/** How long a browser may remember a preflight, in seconds. */
const PREFLIGHT_AGE_SECONDS = 7_200

export type Outcome =
  | { ok: true; body: unknown; log: LogFields }
  | { ok: false; refusal: Refusal; log?: LogFields }

export type EndpointOptions<Body extends { language: Language }> = {
  name: string
  allowedOrigins: readonly string[]
  backend: Pick<Backend, 'verify'>
  log: Log
  bodySchema: z.ZodType<Body>
  work: (caller: Caller, body: Body) => Promise<Outcome>
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

const preflight = (headers: Headers): Response => {
  if (headers.has('access-control-allow-origin')) {
    headers.set('access-control-allow-methods', 'POST, OPTIONS')
    headers.set(
      'access-control-allow-headers',
      'authorization, x-client-info, apikey, content-type'
    )
    headers.set('access-control-max-age', String(PREFLIGHT_AGE_SECONDS))
  }
  return new Response(null, { status: 204, headers })
}

type BodyText = { ok: true; text: string } | { ok: false; problem: string }

/** Reads no more than the limit, whatever the length header says. */
const readBody = async (request: Request): Promise<BodyText> => {
  if (request.body === null) return { ok: false, problem: 'the body is empty' }
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  const reader = request.body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    sizeBytes += value.byteLength
    if (sizeBytes > BODY_LIMIT_BYTES) {
      await reader.cancel()
      return { ok: false, problem: `the body is larger than ${BODY_LIMIT_BYTES} bytes` }
    }
    chunks.push(value)
  }
  const bytes = new Uint8Array(sizeBytes)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  return { ok: true, text: new TextDecoder().decode(bytes) }
}

type ParsedBody = { ok: true; json: unknown } | { ok: false; problem: string }

const parseBody = (body: BodyText): ParsedBody => {
  if (!body.ok) return body
  try {
    return { ok: true, json: JSON.parse(body.text) }
  } catch {
    return { ok: false, problem: 'the body is not JSON' }
  }
}

/** The language to refuse in, taken from a body that may be wrong otherwise. */
const languageOf = (body: ParsedBody): Language => {
  if (!body.ok || typeof body.json !== 'object' || body.json === null) return 'en'
  const read = languageSchema.safeParse(Reflect.get(body.json, 'language'))
  return read.success ? read.data : 'en'
}

/** Names the fields and what is wrong with them, not what they held. */
const problemOf = (error: z.ZodError): string =>
  error.issues
    .map((issue) => {
      const path = issue.path.join('.')
      const keys = issue.code === 'unrecognized_keys' ? ` (${issue.keys.join(', ')})` : ''
      return `${path === '' ? 'body' : path}: ${issue.code}${keys}`
    })
    .join('; ')
    .slice(0, 500)

const bearerToken = (request: Request): string | undefined =>
  /^Bearer ([^\s]+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]

/** A `Request → Response` function that never throws. */
export const createEndpoint = <Body extends { language: Language }>({
  name,
  allowedOrigins,
  backend,
  log,
  bodySchema,
  work
}: EndpointOptions<Body>): ((request: Request) => Promise<Response>) => {
  const answer = async (request: Request): Promise<{ outcome: Outcome; language: Language }> => {
    if (request.method !== 'POST') {
      return { outcome: { ok: false, refusal: { code: 'method_not_allowed' } }, language: 'en' }
    }
    // The body before the caller: a refusal is to be in the language of the person who reads it.
    const parsed = parseBody(await readBody(request))
    const language = languageOf(parsed)
    const refuse = (refusal: Refusal) => ({ outcome: { ok: false as const, refusal }, language })
    try {
      const token = bearerToken(request)
      const caller = token === undefined ? null : await backend.verify(token)
      if (caller === null) return refuse({ code: 'unauthorized' })
      if (!parsed.ok) return refuse({ code: 'bad_request', problem: parsed.problem })
      const body = bodySchema.safeParse(parsed.json)
      if (!body.success) {
        return refuse({ code: 'bad_request', problem: problemOf(body.error) })
      }
      return { outcome: await work(caller, body.data), language }
    } catch (error) {
      return {
        outcome: {
          ok: false,
          refusal: { code: 'internal' },
          log: { cause: kindOfError(error) }
        },
        language
      }
    }
  }

  return async (request) => {
    const cors = corsHeaders(request, allowedOrigins)
    if (request.method === 'OPTIONS') return preflight(cors)
    const requestId = crypto.randomUUID()
    const startedMs = performance.now()
    const { outcome, language } = await answer(request).catch((error: unknown) => ({
      // Only the body is read outside the inner catch: a connection that broke off.
      outcome: {
        ok: false as const,
        refusal: { code: 'bad_request' as const, problem: 'the body could not be read' },
        log: { cause: kindOfError(error) }
      },
      language: 'en' as const
    }))
    const response = outcome.ok
      ? Response.json(outcome.body)
      : refusalResponse(outcome.refusal, language)
    for (const [header, value] of cors) response.headers.set(header, value)
    response.headers.set('x-request-id', requestId)
    response.headers.set('cache-control', 'no-store')
    const isDefect = response.status >= 500
    log(isDefect ? 'error' : outcome.ok ? 'info' : 'warn', name, {
      requestId,
      status: response.status,
      code: outcome.ok ? 'ok' : outcome.refusal.code,
      ms: Math.round(performance.now() - startedMs),
      ...outcome.log
    })
    return response
  }
}
