// The Supabase port on the real supabase-js, with a local server that raises the migrations' errors.
import assert from 'node:assert/strict'
import { supabaseBackend } from '../../supabase/functions/_shared/supabase-backend.ts'
import { NO_CONTENTS } from '../../supabase/functions/_shared/table-of-contents.ts'
import { GROUP_ID, QUESTION_ID, USER_ID } from './support/calls.deno.ts'
import { deadUrl, serve } from './support/servers.deno.ts'

const PUBLISHABLE = 'sb_publishable_test'
const token = 'eyJ-a-verified-token'
const caller = { userId: USER_ID, token }

const project = (rpc: () => Response | Promise<Response> = () => Response.json([])) => {
  const server = serve(rpc)
  return { ...server, backend: supabaseBackend(server.url, PUBLISHABLE) }
}

const search = {
  groupId: GROUP_ID,
  questionId: QUESTION_ID,
  question: 'How hot for the bird?',
  restated: 'How hot must chicken be?',
  sections: ['cooking', 'holding'],
  language: 'en',
  conversationLanguage: 'fr',
  embedding: { vector: [0.5, -0.25], model: 'text-embedding-3-small' },
  isEarly: false
} as const

Deno.test("searches as the caller, with both texts and a vector in pgvector's form", async () => {
  await using supabase = project()
  const { backend } = supabase
  const result = await backend.search(caller, search)
  assert.deepEqual(result, { ok: true, value: [] })
  const [sent, ...others] = supabase.requests
  assert.deepEqual(others, [])
  assert.equal(sent?.path, '/rest/v1/rpc/search_handbook')
  assert.equal(sent?.headers.get('authorization'), `Bearer ${token}`)
  assert.equal(sent?.headers.get('apikey'), PUBLISHABLE)
  assert.deepEqual(sent?.body, {
    _group_id: GROUP_ID,
    _question_id: QUESTION_ID,
    _question: 'How hot for the bird?',
    _restated: 'How hot must chicken be?',
    _sections: ['cooking', 'holding'],
    _language: 'en',
    _embedding: '[500000,-250000]',
    _embedding_model: 'text-embedding-3-small',
    _conversation_language: 'fr',
    _is_early: false
  })
})

Deno.test('passes on a search without restatement, sections and vector', async () => {
  await using supabase = project()
  const { backend } = supabase
  const bare = { ...search, restated: null, sections: [], embedding: null }
  await backend.search(caller, bare)
  const sent = supabase.requests[0] ?? assert.fail()
  const { _restated, _sections, _embedding, _embedding_model } = sent.body as Record<
    string,
    unknown
  >
  assert.deepEqual([_restated, _sections, _embedding, _embedding_model], [null, [], null, null])
})

Deno.test('reads a passage', async () => {
  const row = {
    slug: 'cooking',
    title: 'Cooking',
    heading: '',
    language: 'en',
    content: 'Cook it.',
    anchor: 'poultry'
  }
  const flags = { is_given: true, is_named: false, needs_manager: true, method: 'keyword' }
  await using supabase = project(() => Response.json([{ ...row, rank: 1, ...flags }]))
  const result = await supabase.backend.search(caller, search)
  assert.deepEqual(result.ok && result.value, [
    { ...row, isGiven: true, isNamed: false, needsManager: true, method: 'keyword' }
  ])
})

Deno.test('charges as the caller, and names the model to embed with', async () => {
  await using supabase = project(() => Response.json('text-embedding-3-large'))
  const charged = await supabase.backend.charge(caller, search)
  assert.deepEqual(charged, { ok: true, value: 'text-embedding-3-large' })
  const [sent, ...others] = supabase.requests
  assert.deepEqual(others, [])
  assert.equal(sent?.path, '/rest/v1/rpc/charge_question')
  assert.equal(sent?.headers.get('authorization'), `Bearer ${token}`)
  assert.deepEqual(sent?.body, { _group_id: GROUP_ID, _question_id: QUESTION_ID })
})

Deno.test('leaves a charge that is late or does not arrive to the search', async () => {
  const hang = Promise.withResolvers<Response>()
  for (const answer of [() => hang.promise, () => new Response('gone', { status: 503 })]) {
    await using supabase = project(answer)
    const charged = await supabase.backend.charge(caller, search)
    assert.deepEqual(charged, { ok: true, value: null })
    hang.resolve(Response.json('late'))
  }
})

