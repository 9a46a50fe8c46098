// handbook: sections, golden questions, gaps, and the refusal of invalid bodies.
import assert from 'node:assert/strict'
import { PHRASES } from '../../supabase/functions/_shared/languages/phrases-by-language.ts'
import { DRAFT_LIMIT_BYTES } from '../../supabase/functions/handbook/handler.ts'
import { GROUP_ID, OPENAI_KEY, TOKEN } from './support/calls.deno.ts'
import {
  BRAND,
  DRAFT,
  GOLDEN,
  GOLDEN_ROWS,
  handbookOn,
  LARGE,
  ORGANISATION_ID,
  SAVE_GOLDEN,
  SCOPE,
  SCOPE_ARGUMENTS,
  SECTION,
  SECTION_ID,
  TEXT,
  textsOf,
  VERSION_ID
} from './support/handbook.deno.ts'
import { deadUrl, embeddings, serve } from './support/servers.deno.ts'

type SentPassage = { language: string; heading: string; anchor: string; embedding: string | null }

Deno.test('cuts a draft, embeds its passages with their place, and saves them as the caller', async () => {
  await using openai = serve(embeddings)
  await using handbook = handbookOn({ openaiUrl: openai.url })
  const answer = await handbook.ask(DRAFT, { headers: { 'x-request-id': 'kiosk-7-0001' } })
  assert.equal(answer.status, 200)
  assert.deepEqual(answer.body, {
    versionId: VERSION_ID,
    passages: 2,
    embedded: 2,
    withoutVector: 0
  })
  assert.deepEqual(textsOf(openai.requests[0]), [
    'Cooling soup › Ice bath\n\nFrom 135 °F to 70 °F in two hours.',
    'Cooling soup › Shallow pans\n\nTwo inches deep.'
  ])
  const sent = handbook.requests.at(-1) ?? assert.fail()
  assert.equal(sent.path, '/rest/v1/rpc/save_draft')
  assert.equal(sent.headers.get('authorization'), `Bearer ${TOKEN}`)
  assert.equal(sent.headers.get('x-request-id'), 'kiosk-7-0001')
  const { _passages, ...rest } = sent.body as { _passages: SentPassage[] }
  assert.deepEqual(rest, {
    ...SCOPE_ARGUMENTS,
    _slug: 'cooling-soup',
    _category: 'food',
    _sort_order: 10,
    _texts: {
      title_en: TEXT.title,
      content_en: TEXT.content,
      questions_en: [],
      title_es: null,
      content_es: null,
      questions_es: []
    },
    _embedding_model: 'text-embedding-3-small',
    _source: {},
    _based_on: null
  })
  assert.deepEqual(
    _passages.map(({ language, heading, anchor, embedding }) => [
      language,
      heading,
      anchor,
      embedding?.slice(0, 14)
    ]),
    [
      ['en', 'Ice bath', 'ice-bath', '[0,0.0001,0.00'],
      ['en', 'Shallow pans', 'shallow-pans', '[0.0001,0.0002']
    ]
  )
})

Deno.test("embeds drafts and golden questions with the brand's model", async () => {
  await using openai = serve(embeddings)
  const brands = [{ ...BRAND, embedding_model: LARGE }]
  await using handbook = handbookOn({ openaiUrl: openai.url, brands })
  await handbook.ask(DRAFT)
  const saved = await handbook.ask(SAVE_GOLDEN)
  assert.deepEqual(saved.body, { goldenId: SECTION_ID, hasVector: true })
  assert.deepEqual(
    openai.requests.map((sent) => (sent.body as { model: string }).model),
    [LARGE, LARGE]
  )
  assert.deepEqual(
    handbook
      .calls()
      .map(([name, { _embedding_model, _model }]) => [name, _embedding_model ?? _model]),
    [
      ['passages_to_embed', LARGE],
      ['save_draft', LARGE],
      ['save_golden', undefined],
      ['add_embeddings', LARGE]
    ]
  )
})

Deno.test('embeds nothing for a person whom the database refuses', async () => {
  await using openai = serve(embeddings)
  const refusal = Response.json({ code: 'HR004', message: 'x' }, { status: 400 })
  const rpc = {
    passages_to_embed: refusal,
    save_golden: refusal,
    list_missing_embeddings: refusal
  }
  await using handbook = handbookOn({ openaiUrl: openai.url, rpc })
  for (const body of [DRAFT, SAVE_GOLDEN, { operation: 'embed', ...SCOPE }]) {
    assert.equal((await handbook.ask(body)).status, 403)
  }
  assert.deepEqual(openai.requests, [])
})

