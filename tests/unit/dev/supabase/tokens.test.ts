// Tokens at the gateway: swapped for those of the inner APIs, and let in no longer than they are good.
import { exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createTokens } from '../../../../dev/supabase/tokens.ts'

const SECRET = 'a secret of at least thirty-two characters'
const LIFE_SECONDS = 3_600

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const madeTokens = async () => {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const { x = '', y = '', d = '' } = await exportJWK(privateKey)
  const key = { kty: 'EC', crv: 'P-256', x, y, d, kid: 'one' } as const
  const tokens = await createTokens(key, SECRET, () => 'http://heard.test/auth/v1')
  const inner = await new SignJWT({ role: 'authenticated', session_id: 'a session' })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject('a cook')
    .setAudience('authenticated')
    .setIssuedAt()
    .setExpirationTime(Math.floor(Date.now() / 1_000) + LIFE_SECONDS)
    .sign(new TextEncoder().encode(SECRET))
  return { tokens, outer: await tokens.outward(inner) }
}

it('lets a token in as often as it comes, with the same claims', async () => {
  const { tokens, outer } = await madeTokens()
  for (const _time of [1, 2, 3]) {
    const swapped = await tokens.inward(outer)
    if (!swapped.ok) throw new Error(swapped.reason)
    const { payload } = await jwtVerify(swapped.token, new TextEncoder().encode(SECRET))
    expect(payload).toMatchObject({ sub: 'a cook', role: 'authenticated', session_id: 'a session' })
  }
})

it('refuses a token that it let in before, from the second in which it expires', async () => {
  const { tokens, outer } = await madeTokens()
  expect(await tokens.inward(outer)).toMatchObject({ ok: true })
  vi.setSystemTime(Date.now() + (LIFE_SECONDS - 1) * 1_000)
  expect(await tokens.inward(outer)).toMatchObject({ ok: true })
  vi.setSystemTime(Date.now() + 1_000)
  expect(await tokens.inward(outer)).toEqual({ ok: false, reason: 'expired' })
})

it('knows a token by all of it: another signature is not let in', async () => {
  const { tokens, outer } = await madeTokens()
  const { outer: foreign } = await madeTokens()
  expect(await tokens.inward(outer)).toMatchObject({ ok: true })
  const forged = [...outer.split('.').slice(0, 2), foreign.split('.')[2]].join('.')
  expect(await tokens.inward(forged)).toEqual({ ok: false, reason: 'invalid' })
})
