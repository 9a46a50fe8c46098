// Access tokens: real signatures, verified by supabase-js with the keys of a local server.
import assert from 'node:assert/strict'
import { createClient } from '@supabase/supabase-js'
import { createVerify } from '../../supabase/functions/_shared/access-tokens.ts'
import { supabaseBackend } from '../../supabase/functions/_shared/supabase-backend.ts'
import { USER_ID } from './support/calls.deno.ts'
import { deadUrl, serve } from './support/servers.deno.ts'

const KEY_ID = 'test-key'
const PUBLISHABLE = 'sb_publishable_test'
const KEYS_PATH = '/auth/v1/.well-known/jwks.json'
const SECONDS = () => Math.floor(Date.now() / 1_000)

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
const bytesOf = (text: string) => new TextEncoder().encode(text)
const encode = (value: unknown): string => base64url(bytesOf(JSON.stringify(value)))

const ES256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const RS256 = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2_048,
  publicExponent: new Uint8Array([1, 0, 1])
}
const makeKey = (algorithm: typeof ES256 | typeof RS256) =>
  crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<CryptoKeyPair>

const member = { sub: USER_ID, role: 'authenticated', aud: 'authenticated' }
const inAnHour = () => ({ ...member, exp: SECONDS() + 3_600 })

const sign = async (
  { privateKey }: CryptoKeyPair,
  claims: unknown,
  header: object = { alg: 'ES256', kid: KEY_ID }
): Promise<string> => {
  const unsigned = `${encode({ typ: 'JWT', ...header })}.${encode(claims)}`
  const { name } = privateKey.algorithm
  const signature = await crypto.subtle.sign(
    { name, hash: 'SHA-256' },
    privateKey,
    bytesOf(unsigned)
  )
  return `${unsigned}.${base64url(new Uint8Array(signature))}`
}

const key = await makeKey(ES256)
const rsaKey = await makeKey(RS256)
const publish = async ({ publicKey }: CryptoKeyPair, alg: string, kid: string) => ({
  ...(await crypto.subtle.exportKey('jwk', publicKey)),
  ...{ alg, kid, use: 'sig' }
})
const list = {
  keys: [
    { kty: 'oct', kid: 'of another kind', k: 'c2VjcmV0' },
    await publish(key, 'ES256', KEY_ID),
    await publish(rsaKey, 'RS256', 'rsa-key')
  ]
}

const project = () => {
  const server = serve(({ path }) =>
    path === KEYS_PATH ? Response.json(list) : Response.json({}, { status: 404 })
  )
  return { ...server, verify: supabaseBackend(server.url, PUBLISHABLE).verify }
}

Deno.test('verifies a token that the project signed for a person, with one request for its keys', async () => {
  await using supabase = project()
  for (const [pair, header] of [
    [key, { alg: 'ES256', kid: KEY_ID }],
    [rsaKey, { alg: 'RS256', kid: 'rsa-key' }]
  ] as const) {
    const token = await sign(pair, inAnHour(), header)
    assert.deepEqual(await supabase.verify(token), { userId: USER_ID, token })
  }
  assert.deepEqual(
    supabase.requests.map(({ path }) => path),
    [KEYS_PATH]
  )
})

Deno.test("refuses a token that is expired, forged, malformed or not a person's, and asks Auth about none", async () => {
  await using supabase = project()
  const otherKey = await makeKey(ES256)
  const { exp } = inAnHour()
  const good = await sign(key, inAnHour())
  const [header, claims, signature] = good.split('.')
  const forged = [
    await sign(otherKey, inAnHour()),
    await sign(rsaKey, inAnHour(), { alg: 'RS256', kid: KEY_ID }),
    await sign(key, inAnHour(), { alg: 'ES256', kid: 'rsa-key' }),
    await sign(key, inAnHour(), { alg: 'ES256', kid: 'of another kind' }),
    await sign(key, inAnHour(), { alg: 'ES256' }),
    await sign(key, inAnHour(), { alg: 'ES256', kid: '' }),
    await sign(key, inAnHour(), { alg: 'ES256', kid: 7 }),
    ...['HS256', 'none', 'PS256', 'ES384', 'es256', undefined, null].map(
      (alg) => `${encode({ alg, kid: KEY_ID })}.${claims}.${signature}`
    ),
    `${header}.${encode({ ...member, exp, role: 'service_role' })}.${signature}`
  ]
  const signed = await Promise.all(
    [
      { ...member, exp: SECONDS() - 60 },
      member,
      { role: 'anon', exp },
      { ...member, exp, role: 'service_role' },
      { ...member, exp, sub: 'everyone' },
      null,
      [],
      'text'
    ].map((payload) => sign(key, payload))
  )
  const shapeless = [
    `eyJ.${encode(member)}.${base64url(new Uint8Array(64))}`,
    `${header}.${claims}`,
    `${header}.${claims}.`,
    `${header}.${claims}.a`,
    `${header}.${claims}.${signature}.${signature}`,
    `${header}.${base64url(new Uint8Array([0xff, 0xfe]))}.${signature}`,
    `${encode([])}.${claims}.${signature}`,
    `${encode(null)}.${claims}.${signature}`,
    ...['eyJ.not.a-token', 'a.b.c', '..', 'x', 'a.b.c.d', PUBLISHABLE]
  ]
  for (const bad of [...forged, ...signed, ...shapeless]) {
    assert.equal(await supabase.verify(bad), null, bad)
  }
  assert.deepEqual(
    supabase.requests.map(({ path }) => path),
    [KEYS_PATH]
  )
})

Deno.test('looks for an unknown key once a minute, and finds a new one', async () => {
  let nowMs = 0
  let fetched = 0
  const published = { keys: [...list.keys] }
  const { auth } = createClient('http://127.0.0.1', PUBLISHABLE)
  const verify = createVerify(
    auth,
    () => {
      fetched += 1
      return Promise.resolve(published)
    },
    () => nowMs
  )
  const nextKey = await makeKey(ES256)
  const next = await sign(nextKey, inAnHour(), { alg: 'ES256', kid: 'next-key' })
  const flood = await Promise.all(
    Array.from({ length: 200 }, (_, at) =>
      sign(nextKey, inAnHour(), { alg: 'ES256', kid: `key-${at}` }).then(verify)
    )
  )
  assert.ok(flood.every((caller) => caller === null))
  assert.equal(await verify(next), null)
  assert.equal(fetched, 1)

  published.keys.push(await publish(nextKey, 'ES256', 'next-key'))
  nowMs += 60_000
  assert.equal((await verify(next))?.userId, USER_ID)
  assert.equal(fetched, 2)

  // A removed key is accepted for ten minutes at most.
  published.keys.pop()
  nowMs += 599_000
  assert.equal((await verify(next))?.userId, USER_ID)
  nowMs += 1_000
  assert.equal(await verify(next), null)
  assert.equal(fetched, 3)
})

Deno.test('throws for an unreachable Auth, and for one that answers without keys', async () => {
  const token = await sign(key, inAnHour())
  await assert.rejects(supabaseBackend(await deadUrl(), PUBLISHABLE).verify(token))
  for (const answer of [
    () => new Response('gone', { status: 503 }),
    () => Response.json({ message: 'no' })
  ]) {
    await using failing = serve(answer)
    await assert.rejects(supabaseBackend(failing.url, PUBLISHABLE).verify(token))
  }
})
