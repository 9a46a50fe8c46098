// realtime-session with a local server in place of OpenAI and a stand-in for the backend.
import assert from 'node:assert/strict'
import type { BackendResult, VoiceAccess } from '../../supabase/functions/_shared/backend.ts'
import { CONVERSATION_LANGUAGES } from '../../supabase/functions/_shared/language.ts'
import { sessionConfig } from '../../supabase/functions/_shared/session-config.ts'
import { createHandler } from '../../supabase/functions/realtime-session/handler.ts'
import { createMint } from '../../supabase/functions/realtime-session/mint.ts'
import {
  ALLOWED,
  endpointSettings,
  GROUP_ID,
  KEY_ID,
  OPENAI_KEY,
  read,
  request,
  SESSION,
  TOKEN,
  USER_ID,
  verify
} from './support/calls.deno.ts'
import { type RecordedRequest, serve } from './support/servers.deno.ts'

const EPHEMERAL_KEY = 'ek_0123456789'
const EXPIRES_AT = 1_795_000_000

const minted = (): Response =>
  Response.json({
    value: EPHEMERAL_KEY,
    expires_at: EXPIRES_AT,
    session: {
      type: 'realtime',
      object: 'realtime.session',
      id: 'sess_1',
      model: 'gpt-realtime-2.1',
      audio: { input: { transcription: { model: 'gpt-transcribe' } } }
    }
  })

const handlerOn = (
  baseUrl: string | undefined,
  access: BackendResult<VoiceAccess> = { ok: true, value: ALLOWED }
) => {
  const { lines, settings } = endpointSettings()
  const asked: { token: string; groupId: string; language: string; seconds: number | null }[] = []
  const handle = createHandler({
    backend: {
      verify,
      voiceAccess: (caller, groupId, language, seconds) => {
        asked.push({ token: caller.token, groupId, language, seconds })
        return Promise.resolve(access)
      }
    },
    mint:
      baseUrl === undefined
        ? undefined
        : createMint({ baseUrl, apiKey: OPENAI_KEY, session: SESSION }),
    keySeconds: 600,
    ...settings
  })
  return { handle, lines, asked }
}
const body = { groupId: GROUP_ID, language: 'en' }

Deno.test('gives a member an ephemeral key with its expiry in unix seconds, and nothing else', async () => {
  await using openai = serve(minted)
  const { handle, asked } = handlerOn(openai.url)
  const answer = await read(await handle(request(body)))
  assert.equal(answer.status, 200)
  assert.deepEqual(answer.body, {
    ephemeralKey: EPHEMERAL_KEY,
    keyId: KEY_ID,
    expiresAt: EXPIRES_AT,
    model: 'gpt-realtime-2.1',
    transcriptionModel: 'gpt-transcribe',
    groupId: GROUP_ID,
    language: 'en'
  })
  assert.deepEqual(asked, [{ token: TOKEN, groupId: GROUP_ID, language: 'en', seconds: 60 }])
})

Deno.test("mints with the project's key and lifetime, the request's id and a pseudonym of the account", async () => {
  await using openai = serve(minted)
  const { handle } = handlerOn(openai.url)
  const headers = { 'x-request-id': 'kiosk-7-0001' }
  for (const _ of [1, 2]) {
    await (await handle(request({ ...body, language: 'es' }, { headers }))).body?.cancel()
  }
  const [sent, second] = openai.requests
  assert.equal(sent?.path, '/realtime/client_secrets')
  assert.equal(sent?.headers.get('authorization'), `Bearer ${OPENAI_KEY}`)
  assert.equal(sent?.headers.get('x-client-request-id'), 'kiosk-7-0001')
  const pseudonym = String(sent?.headers.get('openai-safety-identifier'))
  assert.match(pseudonym, /^[0-9a-f]{64}$/)
  assert.equal(second?.headers.get('openai-safety-identifier'), pseudonym)
  assert.doesNotMatch(JSON.stringify(openai.requests), new RegExp(USER_ID))
  const { session, ...rest } = (sent?.body ?? {}) as { session: Record<string, unknown> }
  assert.deepEqual(rest, { expires_after: { anchor: 'created_at', seconds: 60 } })
  assert.deepEqual(
    session,
    sessionConfig({
      ...SESSION,
      transcription: { model: 'gpt-live-transcribe', hasKeywords: true },
      language: 'es',
      role: 'crew'
    })
  )
})

