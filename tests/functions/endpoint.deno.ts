// The endpoint around every function: callers, origins, bodies, rate limits and refusals.
import assert from 'node:assert/strict'
import { z } from 'zod'
import { clientAddressOf } from '../../supabase/functions/_shared/client-address.ts'
import {
  BODY_LIMIT_BYTES,
  createEndpoint,
  type Outcome
} from '../../supabase/functions/_shared/endpoint.ts'
import { conversationLanguageSchema } from '../../supabase/functions/_shared/language.ts'
import { createRateLimit } from '../../supabase/functions/_shared/rate-limit.ts'
import { readJsonBody } from '../../supabase/functions/_shared/request-body.ts'
import {
  noRateLimit,
  ORIGIN,
  read,
  recordingLog,
  request,
  TOKEN,
  verify
} from './support/calls.deno.ts'

const bodySchema = z.strictObject({
  language: conversationLanguageSchema,
  word: z.string().max(20)
})

const endpoint = (
  work: () => Promise<Outcome> = () => Promise.resolve({ ok: true, body: { done: true }, log: {} }),
  verifyCaller = verify,
  rateLimit = noRateLimit,
  addressLimit = noRateLimit
) => {
  const { lines, log } = recordingLog()
  const handle = createEndpoint({
    name: 'example',
    allowedOrigins: [ORIGIN, 'https://kiosk.example'],
    backend: { verify: verifyCaller },
    rateLimit,
    addressLimit,
    log,
    bodySchema,
    work
  })
  return { handle, lines }
}
const good = { language: 'es', word: 'hola' }

Deno.test('serves a caller with a valid token and a valid body', async () => {
  const { handle, lines } = endpoint()
  const { status, headers, body } = await read(await handle(request(good)))
  assert.equal(status, 200)
  assert.deepEqual(body, { done: true })
  assert.equal(headers.get('cache-control'), 'no-store')
  assert.equal(lines.length, 1)
  assert.equal(lines[0]?.fields.requestId, headers.get('x-request-id'))
})

Deno.test('refuses a missing or invalid token with 401, in the language of the body', async () => {
  const { handle } = endpoint()
  const basic = { authorization: `Basic ${TOKEN}` }
  for (const options of [
    { token: null },
    { token: 'eyJ-wrong' },
    { token: 'sb_publishable_x' },
    { token: null, headers: basic }
  ]) {
    const { status, body } = await read(await handle(request(good, options)))
    assert.equal(status, 401)
    assert.deepEqual(body, { error: 'unauthorized', message: 'Vuelve a iniciar sesión.' })
  }
})

Deno.test('checks the caller before the body', async () => {
  const { handle } = endpoint()
  assert.equal((await handle(request('{', { token: null }))).status, 401)
})

Deno.test('refuses a body that is empty, not JSON or not UTF-8 with 400 and the reason', async () => {
  const { handle } = endpoint()
  const bytes = (...codes: number[]) => new Uint8Array(codes)
  for (const [body, problem] of [
    ['{"language":', 'the body is not JSON'],
    ['', 'the body is empty'],
    ['  \n', 'the body is empty'],
    [null, 'the body is empty'],
    // JSON allows no literal null byte.
    ['{"language":"en","word":"a\u0000"}', 'the body is not JSON'],
    [bytes(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d), 'the body is not UTF-8'],
    // Half of a UTF-8 sequence.
    [bytes(0x22, 0xc3, 0x22), 'the body is not UTF-8']
  ] as const) {
    const { status, body: answer } = await read(await handle(request(body)))
    assert.equal(status, 400)
    assert.equal(answer.error, 'bad_request')
    assert.equal(answer.problem, problem)
  }
})

Deno.test('refuses a large body with 413, with and without its length', async () => {
  const { handle } = endpoint()
  const tooLarge = JSON.stringify({ ...good, word: 'x'.repeat(BODY_LIMIT_BYTES) })
  const piece = new TextEncoder().encode('x'.repeat(1_000))
  let sent = 0
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      sent += piece.byteLength
      controller.enqueue(piece)
    }
  })
  for (const body of [tooLarge, endless]) {
    const { status, body: answer } = await read(await handle(request(body)))
    assert.equal(status, 413)
    assert.equal(answer.error, 'body_too_large')
    assert.equal(answer.problem, `the body is larger than ${BODY_LIMIT_BYTES} bytes`)
  }
  assert.ok(sent < 2 * BODY_LIMIT_BYTES, `${sent}`)
})

