// realtime-search against a real HTTP server in OpenAI's place and a backend that the tests decide.
import assert from 'node:assert/strict'
import {
  handbookQuestionSchema,
  MOST_NAMED_SECTIONS,
  QUERY_LENGTH_LIMIT
} from '../../src/shared/handbook.ts'
import type { SearchResult } from '../../supabase/functions/_shared/backend.ts'
import { EMBEDDING_DIMENSIONS } from '../../supabase/functions/_shared/embedding.ts'
import { CONVERSATION_LANGUAGES } from '../../supabase/functions/_shared/language.ts'
import { GROUP_ID, QUESTION_ID, read, request, TOKEN } from './support/calls.deno.ts'
import {
  body,
  embedded,
  handlerOn,
  passage,
  QUESTION,
  RESTATED,
  searchAnswerOf,
  vectorOf
} from './support/searches.deno.ts'
import { deadUrl, serve } from './support/servers.deno.ts'

Deno.test('passages come back whole and in rank order, with their places and whether a manager confirms', async () => {
  await using openai = serve(embedded)
  const { handle } = handlerOn(openai.url, {
    ok: true,
    value: [
      passage('cooking', { isNamed: true }),
      passage('allergens', { language: 'es', title: 'Alérgenos', needsManager: true }),
      passage('cooking', { heading: '', anchor: '', content: 'Let it rest.' })
    ]
  })
  assert.deepEqual(
    await searchAnswerOf(await handle(request({ ...body, sections: ['cooking'] }))),
    {
      found: true,
      passages: [
        {
          slug: 'cooking',
          title: 'Title of cooking',
          language: 'en',
          anchor: 'poultry',
          heading: 'Poultry',
          text: 'Cook chicken to 165 °F.',
          needsManager: false
        },
        {
          slug: 'allergens',
          title: 'Alérgenos',
          language: 'es',
          anchor: 'poultry',
          heading: 'Poultry',
          text: 'Cook chicken to 165 °F.',
          needsManager: true
        },
        {
          slug: 'cooking',
          title: 'Title of cooking',
          language: 'en',
          anchor: '',
          heading: '',
          text: 'Let it rest.',
          needsManager: false
        }
      ],
      nearest: [],
      named: 1,
      method: 'hybrid'
    }
  )
})

Deno.test('at most six passages are given', async () => {
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

Deno.test('what is not found has no passages and its nearest three sections, each once', async () => {
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

Deno.test('question and restatement are embedded in one request, with the model and width that the column has', async () => {
  await using openai = serve(embedded)
  const { handle, searches } = handlerOn(openai.url)
  await searchAnswerOf(
    await handle(
      request({ ...body, restated: RESTATED, sections: ['cooking', 'holding', 'cooking'] })
    )
  )
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
      questionEmbedding: vectorOf(0),
      restatedEmbedding: vectorOf(1),
      embeddingModel: 'text-embedding-3-small'
    }
  ])
})

Deno.test('a restatement that is absent or the question itself is not embedded', async () => {
  await using openai = serve(embedded)
  for (const restated of [undefined, QUESTION, `  ${QUESTION}\n`]) {
    const { handle, searches } = handlerOn(openai.url)
    await searchAnswerOf(await handle(request({ ...body, restated })))
    const sent = openai.requests.at(-1) ?? assert.fail()
    assert.deepEqual((sent.body as { input: string[] }).input, [QUESTION])
    assert.equal(searches[0]?.restated, null)
    assert.equal(searches[0]?.restatedEmbedding, null)
    assert.deepEqual(searches[0]?.sections, [])
  }
})

Deno.test('ids that do not exist are ignored and logged, and what has no slug’s shape is not repeated in the log', async () => {
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

Deno.test('the kiosk and the function have the same limits', async () => {
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

Deno.test('a conversation in another language searches in English, and Spanish in Spanish', async () => {
  for (const language of CONVERSATION_LANGUAGES) {
    const { handle, searches, lines } = handlerOn(undefined)
    const answer = await read(await handle(request({ ...body, language })))
    assert.equal(answer.status, 200)
    assert.equal(searches[0]?.language, language === 'es' ? 'es' : 'en')
    assert.equal(lines[0]?.fields.language, language)
  }
})

Deno.test('without an embedding, whatever the reason, keywords are searched and the answer says so', async () => {
  const hang = Promise.withResolvers<void>()
  await using refusing = serve(() => new Response('{}', { status: 401 }))
  await using failing = serve(() => new Response('no', { status: 503 }))
  await using shapeless = serve(() => Response.json({ data: [] }))
  await using notNumbers = serve(() => Response.json({ data: [{ index: 0, embedding: ['x'] }] }))
  await using narrow = serve(() => Response.json({ data: [{ index: 0, embedding: [0.1, 0.2] }] }))
  await using hanging = serve(async () => {
    await hang.promise
    return new Response()
  })
  const urls = {
    no_key: undefined,
    unreachable: await deadUrl(),
    refused: refusing.url,
    unreadable: shapeless.url,
    timeout: hanging.url
  }
  for (const [reason, url] of [
    ...Object.entries(urls),
    ['refused', failing.url],
    ['unreadable', notNumbers.url],
    ['unreadable', narrow.url]
  ] as const) {
    const { handle, searches, lines } = handlerOn(url)
    const answer = await read(await handle(request(body)))
    assert.equal(answer.status, 200)
    assert.equal(answer.body.method, 'keyword')
    assert.equal(answer.body.found, true)
    assert.equal(searches[0]?.questionEmbedding, null)
    assert.equal(lines[0]?.fields.embeddingFailure, reason)
  }
  hang.resolve()
})

Deno.test('each refusal of the database has its status, code and sentence', async () => {
  const refusals: [SearchResult, number, Record<string, unknown>][] = [
    [
      { ok: false, refusal: { code: 'not_a_member' } },
      403,
      { error: 'not_a_member', message: 'This account does not belong to that restaurant.' }
    ],
    [
      { ok: false, refusal: { code: 'ai_disabled' } },
      403,
      { error: 'ai_disabled', message: 'The assistant is not enabled for your role.' }
    ],
    [
      { ok: false, refusal: { code: 'limit_exceeded', dailyCount: 50, dailyLimit: 50 } },
      429,
      {
        error: 'limit_exceeded',
        message: 'The limit of questions has been reached.',
        daily_count: 50,
        daily_limit: 50
      }
    ],
    [
      { ok: false, refusal: { code: 'search_timeout' } },
      504,
      {
        error: 'search_timeout',
        message: 'The handbook did not answer in time. Please try again.'
      }
    ]
  ]
  for (const [result, status, expected] of refusals) {
    const { handle } = handlerOn(undefined, result)
    const answer = await read(await handle(request(body)))
    assert.equal(answer.status, status)
    assert.deepEqual(answer.body, expected)
  }
})

Deno.test('a search that was late is in the log as an error, with the request’s id and how long it took', async () => {
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

Deno.test('fields that are unknown, missing or no ids are 400', async () => {
  const { handle, searches } = handlerOn(undefined)
  for (const wrong of [
    { ...body, questionId: 'first' },
    { ...body, userId: '6f1c1c8e-0d5c-4a70-9a39-0d9f3a8d9c01' },
    { groupId: GROUP_ID, language: 'en', question: QUESTION }
  ]) {
    const answer = await read(await handle(request(wrong)))
    assert.equal(answer.status, 400)
    assert.equal(answer.body.error, 'bad_request')
  }
  assert.equal(searches.length, 0)
})

Deno.test('the log has times and counts, and neither the texts nor the token', async () => {
  await using openai = serve(embedded)
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
