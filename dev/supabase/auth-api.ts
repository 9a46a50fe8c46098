// Serves the calls of the Auth API that a kiosk's session needs; other calls create or change accounts, which is for
// administrators of the project.
import type { Hono } from 'hono'
import type { Database } from './database.ts'
import { type GatewayEnv, innerRequest } from './gateway-request.ts'
import type { Tokens } from './tokens.ts'

const CALLS = new Set([
  'POST /auth/v1/token',
  'GET /auth/v1/user',
  'POST /auth/v1/logout',
  'GET /auth/v1/settings',
  'GET /auth/v1/health'
])
const GRANT_TYPES = new Set(['password', 'refresh_token'])
/** Refused with GoTrue's answer for disabled sign-up. */
const SIGN_UP_PATHS = new Set(['/auth/v1/signup', '/auth/v1/otp', '/auth/v1/magiclink'])

export const addAuthApi = (gateway: Hono<GatewayEnv>, database: Database, tokens: Tokens): void => {
  gateway.all('/auth/v1/*', async (context) => {
    const { method, path } = context.req
    if (SIGN_UP_PATHS.has(path) && method === 'POST') {
      const msg = 'Signups not allowed for this instance'
      return context.json({ code: 422, error_code: 'signup_disabled', msg }, 422)
    }
    const isToken = path === '/auth/v1/token'
    const isAllowed =
      method === 'OPTIONS' ||
      (CALLS.has(`${method} ${path}`) &&
        (!isToken || GRANT_TYPES.has(context.req.query('grant_type') ?? '')))
    if (!isAllowed) {
      const msg = `${method} ${path} is not part of the local backend`
      return context.json({ code: 404, error_code: 'not_found', msg }, 404)
    }
    const inner = await innerRequest(context, tokens)
    if (!inner.ok) {
      // auth-js ends the session on GoTrue's answer.
      const reason = inner.reason === 'expired' ? 'token is expired' : 'signature is invalid'
      return context.json({ code: 403, error_code: 'bad_jwt', msg: `invalid JWT: ${reason}` }, 403)
    }
    const response = await database.fetch(inner.request)
    return isToken && response.ok ? withOuterToken(response, tokens) : response
  })
}

const withOuterToken = async (response: Response, tokens: Tokens): Promise<Response> => {
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
}