Deno.test('refuses text that a database cannot store, and deep nesting, with 400', async () => {
  const { handle } = endpoint()
  for (const [body, problem] of [
    ['{"language":"es","word":"a\\u0000b"}', 'a text has a null character'],
    ['{"language":"es","word":"\\ud83c"}', 'a text has half of a surrogate pair'],
    ['{"language":"es","\\u0000":1}', 'a text has a null character'],
    [`${'['.repeat(7_000)}${']'.repeat(7_000)}`, 'the body is nested too deeply']
  ] as const) {
    const { status, body: answer } = await read(await handle(request(body)))
    assert.equal(status, 400)
    assert.equal(answer.problem, problem)
  }
})

Deno.test('gives up a body that stops arriving', async () => {
  const started = request(
    new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array([0x7b])) })
  )
  const body = await readJsonBody(started, BODY_LIMIT_BYTES, 20)
  assert.equal(body.ok, false)
  assert.deepEqual(!body.ok && body.refusal, {
    code: 'bad_request',
    problem: 'the body did not arrive whole'
  })
})

Deno.test('refuses another content type than JSON in UTF-8 with 415, in the language of the body', async () => {
  const { handle } = endpoint()
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json; charset=latin1',
    'application/jsonp',
    ''
  ]) {
    const { status, body } = await read(
      await handle(request(good, { headers: { 'content-type': type } }))
    )
    assert.equal(status, 415, type)
    assert.equal(body.error, 'unsupported_media_type')
    assert.equal(body.message, 'La solicitud no tiene el formato correcto.')
  }
  for (const type of ['application/json', 'application/json; charset=utf-8', 'Application/JSON']) {
    const response = await handle(request(good, { headers: { 'content-type': type } }))
    assert.equal(response.status, 200, type)
    await response.body?.cancel()
  }
})

Deno.test('keeps a well-formed request id in answer and log, and replaces any other', async () => {
  const { handle, lines } = endpoint()
  const sent = async (id: string): Promise<string | null> => {
    const response = await handle(request(good, { headers: { 'x-request-id': id } }))
    await response.body?.cancel()
    return response.headers.get('x-request-id')
  }
  const mine = 'kiosk-7_2026-11-20T10'
  assert.equal(await sent(mine), mine)
  assert.equal(lines[0]?.fields.requestId, mine)
  for (const bad of [
    'short',
    'x'.repeat(65),
    'with space',
    'läute-mal',
    'a"b:c,d{e}',
    'sk-live1234567',
    'eyJhbGciOi1'
  ]) {
    const answered = await sent(bad)
    assert.match(String(answered), /^[0-9a-f]{8}-[0-9a-f-]{27}$/, bad)
  }
})

Deno.test('makes only the caller above the rate limit wait', async () => {
  let nowMs = 0
  const verifyBoth = (token: string) =>
    token === 'other' ? Promise.resolve({ userId: 'other', token }) : verify(token)
  const { handle } = endpoint(
    undefined,
    verifyBoth,
    createRateLimit(6, () => nowMs)
  )
  const status = async (token = TOKEN): Promise<number> => {
    const response = await handle(request(good, { token }))
    await response.body?.cancel()
    return response.status
  }
  assert.deepEqual([await status(), await status(), await status()], [200, 200, 200])
  const { headers, body, status: refused } = await read(await handle(request(good)))
  assert.equal(refused, 429)
  assert.deepEqual(body, {
    error: 'rate_limited',
    message: 'Demasiadas solicitudes seguidas. Espera un momento.'
  })
  assert.equal(headers.get('retry-after'), '10')
  assert.equal(await status('other'), 200)
  nowMs += 10_000
  assert.deepEqual([await status(), await status()], [200, 429])
})

