// handbook: each operation against a backend that the tests decide and a real HTTP server in OpenAI's place, and its
// Supabase port against a server that answers as PostgREST does.
import assert from 'node:assert/strict'
import { EMBEDDING_DIMENSIONS, embed } from '../../supabase/functions/_shared/embedding.ts'
import { PHRASES } from '../../supabase/functions/_shared/languages/phrases-by-language.ts'
import type { Draft, HandbookBackend } from '../../supabase/functions/handbook/backend.ts'
import { createHandler, DRAFT_LIMIT_BYTES } from '../../supabase/functions/handbook/handler.ts'
import { supabaseHandbook } from '../../supabase/functions/handbook/supabase-handbook.ts'
import {
  GROUP_ID,
  noRateLimit,
  OPENAI_KEY,
  ORIGIN,
  read,
  recordingLog,
  request,
  TOKEN,
  USER_ID,
  verify
} from './support/calls.deno.ts'
import { deadUrl, type RecordedRequest, serve } from './support/servers.deno.ts'

const ORGANISATION_ID = '9a3d4f0e-1b1c-4c55-8a8e-0f6f8b1d2e33'
const SECTION_ID = '1c9b4a56-7a34-4b9e-9d7b-2f3e4d5c6b77'
const VERSION_ID = '2d8c5b67-8b45-4cae-8e8c-3a4f5e6d7c88'
const LARGE = 'text-embedding-3-large'
const PLACE = { organisationId: ORGANISATION_ID, groupId: GROUP_ID }
const TEXT = {
  title: 'Cooling soup',
  content:
    '## Ice bath\n\nFrom 135 °F to 70 °F in two hours.\n\n## Shallow pans\n\nTwo inches deep.'
}
const SECTION = { slug: 'cooling-soup', category: 'food', order: 10, texts: { en: TEXT } }

/** What is asked of it is recorded; everything succeeds unless a test says otherwise. */
const backendOf = (own: Partial<HandbookBackend> = {}) => {
  const drafts: Draft[] = []
  const calls: unknown[][] = []
  const record =
    <T>(name: string, value: T) =>
    (_caller: unknown, ...rest: unknown[]) => {
      calls.push([name, ...rest])
      return Promise.resolve({ ok: true as const, value })
    }
  const backend: HandbookBackend = {
    embeddingModels: () => Promise.resolve({ answering: 'text-embedding-3-small', next: null }),
    lackingVectors: (_caller, { passages }) => Promise.resolve({ ok: true, value: [...passages] }),
    saveDraft: (_caller, draft) => {
      drafts.push(draft)
      return Promise.resolve({ ok: true, value: VERSION_ID })
    },
    publish: record('publish', {
      published: [],
      golden: { total: 0, kept: 0, newlyFound: [], regressions: [] }
    }),
    retire: record('retire', {
      retired: [{ sectionId: SECTION_ID, slug: 'cooling-soup' }],
      golden: { total: 0, kept: 0, newlyFound: [], regressions: [] }
    }),
    sections: record('sections', []),
    gaps: record('gaps', []),
    resolveGap: record('resolveGap', null),
    runGolden: record('runGolden', []),
    saveGolden: record('saveGolden', SECTION_ID),
    deleteGolden: record('deleteGolden', null),
    retentionDays: () => Promise.resolve(90),
    setRetentionDays: record('setRetentionDays', null),
    cautionTopics: () => Promise.resolve(['allergens', 'burns']),
    setCautionTopics: record('setCautionTopics', null),
    lackingTexts: record('lackingTexts', []),
    addVectors: (_caller, ...rest) => {
      calls.push(['addVectors', ...rest])
      return Promise.resolve({ ok: true, value: rest[2].length })
    },
    startModelChange: record('startModelChange', null),
    finishModelChange: record('finishModelChange', {
      model: LARGE,
      golden: { total: 2, kept: 2, newlyFound: [], regressions: [] }
    }),
    cancelModelChange: record('cancelModelChange', LARGE),
    removeSpareVectors: record('removeSpareVectors', 12),
    ...own
  }
  return { backend, drafts, calls }
}

const handlerOn = (own: Partial<HandbookBackend> = {}, openaiUrl?: string) => {
  const { lines, log } = recordingLog()
  const { backend, drafts, calls } = backendOf(own)
  const handle = createHandler({
    verify,
    backend,
    embedTexts:
      openaiUrl === undefined
        ? undefined
        : (texts, model) =>
            embed(texts, {
              baseUrl: openaiUrl,
              apiKey: OPENAI_KEY,
              model,
              timeoutMs: 2_000
            }),
    embeddingModel: 'text-embedding-3-small',
    rateLimit: noRateLimit,
    allowedOrigins: [ORIGIN],
    log
  })
  return { handle, lines, drafts, calls }
}

