// realtime-search with a local server in place of OpenAI and a stand-in for the backend.
import assert from 'node:assert/strict'
import {
  handbookQuestionSchema,
  MOST_NAMED_SECTIONS,
  QUERY_LENGTH_LIMIT
} from '../../src/shared/handbook.ts'
import { EMBEDDING_DIMENSIONS, meanVector } from '../../supabase/functions/_shared/embedding.ts'
import { CONVERSATION_LANGUAGES } from '../../supabase/functions/_shared/language.ts'
import { PHRASES } from '../../supabase/functions/_shared/languages/phrases-by-language.ts'
import { GROUP_ID, QUESTION_ID, read, request, TOKEN } from './support/calls.deno.ts'
import {
  body,
  handlerOn,
  passage,
  QUESTION,
  RESTATED,
  searchAnswerOf
} from './support/searches.deno.ts'
import { deadUrl, embeddings, serve, vectorOf } from './support/servers.deno.ts'

Deno.test('returns whole passages in rank order, with their places and caution marks', async () => {
  await using openai = serve(embeddings)
  const { handle } = handlerOn(openai.url, {
    ok: true,
    value: [
      passage('cooking', { isNamed: true }),
      passage('allergens', { language: 'es', title: 'Alérgenos', needsManager: true }),
      passage('cooking', { heading: '', anchor: '', content: 'Let it rest.' })
    ]
  })
  const answer = await searchAnswerOf(await handle(request({ ...body, sections: ['cooking'] })))
  const found = {
    slug: 'cooking',
    title: 'Title of cooking',
    language: 'en',
    anchor: 'poultry',
    heading: 'Poultry',
    text: 'Cook chicken to 165 °F.',
    needsManager: false
  }
  assert.deepEqual(answer, {
    found: true,
    passages: [
      found,
      { ...found, slug: 'allergens', title: 'Alérgenos', language: 'es', needsManager: true },
      { ...found, heading: '', anchor: '', text: 'Let it rest.' }
    ],
    nearest: [],
    named: 1,
    method: 'hybrid'
  })
})

Deno.test('returns at most six passages', async () => {
  const { handle } = handlerOn(undefined, {
    ok: true,
    value: Array.from({ length: 9 }, (_, at) => passage(`section-${at}`))
  })
  const { passages } = await searchAnswerOf(await handle(request(body)))
  assert.deepEqual(
    passages.map(({ slug }) => slug),
    ['section-0', 'section-1', 'section-2', 'section-3', 'section-4', 'section-5']
  )
})

Deno.test('returns the nearest three sections, each once, without a passage', async () => {
  const near = (slug: string) => passage(slug, { isGiven: false })
  for (const [value, nearest] of [
    [[], []],
    [
      ['cooking', 'cooking', 'holding', 'cooling', 'thawing'].map(near),
      ['cooking', 'holding', 'cooling']
    ]
  ] as const) {
    const { handle } = handlerOn(undefined, { ok: true, value: [...value] })
    const answer = await searchAnswerOf(await handle(request(body)))
    assert.deepEqual([answer.found, answer.passages, answer.named], [false, [], 0])
    assert.deepEqual(
      answer.nearest,
      nearest.map((slug) => ({
        slug,
        title: `Title of ${slug}`,
        language: 'en',
        anchor: 'poultry'
      }))
    )
  }
})

Deno.test('charges a question, then embeds it and its restatement in one request', async () => {
  await using openai = serve(embeddings)
  const { handle, searches, charges, lines } = handlerOn(openai.url)
  await searchAnswerOf(
    await handle(
      request({ ...body, restated: RESTATED, sections: ['cooking', 'holding', 'cooking'] })
    )
  )
  assert.deepEqual(charges, [{ groupId: GROUP_ID, questionId: QUESTION_ID }])
  assert.equal(openai.requests.length, 1)
  assert.equal(openai.requests[0]?.path, '/embeddings')
  assert.deepEqual(openai.requests[0]?.body, {
    model: 'text-embedding-3-small',
    input: [QUESTION, RESTATED],
    encoding_format: 'float',
    dimensions: EMBEDDING_DIMENSIONS
  })
  assert.deepEqual(searches, [
    {
      groupId: GROUP_ID,
      questionId: QUESTION_ID,
      question: QUESTION,
      restated: RESTATED,
      sections: ['cooking', 'holding'],
      language: 'en',
      conversationLanguage: 'en',
      embedding: {
        vector: meanVector([vectorOf(0), vectorOf(1)]),
        model: 'text-embedding-3-small'
      },
      isEarly: false
    }
  ])
  assert.equal(lines[0]?.fields.embeddingModel, 'text-embedding-3-small')
})

