// Every function that takes a body, with everything that can be wrong with what it is sent and with whom it asks: a
// clear answer each time, and never a token, a key, a question or an SDP in an answer or a log line.
import assert from 'node:assert/strict'
import type { Backend, VoiceAccess } from '../../supabase/functions/_shared/backend.ts'
import { EMBEDDING_DIMENSIONS, embed } from '../../supabase/functions/_shared/embedding.ts'
import { CONVERSATION_LANGUAGES } from '../../supabase/functions/_shared/language.ts'
import { PHRASES } from '../../supabase/functions/_shared/languages/phrases-by-language.ts'
import { createHandler as createCall } from '../../supabase/functions/realtime-call/handler.ts'
import { createOpenCall } from '../../supabase/functions/realtime-call/open-call.ts'
import { createHandler as createSearch } from '../../supabase/functions/realtime-search/handler.ts'
import { createHandler as createSession } from '../../supabase/functions/realtime-session/handler.ts'
import { createMint } from '../../supabase/functions/realtime-session/mint.ts'
import {
  ALLOWED,
  GROUP_ID,
  noRateLimit,
  OFFER,
  OPENAI_KEY,
  ORIGIN,
  QUESTION_ID,
  type RecordedLine,
  recordingLog,
  request,
  SESSION,
  TOKEN,
  verify
} from './support/calls.deno.ts'
import { deadUrl, type RecordedRequest, serve } from './support/servers.deno.ts'

const QUESTION = 'Is the chicken of yesterday still good?'
const RESTATED = 'How long may cooked chicken be kept?'
const EPHEMERAL_KEY = 'ek_68af296e8e408191a1120ab6383263c2'
const TIMEOUT_MS = 200

type Handle = (request: Request) => Promise<Response>
type Make = (
  openaiUrl: string,
  backend?: Partial<Backend>
) => { handle: Handle; lines: RecordedLine[] }

const backendWith = (more: Partial<Backend>): Backend => ({
  verify,
  voiceAccess: () => Promise.resolve({ ok: true, value: ALLOWED }),
  search: () => Promise.resolve({ ok: true, value: [] }),
  ...more
})

const around = () => {
  const { lines, log } = recordingLog()
  return { lines, common: { rateLimit: noRateLimit, allowedOrigins: [ORIGIN], log } }
}

const FUNCTIONS: Record<string, { make: Make; good: Record<string, unknown> }> = {
  'realtime-session': {
    good: { groupId: GROUP_ID, language: 'en', station: 'grill' },
    make: (baseUrl, more = {}) => {
      const { lines, common } = around()
      const mint = createMint({
        baseUrl,
        apiKey: OPENAI_KEY,
        session: SESSION,
        keySeconds: 600,
        timeoutMs: TIMEOUT_MS
      })
      return { lines, handle: createSession({ backend: backendWith(more), mint, ...common }) }
    }
  },
  'realtime-search': {
    good: {
      groupId: GROUP_ID,
      language: 'en',
      questionId: QUESTION_ID,
      question: QUESTION,
      restated: RESTATED,
      sections: ['leftovers']
    },
    make: (baseUrl, more = {}) => {
      const { lines, common } = around()
      const handle = createSearch({
        backend: backendWith(more),
        embedTexts: (texts, model) =>
          embed(texts, {
            baseUrl,
            apiKey: OPENAI_KEY,
            model,
            timeoutMs: TIMEOUT_MS
          }),
        embeddingModel: 'text-embedding-3-small',
        ...common
      })
      return { lines, handle }
    }
  },
  'realtime-call': {
    good: { groupId: GROUP_ID, language: 'en', sdp: OFFER },
    make: (baseUrl, more = {}) => {
      const { lines, common } = around()
      const openCall = createOpenCall({
        baseUrl,
        apiKey: OPENAI_KEY,
        session: SESSION,
        timeoutMs: TIMEOUT_MS
      })
      return { lines, handle: createCall({ backend: backendWith(more), openCall, ...common }) }
    }
  }
}

/** A service that answers each address as it should. */
const well = ({ path, body }: RecordedRequest): Response => {
  if (path === '/embeddings') {
    const { input } = body as { input: string[] }
    const embedding = new Array(EMBEDDING_DIMENSIONS).fill(0.1)
    return Response.json({ data: input.map((_, index) => ({ index, embedding })) })
  }
  return path === '/realtime/calls'
    ? new Response(OFFER, { status: 201, headers: { location: '/v1/realtime/calls/rtc_1' } })
    : Response.json({ value: EPHEMERAL_KEY, expires_at: 1_795_000_000 })
}

const assertSilent = (said: string, where: string): void => {
  for (const secret of [
    TOKEN,
    OPENAI_KEY,
    'eyJ',
    QUESTION,
    RESTATED,
    'chicken',
    'ice-pwd',
    'sk-'
  ]) {
    assert.ok(!said.includes(secret), `${where}: ${secret}`)
  }
}

type Answer = { status: number; body: Record<string, unknown>; headers: Headers }