const textsOf = (sent: RecordedRequest | undefined): string[] =>
  (sent?.body as { input: string[] } | undefined)?.input ?? []

/** A vector per text, told apart by their first number. */
const embedAll = (sent: RecordedRequest): Response =>
  Response.json({
    data: textsOf(sent).map((_, index) => ({
      index,
      embedding: Array.from({ length: EMBEDDING_DIMENSIONS }, (__, at) => (at === 0 ? index : 0.5))
    }))
  })

const draftBody = { operation: 'draft', ...PLACE, section: SECTION }

Deno.test('a draft is cut, embedded with its place in front, and saved with its vectors', async () => {
  await using openai = serve(embedAll)
  const { handle, drafts } = handlerOn({}, openai.url)
  const answer = await read(await handle(request(draftBody)))
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
  const [draft] = drafts
  assert.deepEqual(draft?.texts, {
    title_en: TEXT.title,
    content_en: TEXT.content,
    questions_en: [],
    title_es: null,
    content_es: null,
    questions_es: []
  })
  assert.deepEqual(
    draft?.passages.map(({ language, heading, anchor, embedding }) => [
      language,
      heading,
      anchor,
      embedding?.[0]
    ]),
    [
      ['en', 'Ice bath', 'ice-bath', 0],
      ['en', 'Shallow pans', 'shallow-pans', 1]
    ]
  )
})

Deno.test('drafts and golden questions are embedded with the model that the brand answers with', async () => {
  await using openai = serve(embedAll)
  const { handle, drafts, calls } = handlerOn(
    {
      embeddingModels: () => Promise.resolve({ answering: 'text-embedding-3-large', next: null })
    },
    openai.url
  )
  await (await handle(request(draftBody))).body?.cancel()
  const golden = {
    operation: 'save_golden',
    ...PLACE,
    question: 'How cold?',
    questionLanguage: 'en',
    sectionSlug: 'cooling-soup'
  }
  const saved = await read(await handle(request(golden)))
  assert.deepEqual(saved.body, { goldenId: SECTION_ID, hasVector: true })
  assert.deepEqual(
    openai.requests.map((sent) => (sent.body as { model: string }).model),
    ['text-embedding-3-large', 'text-embedding-3-large']
  )
  assert.equal(drafts[0]?.embeddingModel, 'text-embedding-3-large')
  const embedded = calls[0]?.[2] as { model: string } | undefined
  assert.equal(embedded?.model, 'text-embedding-3-large')
})

Deno.test('only what has no vector yet is embedded, in batches', async () => {
  await using openai = serve(embedAll)
  const content = Array.from(
    { length: 150 },
    (_, at) => `## Step ${at}\n\nDo it for ${at} seconds.`
  )
  const { handle, drafts } = handlerOn(
    {
      lackingVectors: (_caller, { passages }) =>
        Promise.resolve({ ok: true, value: passages.slice(20) })
    },
    openai.url
  )
  const section = { ...SECTION, texts: { en: { ...TEXT, content: content.join('\n\n') } } }
  const answer = await read(await handle(request({ ...draftBody, section })))
  assert.deepEqual([answer.body.passages, answer.body.embedded], [150, 130])
  assert.deepEqual(
    openai.requests.map((sent) => textsOf(sent).length),
    [64, 64, 2]
  )
  assert.equal(drafts[0]?.passages.filter(({ embedding }) => embedding === null).length, 20)
})

Deno.test('without a key, or with a service that fails, the draft is saved without vectors and says so', async () => {
  await using refusing = serve(() => new Response('{}', { status: 429 }))
  for (const [url, failure] of [
    [undefined, 'no_key'],
    [refusing.url, 'refused'],
    [await deadUrl(), 'unreachable']
  ] as const) {
    const { handle, drafts, lines } = handlerOn({}, url)
    const answer = await read(await handle(request(draftBody)))
    assert.deepEqual([answer.status, answer.body.withoutVector], [200, 2])
    assert.equal(drafts.length, 1)
    assert.equal(lines[0]?.fields.embeddingFailure, failure)
  }
})