Deno.test("embeds with the brand's model, and nothing for a model that is not in the table", async () => {
  for (const [model, sent, failure] of [
    ['text-embedding-3-large', ['text-embedding-3-large'], null],
    ['text-embedding-9', [], 'unknown_model']
  ] as const) {
    await using openai = serve(embeddings)
    const { handle, searches, lines } = handlerOn(openai.url, undefined, { ok: true, value: model })
    await searchAnswerOf(await handle(request(body)))
    assert.deepEqual(
      openai.requests.map((one) => (one.body as { model: string }).model),
      sent
    )
    assert.equal(searches[0]?.embedding?.model, sent[0])
    assert.equal(lines[0]?.fields.embeddingFailure, failure)
  }
})

Deno.test('embeds and searches nothing for a person whom the charge refuses', async () => {
  await using openai = serve(embeddings)
  for (const [refusal, status] of [
    [{ code: 'not_a_member' }, 403],
    [{ code: 'ai_disabled' }, 403],
    [{ code: 'limit_exceeded', dailyCount: 50, dailyLimit: 50 }, 429],
    [{ code: 'bad_request', problem: 'the database refused a value' }, 400]
  ] as const) {
    const { handle, searches } = handlerOn(openai.url, undefined, { ok: false, refusal })
    const answer = await read(await handle(request(body)))
    assert.deepEqual([answer.status, answer.body.error], [status, refusal.code])
    assert.deepEqual(searches, [])
  }
  assert.deepEqual(openai.requests, [])
})

Deno.test('trusts an account for one question after a charge, and not beside another question', async () => {
  await using openai = serve(embeddings)
  const { handle, charges, searches } = handlerOn(openai.url)
  await searchAnswerOf(await handle(request(body)))
  await searchAnswerOf(await handle(request(body)))
  assert.equal(charges.length, 1)
  assert.equal(openai.requests.length, 2)
  const burst = Array.from({ length: 5 }, () => handle(request(body)))
  for (const response of burst) await searchAnswerOf(await response)
  assert.equal(charges.length, 5)
  assert.equal(searches.length, 7)
})

Deno.test('charges no early search, and embeds its words for a trusted account only', async () => {
  await using openai = serve(embeddings)
  const { handle, charges, searches } = handlerOn(openai.url)
  const early = { ...body, isEarly: true }
  await searchAnswerOf(await handle(request(early)))
  assert.deepEqual([charges.length, openai.requests.length], [0, 0])
  await searchAnswerOf(await handle(request(body)))
  await searchAnswerOf(await handle(request(early)))
  assert.deepEqual([charges.length, openai.requests.length], [1, 2])
  assert.deepEqual(
    searches.map(({ isEarly, embedding }) => [isEarly, embedding !== null]),
    [
      [true, false],
      [false, true],
      [true, true]
    ]
  )
})

Deno.test('searches by words after a late charge, without paying for an embedding', async () => {
  await using openai = serve(embeddings)
  const { handle, searches, lines } = handlerOn(openai.url, undefined, { ok: true, value: null })
  const { method } = await searchAnswerOf(await handle(request(body)))
  assert.equal(method, 'keyword')
  assert.equal(searches[0]?.embedding, null)
  assert.equal(lines[0]?.fields.embeddingFailure, 'late_charge')
  assert.deepEqual(openai.requests, [])
})

Deno.test('embeds no restatement that is missing or equals the question', async () => {
  await using openai = serve(embeddings)
  for (const restated of [undefined, QUESTION, `  ${QUESTION}\n`]) {
    const { handle, searches } = handlerOn(openai.url)
    await searchAnswerOf(await handle(request({ ...body, restated })))
    const sent = openai.requests.at(-1) ?? assert.fail()
    assert.deepEqual((sent.body as { input: string[] }).input, [QUESTION])
    assert.equal(searches[0]?.restated, null)
    assert.deepEqual(searches[0]?.sections, [])
  }
})

Deno.test("ignores and logs unknown ids, and keeps ids without a slug's shape out of the log", async () => {
  const { handle, lines } = handlerOn(undefined, {
    ok: true,
    value: [passage('cooking', { isNamed: true }), passage('cooking', { isNamed: true })]
  })
  const sections = ['no-such-section', 'cooking', 'how hot is the chicken']
  const answer = await searchAnswerOf(await handle(request({ ...body, sections })))
  assert.equal(answer.named, 1)
  const { sections: asked, named, ignored, ignoredIds } = lines[0]?.fields ?? {}
  assert.deepEqual([asked, named, ignored], [3, 1, 2])
  assert.equal(ignoredIds, 'no-such-section (no slug)')
})

