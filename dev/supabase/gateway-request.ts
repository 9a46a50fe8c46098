// Rewrites a gateway request for the inner APIs, with the caller's token swapped.
import type { Context } from 'hono'
import type { TokenError, Tokens } from './tokens.ts'

export type GatewayEnv = { Variables: { body: Uint8Array<ArrayBuffer> | null } }

export const presentedKey = (context: Context): string | undefined =>
  context.req.header('apikey') ?? context.req.query('apikey')

export const innerRequest = async (
  context: Context<GatewayEnv>,
  tokens: Tokens
): Promise<{ ok: true; request: Request } | TokenError> => {
  const headers = new Headers(context.req.raw.headers)
  const bearer = /^Bearer (.*)$/i.exec(headers.get('authorization') ?? '')?.[1]
  if (headers.has('authorization')) {
    headers.delete('authorization')
    if (bearer === undefined) return { ok: false, reason: 'invalid' }
    // supabase-js sends the API key as the bearer until a person signs in.
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
