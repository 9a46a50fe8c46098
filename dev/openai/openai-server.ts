// The endpoints of the OpenAI API that the kiosk and its functions call, and two of its own under /local that
// only loopback reaches.
import { timingSafeEqual } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { type Context, Hono } from 'hono'
import { cors } from 'hono/cors'
import { z } from 'zod'
import {
  type ApiError,
  betaDisabled,
  expiredKey,
  invalidRequest,
  missingKey,
  wrongKey
} from './api-error.ts'
import { readCallForm } from './call-request.ts'
import { answerEmbeddings } from './embeddings-request.ts'
import { KEY_LIFETIME_SECONDS, newEphemeralKeyStore } from './ephemeral-keys.ts'
import { type FailingRequest, type FailingStatus, faultInjectionSchema } from './fault-injection.ts'
import { newIdentifier } from './identifier.ts'
import { modelListing } from './models.ts'
import { apiErrorFromZod } from './schema-error.ts'
import type { SessionParts } from './session-runner.ts'
import { type EffectiveSession, effectiveSession, parseSession } from './session-schema.ts'
import { type OpenSession, openCall } from './webrtc-call.ts'
import { createSocketServer, type KeyOwner, type SocketServer } from './websocket-server.ts'

/** An SDP offer is about 2 kB. */
const SDP_LENGTH_LIMIT = 64_000

/** 65535 is not a stream of SCTP's (RFC 8832 §6). */
const LAST_CHANNEL_ID = 65_534

const STATUS_TYPES: Record<FailingStatus, { type: string; code: string | null; message: string }> =
  {
    401: {
      type: 'invalid_request_error',
      code: 'invalid_api_key',
      message: 'Incorrect API key provided.'
    },
    404: {
      type: 'invalid_request_error',
      code: 'model_not_found',
      message: 'The model does not exist or you do not have access to it.'
    },
    429: {
      type: 'insufficient_quota',
      code: 'insufficient_quota',
      message: 'You exceeded your current quota, please check your plan and billing details.'
    },
    500: {
      type: 'server_error',
      code: null,
      message: 'The server had an error while processing your request. Sorry about that!'
    },
    503: {
      type: 'server_error',
      code: null,
      message: 'The engine is currently overloaded, please try again later.'
    }
  }

const plannedError = (status: FailingStatus): ApiError => ({
  status,
  error: { ...STATUS_TYPES[status], param: null }
})

/** Seconds a client is asked to wait by a planned 429. */
const RETRY_AFTER_SECONDS = '2'

const respond = (context: Context, error: ApiError): Response => {
  if (error.status === 429) context.header('Retry-After', RETRY_AFTER_SECONDS)
  return context.json({ error: error.error }, error.status)
}

const bearer = (context: Context): string | null =>
  /^Bearer\s+(\S+)$/.exec(context.req.header('Authorization') ?? '')?.[1] ?? null

const sameSecret = (given: string, expected: string): boolean => {
  const a = Buffer.from(given)
  const b = Buffer.from(expected)
  return a.length === b.length && timingSafeEqual(a, b)
}

const notFound = (method: string, path: string): ApiError =>
  invalidRequest(
    { code: 'unknown_url', message: `Unknown request URL: ${method} ${path}.`, param: null },
    404
  )

const secretRequestSchema = z.strictObject({
  expires_after: z
    .strictObject({
      anchor: z.literal('created_at').exactOptional(),
      seconds: z.int().min(KEY_LIFETIME_SECONDS.min).max(KEY_LIFETIME_SECONDS.max).exactOptional()
    })
    .exactOptional(),
  session: z.unknown().exactOptional()
})

export type RealtimeServer = {
  app: Hono
  /** WebSockets, which do not go through `app`. */
  upgrade: SocketServer['upgrade']
  /** Hangs up every call. */
  close: () => Promise<void>
}

