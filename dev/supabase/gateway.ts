// The one door of the local backend, as strict as a hosted project's: an API key on every request,
// tokens that are really checked, bodies of a sane size, and no way to make an account from outside.
import { createHash, timingSafeEqual } from 'node:crypto'
import { type Context, Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { addAdminUsers } from './admin-users.ts'
import type { Database } from './database.ts'
import type { EdgeFunctions } from './edge-functions.ts'
import { readBody } from './request-body.ts'
import type { Tokens } from './tokens.ts'

/** Fifty passages with their vectors are about 2 MB of JSON; nothing that a kiosk sends comes near. */
export const BODY_LIMIT_BYTES = 4 * 1024 * 1024

/**
 * What a kiosk's session needs of the Auth API. The rest of it (sign-up, magic links, recovery, OAuth)
 * makes or changes accounts, which is for who runs the restaurant's project.
 */
const AUTH_CALLS = new Set([
  'POST /auth/v1/token',
  'GET /auth/v1/user',
  'POST /auth/v1/logout',
  'GET /auth/v1/settings',
  'GET /auth/v1/health'
])
const GRANT_TYPES = new Set(['password', 'refresh_token'])
/** Calls that would create an account: the answer that GoTrue gives where sign-up is switched off. */
const SIGN_UP_PATHS = new Set(['/auth/v1/signup', '/auth/v1/otp', '/auth/v1/magiclink'])

type GatewayParts = {
  database: Database
  tokens: Tokens
  /** Null until they are started: they are told the gateway's address, so it is up first. */
  functions: () => EdgeFunctions | null
  publishableKey: string
  secretKey: string
  log: (line: string) => void
}

/** What the gateway's own steps hand on. */
export type GatewayEnv = { Variables: { body: Uint8Array<ArrayBuffer> | null } }
type GatewayContext = Context<GatewayEnv>

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
const sameText = (one: string, other: string): boolean =>
  timingSafeEqual(digest(one), digest(other))

const answer = (context: Context, status: ContentfulStatusCode, body: object): Response =>
  context.json(body, status)

/** The whole surface under one origin: `/health`, `/auth/v1`, `/rest/v1`, `/functions/v1`. */
export const createGateway = (parts: GatewayParts): Hono<GatewayEnv> => {
  const { database, tokens, functions, publishableKey, secretKey, log } = parts
  const gateway = new Hono<GatewayEnv>()

  gateway.onError((error, context) => {
    log(`${context.req.method} ${context.req.path} failed: ${error.message}`)
    return answer(context, 500, { code: 'internal', message: 'The local backend failed.' })
  })
  gateway.notFound((context) =>
    answer(context, 404, { message: 'no Route matched with those values' })
  )

  gateway.get('/health', (context) =>
    context.json({ ok: true, functions: functions()?.states() ?? {} }, 200, {
      'cache-control': 'no-store'
    })
  )
  // Public, as on a hosted project: it is what strangers check tokens with.
  gateway.get('/auth/v1/.well-known/jwks.json', (context) =>
    context.json(tokens.jwks, 200, { 'cache-control': 'public, max-age=600' })
  )

  const presentedKey = (context: Context): string | undefined =>
    context.req.header('apikey') ?? context.req.query('apikey')

  gateway.use('/:api{auth|rest|functions}/v1/*', async (context, next) => {
    // A browser's preflight carries no headers of the caller's.
    if (context.req.method === 'OPTIONS') return next()
    const key = presentedKey(context)
    if (key === undefined || key === '') {
      return answer(context, 401, {
        message: 'No API key found in request',
        hint: 'No `apikey` request header or url param was found.'
      })
    }
    if (!sameText(key, publishableKey) && !sameText(key, secretKey)) {
      return answer(context, 401, {
        message: 'Invalid API key',
        hint: 'Double check your Supabase `apikey`.'
      })
    }
    return next()
  })

  // Read before anything waits for it: a slow sender delays nobody else's turn at the database.
  gateway.use('/:api{auth|rest|functions}/v1/*', async (context, next) => {
    const body = await readBody(context.req.raw, BODY_LIMIT_BYTES)
    if (body === 'too_large') {
      // What is left of it is not read, so nothing else can come over this connection.
      context.header('connection', 'close')
      return answer(context, 413, {
        code: 'payload_too_large',
        message: `A request body may have ${BODY_LIMIT_BYTES} bytes at most.`
      })
    }
    context.set('body', body)
    return next()
  })

  /** The caller's request for the inner APIs, its token swapped; or why the token is refused. */
  const innerRequest = async (
    context: GatewayContext
  ): Promise<{ ok: true; request: Request } | { ok: false; reason: 'expired' | 'invalid' }> => {
    const headers = new Headers(context.req.raw.headers)
    const bearer = /^Bearer (.*)$/i.exec(headers.get('authorization') ?? '')?.[1]
    if (headers.has('authorization')) {
      headers.delete('authorization')
      // supabase-js repeats the API key as the bearer until somebody has signed in.
      if (bearer === undefined) return { ok: false, reason: 'invalid' }
      if (bearer !== presentedKey(context)) {
        const swapped = await tokens.inward(bearer)
        if (!swapped.ok) return swapped
        headers.set('authorization', `Bearer ${swapped.token}`)
      }
    }
    const { method, url } = context.req
    const body = context.get('body')
    return { ok: true, request: new Request(url, { method, headers, body }) }
  }

  gateway.all('/rest/v1/*', async (context) => {
    const inner = await innerRequest(context)
    if (inner.ok) return database.fetch(inner.request)
    // PostgREST's codes (errors.html, group 3).
    return inner.reason === 'expired'
      ? answer(context, 401, { code: 'PGRST303', message: 'JWT expired' })
      : answer(context, 401, { code: 'PGRST301', message: 'The token could not be verified' })
  })

  addAdminUsers(gateway, database, (key) => key !== undefined && sameText(key, secretKey))

  gateway.all('/auth/v1/*', async (context) => {
    const { method, path } = context.req
    if (SIGN_UP_PATHS.has(path) && method === 'POST') {
      return answer(context, 422, {
        code: 422,
        error_code: 'signup_disabled',
        msg: 'Signups not allowed for this instance'
      })
    }
    const isToken = path === '/auth/v1/token'
    const allowed =
      method === 'OPTIONS' ||
      (AUTH_CALLS.has(`${method} ${path}`) &&
        (!isToken || GRANT_TYPES.has(context.req.query('grant_type') ?? '')))
    if (!allowed) {
      return answer(context, 404, {
        code: 404,
        error_code: 'not_found',
        msg: `${method} ${path} is not part of the local backend`
      })
    }
    const inner = await innerRequest(context)
    if (!inner.ok) {
      // GoTrue's answer, which auth-js knows as a session that is over.
      return answer(context, 403, {
        code: 403,
        error_code: 'bad_jwt',
        msg: `invalid JWT: ${inner.reason === 'expired' ? 'token is expired' : 'signature is invalid'}`
      })
    }
    const response = await database.fetch(inner.request)
    if (!isToken || !response.ok) return response
    const session: unknown = await response.json()
    if (
      typeof session !== 'object' ||
      session === null ||
      !('access_token' in session) ||
      typeof session.access_token !== 'string'
    ) {
      throw new Error('the Auth API answered a sign-in without a token')
    }
    const headers = new Headers(response.headers)
    headers.delete('content-length')
    return Response.json(
      { ...session, access_token: await tokens.outward(session.access_token) },
      { status: response.status, headers }
    )
  })

  gateway.all('/functions/v1/*', (context) => {
    const path = context.req.path.slice('/functions/v1/'.length)
    const started = functions()
    return started === null
      ? answer(context, 503, { code: 'BOOT_ERROR', message: 'The functions are not started yet' })
      : started.forward(context.req.raw, context.get('body'), path)
  })

  return gateway
}