Deno.test("reads the models of a restaurant's brand as the caller", async () => {
  const organisations = { embedding_model: 'a', next_embedding_model: null }
  for (const [rows, expected] of [
    [[{ organisations }], { answering: 'a', next: null }],
    [
      [{ organisations: { ...organisations, next_embedding_model: 'b' } }],
      { answering: 'a', next: 'b' }
    ],
    [[], null]
  ] as const) {
    await using supabase = project(() => Response.json(rows))
    const { backend } = supabase
    assert.deepEqual(await backend.embeddingModels(caller, GROUP_ID), expected)
    assert.equal(supabase.requests[0]?.path, '/rest/v1/groups')
    assert.equal(supabase.requests[0]?.headers.get('authorization'), `Bearer ${token}`)
  }
  await using failing = project(() => Response.json({ code: '42501' }, { status: 403 }))
  await assert.rejects(supabaseBackend(failing.url, PUBLISHABLE).embeddingModels(caller, GROUP_ID))
})

const access = {
  voice_enabled: true,
  can_use_ai: true,
  daily_count: 3,
  daily_limit: null,
  can_ask: true,
  role: 'shift_lead',
  key_id: null,
  usage: []
}

Deno.test('reads the role and the kitchen words, also from a broken list', async () => {
  for (const [more, words] of [
    [{}, []],
    [{ kitchen_words: null }, []],
    [{ kitchen_words: 'broken' }, []],
    [
      { kitchen_words: [{ term: "86'd\nRule:", means: ' out  of stock ' }] },
      [["86'd Rule:", 'out of stock']]
    ]
  ] as const) {
    await using supabase = project(() => Response.json([{ ...access, ...more }]))
    const { backend } = supabase
    const result = await backend.voiceAccess(caller, GROUP_ID, 'en', null)
    assert.equal(result.ok && result.value.role, 'shift_lead')
    assert.deepEqual(
      result.ok && result.value.kitchenWords.map(({ term, means }) => [term, means]),
      words
    )
  }
})

Deno.test('reads the table of contents in the given language, also from a broken one', async () => {
  const section = { slug: 'cooling', title: 'Enfriar', category: 'cooling' }
  const omitted = [{ category: 'hygiene', sections: 12 }]
  for (const [more, expected] of [
    [
      { contents: { sections: [{ ...section, asked: 3 }], omitted } },
      { sections: [{ ...section, asked: 3 }], omitted }
    ],
    [
      { contents: { sections: [section], omitted: [] } },
      { sections: [{ ...section, asked: 0 }], omitted: [] }
    ],
    [{ contents: { sections: [{ slug: 7 }], omitted } }, NO_CONTENTS],
    [{ contents: null }, NO_CONTENTS],
    [{}, NO_CONTENTS]
  ] as const) {
    await using supabase = project(() => Response.json([{ ...access, ...more }]))
    const { backend } = supabase
    const result = await backend.voiceAccess(caller, GROUP_ID, 'es', null)
    assert.deepEqual(result.ok && result.value.contents, expected)
    assert.deepEqual(supabase.requests[0]?.body, { _group_id: GROUP_ID, _language: 'es' })
  }
})

Deno.test('passes the request id and the life of a key on to the database', async () => {
  await using supabase = project(() => Response.json([access]))
  const { backend } = supabase
  await backend.voiceAccess({ ...caller, requestId: 'kiosk-7-0001' }, GROUP_ID, 'en', 60)
  assert.deepEqual(supabase.requests[0]?.body, {
    _group_id: GROUP_ID,
    _language: 'en',
    _key_seconds: 60
  })
  assert.equal(supabase.requests[0]?.headers.get('x-request-id'), 'kiosk-7-0001')
})