Deno.test('embeds only passages without a vector, in batches', async () => {
  await using openai = serve(embeddings)
  const steps = Array.from({ length: 150 }, (_, at) => `## Step ${at}\n\nDo it for ${at} seconds.`)
  await using handbook = handbookOn({
    openaiUrl: openai.url,
    rpc: {
      passages_to_embed: ({ _sections }: { _sections: { passages: unknown[] }[] }) =>
        _sections[0]?.passages.slice(20)
    }
  })
  const section = { ...SECTION, texts: { en: { ...TEXT, content: steps.join('\n\n') } } }
  const answer = await handbook.ask({ ...DRAFT, section })
  assert.deepEqual([answer.body.passages, answer.body.embedded], [150, 130])
  assert.deepEqual(
    openai.requests.map((sent) => textsOf(sent).length),
    [64, 64, 2]
  )
  const passages = handbook.calls().at(-1)?.[1]._passages as SentPassage[]
  assert.equal(passages.filter(({ embedding }) => embedding === null).length, 20)
})

Deno.test('saves a draft without vectors when the embedding service is missing or fails', async () => {
  await using refusing = serve(() => new Response('{}', { status: 429 }))
  for (const [openaiUrl, failure] of [
    [undefined, 'no_key'],
    [refusing.url, 'refused'],
    [await deadUrl(), 'unreachable']
  ] as const) {
    await using handbook = handbookOn({ openaiUrl })
    const answer = await handbook.ask(DRAFT)
    assert.deepEqual([answer.status, answer.body.withoutVector], [200, 2])
    assert.equal(handbook.calls().at(-1)?.[0], 'save_draft')
    assert.equal(handbook.lines[0]?.fields.embeddingFailure, failure)
  }
})

const GAP = {
  gap_id: SECTION_ID,
  group_id: GROUP_ID,
  group_slug: 'harbor',
  status: 'open',
  example: 'How hot?',
  examples: [{ question: 'How hot?', restated: null, reasons: ['not_found'] }],
  questions: 3,
  not_found: 2,
  rated_down: 1,
  unverified: 0,
  languages: ['en'],
  first_asked: '2026-11-01',
  last_asked: '2026-11-02',
  section_id: null,
  section_slug: null
}

/** Operation, the database call with its parameters, the rows, and the answer. */
const OPERATIONS = [
  [
    { operation: 'publish', versionIds: [VERSION_ID] },
    'publish_versions',
    { _version_ids: [VERSION_ID], _dry_run: false },
    {
      published: [{ version_id: VERSION_ID, section_id: SECTION_ID, slug: 'soup', number: 2 }],
      golden: GOLDEN_ROWS
    },
    {
      published: [{ versionId: VERSION_ID, sectionId: SECTION_ID, slug: 'soup', number: 2 }],
      golden: GOLDEN,
      dryRun: false
    }
  ],
  [
    { operation: 'publish', versionIds: [VERSION_ID], dryRun: true },
    'publish_versions',
    { _version_ids: [VERSION_ID], _dry_run: true },
    { published: [], golden: GOLDEN_ROWS },
    { published: [], golden: GOLDEN, dryRun: true }
  ],
  [
    { operation: 'retire', sectionIds: [SECTION_ID], dryRun: true },
    'retire_sections',
    { _section_ids: [SECTION_ID], _dry_run: true },
    { retired: [{ section_id: SECTION_ID, slug: 'soup' }], golden: GOLDEN_ROWS },
    { retired: [{ sectionId: SECTION_ID, slug: 'soup' }], golden: GOLDEN, dryRun: true }
  ],
  [
    { operation: 'sections', ...SCOPE },
    'list_sections',
    { ...SCOPE_ARGUMENTS, _status: 'published', _after_slug: null, _limit: 50 },
    [],
    { sections: [], next: null }
  ],
  [
    { operation: 'gaps', ...SCOPE, groupId: null },
    'list_gaps',
    { _organisation_id: ORGANISATION_ID, _group_id: null, _days: 30, _status: 'open' },
    [GAP],
    {
      gaps: [
        {
          gapId: SECTION_ID,
          groupId: GROUP_ID,
          groupSlug: 'harbor',
          status: 'open',
          example: 'How hot?',
          examples: GAP.examples,
          questions: 3,
          notFound: 2,
          ratedDown: 1,
          unverified: 0,
          languages: ['en'],
          firstAsked: '2026-11-01',
          lastAsked: '2026-11-02',
          sectionId: null,
          sectionSlug: null
        }
      ]
    }
  ],
  [
    { operation: 'resolve_gap', gapId: SECTION_ID, status: 'answered', sectionId: SECTION_ID },
    'resolve_gap',
    { _gap_id: SECTION_ID, _status: 'answered', _section_id: SECTION_ID },
    null,
    { done: true }
  ],
  [
    { operation: 'run_golden', ...SCOPE },
    'run_golden',
    SCOPE_ARGUMENTS,
    [
      [true, null],
      [false, null],
      [false, 'It is wrong.']
    ].map(([isKept, reason]) => ({
      golden_id: SECTION_ID,
      group_id: null,
      question: 'How hot?',
      language: 'en',
      expected: 'soup',
      got: null,
      must_say: ['165'],
      missing: [],
      is_kept: isKept,
      set_aside_reason: reason,
      set_aside_at: reason === null ? null : '2026-11-30T10:00:00Z',
      set_aside_by: reason === null ? null : 'owner@example.com'
    })),
    {
      questions: [
        [true, null],
        [false, null],
        [false, 'It is wrong.']
      ].map(([isKept, reason]) => ({
        goldenId: SECTION_ID,
        groupId: null,
        question: 'How hot?',
        language: 'en',
        expected: 'soup',
        got: null,
        mustSay: ['165'],
        missing: [],
        isKept,
        setAsideReason: reason,
        setAsideAt: reason === null ? null : '2026-11-30T10:00:00Z',
        setAsideBy: reason === null ? null : 'owner@example.com'
      })),
      kept: 1,
      total: 2
    }
  ],
  [
    { ...SAVE_GOLDEN, question: ' Why? ', questionLanguage: 'es', mustSay: [' 165 ', 'poultry'] },
    'save_golden',
    {
      ...SCOPE_ARGUMENTS,
      _language: 'es',
      _question: 'Why?',
      _section_slug: 'cooling-soup',
      _must_say: ['165', 'poultry']
    },
    SECTION_ID,
    { goldenId: SECTION_ID, hasVector: false }
  ],
  [
    { operation: 'delete_golden', goldenId: SECTION_ID },
    'delete_golden',
    { _golden_id: SECTION_ID },
    null,
    { done: true }
  ],
  [
    { operation: 'set_golden_aside', goldenId: SECTION_ID, reason: ' It is wrong. ' },
    'set_golden_aside',
    { _golden_id: SECTION_ID, _reason: 'It is wrong.' },
    null,
    { done: true }
  ],
  [
    { operation: 'set_golden_aside', goldenId: SECTION_ID, reason: null },
    'set_golden_aside',
    { _golden_id: SECTION_ID, _reason: null },
    null,
    { done: true }
  ]
] as const

