// realtime-call with a local server in place of OpenAI and a stand-in for the backend.
import assert from 'node:assert/strict'
import { createHandler } from '../../supabase/functions/realtime-call/handler.ts'
import { OFFER_LIMIT_BYTES } from '../../supabase/functions/realtime-call/offer.ts'
import { createOpenCall } from '../../supabase/functions/realtime-call/open-call.ts'
import { createMint } from '../../supabase/functions/realtime-session/mint.ts'
import {
  ALLOWED,
  endpointSettings,
  GROUP_ID,
  OFFER,
  OPENAI_KEY,
  read,
  request,
  SESSION,
  TOKEN,
  USER_ID,
  verify
} from './support/calls.deno.ts'
import { type RecordedRequest, serve } from './support/servers.deno.ts'

const ANSWER = OFFER.replace('kZ2q', 'aNsW')
const CALL_ID = 'rtc_u1_9c6574da8b8a41a18da9308f4ad974ce'

const answered = (sdp = ANSWER, location: string | null = `/v1/realtime/calls/${CALL_ID}`) =>
  new Response(sdp, {
    status: 201,
    headers: {
      'content-type': 'application/sdp',
      ...(location === null ? {} : { location })
    }
  })

const handlerOn = (baseUrl: string, timeoutMs = 2_000) => {
  const { lines, settings } = endpointSettings()
  const asked: [groupId: string, keySeconds: number | null][] = []
  const handle = createHandler({
    backend: {
      verify,
      voiceAccess: (_caller, groupId, _language, keySeconds) => {
        asked.push([groupId, keySeconds])
        return Promise.resolve({ ok: true, value: ALLOWED })
      }
    },
    openCall: createOpenCall({ baseUrl, apiKey: OPENAI_KEY, session: SESSION, timeoutMs }),
    ...settings
  })
  return { handle, lines, asked }
}
const body = { groupId: GROUP_ID, language: 'en', sdp: OFFER }

const formOf = async ({ headers, text }: RecordedRequest): Promise<FormData> =>
  new Response(text, { headers: { 'content-type': headers.get('content-type') ?? '' } }).formData()

Deno.test("answers an offer with the model's answer, the call's id and the model, and nothing else", async () => {
  await using openai = serve(() => answered())
  const { handle, asked } = handlerOn(openai.url)
  const answer = await read(await handle(request({ ...body, station: 'bar' })))
  assert.equal(answer.status, 200)
  assert.deepEqual(answer.body, { sdp: ANSWER, callId: CALL_ID, model: 'gpt-realtime-2.1' })
  // The call counts as a key without a life.
  assert.deepEqual(asked, [[GROUP_ID, 0]])
})

