// realtime-search against a real HTTP server in OpenAI's place and a backend that the tests decide.
import assert from 'node:assert/strict'
import { searchAnswerSchema, toolOutput } from '../../src/shared/handbook.ts'
import type {
  BackendResult,
  FoundPassage,
  Search,
  SearchResult
} from '../../supabase/functions/_shared/backend.ts'
import { EMBEDDING_DIMENSIONS, embed } from '../../supabase/functions/_shared/embedding.ts'
import { CONVERSATION_LANGUAGES } from '../../supabase/functions/_shared/language.ts'
import { createHandler } from '../../supabase/functions/realtime-search/handler.ts'
import {
  GROUP_ID,
  noRateLimit,
  ORIGIN,
  QUESTION_ID,
  read,
  recordingLog,
  request,
  TOKEN,
  verify
} from './support/calls.deno.ts'
import { deadUrl, serve } from './support/servers.deno.ts'

const QUESTION = 'How hot does chicken have to be?'
const VECTOR = Array.from({ length: EMBEDDING_DIMENSIONS }, (_, index) => index / 10_000)
/** Short, so that the test of a service that hangs does not. */
const TIMEOUT_MS = 150

const SIGNALS = {
  cosine: 0.6,
  coverage: 0.9,
  evidence: 12.5,
  rareHits: 1,
  numberHits: 0,
  agreement: true
}

const passage = (slug: string, more: Partial<FoundPassage> = {}): FoundPassage => ({
  slug,
  title: `Title of ${slug}`,
  heading: 'Poultry',
  language: 'en',
  content: 'Cook chicken to 165 °F.',
  context: 'Cook chicken to 165 °F.',
  anchor: 'poultry',
  found: true,
  decision: 'answer',
  signals: SIGNALS,
  method: 'hybrid',
  embeddingModel: 'text-embedding-3-small',
  ...more
})

const handlerOn = (
  baseUrl: string | undefined,
  result: SearchResult | ((search: Search) => SearchResult) = {
    ok: true,
    value: [passage('cooking')]
  }
) => {
  const { lines, log } = recordingLog()
  const searches: Search[] = []
  const handle = createHandler({
    backend: {
      verify,
      search: (_caller, search) => {
        searches.push(search)
        return Promise.resolve(typeof result === 'function' ? result(search) : result)
      }
    },
    embedQuestion:
      baseUrl === undefined
        ? undefined
        : (question, model) =>
            embed([question], {
              baseUrl,
              apiKey: 'sk-test-0123456789',
              model,
              timeoutMs: TIMEOUT_MS
            }),
    embeddingModel: 'text-embedding-3-small',
    rateLimit: noRateLimit,
    allowedOrigins: [ORIGIN],
    log
  })
  return { handle, lines, searches }
}
const body = { groupId: GROUP_ID, language: 'en', query: QUESTION, questionId: QUESTION_ID }
const embedded = (): Response => Response.json({ data: [{ index: 0, embedding: VECTOR }] })

