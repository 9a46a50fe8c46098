// Tests a brand's change of its embedding model: missing vectors, golden questions, finishing and cancelling.
import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Viewer } from '../../dev/supabase/database.ts'
import {
  codeOf,
  errorOf,
  HARBOR,
  HARBOR_BRAND,
  PIER,
  SOL,
  SOL_BRAND,
  setUpRestaurants
} from './support/restaurants.ts'
import { addSection, english, publishVersions, saveDraft } from './support/sections.ts'

const OLD = 'text-embedding-3-small'
const NEW = 'text-embedding-3-large'
const WIDTH = 1_536

/** A unit vector on an axis of its own. */
const axis = (n: number): number[] => Array.from({ length: WIDTH }, (_, at) => (at === n ? 1 : 0))
const CHICKEN = 'Cook chicken to 165 °F.'
const OYSTERS = 'Oysters rest on ice.'
/** Each text on its own axis, and each model's axes apart from the other's. */
const TEXTS = [CHICKEN, OYSTERS, 'How hot is chicken?', 'zzquux?']
const vectorOf = (model: string, text: string): number[] =>
  // The last question's words are in no section: only its vector finds the oysters.
  axis((model === OLD ? 0 : 100) + (text === 'zzquux?' ? 1 : Math.max(TEXTS.indexOf(text), 0)))

const BRAND = { brand: HARBOR_BRAND }
const restaurants = setUpRestaurants()

const old = { model: OLD, of: (text: string) => vectorOf(OLD, text) }
const addGolden = (question: string, slug: string, groupId: string | null = null) =>
  restaurants.database.query(
    `insert into public.golden_questions
       (organisation_id, group_id, language, question, section_slug, embedding, embedding_model)
     values ($1, $2, 'en', $3, $4, $5, $6)`,
    [HARBOR_BRAND, groupId, question, slug, JSON.stringify(vectorOf(OLD, question)), OLD]
  )

beforeEach(async () => {
  const { database } = restaurants
  await restaurants.clear('golden_questions', 'asked_questions', 'manual_sections')
  await database.query(
    'update public.organisations set embedding_model = $1, next_embedding_model = null',
    [OLD]
  )
  await addSection(database, BRAND, 'chicken', { en: { title: 'T', passages: [CHICKEN] } }, old)
  await addSection(database, PIER, 'oysters', { en: { title: 'T', passages: [OYSTERS] } }, old)
  await addSection(database, SOL, 'chicken', { en: { title: 'T', passages: [CHICKEN] } }, old)
  await addGolden('How hot is chicken?', 'chicken')
})

type Lacking = {
  passage_id: string | null
  golden_id: string | null
  title: string | null
  content: string
  lacking: number
}
const lacking = (
  model = NEW,
  groupId: string | null = null,
  viewer: Viewer = groupId === null ? restaurants.brandManager : restaurants.manager,
  limit = 100
): Promise<Lacking[]> =>
  restaurants.as<Lacking>(viewer, 'select * from public.list_missing_embeddings($1, $2, $3, $4)', [
    HARBOR_BRAND,
    groupId,
    model,
    limit
  ])
const contents = async (...of: Parameters<typeof lacking>): Promise<string[]> =>
  (await lacking(...of)).map(({ content }) => content).sort()

const add = async (
  rows: readonly Pick<Lacking, 'passage_id' | 'golden_id' | 'content'>[],
  { model = NEW, of = vectorOf }: { model?: string; of?: typeof vectorOf } = {},
  viewer: Viewer = restaurants.brandManager,
  groupId: string | null = null
): Promise<number> => {
  const [row] = await restaurants.as<{ written: number }>(
    viewer,
    'select public.add_embeddings($1, $2, $3, $4::text::jsonb) as written',
    [
      HARBOR_BRAND,
      groupId,
      model,
      JSON.stringify(
        rows.map(({ passage_id, golden_id, content }) => ({
          passage_id,
          golden_id,
          embedding: JSON.stringify(of(model, content))
        }))
      )
    ]
  )
  return row?.written ?? -1
}
const ofBrand = async (statement: string, ...more: unknown[]): Promise<unknown> =>
  (
    await restaurants.as<{ result: unknown }>(
      restaurants.brandManager,
      `select public.${statement} as result`,
      [HARBOR_BRAND, ...more]
    )
  )[0]?.result