Deno.test('every operation reaches the backend with what was asked, its defaults filled in', async () => {
  const { handle, calls } = handlerOn()
  for (const [body, expected] of [
    [{ operation: 'publish', versionIds: [VERSION_ID] }, ['publish', [VERSION_ID], false]],
    [
      { operation: 'publish', versionIds: [VERSION_ID], dryRun: true },
      ['publish', [VERSION_ID], true]
    ],
    [{ operation: 'retire', sectionIds: [SECTION_ID] }, ['retire', [SECTION_ID], false]],
    [
      { operation: 'retire', sectionIds: [SECTION_ID], dryRun: true },
      ['retire', [SECTION_ID], true]
    ],
    [{ operation: 'delete_golden', goldenId: SECTION_ID }, ['deleteGolden', SECTION_ID]]
  ] as const) {
    calls.length = 0
    const answer = await read(await handle(request(body)))
    assert.equal(answer.status, 200)
    assert.deepEqual(calls, [expected])
  }
  for (const [body, name, expected] of [
    [
      { operation: 'sections', ...PLACE },
      'sections',
      { status: 'published', after: null, limit: 50 }
    ],
    [
      { operation: 'gaps', ...PLACE, groupId: null },
      'gaps',
      { days: 30, status: 'open', groupId: null }
    ],
    [
      { operation: 'resolve_gap', gapId: SECTION_ID, status: 'answered', sectionId: SECTION_ID },
      'resolveGap',
      { status: 'answered', sectionId: SECTION_ID }
    ],
    [{ operation: 'run_golden', ...PLACE }, 'runGolden', PLACE],
    [
      {
        operation: 'save_golden',
        ...PLACE,
        question: ' Why? ',
        questionLanguage: 'es',
        sectionSlug: 'fish'
      },
      'saveGolden',
      { question: 'Why?', questionLanguage: 'es', sectionSlug: 'fish', mustSay: [] }
    ],
    [
      {
        operation: 'save_golden',
        ...PLACE,
        question: 'How hot?',
        questionLanguage: 'en',
        sectionSlug: 'chicken',
        mustSay: [' 165 ', 'poultry']
      },
      'saveGolden',
      { sectionSlug: 'chicken', mustSay: ['165', 'poultry'] }
    ]
  ] as const) {
    calls.length = 0
    const answer = await read(await handle(request(body)))
    assert.equal(answer.status, 200)
    assert.equal(calls[0]?.[0], name)
    assert.partialDeepStrictEqual(calls[0]?.[1], expected)
  }
})