Deno.test('repeats a search that fails at once, under the same id', async () => {
  for (const status of [502, 503]) {
    const failing = [new Response('gone', { status })]
    await using supabase = project(() => failing.shift() ?? Response.json([]))
    const { backend } = supabase
    const result = await backend.search(caller, search)
    assert.deepEqual(result, { ok: true, value: [] })
    const [first, second, ...others] = supabase.requests
    assert.deepEqual(second?.body, first?.body)
    assert.deepEqual(others, [])
  }
  await using away = project(() => new Response('gone', { status: 503 }))
  const backend = supabaseBackend(away.url, PUBLISHABLE)
  await assert.rejects(backend.search(caller, search))
  assert.equal(away.requests.length, 2)
})

Deno.test('does not repeat a search after a permanent failure', async () => {
  for (const [code, status] of [
    ['42883', 404],
    ['XX000', 500],
    ['HR001', 400]
  ] as const) {
    await using supabase = project(() => Response.json({ code, message: 'x' }, { status }))
    const { backend } = supabase
    await backend.search(caller, search).catch(() => {})
    assert.equal(supabase.requests.length, 1)
  }
})

const late = { ok: false, refusal: { code: 'search_timeout' } }

Deno.test('refuses a late search, and does not repeat it', async () => {
  const hang = Promise.withResolvers<Response>()
  await using supabase = project(() => hang.promise)
  const { backend } = supabase
  assert.deepEqual(await backend.search(caller, search), late)
  assert.equal(supabase.requests.length, 1)
  hang.resolve(Response.json([]))
})

Deno.test('gives a second attempt the rest of the time', async () => {
  const hang = Promise.withResolvers<Response>()
  const answers = [Promise.resolve(new Response('gone', { status: 503 }))]
  await using supabase = project(() => answers.shift() ?? hang.promise)
  const { backend } = supabase
  assert.deepEqual(await backend.search(caller, search), late)
  assert.equal(supabase.requests.length, 2)
  hang.resolve(Response.json([]))
})

Deno.test('treats a statement timeout as a late search', async () => {
  for (const [code, status] of [
    ['57014', 500],
    ['PGRST003', 504]
  ] as const) {
    await using supabase = project(() => Response.json({ code, message: 'x' }, { status }))
    const { backend } = supabase
    assert.deepEqual(await backend.search(caller, search), late)
    assert.equal(supabase.requests.length, 1)
  }
})

Deno.test("reads the migrations' refusals by SQLSTATE", async () => {
  const detail =
    '{"daily_count": 50, "daily_limit": 50, "monthly_count": 90, "monthly_limit": null}'
  for (const [code, details, expected] of [
    ['HR001', null, { code: 'not_a_member' }],
    ['HR002', null, { code: 'ai_disabled' }],
    ['HR003', detail, { code: 'limit_exceeded', dailyCount: 50, dailyLimit: 50 }],
    ['HR003', 'no json', { code: 'limit_exceeded', dailyCount: null, dailyLimit: null }],
    [
      'HR006',
      '{"whose": "group", "measure": "calls", "period": "now", "most": 9, "retry_after_seconds": 7}',
      {
        code: 'voice_limit_exceeded',
        reached: { whose: 'group', measure: 'calls', period: 'now' },
        retryAfterSeconds: 7
      }
    ],
    ['HR006', '{}', { code: 'voice_limit_exceeded', reached: null, retryAfterSeconds: 60 }]
  ] as const) {
    await using supabase = project(() =>
      Response.json({ code, message: 'x', details, hint: null }, { status: 400 })
    )
    const { backend } = supabase
    const refused = { ok: false, refusal: expected }
    assert.deepEqual(await backend.search(caller, search), refused)
    assert.deepEqual(await backend.charge(caller, search), refused)
    assert.deepEqual(await backend.voiceAccess(caller, GROUP_ID, 'en', null), refused)
  }
})

Deno.test('throws for any other error, and for an answer out of shape', async () => {
  for (const answer of [
    () => Response.json({ code: '42501', message: 'permission denied' }, { status: 403 }),
    () => Response.json([{ slug: 'cooking' }]),
    () => Response.json({ not: 'rows' })
  ]) {
    await using supabase = project(answer)
    const { backend } = supabase
    await assert.rejects(backend.search(caller, search))
    await assert.rejects(backend.voiceAccess(caller, GROUP_ID, 'en', null))
  }
  await assert.rejects(supabaseBackend(await deadUrl(), PUBLISHABLE).search(caller, search))
})
