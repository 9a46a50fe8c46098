// handbook: a brand's retention, caution topics and embedding models.
import assert from 'node:assert/strict'
import {
  BRAND,
  GOLDEN,
  GOLDEN_ROWS,
  handbookOn,
  LARGE,
  ORGANISATION_ID,
  SCOPE,
  SCOPE_ARGUMENTS,
  SECTION_ID,
  SMALL,
  textsOf
} from './support/handbook.deno.ts'
import { deadUrl, embeddings, serve } from './support/servers.deno.ts'

const brand = { organisationId: ORGANISATION_ID }
const brandArguments = { _organisation_id: ORGANISATION_ID }

const USED = {
  group: 'harbor',
  day: '2026-11-30',
  questions: 3,
  turns: 3,
  keys: 2,
  calls: 2,
  cost: 0.5
}

/** Operation, the database calls with their parameters, the rows, and the answer. */
const OPERATIONS = [
  [
    { operation: 'usage', ...SCOPE, days: 7 },
    [['get_usage', { ...brandArguments, _group_id: SCOPE.groupId, _days: 7 }]],
    {
      currency: 'USD',
      days: [{ ...USED, call_seconds: 90 }],
      limits: [{ group: 'harbor', measure: 'cost', period: 'day', counted: 0.5, most: 100 }],
      unpriced_models: []
    },
    {
      currency: 'USD',
      days: [{ ...USED, callSeconds: 90 }],
      limits: [{ group: 'harbor', measure: 'cost', period: 'day', counted: 0.5, most: 100 }],
      unpricedModels: []
    }
  ],
  [{ operation: 'retention', ...brand }, [], null, { days: 90 }],
  [
    { operation: 'set_retention', ...brand, days: 730 },
    [['set_question_retention', { ...brandArguments, _days: 730 }]],
    null,
    { days: 730 }
  ],
  [{ operation: 'caution_topics', ...brand }, [], null, { topics: ['allergens', 'burns'] }],
  [
    { operation: 'set_caution_topics', ...brand, topics: ['burns', 'hot-oil', 'burns'] },
    [['set_caution_topics', { ...brandArguments, _topics: ['burns', 'hot-oil'] }]],
    null,
    { topics: ['burns', 'hot-oil'] }
  ],
  [
    { operation: 'models', ...SCOPE, groupId: null },
    // Counts the texts without a vector of the next model.
    [['list_missing_embeddings', { ...brandArguments, _group_id: null, _model: LARGE, _limit: 1 }]],
    [],
    { answering: SMALL, next: LARGE, lacking: 0, known: [SMALL, LARGE] }
  ],
  [
    { operation: 'start_model_change', ...brand, model: LARGE },
    [['start_model_change', { ...brandArguments, _model: LARGE }]],
    null,
    { done: true }
  ],
  [
    { operation: 'finish_model_change', ...brand },
    [['finish_model_change', brandArguments]],
    { model: LARGE, golden: GOLDEN_ROWS },
    { model: LARGE, golden: GOLDEN }
  ],
  [
    { operation: 'cancel_model_change', ...brand },
    [['cancel_model_change', brandArguments]],
    LARGE,
    { cancelled: LARGE }
  ],
  [
    { operation: 'delete_unused_vectors', ...brand },
    [['delete_unused_embeddings', { ...brandArguments, _at_most: 10_000 }]],
    12,
    { removed: 12 }
  ]
] as const

for (const [body, calls, rows, answered] of OPERATIONS) {
  Deno.test(`carries out ${body.operation}`, async () => {
    await using openai = serve(embeddings)
    await using handbook = handbookOn({
      openaiUrl: openai.url,
      brands: [{ ...BRAND, next_embedding_model: LARGE }],
      rpc: Object.fromEntries(calls.map(([name]) => [name, rows]))
    })
    const answer = await handbook.ask(body)
    assert.deepEqual([answer.status, answer.body], [200, answered])
    assert.deepEqual(handbook.calls(), calls)
  })
}