Deno.test("posts offer and session in one form with the project's key, each part typed and without a file name", async () => {
  await using openai = serve(() => answered())
  const { handle } = handlerOn(openai.url)
  await (await handle(request({ ...body, language: 'ko', station: 'grill' }))).body?.cancel()

  const [sent, ...others] = openai.requests
  assert.deepEqual(others, [])
  assert.ok(sent !== undefined)
  assert.equal(sent.method, 'POST')
  assert.equal(sent.path, '/realtime/calls')
  assert.equal(sent.headers.get('authorization'), `Bearer ${OPENAI_KEY}`)
  assert.match(String(sent.headers.get('openai-safety-identifier')), /^[0-9a-f]{64}$/)
  assert.doesNotMatch(sent.text, /filename/)
  assert.match(sent.text, /name="sdp"\r\nContent-Type: application\/sdp\r\n\r\nv=0\r\n/)
  assert.match(sent.text, /name="session"\r\nContent-Type: application\/json\r\n\r\n\{/)
  const form = await formOf(sent)
  assert.equal(form.get('sdp'), OFFER)
  const session = JSON.parse(String(form.get('session')))
  assert.equal(session.type, 'realtime')
  assert.equal(session.model, 'gpt-realtime-2.1')
  assert.equal(session.audio.input.turn_detection, null)
  assert.deepEqual(session.audio.input.transcription.languages, ['ko'])
  assert.match(session.instructions, /한국어로 말하세요/)
  assert.match(session.instructions, /^grill$/m)
})

Deno.test('sends the same session as realtime-session, byte for byte', async () => {
  await using openai = serve(({ path }) =>
    path.endsWith('client_secrets')
      ? Response.json({ value: 'ek_1', expires_at: 1_795_000_000 })
      : answered()
  )
  const options = { baseUrl: openai.url, apiKey: OPENAI_KEY, session: SESSION }
  const asker = { language: 'fr', role: 'manager', station: 'dish' } as const
  const onBehalfOf = { userId: USER_ID, requestId: 'request-1', asker }
  await createMint(options)({ ...onBehalfOf, seconds: 60 })
  const { signal } = new AbortController()
  await createOpenCall(options)({ ...onBehalfOf, sdp: OFFER, signal })
  const [minted, called] = openai.requests
  assert.ok(minted !== undefined && called !== undefined)
  const { session } = JSON.parse(minted.text)
  assert.equal((await formOf(called)).get('session'), JSON.stringify(session))
})

Deno.test('names a negotiated channel in the query', async () => {
  const queries: string[] = []
  await using openai = serve(({ query }) => {
    queries.push(query)
    return answered()
  })
  const { handle } = handlerOn(openai.url)
  for (const channelId of [0, 1_023]) {
    await (await handle(request({ ...body, channelId }))).body?.cancel()
  }
  assert.deepEqual(queries, ['?dcid=0', '?dcid=1023'])
})

Deno.test('refuses an invalid offer with its problem, before any request', async () => {
  await using openai = serve(() => answered())
  const { handle, asked } = handlerOn(openai.url)
  const audio = 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n'
  for (const [sdp, problem] of [
    ['', 'sdp: does not begin with v=0'],
    ['hello', 'sdp: does not begin with v=0'],
    ['<html>v=0\r\nm=audio 9</html>', 'sdp: does not begin with v=0'],
    [`\r\n${OFFER}`, 'sdp: does not begin with v=0'],
    ['v=01\r\n', 'sdp: does not begin with v=0'],
    ['v=0\r\ns=-\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n', 'sdp: has no m=audio'],
    ['v=0\r\na=m=audio 9\r\n', 'sdp: has no m=audio'],
    [`v=0\r\ns=\u0007\r\n${audio}`, 'sdp: has control characters'],
    [`v=0\r\n${audio}a=${'x'.repeat(OFFER_LIMIT_BYTES)}\r\n`, 'sdp: larger than 64000 bytes'],
    [`v=0\r\n${audio}a=${'é'.repeat(32_000)}\r\n`, 'sdp: larger than 64000 bytes']
  ] as const) {
    const answer = await read(await handle(request({ ...body, language: 'es', sdp })))
    assert.equal(answer.status, 400)
    assert.deepEqual(answer.body, {
      error: 'invalid_offer',
      message: 'No se pudo establecer la llamada. Inténtalo de nuevo.',
      problem
    })
  }
  assert.equal(openai.requests.length, 0)
  assert.deepEqual(asked, [])
})

Deno.test('accepts the longest offer, and one with bare line ends', async () => {
  await using openai = serve(() => answered())
  const { handle } = handlerOn(openai.url)
  const longest = `${OFFER}a=${'x'.repeat(OFFER_LIMIT_BYTES - OFFER.length - 4)}\r\n`
  assert.equal(longest.length, OFFER_LIMIT_BYTES)
  // Each line end takes four characters in JSON, the most for an offer.
  const lines = `${OFFER}${'\r\n'.repeat((OFFER_LIMIT_BYTES - OFFER.length) / 2)}`
  for (const sdp of [longest, lines, OFFER.replaceAll('\r\n', '\n')]) {
    assert.equal((await read(await handle(request({ ...body, sdp })))).status, 200)
  }
})

Deno.test('posts a call once, for every failure of the service', async () => {
  for (const respond of [
    () => new Response('no', { status: 500 }),
    () => new Response('no', { status: 503 }),
    () => Response.json({ error: { code: 'rate_limit_exceeded' } }, { status: 429 })
  ]) {
    await using openai = serve(respond)
    const { handle } = handlerOn(openai.url)
    await (await handle(request(body))).body?.cancel()
    assert.equal(openai.requests.length, 1)
  }
})

Deno.test('reports a refused offer to the caller, and every other refusal as model_failed', async () => {
  for (const [error, status, expected] of [
    [{ code: 'invalid_offer', param: 'sdp' }, 400, 'invalid_offer'],
    [{ code: 'invalid_offer', param: null }, 413, 'invalid_offer'],
    [{ code: 'invalid_value', param: 'session.audio.output.voice' }, 400, 'model_failed'],
    [{ code: 'model_not_found', param: null }, 400, 'model_failed'],
    [{ code: 'invalid_api_key', param: null }, 401, 'model_failed']
  ] as const) {
    await using openai = serve(() => Response.json({ error }, { status }))
    const { handle, lines } = handlerOn(openai.url)
    const answer = await read(await handle(request(body)))
    assert.equal(answer.body.error, expected)
    assert.equal(lines[0]?.fields.cause, `status ${status} ${error.code}`)
  }
})

Deno.test('uses the second transcription model when the service refuses the first', async () => {
  const models: unknown[] = []
  await using openai = serve(async (sent) => {
    const session = JSON.parse(String((await formOf(sent)).get('session')))
    models.push(session.audio.input.transcription.model)
    return models.length > 2
      ? answered()
      : Response.json(
          { error: { code: 'invalid_value', param: 'session.audio.input.transcription.model' } },
          { status: 400 }
        )
  })
  const { handle } = handlerOn(openai.url)
  for (const _ of [1, 2]) assert.equal((await read(await handle(request(body)))).status, 200)
  assert.deepEqual(models, [
    'gpt-live-transcribe',
    'gpt-live-transcribe',
    'gpt-transcribe',
    'gpt-transcribe'
  ])
})

Deno.test('hangs up a call with an unreadable answer', async () => {
  await using openai = serve(({ path }) =>
    path.endsWith('/hangup') ? new Response() : answered('<html>welcome to the café</html>')
  )
  const { handle, lines } = handlerOn(openai.url)
  const answer = await read(await handle(request(body)))
  assert.equal(answer.status, 502)
  assert.equal(lines[0]?.fields.cause, 'unreadable answer')
  assert.deepEqual(
    openai.requests.map(({ path }) => path),
    ['/realtime/calls', `/realtime/calls/${CALL_ID}/hangup`]
  )
  assert.equal(openai.requests[1]?.headers.get('authorization'), `Bearer ${OPENAI_KEY}`)
})

Deno.test("fails for an answer without the call's id", async () => {
  for (const location of [null, '', '/', 'https://example.com/a b']) {
    await using openai = serve(() => answered(ANSWER, location))
    const { handle, lines } = handlerOn(openai.url)
    assert.equal((await read(await handle(request(body)))).status, 502)
    assert.equal(lines[0]?.fields.cause, 'no call id')
  }
})

Deno.test('hangs up when the caller disconnects before the answer', async () => {
  const posted = Promise.withResolvers<void>()
  const kioskGone = Promise.withResolvers<void>()
  const hungUp = Promise.withResolvers<void>()
  await using openai = serve(async ({ path }) => {
    if (path.endsWith('/hangup')) {
      hungUp.resolve()
      return new Response()
    }
    posted.resolve()
    await kioskGone.promise
    return answered()
  })
  // The runtime needs time to notice a closed connection.
  const { handle, lines } = handlerOn(openai.url, 60_000)
  const received: Request[] = []
  const server = Deno.serve({ hostname: '127.0.0.1', port: 0, onListen: () => {} }, (asked) => {
    received.push(asked)
    return handle(asked)
  })
  // `fetch` may keep the connection of an aborted request for the next one.
  const kiosk = await Deno.connect({ hostname: '127.0.0.1', port: server.addr.port })
  const text = JSON.stringify(body)
  await kiosk.write(
    new TextEncoder().encode(
      [
        'POST / HTTP/1.1',
        'host: 127.0.0.1',
        'content-type: application/json',
        `content-length: ${new TextEncoder().encode(text).byteLength}`,
        `authorization: Bearer ${TOKEN}`,
        '',
        text
      ].join('\r\n')
    )
  )
  await posted.promise
  // The runtime reports a closed connection only to listeners added after the body was read.
  received[0]?.signal.addEventListener('abort', () => kioskGone.resolve())
  kiosk.close()
  await hungUp.promise
  await server.shutdown()
  assert.equal(openai.requests.at(-1)?.path, `/realtime/calls/${CALL_ID}/hangup`)
  assert.equal(lines[0]?.fields.cause, 'the caller went away')
})

Deno.test("logs the call's id and duration, without SDP, token or key", async () => {
  await using openai = serve(() => answered())
  const { handle, lines } = handlerOn(openai.url)
  await (await handle(request(body))).body?.cancel()
  const text = JSON.stringify(lines)
  assert.match(text, new RegExp(CALL_ID))
  assert.match(text, /"callMs":\d+/)
  for (const secret of [TOKEN, OPENAI_KEY, USER_ID, 'ice-pwd', 'm=audio', 'kZ2q']) {
    assert.ok(!text.includes(secret), secret)
  }
})