const start = (model = NEW) => ofBrand('start_model_change($1, $2)', model)
const finish = () => ofBrand('finish_model_change($1)')

const ask = async (model: string, question = 'How hot is chicken?') =>
  restaurants.as<{ slug: string; method: string; is_given: boolean; embedding_model: string }>(
    restaurants.sister,
    `select * from public.search_handbook($1, $2, $3, null, '{}', 'en', $4, $5, 'en')`,
    [PIER, randomUUID(), question, JSON.stringify(vectorOf(model, question)), model]
  )
const models = async () =>
  (
    await restaurants.database.query<{ model: string; vectors: number }>(
      `select model, count(*)::integer as vectors from public.manual_embeddings
       where organisation_id = $1 group by model order by model`,
      [HARBOR_BRAND]
    )
  ).map(({ model, vectors }) => `${model} ${vectors}`)

describe('search_handbook', () => {
  it('ignores a vector of another model, and names the brand’s model', async () => {
    expect((await ask(OLD))[0]).toMatchObject({
      slug: 'chicken',
      method: 'hybrid',
      embedding_model: OLD
    })
    expect((await ask(NEW))[0]).toMatchObject({
      slug: 'chicken',
      method: 'keyword',
      embedding_model: OLD
    })
    const recorded = await restaurants.database.query<{ method: string; vectors: number }>(
      `select q.method, count(v.question_id)::integer as vectors
       from public.asked_questions q left join private.question_vectors v using (group_id, question_id)
       group by q.method order by q.method`
    )
    expect(recorded).toEqual([
      { method: 'hybrid', vectors: 1 },
      { method: 'keyword', vectors: 0 }
    ])
  })

  it('ignores a vector without a model’s name', async () => {
    const rows = await restaurants.as<{ method: string }>(
      restaurants.sister,
      `select distinct method from public.search_handbook($1, $2, 'chicken', null, '{}', 'en', $3, null, 'en')`,
      [PIER, randomUUID(), JSON.stringify(axis(0))]
    )
    expect(rows).toEqual([{ method: 'keyword' }])
  })
})

describe('a missing vector', () => {
  it('is listed for published passages and golden questions of the whole brand', async () => {
    await addGolden('zzquux?', 'oysters', PIER)
    expect(await contents()).toEqual([CHICKEN, 'How hot is chicken?', OYSTERS, 'zzquux?'])
    expect(await contents(OLD)).toEqual([])
    const [one, ...others] = await lacking(NEW, null, restaurants.brandManager, 1)
    expect([one?.lacking, others]).toEqual([4, []])
    expect(one).toMatchObject({ title: 'T', golden_id: null })
  })

  it('is listed for drafts to their own managers only', async () => {
    const { manager, brandManager } = restaurants
    await saveDraft(restaurants, manager, HARBOR, 'secret', { en: 'Soon.' })
    await saveDraft(restaurants, brandManager, BRAND, 'plan', { en: 'Later.' })
    expect(await contents()).toEqual([CHICKEN, 'How hot is chicken?', 'Later.', OYSTERS])
    expect(await contents(NEW, HARBOR)).toEqual(['Soon.'])
    const rows = await lacking(OLD, HARBOR)
    expect(await add(await lacking(NEW), { model: OLD }, manager, HARBOR)).toBe(0)
    expect(await add(rows, { model: OLD }, manager, HARBOR)).toBe(1)
    expect(await contents(OLD, HARBOR)).toEqual([])
  })

  it('is written once, and never to another brand', async () => {
    await start()
    const rows = await lacking()
    expect([await add(rows), await add(rows)]).toEqual([3, 0])
    expect(await lacking()).toEqual([])
    const theirs = await restaurants.as<Lacking>(
      restaurants.rival,
      'select * from public.list_missing_embeddings($1, null, $2)',
      [SOL_BRAND, NEW]
    )
    expect(theirs.map(({ content }) => content)).toEqual([CHICKEN])
    expect(await add(theirs)).toBe(0)
    const gone = { passage_id: randomUUID(), golden_id: null, content: CHICKEN }
    expect(await add([gone])).toBe(0)
  })

  it('is refused for another model, width or form', async () => {
    const rows = await lacking()
    expect(await errorOf(add(rows))).toMatchObject({ code: 'HR410' })
    await start()
    expect(await errorOf(add(rows, { of: () => [1, 0] }))).toMatchObject({
      code: 'HR400',
      detail: 'an embedding has 1536 numbers'
    })
    for (const wrong of ['{}', '[{"passage_id":"x"}]', '[{"embedding":"x"}]', '[{}]', '1']) {
      const sent = ofBrand('add_embeddings($1, null, $2, $3::text::jsonb)', NEW, wrong)
      expect(await codeOf(sent), wrong).toBe('HR400')
    }
    expect(await models()).toEqual([`${OLD} 2`])
  })
})

