// Serves the local backend's APIs under one origin, as strictly as a hosted project: an API key on every request,
// verified tokens, limited bodies and no sign-up from outside.
import { createHash, timingSafeEqual } from 'node:crypto'
import { Hono } from 'hono'
import { addAdminUsers } from './admin-users.ts'
import { addAuthApi } from './auth-api.ts'
import type { Database } from './database.ts'
import type { EdgeFunctions } from './edge-functions.ts'
import { type GatewayEnv, innerRequest, presentedKey } from './gateway-request.ts'
import { readBody } from './request-body.ts'
import type { Tokens } from './tokens.ts'

/** Fifty passages with vectors take about 2 MB of JSON, more than any request of a kiosk. */
export const BODY_LIMIT_BYTES = 4 * 1024 * 1024

type GatewayParts = {
  database: Database
  tokens: Tokens
  /** Null until they start: they need the gateway's address first. */
  functions: () => EdgeFunctions | null
  publishableKey: string
  secretKey: string
  log: (line: string) => void
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
const isSame = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other))

/** Checks the API key and reads the body of every request for an API. */
const addRequestChecks = (
  gateway: Hono<GatewayEnv>,
  { publishableKey, secretKey }: GatewayParts
): void => {
  gateway.use('/:api{auth|rest|functions}/v1/*', async (context, next) => {
    // A browser's preflight carries no API key.
    if (context.req.method === 'OPTIONS') return next()
    const key = presentedKey(context)
    if (key === undefined || key === '') {
      return context.json(
        {
          message: 'No API key found in request',
          hint: 'No `apikey` request header or url param was found.'
        },
        401
      )
    }
    if (!isSame(key, publishableKey) && !isSame(key, secretKey)) {
      return context.json(
        { message: 'Invalid API key', hint: 'Double check your Supabase `apikey`.' },
        401
      )
    }
    return next()
  })

  // Before any wait for the database: a slow sender delays no other request.
  gateway.use('/:api{auth|rest|functions}/v1/*', async (context, next) => {
    const body = await readBody(context.req.raw, BODY_LIMIT_BYTES)
    if (body === 'too_large') {
      // The rest stays unread, so this connection can carry no other request.
      context.header('connection', 'close')
      return context.json(
        {
          code: 'payload_too_large',
          message: `A request body may have ${BODY_LIMIT_BYTES} bytes at most.`
        },
        413
      )
    }
    context.set('body', body)
    return next()
  })
}

/** Serves `/health`, `/auth/v1`, `/rest/v1` and `/functions/v1`. */
export const createGateway = (parts: GatewayParts): Hono<GatewayEnv> => {
  const { database, tokens, functions, secretKey, log } = parts
  const gateway = new Hono<GatewayEnv>()

  gateway.onError((error, context) => {
    log(`${context.req.method} ${context.req.path} failed: ${error.message}`)
    return context.json({ code: 'internal', message: 'The local backend failed.' }, 500)
  })
  gateway.notFound((context) =>
    context.json({ message: 'no Route matched with those values' }, 404)
  )

  gateway.get('/health', (context) =>
    context.json({ ok: true, functions: functions()?.states() ?? {} }, 200, {
      'cache-control': 'no-store'
    })
  )
  // Public, as on a hosted project.
  gateway.get('/auth/v1/.well-known/jwks.json', (context) =>
    context.json(tokens.jwks, 200, { 'cache-control': 'public, max-age=600' })
  )

  addRequestChecks(gateway, parts)

  gateway.all('/rest/v1/*', async (context) => {
    const inner = await innerRequest(context, tokens)
    if (inner.ok) return database.fetch(inner.request)
    // PostgREST's codes (errors.html, group 3).
    return inner.reason === 'expired'
      ? context.json({ code: 'PGRST303', message: 'JWT expired' }, 401)
      : context.json({ code: 'PGRST301', message: 'The token could not be verified' }, 401)
  })

  addAdminUsers(gateway, database, (key) => key !== undefined && isSame(key, secretKey))
  addAuthApi(gateway, database, tokens)

  gateway.all('/functions/v1/*', async (context) => {
    const path = context.req.path.slice('/functions/v1/'.length)
    const started = functions()
    return started === null
      ? context.json({ code: 'BOOT_ERROR', message: 'The functions are not started yet' }, 503)
      : started.forward(context.req.raw, context.get('body'), path)
  })

  return gateway
}
