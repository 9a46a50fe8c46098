// Calls the edge function `handbook` in Deno on the real Postgres, as a manager does over HTTP.
import { beforeAll, describe, expect, it } from 'vitest'
import { setUpBackend } from './support/local-backend.ts'

const local = setUpBackend({ functions: 'real' })

const tokenOf = async (role: 'crew' | 'manager'): Promise<string> => {
  const client = await local.signIn(local.account(role))
  return (await client.auth.getSession()).data.session?.access_token ?? ''
}
let token: string
let crew: string
beforeAll(async () => {
  token = await tokenOf('manager')
  crew = await tokenOf('crew')
})

type Answer = { status: number; body: Record<string, unknown> }

const ask = async (
  operation: string,
  body: Record<string, unknown>,
  by = token
): Promise<Answer> => {
  const { url, publishableKey: apikey } = local.backend
  const response = await fetch(`${url}/functions/v1/handbook`, {
    method: 'POST',
    headers: { apikey, authorization: `Bearer ${by}`, 'content-type': 'application/json' },
    body: JSON.stringify({ operation, ...body })
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

const APRONS = 'Spare aprons hang behind the door of the linen closet, on the left hook.'
const QUESTION = 'Where do the spare aprons hang?'
const draft = (content: string, more: Record<string, unknown> = {}, by = token) =>
  ask(
    'draft',
    {
      ...local.place,
      section: {
        slug: 'apron',
        category: 'uniform',
        order: 40,
        texts: { en: { title: 'Spare aprons', content } }
      },
      ...more
    },
    by
  )
const saveGolden = (mustSay: string) =>
  ask('save_golden', {
    ...local.place,
    question: QUESTION,
    questionLanguage: 'en',
    sectionSlug: 'apron',
    mustSay: [mustSay]
  })

describe('the function handbook', () => {
  it('drafts, tries, publishes, lists and retires a section', async () => {
    const { model, place } = local
    model.embeddingRequests.length = 0
    const first = await draft(APRONS)
    expect(first).toMatchObject({
      status: 200,
      body: { passages: 1, embedded: 1, withoutVector: 0 }
    })
    const { versionId } = first.body
    const drafts = await ask('sections', { ...place, status: 'draft' })
    expect(drafts.body.sections).toMatchObject([
      { slug: 'apron', versionId, texts: { en: { content: APRONS } }, publishedAt: null }
    ])
    for (const dryRun of [true, false]) {
      expect(await ask('publish', { versionIds: [versionId], dryRun })).toMatchObject({
        status: 200,
        body: { published: [{ slug: 'apron' }], dryRun }
      })
    }

    const golden = await saveGolden('left hook')
    expect(golden).toMatchObject({ status: 200, body: { hasVector: true } })
    expect(await ask('run_golden', place)).toMatchObject({
      status: 200,
      body: { kept: 1, total: 1, questions: [{ mustSay: ['left hook'], missing: [] }] }
    })
    expect(await saveGolden('right hook')).toMatchObject({
      status: 400,
      body: { error: 'bad_request', problem: 'the section does not say right hook' }
    })
    const moved = await draft(APRONS.replace('left', 'right'))
    const lost = await ask('publish', { language: 'es', versionIds: [moved.body.versionId] })
    expect(lost).toMatchObject({
      status: 409,
      body: {
        error: 'golden_regression',
        message: expect.stringContaining('manual'),
        regressions: [
          { question: QUESTION, expected: 'apron', got: 'apron', missing: ['left hook'] }
        ]
      }
    })
    // The published text again: no draft is left, and no vector is made.
    model.embeddingRequests.length = 0
    expect((await draft(APRONS)).body).toMatchObject({ versionId: null, embedded: 0 })
    expect(model.embeddingRequests).toEqual([])
    await draft('Write down what you took.')
    expect(await draft('Something else.', { basedOn: versionId })).toMatchObject({
      status: 409,
      body: { error: 'conflict' }
    })

    const slugs = async () =>
      (await ask('sections', place)).body.sections as { slug: string; sectionId: string }[]
    const apron = (await slugs()).find(({ slug }) => slug === 'apron')
    const retire = (dryRun = false) => ask('retire', { sectionIds: [apron?.sectionId], dryRun })
    const regressions = [{ question: QUESTION, expected: 'apron' }]
    expect(await retire(true)).toMatchObject({
      status: 200,
      body: { dryRun: true, retired: [{ slug: 'apron' }], golden: { regressions } }
    })
    expect(await retire()).toMatchObject({
      status: 409,
      body: { error: 'golden_regression', regressions }
    })
    const { goldenId } = golden.body
    // A manager of the restaurant alone may not.
    const aside = await ask('set_golden_aside', { goldenId, reason: 'We have no aprons.' })
    expect(aside).toMatchObject({ status: 200, body: { done: true } })
    expect((await ask('run_golden', place)).body).toMatchObject({
      total: 0,
      questions: [{ setAsideReason: 'We have no aprons.' }]
    })
    await ask('set_golden_aside', { goldenId, reason: null })
    expect((await ask('delete_golden', { goldenId })).status).toBe(200)
    expect(await retire()).toMatchObject({
      status: 200,
      body: { dryRun: false, retired: [{ slug: 'apron' }], golden: { regressions: [] } }
    })
    expect(await retire()).toMatchObject({ status: 200, body: { retired: [] } })
    expect((await slugs()).map(({ slug }) => slug)).toEqual(['chicken', 'parking'])
  })

  it('changes the brand’s embedding model one request at a time, or cancels the change', async () => {
    const OLD = 'text-embedding-3-small'
    const NEW = 'text-embedding-3-large'
    const { organisationId } = local.place
    const brand = { organisationId, groupId: null }
    const models = async () => (await ask('models', brand)).body
    const start = () => ask('start_model_change', { organisationId, model: NEW })
    const finish = () => ask('finish_model_change', { organisationId })
    const embed = () => ask('embed', { ...brand, model: NEW })
    expect(await models()).toEqual({ answering: OLD, next: null, lacking: 0, known: [OLD, NEW] })
    expect(await finish()).toMatchObject({
      status: 400,
      body: { problem: 'no change is under way' }
    })

    expect((await start()).status).toBe(200)
    const { lacking, next } = await models()
    expect([next, lacking]).toEqual([NEW, 3])
    local.model.failing = true
    const failed = await embed()
    local.model.failing = false
    expect(failed.body).toEqual({ model: NEW, embedded: 0, lacking, failure: 'refused' })
    expect(await finish()).toMatchObject({ status: 409, body: { error: 'conflict' } })
    expect(await embed()).toMatchObject({
      status: 200,
      body: { model: NEW, embedded: lacking, lacking: 0, failure: null }
    })
    const cancelled = await ask('cancel_model_change', { organisationId })
    expect(cancelled).toMatchObject({ status: 200, body: { cancelled: NEW } })
    const deleteUnused = async () =>
      (await ask('delete_unused_vectors', { organisationId })).body.removed
    expect([await deleteUnused(), await deleteUnused()]).toEqual([lacking, 0])

    await start()
    await embed()
    const golden = { total: 0, kept: 0, newlyFound: [], regressions: [], warnings: [] }
    expect((await finish()).body).toEqual({ model: NEW, golden })
    expect(await deleteUnused()).toBe(lacking)
    expect(await models()).toMatchObject({ answering: NEW, next: null, lacking: 0 })
  })

  it.each([
    ['retention', 'set_retention', { days: 90 }, { days: 30 }],
    [
      'caution_topics',
      'set_caution_topics',
      { topics: expect.arrayContaining(['allergens']) },
      { topics: ['burns'] }
    ]
  ])(
    'shows %s to the crew, and lets managers of the brand change it',
    async (get, set, old, next) => {
      const { organisationId } = local.place
      expect(await ask(get, { organisationId }, crew)).toEqual({ status: 200, body: old })
      expect(await ask(set, { organisationId, ...next }, crew)).toMatchObject({
        status: 403,
        body: { error: 'not_allowed' }
      })
      expect(await ask(set, { organisationId, ...next })).toEqual({ status: 200, body: next })
      expect(await ask(get, { organisationId }, crew)).toEqual({ status: 200, body: next })
    }
  )

  it('refuses crew, other restaurants, unknown versions and bad tokens', async () => {
    const [other] = await local.backend.database.query<{ groupId: string; organisationId: string }>(
      `select id as "groupId", organisation_id as "organisationId"
        from public.groups where slug = 'sol-y-sal'`
    )
    const [version] = await local.backend.database.query<{ id: string }>(
      'select id from public.manual_section_versions where group_id = $1 limit 1',
      [other?.groupId]
    )
    for (const [answer, status, error] of [
      [draft(APRONS, {}, crew), 403, 'not_allowed'],
      [ask('gaps', local.place, crew), 403, 'not_allowed'],
      [draft(APRONS, other), 403, 'not_a_member'],
      [ask('retention', { organisationId: other?.organisationId }), 403, 'not_a_member'],
      [ask('publish', { versionIds: [version?.id] }), 404, 'not_found'],
      [ask('gaps', local.place, 'eyJ.not.a-token'), 401, expect.anything()]
    ] as const) {
      expect(await answer).toMatchObject({ status, body: { error } })
    }
  })

  it('logs no text, question, key or token', () => {
    const text = local.logged.join('\n')
    expect(text).toContain('"operation":"draft"')
    const { publishableKey } = local.backend
    const secrets = ['linen closet', 'spare aprons', 'sk-test', publishableKey, token.slice(0, 20)]
    for (const secret of secrets) expect(text).not.toContain(secret)
  })
})