Deno.test('accepts the longest request of the kiosk', async () => {
  const { handle } = handlerOn(undefined)
  const longest = {
    question: 'x'.repeat(QUERY_LENGTH_LIMIT),
    restated: 'y'.repeat(QUERY_LENGTH_LIMIT)
  }
  const sections = ['a', 'b', 'c'].map((letter) => letter.repeat(200))
  assert.equal(sections.length, MOST_NAMED_SECTIONS)
  const asked = handbookQuestionSchema.parse({ ...longest, sections })
  await searchAnswerOf(await handle(request({ ...body, ...asked })))
})

Deno.test('searches in Spanish for Spanish, and in English for every other language', async () => {
  for (const language of CONVERSATION_LANGUAGES) {
    const { handle, searches, lines } = handlerOn(undefined)
    const answer = await read(await handle(request({ ...body, language })))
    assert.equal(answer.status, 200)
    assert.equal(searches[0]?.language, language === 'es' ? 'es' : 'en')
    assert.equal(lines[0]?.fields.language, language)
  }
})

Deno.test('searches keywords and reports it when there is no embedding', async () => {
  const hang = Promise.withResolvers<Response>()
  const answer = (embedding?: unknown[]) => () =>
    Response.json({ data: embedding === undefined ? [] : [{ index: 0, embedding }] })
  const unreachable = await deadUrl()
  for (const [reason, respond] of [
    ['no_key', undefined],
    ['unreachable', undefined],
    ['refused', () => new Response('{}', { status: 401 })],
    ['refused', () => new Response('no', { status: 503 })],
    ['unreadable', answer()],
    ['unreadable', answer(['x'])],
    ['unreadable', answer([0.1, 0.2])],
    ['timeout', () => hang.promise]
  ] as const) {
    await using openai = serve(respond ?? (() => new Response()))
    const urls: Record<string, string | undefined> = { no_key: undefined, unreachable }
    const { handle, searches, lines } = handlerOn(reason in urls ? urls[reason] : openai.url)
    const searched = await read(await handle(request(body)))
    assert.equal(searched.status, 200)
    assert.equal(searched.body.method, 'keyword')
    assert.equal(searched.body.found, true)
    assert.equal(searches[0]?.embedding, null)
    assert.equal(lines[0]?.fields.embeddingFailure, reason)
    if (reason === 'timeout') hang.resolve(new Response())
  }
})

Deno.test('gives each refusal of the database its status, code and sentence', async () => {
  for (const [refusal, status, detail] of [
    [{ code: 'not_a_member' }, 403, {}],
    [{ code: 'ai_disabled' }, 403, {}],
    [
      { code: 'limit_exceeded', dailyCount: 50, dailyLimit: 50 },
      429,
      { daily_count: 50, daily_limit: 50 }
    ],
    [{ code: 'search_timeout' }, 504, {}]
  ] as const) {
    const { handle } = handlerOn(undefined, { ok: false, refusal })
    const answer = await read(await handle(request(body)))
    assert.equal(answer.status, status)
    const message = PHRASES.en.refusals[refusal.code]
    assert.deepEqual(answer.body, { error: refusal.code, message, ...detail })
  }
})

Deno.test("logs a late search as an error, with the request's id and duration", async () => {
  const { handle, lines } = handlerOn(undefined, { ok: false, refusal: { code: 'search_timeout' } })
  const late = await handle(
    request({ ...body, language: 'es' }, { headers: { 'x-request-id': 'kiosk-7-0001' } })
  )
  const { headers, body: said } = await read(late)
  assert.equal(headers.get('x-request-id'), 'kiosk-7-0001')
  assert.equal(said.message, 'El manual no respondió a tiempo. Inténtalo de nuevo.')
  assert.equal(lines.length, 1)
  assert.equal(lines[0]?.level, 'error')
  const { requestId, code, databaseMs } = lines[0]?.fields ?? {}
  assert.deepEqual([requestId, code], ['kiosk-7-0001', 'search_timeout'])
  assert.equal(typeof databaseMs, 'number')
})

Deno.test('logs times and counts, without texts or the token', async () => {
  await using openai = serve(embeddings)
  const { handle, lines } = handlerOn(openai.url, {
    ok: true,
    value: [passage('cooking', { content: 'x'.repeat(401) }), passage('holding', { content: 'y' })]
  })
  await searchAnswerOf(await handle(request({ ...body, restated: RESTATED })))
  const { fields } = lines[0] ?? assert.fail()
  assert.deepEqual(
    [fields.found, fields.passages, fields.passageTokens, fields.nearest, fields.isRestated],
    [true, 2, 101, 0, true]
  )
  assert.equal(typeof fields.embeddingMs, 'number')
  assert.equal(typeof fields.databaseMs, 'number')
  const text = JSON.stringify(lines)
  for (const secret of ['bird', 'chicken', TOKEN]) assert.ok(!text.includes(secret), secret)
})