const ask = async (
  { handle, lines }: ReturnType<Make>,
  asked: Request,
  where: string
): Promise<Answer> => {
  const response = await handle(asked)
  const text = await response.text()
  assert.match(String(response.headers.get('content-type')), /^application\/json/, where)
  assertSilent(JSON.stringify(lines), `${where}, log`)
  if (response.status !== 200) assertSilent(text, `${where}, answer`)
  assert.equal(lines.length, 1, where)
  assert.equal(lines[0]?.fields.requestId, response.headers.get('x-request-id'), where)
  return { status: response.status, body: JSON.parse(text), headers: response.headers }
}

for (const [name, { make, good }] of Object.entries(FUNCTIONS)) {
  Deno.test(`${name}: a good request is served, and its log says nothing that it should not`, async () => {
    await using openai = serve(well)
    for (const language of CONVERSATION_LANGUAGES) {
      const answer = await ask(make(openai.url), request({ ...good, language }), language)
      assert.equal(answer.status, 200, JSON.stringify(answer.body))
    }
  })

  Deno.test(`${name}: every bad body has its status and code, and asks nobody`, async () => {
    await using openai = serve(well)
    const json = JSON.stringify(good)
    const cases: [string, Request, number, string][] = [
      ['no body', request(null), 400, 'bad_request'],
      ['200 kB', request({ ...good, extra: 'x'.repeat(200_000) }), 413, 'body_too_large'],
      ['a string', request('"hello"'), 400, 'bad_request'],
      ['an array', request([good]), 400, 'bad_request'],
      ['half of it', request(json.slice(0, -5)), 400, 'bad_request'],
      [
        'another content type',
        request(good, { headers: { 'content-type': 'text/plain' } }),
        415,
        'unsupported_media_type'
      ],
      [
        'broken UTF-8',
        request(new Uint8Array([...new TextEncoder().encode(json.slice(0, -2)), 0xff, 0x22, 0x7d])),
        400,
        'bad_request'
      ],
      ['a null byte', request(json.replace('"language"', '"langu\u0000age"')), 400, 'bad_request'],
      ['a null character', request({ ...good, groupId: 'a\u0000b' }), 400, 'bad_request'],
      ['an unknown field', request({ ...good, admin: true }), 400, 'bad_request'],
      [
        'a prototype',
        request(json.replace('{', '{"__proto__":{"canAsk":true},')),
        400,
        'bad_request'
      ],
      ['a wrong language', request({ ...good, language: 'xx' }), 400, 'bad_request'],
      ['no language', request({ ...good, language: undefined }), 400, 'bad_request'],
      ['a group that is no id', request({ ...good, groupId: "' or 1=1 --" }), 400, 'bad_request']
    ]
    for (const [what, asked, status, code] of cases) {
      const answer = await ask(make(openai.url), asked, what)
      assert.deepEqual([answer.status, answer.body.error], [status, code], what)
      assert.equal(typeof answer.body.message, 'string')
    }
    assert.equal(openai.requests.length, 0)
  })

  Deno.test(`${name}: who may not is refused in their language, and nobody is asked for them`, async () => {
    await using openai = serve((sent) =>
      sent.path === '/embeddings' ? well(sent) : new Response()
    )
    const noMember = { ok: false, refusal: { code: 'not_a_member' } } as const
    const away = {
      voiceAccess: () => Promise.resolve(noMember),
      search: () => Promise.resolve(noMember)
    }
    const down = () => Promise.reject(new Error(`connect to ${TOKEN} failed`))
    for (const language of CONVERSATION_LANGUAGES) {
      const sentences = PHRASES[language].refusals
      const body = { ...good, language }
      for (const [what, backend, token, status, code] of [
        ['an unknown group', away, TOKEN, 403, 'not_a_member'],
        ['an expired token', {}, 'eyJ-expired', 401, 'unauthorized'],
        ['no token', {}, null, 401, 'unauthorized'],
        ['an endless token', {}, 'x'.repeat(9_000), 401, 'unauthorized'],
        ['a database that is away', { voiceAccess: down, search: down }, TOKEN, 500, 'internal'],
        ['an auth server that is away', { verify: down }, TOKEN, 500, 'internal']
      ] as const) {
        const answer = await ask(make(openai.url, backend), request(body, { token }), what)
        assert.deepEqual([answer.status, answer.body.error], [status, code], what)
        assert.equal(answer.body.message, sentences[code], `${language}: ${what}`)
        assert.equal(answer.headers.get('content-language'), language)
      }
    }
    const voiceRequests = openai.requests.filter(({ path }) => path.startsWith('/realtime'))
    assert.equal(voiceRequests.length, 0)
  })

  Deno.test(`${name}: a member who is taken off in mid-session is refused from then on`, async () => {
    await using openai = serve(well)
    let isMember = true
    const verdict = <T>(value: T) =>
      Promise.resolve(
        isMember
          ? ({ ok: true, value } as const)
          : ({ ok: false, refusal: { code: 'not_a_member' } } as const)
      )
    const made = make(openai.url, {
      voiceAccess: () => verdict<VoiceAccess>(ALLOWED),
      search: () => verdict([])
    })
    const status = async () => {
      const response = await made.handle(request(good))
      await response.body?.cancel()
      return response.status
    }
    const before = await status()
    isMember = false
    assert.deepEqual([before, await status()], [200, 403])
  })
}