/** @param apiKey the standard key that callers must present; never logged. */
export const createRealtimeServer = (apiKey: string, parts: SessionParts): RealtimeServer => {
  const app = new Hono()
  const keys = newEphemeralKeyStore()
  const calls = new Map<string, OpenSession>()
  const { plan, counters } = parts

  const refusedKey = (context: Context): ApiError | null => {
    const key = bearer(context)
    if (key === null) return missingKey()
    return sameSecret(key, apiKey) ? null : wrongKey(key)
  }

  const planned = (request: FailingRequest): ApiError | null => {
    const status = plan.nextFailure(request)
    return status === null ? null : plannedError(status)
  }

  const ownerOf = (key: string | null): KeyOwner => {
    if (key === null) return { kind: 'refused', error: missingKey().error }
    if (sameSecret(key, apiKey)) return { kind: 'standard' }
    const ephemeral = keys.find(key, Date.now())
    if (ephemeral === 'unknown') return { kind: 'refused', error: wrongKey(key).error }
    if (ephemeral === 'expired') return { kind: 'refused', error: expiredKey().error }
    return { kind: 'ephemeral', session: ephemeral.session }
  }
  const sockets = createSocketServer(parts, calls, ownerOf, () => planned('sockets'))

  app.use(
    '/v1/*',
    cors({
      origin: '*',
      allowMethods: ['GET', 'POST', 'OPTIONS'],
      // Preflights ask for what they need (the SDKs add headers of their own); it is echoed.
      exposeHeaders: ['Location', 'X-Request-Id', 'Retry-After']
    })
  )
  app.use('/v1/*', async (context, next) => {
    context.header('X-Request-Id', newIdentifier('event').replace('event', 'req'))
    const beta = context.req.header('OpenAI-Beta')
    if (context.req.path.startsWith('/v1/realtime') && beta?.includes('realtime=v1') === true)
      return respond(context, invalidRequest(betaDisabled))
    await next()
  })

  // The beta's two endpoints.
  app.all('/v1/realtime/sessions', (context) => respond(context, invalidRequest(betaDisabled)))
  app.all('/v1/realtime/transcription_sessions', (context) =>
    respond(context, invalidRequest(betaDisabled))
  )
  app.post('/v1/realtime', (context) => respond(context, invalidRequest(betaDisabled)))

  app.get('/v1/models', (context) => {
    const refused = refusedKey(context)
    return refused === null ? context.json(modelListing()) : respond(context, refused)
  })

  app.post('/v1/realtime/client_secrets', async (context) => {
    const refused = refusedKey(context) ?? planned('clientSecrets')
    if (refused !== null) return respond(context, refused)
    const body = await jsonBody(context)
    if (!body.ok) return respond(context, body.error)
    const parsed = secretRequestSchema.safeParse(body.data)
    if (!parsed.success)
      return respond(context, invalidRequest(apiErrorFromZod(parsed.error, '', body.data)))
    let session: EffectiveSession = effectiveSession(undefined)
    if (parsed.data.session !== undefined) {
      const given = parseSession(parsed.data.session)
      if (!given.ok) return respond(context, invalidRequest(given.refusal))
      session = effectiveSession(given.session)
    }
    const delayMs = plan.clientSecretsDelayMs()
    if (delayMs > 0) await delay(delayMs)
    const lifetimeSeconds =
      plan.expiresInSeconds() ?? parsed.data.expires_after?.seconds ?? KEY_LIFETIME_SECONDS.default
    const key = keys.mint(session, lifetimeSeconds, Date.now())
    counters.clientSecrets += 1
    return context.json({
      value: key.value,
      expires_at: Math.floor(key.expiresAtMs / 1_000),
      session: { ...session, object: 'realtime.session', id: newIdentifier('sess'), expires_at: 0 }
    })
  })

  /** The session a call starts with: the key's own, or what came with the standard key. */
  const callRequest = async (
    context: Context
  ): Promise<
    { ok: true; sdp: string; session: EffectiveSession } | { ok: false; error: ApiError }
  > => {
    const key = bearer(context)
    if (key === null) return { ok: false, error: missingKey() }
    const isStandard = sameSecret(key, apiKey)
    const ephemeral = isStandard ? null : keys.find(key, Date.now())
    if (ephemeral === 'unknown') return { ok: false, error: wrongKey(key) }
    if (ephemeral === 'expired') return { ok: false, error: expiredKey() }
    const inherited = ephemeral?.session ?? effectiveSession(undefined)
    const type = context.req.header('Content-Type') ?? ''
    if (type.startsWith('application/sdp'))
      return { ok: true, sdp: await context.req.text(), session: inherited }
    if (!type.startsWith('multipart/form-data'))
      return {
        ok: false,
        error: invalidRequest(
          {
            code: 'unsupported_content_type',
            message: `Unsupported content type: '${type}'. This API method only accepts 'application/sdp' and 'multipart/form-data' requests.`,
            param: null
          },
          415
        )
      }
    const read = await readCallForm(context.req.raw)
    if (!read.ok) return read
    const { sdp, session: sessionText } = read.form
    if (sessionText === null) return { ok: true, sdp, session: inherited }
    const json = parsedJson(sessionText)
    if (!json.ok) return json
    const given = parseSession(json.data)
    if (!given.ok) return { ok: false, error: invalidRequest(given.refusal) }
    return { ok: true, sdp, session: effectiveSession(given.session) }
  }

  app.post('/v1/realtime/calls', async (context) => {
    const failure = planned('calls')
    if (failure !== null) return respond(context, failure)
    const request = await callRequest(context)
    if (!request.ok) return respond(context, request.error)
    const channelId = negotiatedChannel(context.req.query('dcid'))
    if (channelId === 'invalid')
      return respond(
        context,
        invalidRequest({
          code: 'invalid_value',
          message: `Invalid 'dcid': it names a negotiated data channel, 0 to ${LAST_CHANNEL_ID}.`,
          param: 'dcid'
        })
      )
    if (request.sdp.length > SDP_LENGTH_LIMIT)
      return respond(
        context,
        invalidRequest(
          { code: 'invalid_offer', message: 'The SDP offer is too long.', param: 'sdp' },
          413
        )
      )
    const opened = await openCall(request.sdp, request.session, parts, channelId, (id) =>
      calls.delete(id)
    )
    if (!opened.ok) return respond(context, invalidRequest(opened.refusal))
    const { call } = opened
    calls.set(call.callId, call)
    return context.body(call.answerSdp, 201, {
      'Content-Type': 'application/sdp',
      Location: `/v1/realtime/calls/${call.callId}`
    })
  })

  app.post('/v1/realtime/calls/:id/hangup', async (context) => {
    const key = bearer(context)
    if (key === null) return respond(context, missingKey())
    const ephemeral = sameSecret(key, apiKey) ? null : keys.find(key, Date.now())
    if (ephemeral === 'unknown') return respond(context, wrongKey(key))
    if (ephemeral === 'expired') return respond(context, expiredKey())
    const call = calls.get(context.req.param('id'))
    if (call === undefined)
      return respond(
        context,
        invalidRequest(
          {
            code: 'call_id_not_found',
            message: `No call found with id '${context.req.param('id')}'.`,
            param: 'call_id'
          },
          404
        )
      )
    await call.hangUp('hung up')
    return context.body(null, 200)
  })

  app.post('/v1/embeddings', async (context) => {
    const refused = refusedKey(context) ?? planned('embeddings')
    if (refused !== null) return respond(context, refused)
    const body = await jsonBody(context)
    if (!body.ok) return respond(context, body.error)
    const answer = answerEmbeddings(body.data)
    if (!answer.ok) return respond(context, invalidRequest(answer.refusal, answer.status))
    counters.embeddings += 1
    return context.json(answer.body)
  })

  app.use('/local/*', async (context, next) => {
    const refused = refusedKey(context)
    if (refused !== null) return respond(context, refused)
    await next()
  })
  app.get('/local/state', (context) =>
    context.json({
      ears: parts.ears.kind,
      voice: parts.voice.kind,
      calls: [...calls.values()].map((call) => call.state()),
      turns: parts.turns.turns(),
      counters
    })
  )
  app.post('/local/faults', async (context) => {
    const body = await jsonBody(context)
    if (!body.ok) return respond(context, body.error)
    const parsed = faultInjectionSchema.safeParse(body.data)
    if (!parsed.success)
      return respond(context, invalidRequest(apiErrorFromZod(parsed.error, '', body.data)))
    plan.add(parsed.data)
    const open = [...calls.values()]
    const { blip, dropCalls, malformedEvent } = parsed.data
    if (blip !== undefined) for (const call of open) call.blip(blip.forMs)
    if (malformedEvent !== undefined) for (const call of open) call.sendRaw(malformedEvent)
    if (parsed.data.expireSessions === true) for (const call of open) call.expire()
    if (parsed.data.closeChannel === true) for (const call of open) call.closeChannel()
    if (dropCalls !== undefined)
      await Promise.all(
        open.map((call) =>
          dropCalls.silently ? call.vanish() : call.hangUp('dropped by fault injection')
        )
      )
    return context.json({ planned: true, calls: open.length })
  })

  app.notFound((context) => respond(context, notFound(context.req.method, context.req.path)))
  app.onError((error, context) => {
    parts.log('request.failed', { path: context.req.path, message: error.message })
    return respond(context, plannedError(500))
  })

  return {
    app,
    upgrade: sockets.upgrade,
    close: async () => {
      await Promise.all([...calls.values()].map((call) => call.hangUp('the stand-in is stopping')))
      sockets.close()
    }
  }
}

const parsedJson = (text: string): { ok: true; data: unknown } | { ok: false; error: ApiError } => {
  try {
    return { ok: true, data: JSON.parse(text) }
  } catch {
    return {
      ok: false,
      error: invalidRequest({
        code: 'invalid_json',
        message: 'We could not parse the JSON body of your request.',
        param: null
      })
    }
  }
}

/** Null without one. */
const negotiatedChannel = (dcid: string | undefined): number | null | 'invalid' => {
  if (dcid === undefined) return null
  const id = /^\d{1,5}$/.test(dcid) ? Number(dcid) : Number.NaN
  return id <= LAST_CHANNEL_ID ? id : 'invalid'
}

/** An empty body is an empty request: `client_secrets` has no required field. */
const jsonBody = async (context: Context) => {
  const text = await context.req.text()
  return parsedJson(text.trim() === '' ? '{}' : text)
}
