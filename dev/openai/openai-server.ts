// Serves the endpoints of the OpenAI API that the kiosk and its functions call, and `/local` for tests.
import { setTimeout as delay } from 'node:timers/promises'
import { Hono, type MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import { type ApiError, betaDisabled, invalidRequest, statusError, wrongKey } from './api-error.ts'
import { type ApiKeys, bearerKey, createApiKeys } from './api-keys.ts'
import { readCallRequest } from './call-request.ts'
import { readSecretsRequest } from './client-secrets-request.ts'
import { answerEmbeddings } from './embeddings-request.ts'
import type { FailingRequest } from './fault-injection.ts'
import { newIdentifier } from './identifier.ts'
import { jsonBody } from './json-body.ts'
import { localRoutes, type Respond } from './local-routes.ts'
import { modelListing } from './models.ts'
import type { OpenSession } from './session-connection.ts'
import type { SessionParts } from './session-runner.ts'
import { type EffectiveSession, effectiveSession } from './session-schema.ts'
import { openCall } from './webrtc-call.ts'
import { createSocketServer, type SocketServer } from './websocket-server.ts'

/** Seconds that an injected 429 asks a client to wait. */
const RETRY_AFTER_SECONDS = '2'

const BETA_ENDPOINTS = ['/v1/realtime/sessions', '/v1/realtime/transcription_sessions']

const respond: Respond = (context, { status, error }) => {
  if (status === 429) context.header('Retry-After', RETRY_AFTER_SECONDS)
  return context.json({ error }, status)
}

export type RealtimeServer = {
  app: Hono
  /** Opens WebSockets, which do not go through `app`. */
  upgrade: SocketServer['upgrade']
  /** Hangs up every call. */
  close: () => Promise<void>
}

const untranscribed = (session: EffectiveSession): EffectiveSession => ({
  ...session,
  audio: { ...session.audio, input: { ...session.audio.input, transcription: null } }
})

/** Refuses the beta's header and its endpoints, and answers requests of other origins. */
const gaOnly = (): Hono => {
  const app = new Hono()
  app.use(
    '/v1/*',
    cors({
      origin: '*',
      allowMethods: ['GET', 'POST', 'OPTIONS'],
      // Without `allowHeaders` a preflight's headers are echoed: the SDKs add their own.
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
  for (const path of BETA_ENDPOINTS)
    app.all(path, (context) => respond(context, invalidRequest(betaDisabled)))
  app.post('/v1/realtime', (context) => respond(context, invalidRequest(betaDisabled)))
  return app
}

const requireStandardKey =
  (keys: ApiKeys): MiddlewareHandler =>
  async (context, next) => {
    const key = bearerKey(context.req.header('Authorization'))
    const owner = keys.check(key)
    if (owner.kind === 'refused') return respond(context, owner.error)
    if (owner.kind === 'ephemeral') return respond(context, wrongKey(key ?? ''))
    await next()
  }

/** @param apiKey the standard key that callers must present; never logged. */
export const createRealtimeServer = (apiKey: string, parts: SessionParts): RealtimeServer => {
  const { plan, counters } = parts
  const app = new Hono()
  const keys = createApiKeys(apiKey)
  const calls = new Map<string, OpenSession>()
  const forget = (callId: string) => void calls.delete(callId)

  const ownerOf = (authorization: string | undefined) => keys.check(bearerKey(authorization))

  const injected = (request: FailingRequest): ApiError | null => {
    const status = plan.nextFailure(request)
    return status === null ? null : statusError(status)
  }
  const failWhenInjected =
    (request: FailingRequest): MiddlewareHandler =>
    async (context, next) => {
      const failure = injected(request)
      if (failure !== null) return respond(context, failure)
      await next()
    }
  const standardKeyOnly = requireStandardKey(keys)
  const sockets = createSocketServer(parts, calls, keys.check, () => injected('sockets'))

  app.route('/', gaOnly())
  app.get('/v1/models', standardKeyOnly, (context) => context.json(modelListing()))

  app.post(
    '/v1/realtime/client_secrets',
    standardKeyOnly,
    failWhenInjected('clientSecrets'),
    async (context) => {
      const body = await jsonBody(context)
      if (!body.ok) return respond(context, body.error)
      const read = readSecretsRequest(body.data)
      if (!read.ok) return respond(context, invalidRequest(read.refusal))
      const delayMs = plan.clientSecretsDelayMs()
      if (delayMs > 0) await delay(delayMs)
      const session = plan.withoutTranscription() ? untranscribed(read.session) : read.session
      const lifetimeSeconds = plan.expiresInSeconds() ?? read.lifetimeSeconds
      const { value, expiresAtMs } = keys.mint(session, lifetimeSeconds)
      counters.clientSecrets += 1
      // The published response has every setting but this one.
      const { parallel_tool_calls: _unlisted, ...shown } = session
      return context.json({
        value,
        expires_at: Math.floor(expiresAtMs / 1_000),
        session: {
          ...shown,
          object: 'realtime.session',
          id: newIdentifier('sess'),
          expires_at: 0
        }
      })
    }
  )

  app.post('/v1/realtime/calls', failWhenInjected('calls'), async (context) => {
    const owner = ownerOf(context.req.header('Authorization'))
    if (owner.kind === 'refused') return respond(context, owner.error)
    const inherited = owner.kind === 'ephemeral' ? owner.session : effectiveSession(undefined)
    const read = await readCallRequest(context.req.raw, context.req.query('dcid'), inherited)
    if (!read.ok) return respond(context, read.error)
    const { sdp, session, channelId } = read.call
    const opened = await openCall(sdp, session, parts, channelId, forget)
    if (!opened.ok) return respond(context, invalidRequest(opened.refusal))
    const { callId, answerSdp } = opened.call
    calls.set(callId, opened.call)
    return context.body(answerSdp, 201, {
      'Content-Type': 'application/sdp',
      Location: `/v1/realtime/calls/${callId}`
    })
  })

  app.post('/v1/realtime/calls/:id/hangup', async (context) => {
    const owner = ownerOf(context.req.header('Authorization'))
    if (owner.kind === 'refused') return respond(context, owner.error)
    const id = context.req.param('id')
    const call = calls.get(id)
    if (call === undefined) {
      const message = `No call found with id '${id}'.`
      return respond(
        context,
        invalidRequest({ code: 'call_id_not_found', message, param: 'call_id' }, 404)
      )
    }
    await call.hangUp('hung up')
    return context.body(null, 200)
  })

  app.post('/v1/embeddings', standardKeyOnly, failWhenInjected('embeddings'), async (context) => {
    const body = await jsonBody(context)
    if (!body.ok) return respond(context, body.error)
    const answer = answerEmbeddings(body.data)
    if (!answer.ok) return respond(context, invalidRequest(answer.refusal, answer.status))
    counters.embeddings += 1
    return context.json(answer.body)
  })

  app.use('/local/*', standardKeyOnly)
  app.route('/local', localRoutes(parts, calls, respond))

  app.notFound((context) => {
    const { req } = context
    const message = `Unknown request URL: ${req.method} ${req.path}.`
    return respond(context, invalidRequest({ code: 'unknown_url', message, param: null }, 404))
  })
  app.onError((error, context) => {
    parts.log('request.failed', { path: context.req.path, message: error.message })
    return respond(context, statusError(500))
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