Deno.test('a change of the model is told, worked and ended by the brand, as the database answers', async () => {
  await using openai = serve(embedAll)
  const { handle, calls } = handlerOn(
    {
      embeddingModels: () =>
        Promise.resolve({ answering: 'text-embedding-3-small', next: 'text-embedding-3-large' })
    },
    openai.url
  )
  const organisation = { organisationId: ORGANISATION_ID }
  const golden = { total: 2, kept: 2, newlyFound: [], regressions: [] }
  for (const [body, call, answered] of [
    [
      { operation: 'models', ...PLACE, groupId: null },
      // What is counted is what the change lacks.
      ['lackingTexts', { ...PLACE, groupId: null }, LARGE, 1],
      {
        answering: 'text-embedding-3-small',
        next: LARGE,
        lacking: 0,
        known: ['text-embedding-3-small', LARGE]
      }
    ],
    [
      { operation: 'start_model_change', ...organisation, model: LARGE },
      ['startModelChange', ORGANISATION_ID, LARGE],
      { done: true }
    ],
    [
      { operation: 'finish_model_change', ...organisation },
      ['finishModelChange', ORGANISATION_ID],
      { model: LARGE, golden }
    ],
    [
      { operation: 'cancel_model_change', ...organisation },
      ['cancelModelChange', ORGANISATION_ID],
      { cancelled: LARGE }
    ],
    [
      { operation: 'delete_unused_vectors', ...organisation },
      ['removeSpareVectors', ORGANISATION_ID],
      { removed: 12 }
    ]
  ] as const) {
    calls.length = 0
    const answer = await read(await handle(request(body)))
    assert.deepEqual([answer.status, answer.body, calls], [200, answered, [call]])
  }
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

Deno.test('what has no vector gets one, some at a time, and is told how many are left', async () => {
  await using openai = serve(embedAll)
  const { handle, calls, lines } = handlerOn(
    { lackingTexts: () => Promise.resolve({ ok: true, value: [passage(1), question] }) },
    openai.url
  )
  const embed = { operation: 'embed', ...PLACE, model: LARGE }
  const answer = await read(await handle(request(embed)))
  const told = { model: LARGE, embedded: 2, lacking: 78, failure: null }
  assert.deepEqual([answer.status, answer.body], [200, told])
  assert.deepEqual(textsOf(openai.requests[0]), ['Cooling soup › Ice bath\n\nStep 1.', 'How cold?'])
  const [name, place, model, made] = calls[0] ?? []
  assert.deepEqual([name, place, model], ['addVectors', PLACE, LARGE])
  assert.deepEqual(
    (made as { text: unknown; vector: number[] }[]).map(({ text, vector }) => [text, vector[0]]),
    [
      [passage(1), 0],
      [question, 1]
    ]
  )
  assert.ok(!JSON.stringify(lines).includes('Ice bath'))
  const { embedded, lacking } = lines[0]?.fields ?? {}
  assert.deepEqual([embedded, lacking], [2, 78])
})

Deno.test('vectors that could not be made are still lacking, and the answer says why', async () => {
  await using refusing = serve(() => new Response('{}', { status: 429 }))
  for (const [url, failure] of [
    [undefined, 'no_key'],
    [refusing.url, 'refused'],
    [await deadUrl(), 'unreachable']
  ] as const) {
    const { handle, calls } = handlerOn(
      { lackingTexts: () => Promise.resolve({ ok: true, value: [passage(1)] }) },
      url
    )
    const answer = await read(await handle(request({ operation: 'embed', ...PLACE })))
    const told = { model: 'text-embedding-3-small', embedded: 0, lacking: 80, failure }
    assert.deepEqual([answer.status, answer.body, calls], [200, told, []])
  }
})

Deno.test('a change is not begun where nobody could make its vectors', async () => {
  const { handle, calls } = handlerOn()
  const start = { operation: 'start_model_change', organisationId: ORGANISATION_ID, model: LARGE }
  const answer = await read(await handle(request(start)))
  assert.deepEqual([answer.status, answer.body.problem], [400, 'the project has no OpenAI key'])
  assert.deepEqual(calls, [])
})

Deno.test('how long the brand keeps what was asked is told, and changed', async () => {
  const { handle, calls } = handlerOn()
  const brand = { organisationId: ORGANISATION_ID }
  const told = await read(await handle(request({ operation: 'retention', ...brand })))
  assert.deepEqual([told.status, told.body], [200, { days: 90 }])
  const set = { operation: 'set_retention', ...brand, days: 730 }
  const changed = await read(await handle(request(set)))
  assert.deepEqual([changed.status, changed.body], [200, { days: 730 }])
  assert.deepEqual(calls, [['setRetentionDays', ORGANISATION_ID, 730]])
})

Deno.test('the caution topics of the brand are listed, and replaced, each once', async () => {
  const { handle, calls, lines } = handlerOn()
  const brand = { organisationId: ORGANISATION_ID }
  const told = await read(await handle(request({ operation: 'caution_topics', ...brand })))
  assert.deepEqual([told.status, told.body], [200, { topics: ['allergens', 'burns'] }])
  const set = { operation: 'set_caution_topics', ...brand, topics: ['burns', 'hot-oil', 'burns'] }
  const changed = await read(await handle(request(set)))
  assert.deepEqual([changed.status, changed.body], [200, { topics: ['burns', 'hot-oil'] }])
  assert.deepEqual(calls, [['setCautionTopics', ORGANISATION_ID, ['burns', 'hot-oil']]])
  assert.equal(lines[1]?.fields.topics, 2)
  for (const topics of [
    ['Hot oil'],
    [''],
    Array.from({ length: 101 }, (_, at) => `t-${at}`),
    null
  ]) {
    const refused = await read(await handle(request({ ...set, topics })))
    assert.deepEqual([refused.status, refused.body.error], [400, 'bad_request'])
  }
  assert.equal(calls.length, 1)
})

Deno.test('a person who cannot see a brand learns neither its models, its retention nor its caution topics', async () => {
  const { handle, calls } = handlerOn({
    embeddingModels: () => Promise.resolve(null),
    retentionDays: () => Promise.resolve(null),
    cautionTopics: () => Promise.resolve(null)
  })
  for (const body of [
    { operation: 'models', ...PLACE },
    { operation: 'embed', ...PLACE },
    { operation: 'retention', organisationId: ORGANISATION_ID },
    { operation: 'caution_topics', organisationId: ORGANISATION_ID }
  ]) {
    const answer = await read(await handle(request(body)))
    assert.deepEqual([answer.status, answer.body.error], [403, 'not_a_member'])
  }
  assert.deepEqual(calls, [])
})

Deno.test('a page of sections names the next one, and the last page none', async () => {
  const row = (slug: string) => ({
    sectionId: SECTION_ID,
    versionId: VERSION_ID,
    slug,
    category: '',
    order: 1,
    texts: {},
    source: {},
    writtenAt: '2026-11-20T00:00:00Z',
    publishedAt: null
  })
  const { handle } = handlerOn({
    sections: () => Promise.resolve({ ok: true, value: [row('a'), row('b')] })
  })
  const full = await read(await handle(request({ operation: 'sections', ...PLACE, limit: 2 })))
  assert.equal(full.body.next, 'b')
  const last = await read(await handle(request({ operation: 'sections', ...PLACE, limit: 3 })))
  assert.equal(last.body.next, null)
})

Deno.test('each refusal of the database has its status, code and sentence in the language asked', async () => {
  const regressions = [
    {
      question: 'How hot?',
      language: 'en',
      expected: 'soup',
      got: null,
      missing: [],
      group: 'harbor'
    }
  ]
  for (const [refusal, status, more] of [
    [{ code: 'not_a_member' }, 403, {}],
    [{ code: 'not_allowed' }, 403, {}],
    [{ code: 'not_found' }, 404, {}],
    [{ code: 'conflict' }, 409, {}],
    [{ code: 'golden_regression', regressions }, 409, { regressions }]
  ] as const) {
    for (const language of ['en', 'es', 'vi', 'ar'] as const) {
      const { handle } = handlerOn({ publish: () => Promise.resolve({ ok: false, refusal }) })
      const answer = await read(
        await handle(request({ operation: 'publish', language, versionIds: [VERSION_ID] }))
      )
      assert.equal(answer.status, status)
      assert.deepEqual(answer.body, {
        error: refusal.code,
        message: PHRASES[language].refusals[refusal.code],
        ...more
      })
    }
  }
})

Deno.test('a body that is not of the form is refused before anything is asked, and nothing is written', async () => {
  const { handle, drafts, calls } = handlerOn()
  const wrong: unknown[] = [
    {},
    { operation: 'erase' },
    { operation: 'draft', ...PLACE },
    { ...draftBody, groupId: 'harbor' },
    { ...draftBody, more: 1 },
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
    ].map((part) => ({ ...draftBody, section: { ...SECTION, ...part } })),
    { operation: 'publish', versionIds: [] },
    { operation: 'publish', versionIds: ['all'] },
    { operation: 'retire', sectionIds: [] },
    { operation: 'gaps', ...PLACE, days: 731 },
    ...[0, 731, 1.5, null].map((days) => ({
      operation: 'set_retention',
      organisationId: ORGANISATION_ID,
      days
    })),
    { operation: 'embed', ...PLACE, model: 'text-embedding-ada-002' },
    { operation: 'start_model_change', organisationId: ORGANISATION_ID },
    { operation: 'start_model_change', organisationId: ORGANISATION_ID, model: 'gpt-realtime' },
    { operation: 'finish_model_change', ...PLACE },
    {
      operation: 'save_golden',
      ...PLACE,
      question: '',
      questionLanguage: 'en',
      sectionSlug: 'fish'
    },
    {
      operation: 'save_golden',
      ...PLACE,
      question: 'Why?',
      questionLanguage: 'en',
      sectionSlug: null
    },
    {
      operation: 'save_golden',
      ...PLACE,
      question: 'Why?',
      questionLanguage: 'fr',
      sectionSlug: 'fish'
    },
    {
      operation: 'save_golden',
      ...PLACE,
      question: 'Why?',
      questionLanguage: 'en',
      sectionSlug: 'chicken',
      mustSay: ['']
    },
    {
      operation: 'save_golden',
      ...PLACE,
      question: 'Why?',
      questionLanguage: 'en',
      sectionSlug: 'chicken',
      mustSay: Array.from({ length: 21 }, () => '165')
    }
  ]
  for (const body of wrong) {
    const answer = await read(await handle(request(body)))
    assert.deepEqual(
      [answer.status, answer.body.error],
      [400, 'bad_request'],
      JSON.stringify(body).slice(0, 200)
    )
  }
  const large = await read(await handle(request('x'.repeat(DRAFT_LIMIT_BYTES + 1))))
  assert.equal(large.status, 413)
  assert.deepEqual([drafts, calls], [[], []])
})

Deno.test('who is not signed in is told so, and who asks too fast waits', async () => {
  const { handle, drafts } = handlerOn()
  for (const token of [null, 'someone-else']) {
    assert.equal((await read(await handle(request(draftBody, { token })))).status, 401)
  }
  const { log } = recordingLog()
  const limited = createHandler({
    verify,
    backend: backendOf().backend,
    embedTexts: undefined,
    embeddingModel: 'm',
    rateLimit: { take: () => 7 },
    allowedOrigins: [],
    log
  })
  const answer = await limited(request(draftBody))
  assert.deepEqual([answer.status, answer.headers.get('retry-after')], [429, '7'])
  await answer.body?.cancel()
  assert.deepEqual(drafts, [])
})

Deno.test('the log has the operation and counts, and neither the text nor the token', async () => {
  const { handle, lines } = handlerOn()
  await (await handle(request(draftBody))).body?.cancel()
  const golden = {
    operation: 'save_golden',
    ...PLACE,
    question: 'Secret?',
    questionLanguage: 'en',
    sectionSlug: 'cooling-soup'
  }
  await (await handle(request(golden))).body?.cancel()
  const text = JSON.stringify(lines)
  assert.match(text, /"operation":"draft"/)
  assert.match(text, /"passages":2/)
  for (const secret of ['Ice bath', 'cooling', 'Secret', TOKEN, OPENAI_KEY]) {
    assert.ok(!text.includes(secret), secret)
  }
})

const caller = { userId: USER_ID, token: TOKEN, requestId: 'r-1' }

Deno.test('the port acts as the caller and sends a vector as text', async () => {
  await using supabase = serve(() => Response.json(VERSION_ID))
  const saved = await supabaseHandbook(supabase.url, 'sb_publishable_test').saveDraft(caller, {
    ...PLACE,
    slug: 'soup',
    category: 'food',
    order: 10,
    texts: {
      title_en: 'Soup',
      content_en: 'Cool it.',
      questions_en: [],
      title_es: null,
      content_es: null,
      questions_es: []
    },
    passages: [
      {
        language: 'en',
        ordinal: 0,
        heading: '',
        anchor: '',
        content: 'Cool it.',
        embedding: [0.5, 1]
      }
    ],
    embeddingModel: 'm',
    source: { file: 'a.md' },
    basedOn: null
  })
  assert.deepEqual(saved, { ok: true, value: VERSION_ID })
  const [sent] = supabase.requests
  assert.equal(sent?.path, '/rest/v1/rpc/save_draft')
  assert.equal(sent?.headers.get('authorization'), `Bearer ${TOKEN}`)
  assert.equal(sent?.headers.get('x-request-id'), 'r-1')
  assert.partialDeepStrictEqual(sent?.body, {
    _organisation_id: ORGANISATION_ID,
    _group_id: GROUP_ID,
    _slug: 'soup',
    _sort_order: 10,
    _passages: [{ content: 'Cool it.', embedding: '[0.5,1]' }],
    _based_on: null
  })
})

Deno.test('the port tells the refusals of the migrations apart, and anything else is a failure', async () => {
  const regression = {
    question: 'How hot?',
    language: 'en',
    expected: 'soup',
    got: 'soup',
    missing: ['165'],
    group: null
  }
  for (const [code, details, refusal] of [
    ['HR001', null, { code: 'not_a_member' }],
    ['HR004', null, { code: 'not_allowed' }],
    ['HR005', null, { code: 'not_found' }],
    ['HR400', 'a slug', { code: 'bad_request', problem: 'a slug' }],
    ['HR400', null, { code: 'bad_request', problem: 'the database refused a value' }],
    [
      'HR409',
      JSON.stringify([regression]),
      { code: 'golden_regression', regressions: [regression] }
    ],
    ['HR409', 'no list', { code: 'golden_regression', regressions: [] }],
    ['HR410', null, { code: 'conflict' }]
  ] as const) {
    await using supabase = serve(() =>
      Response.json({ code, message: 'x', details, hint: null }, { status: 400 })
    )
    const backend = supabaseHandbook(supabase.url, 'sb_publishable_test')
    assert.deepEqual(await backend.publish(caller, [VERSION_ID], false), { ok: false, refusal })
  }
  for (const answer of [
    () =>
      Response.json({ code: '42501', message: 'no', details: null, hint: null }, { status: 403 }),
    () => Response.json({ published: 'all' })
  ]) {
    await using supabase = serve(answer)
    await assert.rejects(supabaseHandbook(supabase.url, 'p').publish(caller, [VERSION_ID], false))
  }
})