Deno.test('hides the settings of a brand from a person who cannot see it', async () => {
  await using handbook = handbookOn({ brands: [] })
  for (const operation of ['models', 'embed', 'retention', 'caution_topics']) {
    const scope = operation === 'models' || operation === 'embed' ? SCOPE : brand
    const answer = await handbook.ask({ operation, ...scope })
    assert.deepEqual([answer.status, answer.body.error], [403, 'not_a_member'])
  }
  assert.deepEqual(handbook.calls(), [])
})

Deno.test('starts no change of the model without an OpenAI key', async () => {
  await using handbook = handbookOn()
  const answer = await handbook.ask({ operation: 'start_model_change', ...brand, model: LARGE })
  assert.deepEqual([answer.status, answer.body.problem], [400, 'the project has no OpenAI key'])
  assert.deepEqual(handbook.calls(), [])
})

const passage = (at: number) => ({
  passage_id: `1c9b4a56-7a34-4b9e-9d7b-${String(at).padStart(12, '0')}`,
  golden_id: null,
  title: 'Cooling soup',
  heading: 'Ice bath',
  content: `Step ${at}.`,
  lacking: 80
})
const question = {
  ...passage(64),
  passage_id: null,
  golden_id: SECTION_ID,
  title: null,
  heading: null,
  content: 'How cold?'
}

Deno.test('embeds a batch of texts without a vector, and reports the rest', async () => {
  await using openai = serve(embeddings)
  const rows = [passage(1), question]
  await using handbook = handbookOn({
    openaiUrl: openai.url,
    rpc: { list_missing_embeddings: rows }
  })
  const answer = await handbook.ask({ operation: 'embed', ...SCOPE, model: LARGE })
  const expected = { model: LARGE, embedded: 2, lacking: 78, failure: null }
  assert.deepEqual([answer.status, answer.body], [200, expected])
  assert.deepEqual(textsOf(openai.requests[0]), ['Cooling soup › Ice bath\n\nStep 1.', 'How cold?'])
  const [listed, added] = handbook.calls()
  const target = { ...SCOPE_ARGUMENTS, _model: LARGE }
  assert.deepEqual(listed, ['list_missing_embeddings', { ...target, _limit: 64 }])
  const { _vectors, ...parameters } = added?.[1] ?? {}
  assert.deepEqual([added?.[0], parameters], ['add_embeddings', target])
  assert.deepEqual(
    (_vectors as { passage_id: string; golden_id: string; embedding: string }[]).map(
      ({ passage_id, golden_id, embedding }) => [passage_id, golden_id, embedding.slice(0, 9)]
    ),
    [
      [rows[0]?.passage_id, null, '[0,0.0001'],
      [null, SECTION_ID, '[0.0001,0']
    ]
  )
  assert.ok(!JSON.stringify(handbook.lines).includes('Ice bath'))
  const { embedded, lacking } = handbook.lines[0]?.fields ?? {}
  assert.deepEqual([embedded, lacking], [2, 78])
})

Deno.test('writes no vector when the embedding service is missing or fails, and gives the reason', async () => {
  await using refusing = serve(() => new Response('{}', { status: 429 }))
  for (const [openaiUrl, failure] of [
    [undefined, 'no_key'],
    [refusing.url, 'refused'],
    [await deadUrl(), 'unreachable']
  ] as const) {
    await using handbook = handbookOn({
      openaiUrl,
      rpc: { list_missing_embeddings: [passage(1)] }
    })
    const answer = await handbook.ask({ operation: 'embed', ...SCOPE })
    const expected = { model: SMALL, embedded: 0, lacking: 80, failure }
    assert.deepEqual([answer.status, answer.body], [200, expected])
    assert.deepEqual(
      handbook.calls().map(([name]) => name),
      ['list_missing_embeddings']
    )
  }
})