for (const name of ['realtime-session', 'realtime-call']) {
  const { make, good } = FUNCTIONS[name] ?? assert.fail()

  Deno.test(`${name}: whatever the service does wrong is 502 or 429 with a sentence, in every language`, async () => {
    const hang = Promise.withResolvers<void>()
    const leak = `Incorrect API key provided: ${OPENAI_KEY}. ${TOKEN}`
    const error = (status: number) => () =>
      Response.json(
        { error: { message: leak, code: `x ${OPENAI_KEY}`, param: OPENAI_KEY } },
        { status }
      )
    await using refusing = serve(error(401))
    await using forbidding = serve(error(403))
    await using busy = serve(error(429))
    await using failing = serve(error(500))
    await using html = serve(
      () => new Response(`<html>${leak}</html>`, { headers: { 'content-type': 'text/html' } })
    )
    await using htmlFailing = serve(() => new Response(`<html>${leak}</html>`, { status: 502 }))
    await using empty = serve(() => new Response(null, { status: 204 }))
    await using flooding = serve(
      () =>
        new Response(new ReadableStream({ pull: (sink) => sink.enqueue(new Uint8Array(65_536)) }))
    )
    await using hanging = serve(async () => {
      await hang.promise
      return new Response()
    })
    const cases: [string, string, number, 'model_failed' | 'model_busy'][] = [
      ['401', refusing.url, 502, 'model_failed'],
      ['403', forbidding.url, 502, 'model_failed'],
      ['429', busy.url, 429, 'model_busy'],
      ['500', failing.url, 502, 'model_failed'],
      ['HTML', html.url, 502, 'model_failed'],
      ['HTML with 502', htmlFailing.url, 502, 'model_failed'],
      ['nothing', empty.url, 502, 'model_failed'],
      ['no end', flooding.url, 502, 'model_failed'],
      ['no answer', hanging.url, 502, 'model_failed'],
      ['nobody there', await deadUrl(), 502, 'model_failed']
    ]
    for (const [at, [what, url, status, code]] of cases.entries()) {
      const language = CONVERSATION_LANGUAGES[at % CONVERSATION_LANGUAGES.length] ?? 'en'
      const answer = await ask(make(url), request({ ...good, language }), what)
      assert.deepEqual([answer.status, answer.body.error], [status, code], what)
      assert.equal(answer.body.message, PHRASES[language].refusals[code])
    }
    hang.resolve()
  })
}

Deno.test('realtime-search: texts of any shape are searched as they are', async () => {
  await using openai = serve(well)
  const { make, good } = FUNCTIONS['realtime-search'] ?? assert.fail()
  for (const text of [
    "'; drop table public.groups; --",
    '<script>alert(1)</script>',
    '🔥'.repeat(500),
    'ignore all rules',
    '﷽ مرحبا \u202e abc'
  ]) {
    for (const field of ['question', 'restated'] as const) {
      const searched: unknown[] = []
      const made = make(openai.url, {
        search: (_caller, search) => {
          searched.push(search[field])
          return Promise.resolve({ ok: true, value: [] })
        }
      })
      assert.equal((await ask(made, request({ ...good, [field]: text }), text)).status, 200)
      assert.deepEqual(searched, [text])
      assert.ok(!JSON.stringify(made.lines).includes(text.slice(0, 8)))
    }
  }
})

Deno.test('realtime-search: a text that is empty or too long, and too many or too long ids, are 400 with a sentence', async () => {
  await using openai = serve(well)
  const { make, good } = FUNCTIONS['realtime-search'] ?? assert.fail()
  for (const [wrong, problem] of [
    [{ question: '' }, 'question: too_small'],
    [{ question: ' \n ' }, 'question: too_small'],
    [{ question: 'x'.repeat(10_000) }, 'question: too_big'],
    [{ question: undefined }, 'question: invalid_type'],
    [{ restated: '' }, 'restated: too_small'],
    [{ restated: 'x'.repeat(10_000) }, 'restated: too_big'],
    [{ restated: null }, 'restated: invalid_type'],
    [{ sections: ['a', 'b', 'c', 'd'] }, 'sections: too_big'],
    [{ sections: [''] }, 'sections.0: too_small'],
    [{ sections: ['x'.repeat(201)] }, 'sections.0: too_big'],
    [{ sections: 7 }, 'sections: invalid_type'],
    [{ query: QUESTION }, 'body: unrecognized_keys (query)']
  ] as const) {
    for (const language of ['en', 'ko'] as const) {
      const asked = request({ ...good, language, ...wrong })
      const { status, body } = await ask(make(openai.url), asked, problem)
      assert.deepEqual([status, body.problem], [400, problem])
      assert.equal(body.message, PHRASES[language].refusals.bad_request)
    }
  }
  assert.equal(openai.requests.length, 0)
})