Deno.test('counts and mints a key for a press with the life of the project', async () => {
  await using openai = serve(minted)
  const { handle, asked } = handlerOn(openai.url)
  await (await handle(request({ ...body, use: 'ahead' }))).body?.cancel()
  const sent = openai.requests[0]?.body as { expires_after: { seconds: number } }
  assert.deepEqual([asked[0]?.seconds, sent.expires_after.seconds], [600, 600])
})

type SentSession = {
  instructions: string
  tools: unknown
  audio: { input: { transcription: { model: string; languages: string[] } | null } }
}
const sessionIn = (sent: RecordedRequest): SentSession =>
  (sent.body as { session: SentSession }).session

Deno.test('puts role, station, kitchen words and table of contents into the instructions', async () => {
  await using openai = serve(minted)
  const { handle } = handlerOn(openai.url, {
    ok: true,
    value: {
      ...ALLOWED,
      role: 'shift_lead',
      kitchenWords: [{ term: "86'd", means: 'out of stock' }],
      contents: {
        sections: [{ slug: 'hot-holding', title: 'Hot holding', category: 'holding', asked: 0 }],
        omitted: []
      }
    }
  })
  const answer = await read(await handle(request({ ...body, station: ' Grill ' })))
  assert.equal(answer.status, 200)
  const { instructions } = sessionIn(openai.requests[0] ?? assert.fail())
  assert.match(instructions, /leads the shift/)
  assert.match(instructions, /^86'd = out of stock$/m)
  assert.match(instructions, /^\[holding\]\nhot-holding: Hot holding$/m)
  assert.match(instructions, /^grill$/m)
})

Deno.test('gives every language its own instructions, tools and transcription', async () => {
  await using openai = serve(minted)
  const { handle, asked } = handlerOn(openai.url)
  for (const language of CONVERSATION_LANGUAGES) {
    const answer = await read(await handle(request({ ...body, language })))
    assert.equal(answer.body.language, language)
  }
  // The titles of the table of contents are in the handbook's languages only.
  const titles = asked.map(({ language }) => language)
  assert.deepEqual(titles, ['en', 'es', ...Array.from({ length: 8 }, () => 'en')])
  const sessions = openai.requests.map(sessionIn)
  assert.equal(new Set(sessions.map(({ instructions }) => instructions)).size, 10)
  assert.equal(new Set(sessions.map(({ tools }) => JSON.stringify(tools))).size, 10)
  assert.deepEqual(
    sessions.map(({ audio }) => audio.input.transcription?.languages.join()),
    ['en', 'es', 'fr', 'pt', 'zh', 'zh', 'vi', 'ko', 'tl', 'ar']
  )
})

Deno.test('repeats a mint after a transient failure once, and never after a refusal', async () => {
  const invalidVoice = { code: 'invalid_value', param: 'session.audio.output.voice' }
  for (const [status, error, requests] of [
    [500, {}, 2],
    [503, {}, 2],
    [401, {}, 1],
    [429, {}, 1],
    [400, invalidVoice, 1]
  ] as const) {
    await using openai = serve(() => Response.json({ error }, { status }))
    const { handle } = handlerOn(openai.url)
    await (await handle(request(body))).body?.cancel()
    assert.equal(openai.requests.length, requests, `${status}`)
  }
  let answers = 0
  await using recovering = serve(() => {
    answers += 1
    return answers === 1 ? new Response('', { status: 502 }) : minted()
  })
  const { handle } = handlerOn(recovering.url)
  assert.equal((await read(await handle(request(body)))).status, 200)
})

Deno.test('refuses by membership, policy and limit with status, code and sentence, and mints nothing', async () => {
  await using openai = serve(minted)
  const refusals: [BackendResult<VoiceAccess>, number, Record<string, unknown>][] = [
    [
      { ok: false, refusal: { code: 'not_a_member' } },
      403,
      { error: 'not_a_member', message: 'Esta cuenta no pertenece a ese restaurante.' }
    ],
    [
      { ok: true, value: { ...ALLOWED, voiceEnabled: false } },
      403,
      { error: 'voice_disabled', message: 'La voz no está habilitada para tu rol.' }
    ],
    [
      { ok: true, value: { ...ALLOWED, canUseAi: false, canAsk: false } },
      403,
      { error: 'ai_disabled', message: 'El asistente no está habilitado para tu rol.' }
    ],
    [
      { ok: true, value: { ...ALLOWED, dailyCount: 50, canAsk: false } },
      429,
      {
        error: 'limit_exceeded',
        message: 'Se alcanzó el límite de preguntas.',
        daily_count: 50,
        daily_limit: 50
      }
    ],
    [
      {
        ok: false,
        refusal: {
          code: 'voice_limit_exceeded',
          reached: { whose: 'person', measure: 'keys', period: 'hour' },
          retryAfterSeconds: 60
        }
      },
      429,
      {
        error: 'voice_limit_exceeded',
        message: 'Se alcanzó el límite de llamadas de voz.',
        whose: 'person',
        measure: 'keys',
        period: 'hour'
      }
    ]
  ]
  for (const [access, status, expected] of refusals) {
    const { handle } = handlerOn(openai.url, access)
    const answer = await read(await handle(request({ ...body, language: 'es' })))
    assert.equal(answer.status, status)
    assert.deepEqual(answer.body, expected)
  }
  assert.equal(openai.requests.length, 0)
})

Deno.test('mints with what the service transcribes with, at last without, and asks once only', async () => {
  const choice = (sent: RecordedRequest) => sessionIn(sent).audio.input.transcription
  await using openai = serve((sent) =>
    choice(sent) === null
      ? minted()
      : Response.json(
          { error: { code: 'invalid_request', message: 'Transcription is not available.' } },
          { status: 400 }
        )
  )
  const { handle } = handlerOn(openai.url)
  for (const _ of [1, 2]) {
    const response = await handle(request(body))
    assert.equal(response.status, 200)
    await response.body?.cancel()
  }
  assert.deepEqual(
    openai.requests.map((sent) => choice(sent)?.model ?? null),
    ['gpt-live-transcribe', 'gpt-live-transcribe', 'gpt-transcribe', null, null]
  )
})

Deno.test('passes on the waiting time of a busy service', async () => {
  for (const [header, expected] of [
    ['7', '7'],
    [null, '5'],
    ['soon', '5'],
    ['999999', '3600']
  ] as const) {
    await using openai = serve(
      () =>
        new Response(JSON.stringify({ error: { code: 'rate_limit_exceeded' } }), {
          status: 429,
          headers: header === null ? {} : { 'retry-after': header }
        })
    )
    const { handle } = handlerOn(openai.url)
    const answer = await read(await handle(request(body)))
    assert.equal(answer.status, 429)
    assert.equal(answer.body.error, 'model_busy')
    assert.equal(answer.headers.get('retry-after'), expected)
  }
})

Deno.test('logs the outcome without the token, the key or the ephemeral key', async () => {
  await using openai = serve(minted)
  const { handle, lines } = handlerOn(openai.url)
  await (await handle(request(body))).body?.cancel()
  const text = JSON.stringify(lines)
  assert.match(text, /"status":200/)
  assert.match(text, new RegExp(GROUP_ID))
  for (const secret of [TOKEN, OPENAI_KEY, EPHEMERAL_KEY, USER_ID]) {
    assert.ok(!text.includes(secret), secret)
  }
})
