// What both functions share: who may call, from where, with what body, and how refusals read.
import assert from 'node:assert/strict'
import { z } from 'zod'
import {
  BODY_LIMIT_BYTES,
  createEndpoint,
  type Outcome
} from '../../supabase/functions/_shared/endpoint.ts'
import { languageSchema } from '../../supabase/functions/_shared/language.ts'
import { ORIGIN, read, recordingLog, request, TOKEN, verify } from './support/calls.deno.ts'

const bodySchema = z.strictObject({ language: languageSchema, word: z.string().max(20) })

const endpoint = (
  work: () => Promise<Outcome> = () => Promise.resolve({ ok: true, body: { done: true }, log: {} }),
  verifyCaller = verify
) => {
  const { lines, log } = recordingLog()
  const handle = createEndpoint({
    name: 'example',
    allowedOrigins: [ORIGIN, 'https://kiosk.example'],
    backend: { verify: verifyCaller },
    log,
    bodySchema,
    work
  })
  return { handle, lines }
}
const good = { language: 'es', word: 'hola' }

Deno.test('a caller with a valid token and a valid body is served', async () => {
  const { handle, lines } = endpoint()
  const { status, headers, body } = await read(await handle(request(good)))
  assert.equal(status, 200)
  assert.deepEqual(body, { done: true })
  assert.equal(headers.get('cache-control'), 'no-store')
  assert.equal(lines.length, 1)
  assert.equal(lines[0]?.fields.requestId, headers.get('x-request-id'))
})

Deno.test('no token, a wrong token and a publishable key as a token are 401 in the language of the body', async () => {
  const { handle } = endpoint()
  for (const token of [null, 'eyJ-wrong', 'sb_publishable_x']) {
    const { status, body } = await read(await handle(request(good, { token })))
    assert.equal(status, 401)
    assert.deepEqual(body, { error: 'unauthorized', message: 'Vuelve a iniciar sesión.' })
  }
})

Deno.test('a token in another scheme than Bearer is 401', async () => {
  const { handle } = endpoint()
  const basic = request(good, { token: null, headers: { authorization: `Basic ${TOKEN}` } })
  assert.equal((await handle(basic)).status, 401)
})

Deno.test('who is calling is decided before what they sent is judged', async () => {
  const { handle } = endpoint()
  assert.equal((await handle(request('{', { token: null }))).status, 401)
})

Deno.test('a body that is not JSON, is empty or is too large is 400 and says which', async () => {
  const { handle } = endpoint()
  const tooLarge = JSON.stringify({ ...good, word: 'x'.repeat(BODY_LIMIT_BYTES) })
  for (const [text, problem] of [
    ['{"language":', 'the body is not JSON'],
    ['', 'the body is not JSON'],
    [tooLarge, `the body is larger than ${BODY_LIMIT_BYTES} bytes`]
  ] as const) {
    const { status, body } = await read(await handle(request(text)))
    assert.equal(status, 400)
    assert.equal(body.error, 'bad_request')
    const expected = text === '' ? [problem, 'the body is empty'] : [problem]
    assert.ok(expected.includes(String(body.problem)), String(body.problem))
  }
})

Deno.test('an unknown field is refused by name, and a value is never repeated', async () => {
  const { handle } = endpoint()
  const { status, body } = await read(
    await handle(request({ language: 'en', word: 'a secret that is far too long', extra: 1 }))
  )
  assert.equal(status, 400)
  assert.match(String(body.problem), /extra/)
  assert.match(String(body.problem), /word: too_big/)
  assert.doesNotMatch(JSON.stringify(body), /secret/)
})

Deno.test('other methods are 405 and told which are allowed', async () => {
  const { handle } = endpoint()
  for (const method of ['GET', 'PUT', 'DELETE']) {
    const { status, headers, body } = await read(await handle(request(good, { method })))
    assert.equal(status, 405)
    assert.equal(body.error, 'method_not_allowed')
    assert.equal(headers.get('allow'), 'POST, OPTIONS')
  }
})

Deno.test('a preflight from a listed origin is allowed, without a token', async () => {
  const { handle } = endpoint()
  for (const origin of [ORIGIN, 'https://kiosk.example']) {
    const response = await handle(
      request(null, { token: null, method: 'OPTIONS', headers: { origin } })
    )
    assert.equal(response.status, 204)
    assert.equal(response.headers.get('access-control-allow-origin'), origin)
    assert.match(String(response.headers.get('access-control-allow-headers')), /authorization/)
    assert.equal(response.headers.get('vary'), 'Origin')
  }
})

Deno.test('another origin is never allowed, neither in the preflight nor in the answer', async () => {
  const { handle } = endpoint()
  const headers = { origin: 'https://elsewhere.example' }
  const preflight = await handle(request(null, { token: null, method: 'OPTIONS', headers }))
  const answer = await handle(request(good, { headers }))
  for (const response of [preflight, answer]) {
    assert.equal(response.headers.get('access-control-allow-origin'), null)
  }
  await answer.body?.cancel()
})

Deno.test('a defect is 500 with a sentence, and neither the answer nor the log carries its message', async () => {
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

Deno.test('an auth server that cannot be reached is 500, not 401: the kiosk stays signed in', async () => {
  const { handle } = endpoint(undefined, () => Promise.reject(new Error('unreachable')))
  const response = await handle(request(good))
  assert.equal(response.status, 500)
  await response.body?.cancel()
})