Deno.test('passages come back whole and in rank order, each section cited once', async () => {
  await using openai = serve(embedded)
  const { handle, searches } = handlerOn(openai.url, {
    ok: true,
    value: [
      passage('cooking'),
      passage('poultry', { language: 'es', title: 'Aves' }),
      passage('cooking', { heading: 'Resting', content: 'Let it rest.', context: 'Let it rest.' })
    ]
  })
  const answer = await read(await handle(request(body)))
  assert.equal(answer.status, 200)
  // The kiosk's own schema is strict: nothing may be missing and nothing may be more.
  const parsed = searchAnswerSchema.parse(answer.body)
  assert.equal(parsed.found, true)
  assert.equal(parsed.method, 'hybrid')
  assert.deepEqual(
    parsed.passages.map(({ slug, text }) => [slug, text]),
    [
      ['cooking', 'Cook chicken to 165 °F.'],
      ['poultry', 'Cook chicken to 165 °F.'],
      ['cooking', 'Let it rest.']
    ]
  )
  assert.deepEqual(parsed.citations, [
    { slug: 'cooking', title: 'Title of cooking', language: 'en', anchor: 'poultry' },
    { slug: 'poultry', title: 'Aves', language: 'es', anchor: 'poultry' }
  ])
  assert.deepEqual(searches, [
    {
      groupId: GROUP_ID,
      questionId: QUESTION_ID,
      query: QUESTION,
      language: 'en',
      conversationLanguage: 'en',
      embedding: VECTOR,
      embeddingModel: 'text-embedding-3-small',
      limit: 3
    }
  ])
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

Deno.test('near misses are not passages: a handbook that does not say is found false and empty', async () => {
  await using openai = serve(embedded)
  const nothing = {
    found: false,
    passages: [],
    citations: [],
    method: 'hybrid',
    decision: 'not_found'
  }
  for (const [value, more] of [
    [[], {}],
    [[passage('cooking', { found: false, decision: 'not_found' })], { signals: SIGNALS }]
  ] as const) {
    const { handle } = handlerOn(openai.url, { ok: true, value: [...value] })
    const answer = await read(await handle(request(body)))
    assert.deepEqual(answer.body, { ...nothing, ...more })
  }
})

Deno.test('a maybe has its passages, and says that it is one', async () => {
  await using openai = serve(embedded)
  const { handle } = handlerOn(openai.url, {
    ok: true,
    value: [passage('cooking', { decision: 'maybe' })]
  })
  const answer = searchAnswerSchema.parse((await read(await handle(request(body)))).body)
  assert.equal(answer.decision, 'maybe')
  assert.equal(answer.passages.length, 1)
  assert.deepEqual(answer.signals, SIGNALS)
  assert.match(toolOutput(answer), /"note":"The handbook may not say this exactly/)
  assert.doesNotMatch(toolOutput({ ...answer, decision: 'answer' }), /"note"/)
})

Deno.test('a weak passage beside a good one is left out', async () => {
  await using openai = serve(embedded)
  const { handle } = handlerOn(openai.url, {
    ok: true,
    value: [passage('cooking'), passage('uniform', { found: false })]
  })
  const { body: found } = await read(await handle(request(body)))
  assert.deepEqual(
    searchAnswerSchema.parse(found).citations.map(({ slug }) => slug),
    ['cooking']
  )
})

Deno.test('the question is embedded with the model and width that the column has', async () => {
  await using openai = serve(embedded)
  const { handle } = handlerOn(openai.url)
  await (await handle(request(body))).body?.cancel()
  assert.equal(openai.requests[0]?.path, '/embeddings')
  assert.deepEqual(openai.requests[0]?.body, {
    model: 'text-embedding-3-small',
    input: [QUESTION],
    encoding_format: 'float',
    dimensions: EMBEDDING_DIMENSIONS
  })
})

/** As the database answers: a vector of another model than the restaurant's is not looked at. */
const answersWith =
  (modelOf: (groupId: string) => string | null) =>
  ({ groupId, embedding, embeddingModel: asked }: Search): BackendResult<FoundPassage[]> => {
    const embeddingModel = modelOf(groupId)
    const isCompared = embedding !== null && (embeddingModel === null || embeddingModel === asked)
    return {
      ok: true,
      value: [passage('cooking', { embeddingModel, method: isCompared ? 'hybrid' : 'keyword' })]
    }
  }

Deno.test('the model that a restaurant answers with is learned from its answer, and used from the next question on', async () => {
  await using openai = serve(embedded)
  const OTHER_GROUP = '7d2f8f30-0d5c-4a70-9a39-0d9f3a8d9c02'
  let model = 'text-embedding-3-large'
  const { handle, searches, lines } = handlerOn(
    openai.url,
    answersWith((groupId) => (groupId === OTHER_GROUP ? 'text-embedding-3-small' : model))
  )
  const ask = async (groupId = GROUP_ID) => {
    const answer = await read(await handle(request({ ...body, groupId })))
    assert.equal(answer.status, 200)
    return searchAnswerSchema.parse(answer.body).method
  }
  const methods = [await ask(), await ask(), await ask(OTHER_GROUP), await ask()]
  model = 'text-embedding-3-small'
  methods.push(await ask(), await ask())
  assert.deepEqual(methods, ['keyword', 'hybrid', 'hybrid', 'hybrid', 'keyword', 'hybrid'])
  const [small, large] = ['text-embedding-3-small', 'text-embedding-3-large']
  const used = [small, large, small, large, large, small]
  assert.deepEqual(
    searches.map(({ embeddingModel }) => embeddingModel),
    used
  )
  assert.deepEqual(
    openai.requests.map((sent) => (sent.body as { model: string }).model),
    used
  )
  assert.deepEqual(
    lines.map(({ fields }) => fields.embeddingModel),
    used
  )
})

Deno.test('a restaurant of whose model nothing is said goes on with the one that it had', async () => {
  await using openai = serve(embedded)
  const values: FoundPassage[][] = [
    [passage('cooking', { embeddingModel: 'text-embedding-3-large' })],
    [],
    [passage('cooking', { embeddingModel: null })],
    []
  ]
  const { handle, searches } = handlerOn(openai.url, () => ({
    ok: true,
    value: values[searches.length - 1] ?? []
  }))
  for (const _ of values) await (await handle(request(body))).body?.cancel()
  assert.deepEqual(
    searches.map(({ embeddingModel }) => embeddingModel),
    [
      'text-embedding-3-small',
      'text-embedding-3-large',
      'text-embedding-3-large',
      'text-embedding-3-large'
    ]
  )
})

Deno.test('a model that the function does not know is not asked for: the words are searched', async () => {
  await using openai = serve(embedded)
  const { handle, searches, lines } = handlerOn(
    openai.url,
    answersWith(() => 'text-embedding-9')
  )
  for (let times = 0; times < 2; times += 1) {
    const answer = await read(await handle(request(body)))
    assert.deepEqual([answer.status, answer.body.method], [200, 'keyword'])
  }
  assert.equal(openai.requests.length, 1)
  assert.equal(searches[1]?.embedding, null)
  assert.equal(lines[1]?.fields.embeddingFailure, 'unknown_model')
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
    assert.equal(searches[0]?.embedding, null)
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

Deno.test('a query that is empty, blank or too long, and fields that are unknown or missing, are 400', async () => {
  const { handle, searches } = handlerOn(undefined)
  for (const wrong of [
    { ...body, query: '' },
    { ...body, query: '   ' },
    { ...body, query: 'x'.repeat(1_001) },
    { ...body, questionId: 'first' },
    { ...body, userId: '6f1c1c8e-0d5c-4a70-9a39-0d9f3a8d9c01' },
    { groupId: GROUP_ID, language: 'en', query: QUESTION }
  ]) {
    const answer = await read(await handle(request(wrong)))
    assert.equal(answer.status, 400)
    assert.equal(answer.body.error, 'bad_request')
  }
  assert.equal(searches.length, 0)
})

Deno.test('the log has times and the verdict, and neither the question nor the token', async () => {
  await using openai = serve(embedded)
  const { handle, lines } = handlerOn(openai.url)
  await (await handle(request(body))).body?.cancel()
  const text = JSON.stringify(lines)
  assert.match(text, /"decision":"answer"/)
  assert.match(text, /"databaseMs":\d+/)
  assert.ok(!text.includes('chicken'))
  assert.ok(!text.includes(TOKEN))
})