describe('a change of the model', () => {
  it('keeps the old model in use until it is finished', async () => {
    await addGolden('zzquux?', 'oysters', PIER)
    await start()
    expect((await ask(OLD, 'zzquux?'))[0]).toMatchObject({ slug: 'oysters', is_given: true })
    await add(await lacking())
    expect((await ask(OLD))[0]).toMatchObject({ method: 'hybrid', embedding_model: OLD })
    expect((await ask(NEW))[0]).toMatchObject({ method: 'keyword', embedding_model: OLD })

    expect(await finish()).toEqual({
      model: NEW,
      golden: { total: 2, kept: 2, newly_found: [], regressions: [], warnings: [] }
    })
    expect((await ask(NEW))[0]).toMatchObject({ method: 'hybrid', embedding_model: NEW })
    expect((await ask(NEW, 'zzquux?'))[0]).toMatchObject({
      slug: 'oysters',
      is_given: true
    })
    expect((await ask(OLD))[0]).toMatchObject({ method: 'keyword', embedding_model: NEW })

    expect(await models()).toEqual([`${NEW} 2`, `${OLD} 2`])
    const removed = []
    for (let times = 0; times < 3; times += 1) {
      removed.push(await ofBrand('delete_unused_embeddings($1, 1)'))
    }
    expect(removed).toEqual([1, 1, 0])
    expect(await models()).toEqual([`${NEW} 2`])
    expect(await restaurants.database.query('select from private.next_golden_vectors')).toEqual([])
    // Another brand's stay.
    expect(
      await restaurants.database.query(
        'select model from public.manual_embeddings where organisation_id = $1',
        [SOL_BRAND]
      )
    ).toEqual([{ model: OLD }])
  })

  it('cannot finish while a published text lacks its vector', async () => {
    const { brandManager, manager } = restaurants
    await start()
    expect(await errorOf(finish())).toMatchObject({
      code: 'HR410',
      detail: `3 texts have no vector of ${NEW} yet`
    })
    await add(await lacking())
    const draft = await saveDraft(
      restaurants,
      brandManager,
      BRAND,
      'rice',
      { en: 'Rinse rice.' },
      old
    )
    // No search reads a draft.
    await saveDraft(restaurants, manager, HARBOR, 'secret', { en: 'Soon.' })
    await publishVersions(restaurants, brandManager, [draft])
    expect(await errorOf(finish())).toMatchObject({ code: 'HR410' })
    expect((await ask(OLD))[0]).toMatchObject({ embedding_model: OLD, method: 'hybrid' })
    const rest = await lacking()
    expect(rest.map(({ content }) => content)).toEqual(['Rinse rice.'])
    await add(rest)
    expect(await errorOf(finish())).toBeUndefined()
  })

  it('cannot finish when the brand would lose a golden question, and warns of a restaurant’s', async () => {
    // No section has the question's words, and the new model puts eight others nearer.
    const { database } = restaurants
    for (let n = 0; n < 8; n += 1) {
      const text = english('T', `Decoy ${n}.`)
      await addSection(database, BRAND, `decoy-${n}`, text, old)
    }
    await addSection(database, BRAND, 'tags', { en: { title: 'T', passages: [OYSTERS] } }, old)
    await addGolden('zzquux?', 'tags')
    await addGolden('zzquux?', 'oysters', PIER)
    await start()
    const crowded = (model: string, text: string) =>
      text === 'zzquux?' || text.startsWith('Decoy') ? axis(900) : vectorOf(model, text)
    await add(await lacking(), { of: crowded })
    const error = await errorOf(finish())
    expect(error).toMatchObject({ code: 'HR409', message: 'golden_regression' })
    expect(JSON.parse(error?.detail ?? '')).toMatchObject([
      { question: 'zzquux?', expected: 'tags', group: null }
    ])
    expect((await ask(OLD, 'zzquux?'))[0]).toMatchObject({ is_given: true, embedding_model: OLD })
    expect(await lacking()).toEqual([])
    // The change is still under way.
    await database.query(
      `delete from public.golden_questions where question = 'zzquux?' and group_id is null`
    )
    expect(await finish()).toMatchObject({
      golden: { regressions: [], warnings: [{ question: 'zzquux?', group: 'pier' }] }
    })
  })

  it('changes nothing when it is cancelled, and its vectors can be deleted', async () => {
    await start()
    await add(await lacking())
    expect(await ofBrand('cancel_model_change($1)')).toBe(NEW)
    expect(await ofBrand('cancel_model_change($1)')).toBeNull()
    expect(await errorOf(finish())).toMatchObject({
      code: 'HR400',
      detail: 'no change is under way'
    })
    expect((await ask(OLD))[0]).toMatchObject({ method: 'hybrid', embedding_model: OLD })
    expect(await ofBrand('delete_unused_embeddings($1)')).toBe(2)
    expect(await models()).toEqual([`${OLD} 2`])
    expect(await restaurants.database.query('select from private.next_golden_vectors')).toEqual([])
  })

  it('starts once, for one model that is not in use', async () => {
    await start()
    await start()
    for (const model of [OLD, 'text-embedding-9', '', null]) {
      const begun = ofBrand('start_model_change($1, $2)', model)
      expect(await codeOf(begun), String(model)).toBe('HR400')
    }
    const [brand] = await restaurants.database.query(
      'select embedding_model, next_embedding_model from public.organisations where id = $1',
      [HARBOR_BRAND]
    )
    expect(brand).toEqual({ embedding_model: OLD, next_embedding_model: NEW })
  })
})