for (const [body, name, parameters, rows, answered] of OPERATIONS) {
  Deno.test(`calls ${name} for ${JSON.stringify(body).slice(0, 60)}`, async () => {
    await using handbook = handbookOn({ rpc: { [name]: rows } })
    const answer = await handbook.ask(body)
    assert.deepEqual([answer.status, answer.body], [200, answered])
    assert.deepEqual(handbook.calls(), [[name, parameters]])
  })
}

Deno.test('names the next page of sections, and none after the last page', async () => {
  const row = (slug: string, title: string | null) => ({
    section_id: SECTION_ID,
    version_id: VERSION_ID,
    slug,
    category: '',
    sort_order: 1,
    title_en: 'Soup',
    content_en: 'Cool it.',
    questions_en: [],
    title_es: title,
    content_es: title,
    questions_es: [],
    source: {},
    written_at: '2026-11-20T00:00:00Z',
    published_at: null
  })
  await using handbook = handbookOn({ rpc: { list_sections: [row('a', null), row('b', 'Sopa')] } })
  const full = await handbook.ask({ operation: 'sections', ...SCOPE, limit: 2 })
  assert.equal(full.body.next, 'b')
  assert.deepEqual((full.body.sections as unknown[])[0], {
    sectionId: SECTION_ID,
    versionId: VERSION_ID,
    slug: 'a',
    category: '',
    order: 1,
    texts: { en: { title: 'Soup', content: 'Cool it.', questions: [] } },
    source: {},
    writtenAt: '2026-11-20T00:00:00Z',
    publishedAt: null
  })
  const last = await handbook.ask({ operation: 'sections', ...SCOPE, limit: 3 })
  assert.equal(last.body.next, null)
})

