// The function `handbook` in its Deno on the real Postgres: the whole round of a manager over HTTP, and who is turned
// away.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Backend, startBackend } from '../../dev/supabase/backend.ts'
import { provisionMigratedDatabase } from './support/migrated-database.ts'
import {
  type ModelEndpoints,
  removeFolder,
  SMALL_HANDBOOK,
  startModelEndpoints,
  temporaryFolder,
  writeFiles
} from './support/stack-fixture.ts'

let folder: string
let model: ModelEndpoints
let backend: Backend
let organisationId: string
const logged: string[] = []

beforeAll(async () => {
  folder = await temporaryFolder()
  await writeFiles(`${folder}/handbook`, SMALL_HANDBOOK)
  model = await startModelEndpoints()
  await provisionMigratedDatabase(`${folder}/data`)
  backend = await startBackend({
    dataDir: `${folder}/data`,
    port: 0,
    openaiUrl: model.url,
    openaiKey: 'sk-test',
    handbookFolder: `${folder}/handbook`,
    log: (line) => logged.push(line)
  })
  const [group] = await backend.database.query<{ organisation_id: string }>(
    "select organisation_id from public.groups where slug = 'harbor-and-rye'"
  )
  organisationId = group?.organisation_id ?? ''
})
afterAll(async () => {
  await backend.close()
  await model.close()
  await removeFolder(folder)
})

const accountOf = (role: 'crew' | 'manager') => {
  const account = backend.accounts.find((one) => one.role === role)
  if (account === undefined) throw new Error(`no ${role}`)
  return account
}

const tokenOf = async (role: 'crew' | 'manager'): Promise<string> => {
  const { email, password } = accountOf(role)
  const response = await fetch(`${backend.url}/auth/v1/token?grant_type=password`, {
    method: 'POST',
    headers: { apikey: backend.publishableKey, 'content-type': 'application/json' },
    body: JSON.stringify({ email, password })
  })
  const { access_token: token } = (await response.json()) as { access_token: string }
  return token
}

type Answer = { status: number; body: Record<string, unknown> }