Deno.test('makes an address above its limit wait, before its token and body are read', async () => {
  let verified = 0
  const counted = (token: string) => {
    verified += 1
    return verify(token)
  }
  const { handle } = endpoint(
    undefined,
    counted,
    noRateLimit,
    createRateLimit(6, () => 0)
  )
  const ask = async (headers: Record<string, string>) => {
    const asked = request(good, { token: 'eyJ-forged', headers })
    const response = await handle(asked)
    await response.body?.cancel()
    return [response.status, response.headers.get('retry-after'), asked.bodyUsed]
  }
  const HOME = '203.0.113.7'
  const flood = []
  // The client writes what it likes before the last entry.
  for (const spoofed of ['1.1.1.1, ', '2.2.2.2,', '', '3.3.3.3, 4.4.4.4, ']) {
    flood.push(await ask({ 'x-forwarded-for': `${spoofed}${HOME}` }))
  }
  const refused = [401, null, true]
  assert.deepEqual(flood, [refused, refused, refused, [429, '10', false]])
  assert.equal(verified, 3)
  for (const [headers, status] of [
    [{ 'x-forwarded-for': '203.0.113.8' }, 401],
    // Cloudflare's own header counts before what others wrote.
    [{ 'cf-connecting-ip': HOME, 'x-forwarded-for': '9.9.9.9' }, 429],
    [{ 'cf-connecting-ip': '9.9.9.9', 'x-forwarded-for': HOME }, 401]
  ] as const) {
    assert.equal((await ask(headers))[0], status, JSON.stringify(headers))
  }
})

Deno.test('counts the addresses of one IPv6 subscriber together, and all requests without an address', () => {
  const of = (...addresses: string[]) =>
    addresses.map((address) =>
      clientAddressOf(request(null, { method: 'GET', headers: { 'x-forwarded-for': address } }))
    )
  for (const [addresses, name] of [
    [['198.51.100.1', ' 198.51.100.1 '], '198.51.100.1'],
    [['2001:db8:0:1::1', '2001:db8:0:1:2:3:4:5', '2001:db8:0:1::'], '2001:db8:0:1'],
    [['2001:db8::1', '2001:db8::2:1'], '2001:db8:0:0'],
    [['::ffff:198.51.100.1'], '::ffff:198.51.100.1'],
    [['', 'unknown', 'x'.repeat(60), '<script>'], 'unknown']
  ] as const) {
    assert.deepEqual([...new Set(of(...addresses))], [name])
  }
})

Deno.test('names an unknown field in its refusal, and repeats no value', async () => {
  const { handle } = endpoint()
  const { status, body } = await read(
    await handle(request({ language: 'en', word: 'a secret that is far too long', extra: 1 }))
  )
  assert.equal(status, 400)
  assert.match(String(body.problem), /extra/)
  assert.match(String(body.problem), /word: too_big/)
  assert.doesNotMatch(JSON.stringify(body), /secret/)
})

Deno.test('refuses other methods with 405 and the allowed ones', async () => {
  const { handle } = endpoint()
  for (const method of ['GET', 'PUT', 'DELETE']) {
    const { status, headers, body } = await read(await handle(request(good, { method })))
    assert.equal(status, 405)
    assert.equal(body.error, 'method_not_allowed')
    assert.equal(headers.get('allow'), 'POST, OPTIONS')
  }
})

Deno.test('allows a preflight from a listed origin, without a token', async () => {
  const { handle } = endpoint()
  for (const origin of [ORIGIN, 'https://kiosk.example']) {
    const response = await handle(
      request(null, { token: null, method: 'OPTIONS', headers: { origin } })
    )
    assert.equal(response.status, 204)
    assert.equal(response.headers.get('access-control-allow-origin'), origin)
    const allowed = String(response.headers.get('access-control-allow-headers')).split(', ')
    for (const header of ['authorization', 'apikey', 'content-type', 'x-request-id']) {
      assert.ok(allowed.includes(header), header)
    }
    assert.equal(response.headers.get('access-control-allow-methods'), 'POST, OPTIONS')
    assert.equal(response.headers.get('vary'), 'Origin')
  }
})

Deno.test('allows another origin neither in the preflight nor in the answer', async () => {
  const { handle } = endpoint()
  const headers = { origin: 'https://elsewhere.example' }
  const preflight = await handle(request(null, { token: null, method: 'OPTIONS', headers }))
  const answer = await handle(request(good, { headers }))
  for (const response of [preflight, answer]) {
    assert.equal(response.headers.get('access-control-allow-origin'), null)
  }
  await answer.body?.cancel()
})

Deno.test('answers an exception with 500, without its message in answer or log', async () => {
  const { handle, lines } = endpoint(() => {
    throw new TypeError(`something about ${TOKEN}`)
  })
  const { status, body } = await read(await handle(request(good)))
  assert.equal(status, 500)
  assert.deepEqual(body, { error: 'internal', message: 'Algo salió mal de nuestro lado.' })
  assert.equal(lines[0]?.level, 'error')
  assert.equal(lines[0]?.fields.cause, 'TypeError')
  assert.doesNotMatch(JSON.stringify(lines), new RegExp(TOKEN))
})