Deno.test('gives each refusal of the migrations its status, code and sentence, and fails otherwise', async () => {
  const lost = {
    question: 'How hot?',
    language: 'en',
    expected: 'soup',
    got: 'soup',
    missing: ['165'],
    group: null
  }
  const publish = { operation: 'publish', versionIds: [VERSION_ID] }
  for (const [code, details, status, error, more] of [
    ['HR001', null, 403, 'not_a_member', {}],
    ['HR004', null, 403, 'not_allowed', {}],
    ['HR005', null, 404, 'not_found', {}],
    ['HR400', 'a slug', 400, 'bad_request', { problem: 'a slug' }],
    ['HR400', null, 400, 'bad_request', { problem: 'the database refused a value' }],
    [
      'HR409',
      JSON.stringify([{ golden_id: SECTION_ID, ...lost }]),
      409,
      'golden_regression',
      { regressions: [{ goldenId: SECTION_ID, ...lost }] }
    ],
    ['HR409', 'no list', 409, 'golden_regression', { regressions: [] }],
    ['HR410', null, 409, 'conflict', {}],
    ['42501', null, 500, 'internal', {}]
  ] as const) {
    const refusal = Response.json({ code, message: 'x', details, hint: null }, { status: 400 })
    await using handbook = handbookOn({ rpc: { publish_versions: refusal } })
    for (const language of ['en', 'es', 'vi', 'ar'] as const) {
      const answer = await handbook.ask({ ...publish, language })
      assert.equal(answer.status, status)
      const message = PHRASES[language].refusals[error]
      assert.deepEqual(answer.body, { error, message, ...more })
    }
  }
  await using shapeless = handbookOn({ rpc: { publish_versions: { published: 'all' } } })
  assert.equal((await shapeless.ask(publish)).status, 500)
})

Deno.test('refuses an invalid body before any request', async () => {
  await using handbook = handbookOn()
  const wrong: unknown[] = [
    {},
    { operation: 'erase' },
    { operation: 'draft', ...SCOPE },
    { ...DRAFT, groupId: 'harbor' },
    { ...DRAFT, more: 1 },
    ...[
      { slug: 'Cooling Soup' },
      { slug: '' },
      { texts: {} },
      { texts: { fr: TEXT } },
      { texts: { en: { ...TEXT, content: '  ' } } },
      { texts: { en: { ...TEXT, content: '## Only\n\n## Headings' } } },
      { texts: { en: { ...TEXT, content: 'x'.repeat(300_001) } } },
      { texts: { en: { ...TEXT, title: 'x'.repeat(201) } } },
      { texts: { en: { ...TEXT, content: 'a null \u0000 character' } } },
      { order: 1.5 }
    ].map((part) => ({ ...DRAFT, section: { ...SECTION, ...part } })),
    { operation: 'publish', versionIds: [] },
    { operation: 'publish', versionIds: ['all'] },
    { operation: 'retire', sectionIds: [] },
    { operation: 'gaps', ...SCOPE, days: 731 },
    ...[undefined, '', ' ', 'x'.repeat(1_001)].map((reason) => ({
      operation: 'set_golden_aside',
      goldenId: SECTION_ID,
      reason
    })),
    { operation: 'finish_model_change', ...SCOPE },
    ...[
      { question: '' },
      { sectionSlug: null },
      { questionLanguage: 'fr' },
      { mustSay: [''] },
      { mustSay: Array.from({ length: 21 }, () => '165') }
    ].map((part) => ({ ...SAVE_GOLDEN, ...part })),
    ...[
      ...[0, 731, 1.5, null].map((days) => ({ operation: 'set_retention', days })),
      ...[['Hot oil'], [''], Array.from({ length: 101 }, (_, at) => `t-${at}`), null].map(
        (topics) => ({ operation: 'set_caution_topics', topics })
      ),
      ...[undefined, 'gpt-realtime'].map((model) => ({ operation: 'start_model_change', model }))
    ].map((body) => ({ organisationId: ORGANISATION_ID, ...body })),
    { operation: 'embed', ...SCOPE, model: 'text-embedding-ada-002' }
  ]
  for (const body of wrong) {
    const answer = await handbook.ask(body)
    const about = JSON.stringify(body).slice(0, 200)
    assert.deepEqual([answer.status, answer.body.error], [400, 'bad_request'], about)
  }
  assert.equal((await handbook.ask('x'.repeat(DRAFT_LIMIT_BYTES + 1))).status, 413)
  for (const token of [null, 'someone-else']) {
    assert.equal((await handbook.ask(DRAFT, { token })).status, 401)
  }
  assert.deepEqual(handbook.requests, [])
})

Deno.test('logs the operation and counts, without texts, tokens or keys', async () => {
  await using openai = serve(embeddings)
  await using handbook = handbookOn({ openaiUrl: openai.url })
  await handbook.ask(DRAFT)
  await handbook.ask({ ...SAVE_GOLDEN, question: 'Secret?' })
  const topics = ['burns', 'hot-oil']
  await handbook.ask({ operation: 'set_caution_topics', organisationId: ORGANISATION_ID, topics })
  const text = JSON.stringify(handbook.lines)
  assert.match(text, /"operation":"draft"/)
  assert.match(text, /"passages":2/)
  assert.match(text, /"topics":2/)
  for (const secret of ['Ice bath', 'cooling', 'hot-oil', 'Secret', TOKEN, OPENAI_KEY]) {
    assert.ok(!text.includes(secret), secret)
  }
})