describe('a golden question', () => {
  it('without a vector gets one of the current model', async () => {
    const { database, manager } = restaurants
    await database.query(
      `insert into public.golden_questions (organisation_id, group_id, language, question, section_slug)
       values ($1, $2, 'en', 'zzquux?', 'chicken')`,
      [HARBOR_BRAND, HARBOR]
    )
    const rows = await lacking(OLD, HARBOR)
    expect(rows.map(({ content }) => content)).toEqual(['zzquux?'])
    expect(await add(rows, { model: OLD }, manager, HARBOR)).toBe(1)
    expect(await lacking(OLD, HARBOR)).toEqual([])
  })

  it('with a vector of the next model is searched by words', async () => {
    const { database, brandManager, as } = restaurants
    await start()
    await addGolden('zzquux?', 'oysters', PIER)
    await add(await lacking())
    for (const question of ['zzquux?', 'How hot is chicken?']) {
      await database.query(
        'update public.golden_questions set embedding = $2, embedding_model = $3 where question = $1',
        [question, JSON.stringify(vectorOf(NEW, question)), NEW]
      )
    }
    const asked = await as<{ question: string; got: string | null }>(
      brandManager,
      'select question, got from public.run_golden($1, $2) order by question',
      [HARBOR_BRAND, PIER]
    )
    expect(asked.map(({ question, got }) => [question, got])).toEqual([
      ['How hot is chicken?', 'chicken'],
      ['zzquux?', null]
    ])
  })
})