const ask = async (token: string, operation: Record<string, unknown>): Promise<Answer> => {
  const response = await fetch(`${backend.url}/functions/v1/handbook`, {
    method: 'POST',
    headers: {
      apikey: backend.publishableKey,
      authorization: `Bearer ${token}`,
      'content-type': 'application/json'
    },
    body: JSON.stringify(operation)
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

const place = () => ({ organisationId, groupId: accountOf('manager').groupId })
const section = (content: string) => ({
  slug: 'apron',
  category: 'uniform',
  order: 40,
  texts: { en: { title: 'Spare aprons', content } }
})
const APRONS = 'Spare aprons hang behind the door of the linen closet, on the left hook.'

describe('the function', () => {
  it('drafts, tries, publishes, lists and guards a section', async () => {
    const token = await tokenOf('manager')
    model.embeddingRequests.length = 0
    const draft = await ask(token, { operation: 'draft', ...place(), section: section(APRONS) })
    expect(draft).toMatchObject({
      status: 200,
      body: { passages: 1, embedded: 1, withoutVector: 0 }
    })
    const { versionId } = draft.body
    const drafts = await ask(token, { operation: 'sections', ...place(), status: 'draft' })
    expect(drafts.body.sections).toMatchObject([
      { slug: 'apron', versionId, texts: { en: { content: APRONS } }, publishedAt: null }
    ])
    const tried = await ask(token, { operation: 'publish', versionIds: [versionId], dryRun: true })
    expect(tried).toMatchObject({
      status: 200,
      body: { published: [{ slug: 'apron' }], dryRun: true }
    })
    const published = await ask(token, { operation: 'publish', versionIds: [versionId] })
    expect(published).toMatchObject({ status: 200, body: { published: [{ slug: 'apron' }] } })

    const golden = await ask(token, {
      operation: 'save_golden',
      ...place(),
      question: 'Where do the spare aprons hang?',
      questionLanguage: 'en',
      sectionSlug: 'apron',
      mustSay: ['left hook']
    })
    expect(golden).toMatchObject({ status: 200, body: { hasVector: true } })
    expect(await ask(token, { operation: 'run_golden', ...place() })).toMatchObject({
      status: 200,
      body: { kept: 1, total: 1, questions: [{ mustSay: ['left hook'], missing: [] }] }
    })
    const never = await ask(token, {
      operation: 'save_golden',
      ...place(),
      question: 'Where do the spare aprons hang?',
      questionLanguage: 'en',
      sectionSlug: 'apron',
      mustSay: ['right hook']
    })
    expect(never).toMatchObject({
      status: 400,
      body: { error: 'bad_request', problem: 'the section does not say right hook' }
    })
    const moved = await ask(token, {
      operation: 'draft',
      ...place(),
      section: section(APRONS.replace('left', 'right'))
    })
    const lost = await ask(token, { operation: 'publish', versionIds: [moved.body.versionId] })
    expect(lost).toMatchObject({
      status: 409,
      body: {
        error: 'golden_regression',
        regressions: [
          {
            question: 'Where do the spare aprons hang?',
            expected: 'apron',
            got: 'apron',
            missing: ['left hook']
          }
        ]
      }
    })
    // The same text again is no draft, and costs no vector.
    model.embeddingRequests.length = 0
    const again = await ask(token, { operation: 'draft', ...place(), section: section(APRONS) })
    expect(again.body).toMatchObject({ versionId: null, embedded: 0 })
    expect(model.embeddingRequests).toEqual([])

    const worse = await ask(token, {
      operation: 'draft',
      ...place(),
      section: {
        ...section('Write down what you took.'),
        texts: { en: { title: 'Lists', content: 'Write down what you took.' } }
      }
    })
    const refused = await ask(token, {
      operation: 'publish',
      language: 'es',
      versionIds: [worse.body.versionId]
    })
    expect(refused).toMatchObject({
      status: 409,
      body: {
        error: 'golden_regression',
        message: expect.stringContaining('manual'),
        regressions: [{ question: 'Where do the spare aprons hang?', expected: 'apron' }]
      }
    })
    const stale = await ask(token, {
      operation: 'publish',
      versionIds: [versionId, worse.body.versionId]
    })
    expect([stale.status, stale.body.error]).toEqual([409, 'golden_regression'])
    const conflict = await ask(token, {
      operation: 'draft',
      ...place(),
      section: section('Something else.'),
      basedOn: versionId
    })
    expect([conflict.status, conflict.body.error]).toEqual([409, 'conflict'])

    const listed = await ask(token, { operation: 'sections', ...place() })
    const apron = (listed.body.sections as { slug: string; sectionId: string }[]).find(
      ({ slug }) => slug === 'apron'
    )
    const retire = (dryRun = false) =>
      ask(token, { operation: 'retire', sectionIds: [apron?.sectionId], dryRun })
    const question = { question: 'Where do the spare aprons hang?', expected: 'apron' }
    expect(await retire(true)).toMatchObject({
      status: 200,
      body: { dryRun: true, retired: [{ slug: 'apron' }], golden: { regressions: [question] } }
    })
    expect(await retire()).toMatchObject({
      status: 409,
      body: { error: 'golden_regression', regressions: [question] }
    })
    const { goldenId } = golden.body
    expect((await ask(token, { operation: 'delete_golden', goldenId })).status).toBe(200)
    expect(await retire()).toMatchObject({
      status: 200,
      body: { dryRun: false, retired: [{ slug: 'apron' }], golden: { regressions: [] } }
    })
    expect(await retire()).toMatchObject({ status: 200, body: { retired: [] } })
    const left = await ask(token, { operation: 'sections', ...place() })
    expect((left.body.sections as { slug: string }[]).map(({ slug }) => slug)).toEqual([
      'chicken',
      'parking'
    ])
  })

  it('shows the gaps and settles them', async () => {
    const token = await tokenOf('manager')
    const gapId = 'aaaaaaaa-0000-4000-8000-000000000001'
    await backend.database.query(
      `with gap as (
         insert into public.question_gaps (id, organisation_id, group_id, language, example)
         select $1, organisation_id, id, 'en', 'where the spare apron at' from public.groups where slug = 'harbor-and-rye'
         returning *)
       insert into public.asked_questions
           (group_id, organisation_id, question_id, language, question, restated, is_found, method, gap_id,
             outcome, unverified_quotes, unverified_figures)
         select group_id, organisation_id, gen_random_uuid(), 'en', example, 'Where is the spare apron?', false, 'hybrid',
           id, 'not_found', 0, 2 from gap`,
      [gapId]
    )
    const gaps = await ask(token, { operation: 'gaps', ...place() })
    expect(gaps).toMatchObject({
      status: 200,
      body: {
        gaps: [
          {
            gapId,
            questions: 1,
            notFound: 1,
            ratedDown: 0,
            unverified: 1,
            example: 'where the spare apron at',
            examples: [
              {
                question: 'where the spare apron at',
                restated: 'Where is the spare apron?',
                reasons: ['not_found', 'unverified']
              }
            ]
          }
        ]
      }
    })
    const settled = { operation: 'resolve_gap', gapId, status: 'dismissed' }
    expect((await ask(token, settled)).status).toBe(200)
    expect((await ask(token, { operation: 'gaps', ...place() })).body.gaps).toEqual([])
  })

  it('changes the brand’s model and back, a request at a time, and can be called off', async () => {
    const OLD = 'text-embedding-3-small'
    const NEW = 'text-embedding-3-large'
    const token = await tokenOf('manager')
    const brand = { organisationId, groupId: null }
    const models = async () => (await ask(token, { operation: 'models', ...brand })).body
    const start = (name: string) =>
      ask(token, { operation: 'start_model_change', organisationId, model: name })
    const finish = () => ask(token, { operation: 'finish_model_change', organisationId })
    expect(await models()).toEqual({ answering: OLD, next: null, lacking: 0, known: [OLD, NEW] })
    expect(await finish()).toMatchObject({
      status: 400,
      body: { problem: 'no change is under way' }
    })

    const change = async (name: string) => {
      expect((await start(name)).status).toBe(200)
      const begun = await models()
      expect(begun).toMatchObject({ next: name, lacking: expect.any(Number) })
      expect(begun.lacking).toBeGreaterThan(0)
      // Nothing answers with half of its vectors.
      expect(await finish()).toMatchObject({ status: 409, body: { error: 'conflict' } })
      const made = await ask(token, { operation: 'embed', ...brand, model: name })
      expect(made).toMatchObject({
        status: 200,
        body: { model: name, embedded: begun.lacking, lacking: 0, failure: null }
      })
      return begun.lacking
    }
    const all = await change(NEW)
    expect(await ask(token, { operation: 'cancel_model_change', organisationId })).toMatchObject({
      status: 200,
      body: { cancelled: NEW }
    })
    const spare = { operation: 'delete_unused_vectors', organisationId }
    expect((await ask(token, spare)).body).toEqual({ removed: all })
    expect((await ask(token, spare)).body).toEqual({ removed: 0 })

    for (const name of [NEW, OLD]) {
      await change(name)
      const golden = { total: 0, kept: 0, newlyFound: [], regressions: [] }
      expect((await finish()).body).toEqual({ model: name, golden })
      expect((await ask(token, spare)).body).toEqual({ removed: all })
      expect(await models()).toMatchObject({ answering: name, next: null, lacking: 0 })
    }
    // The service fails: what is lacking goes on lacking.
    expect((await start(NEW)).status).toBe(200)
    model.failing = true
    const failed = await ask(token, { operation: 'embed', ...brand, model: NEW })
    model.failing = false
    expect(failed.body).toEqual({ model: NEW, embedded: 0, lacking: all, failure: 'refused' })
    await ask(token, { operation: 'cancel_model_change', organisationId })
  })

  it('tells a brand’s people how long it keeps what was asked, and lets its managers change it', async () => {
    const brand = { organisationId }
    const set = (token: string, days: number) =>
      ask(token, { operation: 'set_retention', ...brand, days })
    const manager = await tokenOf('manager')
    const crew = await tokenOf('crew')
    for (const token of [manager, crew]) {
      const told = await ask(token, { operation: 'retention', ...brand })
      expect(told).toEqual({ status: 200, body: { days: 90 } })
    }
    expect(await set(crew, 30)).toMatchObject({ status: 403, body: { error: 'not_allowed' } })
    expect(await set(manager, 30)).toEqual({ status: 200, body: { days: 30 } })
    // Who manages one of its restaurants only.
    await backend.database.query('delete from public.organisation_memberships')
    expect(await set(manager, 60)).toMatchObject({ status: 403, body: { error: 'not_allowed' } })
    expect(await ask(manager, { operation: 'retention', ...brand })).toMatchObject({
      body: { days: 30 }
    })
    const [sol] = await backend.database.query<{ id: string }>(
      "select id from public.organisations where slug = 'sol-y-sal'"
    )
    for (const operation of ['retention', 'set_retention']) {
      const days = operation === 'retention' ? {} : { days: 30 }
      const there = await ask(manager, { operation, organisationId: sol?.id, ...days })
      expect(there).toMatchObject({ status: 403, body: { error: 'not_a_member' } })
    }
  })

  it('tells a brand’s people its caution topics, and lets its managers change them', async () => {
    const brand = { organisationId }
    const read = (token: string) => ask(token, { operation: 'caution_topics', ...brand })
    const set = (token: string, topics: string[]) =>
      ask(token, { operation: 'set_caution_topics', ...brand, topics })
    const manager = await tokenOf('manager')
    const crew = await tokenOf('crew')
    const membership = async (statement: string) =>
      backend.database.query(statement, [accountOf('manager').email, organisationId])
    await membership(
      `insert into public.organisation_memberships (user_id, organisation_id, role)
        select id, $2, 'manager' from auth.users where email = $1 on conflict do nothing`
    )
    for (const token of [manager, crew]) {
      const told = await read(token)
      expect(told.body.topics).toContain('allergens')
    }
    expect(await set(crew, ['burns'])).toMatchObject({
      status: 403,
      body: { error: 'not_allowed' }
    })
    expect(await set(manager, ['burns', 'apron', 'burns'])).toEqual({
      status: 200,
      body: { topics: ['burns', 'apron'] }
    })
    expect((await read(crew)).body).toEqual({ topics: ['burns', 'apron'] })
    for (const topics of [['Hot oil'], Array.from({ length: 101 }, (_, n) => `t-${n}`)]) {
      expect((await set(manager, topics)).status).toBe(400)
    }
    // A manager of one restaurant of the brand only.
    await membership(
      `delete from public.organisation_memberships m using auth.users u
        where u.id = m.user_id and u.email = $1 and m.organisation_id = $2`
    )
    expect(await set(manager, [])).toMatchObject({ status: 403, body: { error: 'not_allowed' } })
  })

  it('turns crew away from every operation, and everybody from another restaurant', async () => {
    const crew = await tokenOf('crew')
    const manager = await tokenOf('manager')
    const [sol] = await backend.database.query<{ id: string; organisation_id: string }>(
      "select id, organisation_id from public.groups where slug = 'sol-y-sal'"
    )
    const there = { organisationId: sol?.organisation_id ?? '', groupId: sol?.id ?? '' }
    const inPlace = (at: ReturnType<typeof place>) => [
      { operation: 'models', ...at },
      { operation: 'embed', ...at },
      ...[
        { operation: 'start_model_change', model: 'text-embedding-3-large' },
        { operation: 'finish_model_change' },
        { operation: 'cancel_model_change' },
        { operation: 'delete_unused_vectors' }
      ].map((one) => ({ ...one, organisationId: at.organisationId })),
      { operation: 'draft', ...at, section: section(APRONS) },
      { operation: 'sections', ...at },
      { operation: 'gaps', ...at },
      { operation: 'run_golden', ...at },
      {
        operation: 'save_golden',
        ...at,
        question: 'Why?',
        questionLanguage: 'en',
        sectionSlug: 'chicken'
      }
    ]
    for (const operation of inPlace(place())) {
      const { status, body } = await ask(crew, operation)
      expect([status, body.error, operation.operation]).toEqual([
        403,
        'not_allowed',
        operation.operation
      ])
    }
    for (const operation of inPlace(there)) {
      const { status, body } = await ask(manager, operation)
      expect([status, body.error, operation.operation]).toEqual([
        403,
        'not_a_member',
        operation.operation
      ])
    }
    const [hands] = await backend.database.query<{ id: string; section_id: string }>(
      `select v.id, v.section_id from public.manual_section_versions v
        join public.groups g on g.id = v.group_id where g.slug = 'sol-y-sal' and v.status = 'published'`
    )
    for (const operation of [
      { operation: 'publish', versionIds: [hands?.id] },
      { operation: 'retire', sectionIds: [hands?.section_id] }
    ]) {
      const { status, body } = await ask(manager, operation)
      expect([status, body.error]).toEqual([404, 'not_found'])
    }
    expect((await ask('eyJ.not.a-token', { operation: 'gaps', ...place() })).status).toBe(401)
  })

  it('keeps texts, questions, keys and tokens out of its log', async () => {
    const token = await tokenOf('manager')
    await ask(token, { operation: 'sections', ...place() })
    const text = logged.join('\n')
    expect(text).toContain('"operation":"draft"')
    for (const secret of [
      'linen closet',
      'spare aprons',
      'sk-test',
      backend.publishableKey,
      token.slice(0, 20)
    ]) {
      expect(text).not.toContain(secret)
    }
  })
})
