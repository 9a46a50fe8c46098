// How text gets into the handbook: drafts, publishing all or nothing, golden questions, shadowing, on the real
// migrations in a real Postgres.
import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  codeOf,
  errorOf,
  HARBOR,
  HARBOR_BRAND,
  type Person,
  PIER,
  SOL,
  SOL_BRAND,
  setUpRestaurants
} from './support/restaurants.ts'
import { addSection, draftOf, type Place, SAVE_DRAFT } from './support/sections.ts'

const BRAND: Place = { brand: HARBOR_BRAND }

const restaurants = setUpRestaurants()
beforeAll(async () => {
  await restaurants.database.query('update public.role_policies set daily_limit = null')
})

const unique = (): string => `s-${randomUUID()}`
/** A word of its own, so that one test's question finds nothing of another's. */
const word = (): string => `zz${randomUUID().replaceAll(/[-0-9]/g, '')}`

const writerOf = (place: Place): Person =>
  place === HARBOR ? restaurants.manager : restaurants.brandManager

const save = async (
  place: Place,
  slug: string,
  texts: { en?: string; es?: string },
  vectors?: { model: string; of: (text: string) => number[] | null }
): Promise<string | null> => {
  const [row] = await restaurants.as<{ id: string | null }>(
    writerOf(place),
    SAVE_DRAFT,
    draftOf(place, slug, texts, vectors)
  )
  return row?.id ?? null
}

type Published = {
  published: { version_id: string; slug: string; number: number }[]
  golden: {
    total: number
    kept: number
    newly_found: { question: string }[]
    regressions: { question: string; expected: string; got: string | null }[]
  }
}
const publish = async (
  person: Person,
  ids: readonly (string | null)[],
  dryRun = false
): Promise<Published> => {
  const [row] = await restaurants.as<{ result: Published }>(
    person,
    'select public.publish_versions($1::uuid[], $2) as result',
    [ids, dryRun]
  )
  if (row === undefined) throw new Error('nothing came back')
  return row.result
}
const publishText = async (
  place: Place,
  slug: string,
  texts: { en?: string; es?: string },
  vectors?: { model: string; of: (text: string) => number[] | null }
): Promise<Published> => publish(writerOf(place), [await save(place, slug, texts, vectors)])

/** Texts of the passages that a question in a restaurant gives the model. */
const contentsFound = async (groupId: string, question: string): Promise<string[]> =>
  (
    await restaurants.database.query<{ content: string }>(
      `select f.content from public.groups g
       cross join lateral private.find_passages(
         g.organisation_id, g.id, $2, null, '{}', 'en', null, 'text-embedding-3-small') f
       where g.id = $1 and f.is_given order by f.rank`,
      [groupId, question]
    )
  ).map(({ content }) => content)

const handbook = (person: Person, groupId: string) =>
  restaurants.as<{ slug: string; content_en: string | null; organisation_wide: boolean }>(
    person,
    'select * from public.get_handbook($1, null, 1000)',
    [groupId]
  )
const read = async (person: Person, groupId: string, slug: string) =>
  (await handbook(person, groupId)).find((section) => section.slug === slug)

const versionsOf = (slug: string) =>
  restaurants.database.query<{ number: number; status: string; content: string }>(
    `select v.number, v.status, v.content_en as content
     from public.manual_section_versions v join public.manual_sections s on s.id = v.section_id
     where s.slug = $1 order by v.number`,
    [slug]
  )
const vectorsOf = async (slug: string) =>
  (
    await restaurants.database.query<{ vector: string }>(
      `select e.model || ' ' || e.embedding::text as vector
       from public.manual_embeddings e
       join public.manual_passages p on p.id = e.passage_id
       join public.manual_sections s on s.id = p.section_id
       where s.slug = $1 order by 1`,
      [slug]
    )
  ).map(({ vector }) => vector)

describe('a draft', () => {
  it('is neither searched nor read by anybody until it is published', async () => {
    const [slug, term] = [unique(), word()]
    const id = await save(HARBOR, slug, { en: `The ${term} is red.` })
    const { manager, kiosk } = restaurants
    expect(await contentsFound(HARBOR, term)).toEqual([])
    for (const person of [manager, kiosk]) {
      expect(await read(person, HARBOR, slug)).toBeUndefined()
    }
    await publish(manager, [id])
    expect(await contentsFound(HARBOR, term)).toEqual([`The ${term} is red.`])
    expect(await read(kiosk, HARBOR, slug)).toMatchObject({ organisation_wide: false })
  })

  it('takes the place of the draft before it, under an id of its own', async () => {
    const slug = unique()
    const first = await save(HARBOR, slug, { en: 'One.' })
    const second = await save(HARBOR, slug, { en: 'Two.' })
    expect(second).not.toBe(first)
    expect(await versionsOf(slug)).toEqual([{ number: 2, status: 'draft', content: 'Two.' }])
    // Who has the first before them does not publish the second unseen.
    expect(await codeOf(publish(restaurants.manager, [first]))).toBe('HR005')
    expect(await publish(restaurants.manager, [second])).toMatchObject({
      published: [{ slug, number: 2 }]
    })
  })

  it('that says what the draft says already stays as it is', async () => {
    const slug = unique()
    const first = await save(HARBOR, slug, { en: 'One.' })
    expect(await save(HARBOR, slug, { en: 'One.' })).toBe(first)
  })

  it('that says what is published is none, and leaves none', async () => {
    const slug = unique()
    await publishText(HARBOR, slug, { en: 'One.' })
    await save(HARBOR, slug, { en: 'Two.' })
    expect(await save(HARBOR, slug, { en: 'One.' })).toBeNull()
    expect(await versionsOf(slug)).toEqual([{ number: 1, status: 'published', content: 'One.' }])
  })

  it('by two people at once is one draft, the last one’s', async () => {
    const slug = unique()
    const ids = await Promise.all(
      ['One.', 'Two.', 'Three.'].map((en) => save(HARBOR, slug, { en }))
    )
    expect(new Set(ids).size).toBe(3)
    expect((await versionsOf(slug)).filter(({ status }) => status === 'draft')).toHaveLength(1)
    const published = await Promise.all(
      ids.map((id) => errorOf(publish(restaurants.manager, [id])))
    )
    expect(published.map((error) => error?.code)).toEqual(['HR005', 'HR005', undefined])
  })

  it('that is based on what is not there any more is a conflict', async () => {
    const slug = unique()
    const first = await save(HARBOR, slug, { en: 'One.' })
    const onFirst = (text: string) =>
      restaurants.as<{ id: string }>(
        restaurants.owner,
        'select public.save_draft($1, $2, $3, $4, $5, $6, $7, $8, _based_on => $9) as id',
        [...draftOf(HARBOR, slug, { en: text }), first]
      )
    await onFirst('Two.')
    expect(await errorOf(onFirst('Three.'))).toMatchObject({ code: 'HR410', message: 'conflict' })
    expect(await versionsOf(slug)).toMatchObject([{ status: 'draft', content: 'Two.' }])
  })

  it('keeps the vectors of unchanged text, and takes those that come with it', async () => {
    const slug = unique()
    const vectors = { model: 'm', of: (text: string) => (text.includes('165') ? [1, 2] : [3, 4]) }
    const none = { model: 'm', of: () => null }
    await publishText(HARBOR, slug, { en: 'Chicken: 165.', es: 'Pollo: 74.' }, vectors)
    expect(await vectorsOf(slug)).toEqual(['m [1,2]', 'm [3,4]'])
    await publishText(HARBOR, slug, { en: 'Chicken: 165.', es: 'Pollo: 75.' }, none)
    expect(await vectorsOf(slug)).toEqual(['m [1,2]'])
    // The same text with the vectors of another model: written beside the old ones, and no new version.
    const other = { model: 'n', of: () => [5, 6, 7] }
    expect(await save(HARBOR, slug, { en: 'Chicken: 165.', es: 'Pollo: 75.' }, other)).toBeNull()
    expect(await vectorsOf(slug)).toEqual(['m [1,2]', 'n [5,6,7]', 'n [5,6,7]'])
    // And of a draft, which is written anew in its other language.
    await save(
      HARBOR,
      slug,
      { en: 'Chicken: 170.', es: 'Pollo: 75.' },
      { model: 'n', of: () => [8] }
    )
    await publishText(HARBOR, slug, { en: 'Chicken: 170.', es: 'Pollo: 76.' }, none)
    expect(await vectorsOf(slug)).toEqual(['n [8]'])
  })

  const text = (change: object) => JSON.stringify({ title_en: 'T', content_en: 'C', ...change })
  const passages = (change: object) =>
    JSON.stringify([{ language: 'en', ordinal: 0, content: 'C', ...change }])
  it.each([
    ['a slug that is none', { slug: "x'; drop table groups" }],
    ['no slug', { slug: null }],
    ['a title that is too long', { texts: text({ title_en: 'T'.repeat(201) }) }],
    ['an empty title', { texts: text({ title_en: '' }) }],
    ['a title without a text', { texts: text({ title_es: 'T' }) }],
    ['a text that is too long', { texts: text({ content_en: 'C'.repeat(300_001) }) }],
    ['no text at all', { texts: '{}', passages: '[]' }],
    ['texts that are a list', { texts: '[]' }],
    ['questions that are no list', { texts: text({ questions_en: 'Why?' }) }],
    ['no passages', { passages: '[]' }],
    ['passages that are no list', { passages: '{}' }],
    ['a passage of a language without a text', { passages: passages({ language: 'es' }) }],
    ['an empty passage', { passages: passages({ content: '' }) }],
    [
      'two passages in one place',
      { passages: `[${passages({}).slice(1, -1)},${passages({}).slice(1, -1)}]` }
    ],
    ['a vector without a model', { passages: passages({ embedding: [1] }), model: null }],
    ['a vector that is none', { passages: passages({ embedding: 'x' }) }],
    ['a null byte', { texts: String.raw`{"title_en": "T\u0000", "content_en": "C"}` }]
  ])('with %s is refused, and nothing is written', async (_what, change) => {
    const slug = unique()
    const given = { slug, texts: text({}), passages: passages({}), model: 'm', ...change }
    const error = await errorOf(
      restaurants.as(
        restaurants.manager,
        `select public.save_draft($1, $2, $3, '', 1, $4::text::jsonb, $5::text::jsonb, $6)`,
        [HARBOR_BRAND, HARBOR, given.slug, given.texts, given.passages, given.model]
      )
    )
    // A null byte does not even become JSON.
    expect(['HR400', '22P05']).toContain(error?.code)
    expect(await versionsOf(slug)).toEqual([])
  })
})

describe('publishing', () => {
  it('replaces what was published, which stays as history and is found no more', async () => {
    const [slug, term] = [unique(), word()]
    await publishText(HARBOR, slug, { en: `The ${term} is red.` })
    await publishText(HARBOR, slug, { en: `The ${term} is blue.` })
    expect(await contentsFound(HARBOR, term)).toEqual([`The ${term} is blue.`])
    expect(await versionsOf(slug)).toEqual([
      { number: 1, status: 'retired', content: `The ${term} is red.` },
      { number: 2, status: 'published', content: `The ${term} is blue.` }
    ])
  })

  it('of many is all or nothing: a failure on the way leaves every old version', async () => {
    const { database, manager, kiosk } = restaurants
    const slugs = [unique(), unique(), unique()]
    for (const slug of slugs) await publishText(HARBOR, slug, { en: 'Old.' })
    const ids = await Promise.all(slugs.map((slug) => save(HARBOR, slug, { en: 'New.' })))
    await database.query(
      `create function private.fail() returns trigger language plpgsql as
       $$ begin raise exception 'the disk is full' using errcode = '53100'; end $$`
    )
    await database.query(
      `create trigger fail before update of is_published on public.manual_passages
       for each row when (new.version_id = '${ids[2]}') execute function private.fail()`
    )
    try {
      expect(await codeOf(publish(manager, ids))).toBe('53100')
    } finally {
      await database.query('drop trigger fail on public.manual_passages')
      await database.query('drop function private.fail()')
    }
    for (const slug of slugs) {
      expect(await read(kiosk, HARBOR, slug)).toMatchObject({ content_en: 'Old.' })
      expect((await versionsOf(slug)).map(({ status }) => status)).toEqual(['published', 'draft'])
    }
    expect((await publish(manager, ids)).published).toHaveLength(3)
    for (const slug of slugs) {
      expect(await read(kiosk, HARBOR, slug)).toMatchObject({ content_en: 'New.' })
    }
  })

  it('twice is once', async () => {
    const slug = unique()
    const id = await save(HARBOR, slug, { en: 'One.' })
    expect((await publish(restaurants.manager, [id, id])).published).toHaveLength(1)
    expect((await publish(restaurants.manager, [id])).published).toEqual([])
  })

  it('of a version that another has replaced is a conflict', async () => {
    const slug = unique()
    const id = await save(HARBOR, slug, { en: 'One.' })
    await publish(restaurants.manager, [id])
    await publishText(HARBOR, slug, { en: 'Two.' })
    expect(await errorOf(publish(restaurants.manager, [id]))).toMatchObject({ code: 'HR410' })
  })

  it('of nothing, or of two brands’ versions together, is refused', async () => {
    const { manager, as, rival, database } = restaurants
    for (const ids of [[], [null]]) {
      expect(await codeOf(publish(manager, ids))).toBe('HR400')
    }
    await database.query(
      `insert into public.group_memberships (user_id, group_id, role) values ($1, $2, 'manager')`,
      [rival.userId, HARBOR]
    )
    const [theirs] = await as<{ id: string }>(
      rival,
      SAVE_DRAFT,
      draftOf(SOL, unique(), { en: 'x' })
    )
    const ours = await save(HARBOR, unique(), { en: 'x' })
    expect(await errorOf(publish(rival, [ours, theirs?.id ?? null]))).toMatchObject({
      code: 'HR400'
    })
    await database.query(
      'delete from public.group_memberships where user_id = $1 and group_id = $2',
      [rival.userId, HARBOR]
    )
  })

  it('ends with the role that allowed it', async () => {
    const { database } = restaurants
    const id = await save(HARBOR, unique(), { en: 'One.' })
    const change = 'update public.group_memberships set role = $2 where user_id = $1'
    await database.query(change, [restaurants.manager.userId, 'crew'])
    expect(await codeOf(publish(restaurants.manager, [id]))).toBe('HR004')
    expect(await codeOf(save(HARBOR, unique(), { en: 'One.' }))).toBe('HR004')
    await database.query(change, [restaurants.manager.userId, 'manager'])
  })

  it('dry says what would be and leaves everything as it is', async () => {
    const slug = unique()
    await publishText(HARBOR, slug, { en: 'Old.' })
    const id = await save(HARBOR, slug, { en: 'New.' })
    expect(await publish(restaurants.manager, [id], true)).toMatchObject({
      published: [{ slug, number: 2 }]
    })
    expect((await versionsOf(slug)).map(({ status }) => status)).toEqual(['published', 'draft'])
    expect(await read(restaurants.kiosk, HARBOR, slug)).toMatchObject({ content_en: 'Old.' })
  })
})

const addGolden = (groupId: string | null, question: string, slug: string) =>
  restaurants.database.query(
    `insert into public.golden_questions (organisation_id, group_id, language, question, section_slug)
     values ($1, $2, 'en', $3, $4)`,
    [HARBOR_BRAND, groupId, question, slug]
  )

describe('golden questions', () => {
  it('that would not be found any more refuse the publishing, by name', async () => {
    const [slug, term] = [unique(), word()]
    await publishText(HARBOR, slug, { en: `The ${term} is red.` })
    await addGolden(HARBOR, `${term}?`, slug)
    const id = await save(HARBOR, slug, { en: 'Nothing of the kind.' })
    const lost = {
      question: `${term}?`,
      language: 'en',
      expected: slug,
      got: null,
      missing: [],
      group: 'harbor'
    }
    expect((await publish(restaurants.manager, [id], true)).golden.regressions).toEqual([lost])
    const error = await errorOf(publish(restaurants.manager, [id]))
    expect(error).toMatchObject({ code: 'HR409', message: 'golden_regression' })
    expect(JSON.parse(error?.detail ?? '')).toEqual([lost])
    expect(await contentsFound(HARBOR, term)).toEqual([`The ${term} is red.`])
    // Something else that keeps it is published.
    const better = await publishText(HARBOR, slug, { en: `Now the ${term} is blue.` })
    expect(better.golden).toMatchObject({ regressions: [], newly_found: [] })
  })

  it('that nothing answered before do not stand in the way, and are named when something does', async () => {
    const [slug, term] = [unique(), word()]
    await addGolden(HARBOR, `${term}?`, slug)
    expect((await publishText(HARBOR, unique(), { en: 'Else.' })).golden).toMatchObject({
      regressions: []
    })
    const { golden } = await publishText(HARBOR, slug, { en: `The ${term} is red.` })
    expect(golden.newly_found).toEqual([
      {
        question: `${term}?`,
        language: 'en',
        expected: slug,
        got: slug,
        missing: [],
        group: 'harbor'
      }
    ])
    expect(golden.kept).toBe(golden.total)
  })

  it('of a restaurant refuse what the brand publishes', async () => {
    const [slug, term] = [unique(), word()]
    await publishText(BRAND, slug, { en: `The ${term} is red.` })
    await addGolden(PIER, `${term}?`, slug)
    const id = await save(BRAND, slug, { en: 'Nothing of the kind.' })
    const error = await errorOf(publish(restaurants.brandManager, [id]))
    expect(JSON.parse(error?.detail ?? '')).toMatchObject([{ expected: slug, group: 'pier' }])
  })

  it('of the brand refuse what one restaurant publishes in its own place', async () => {
    const [slug, term] = [unique(), word()]
    await publishText(BRAND, slug, { en: `The ${term} is red.` })
    await addGolden(null, `${term}?`, slug)
    const error = await errorOf(publishText(HARBOR, slug, { en: 'We do it otherwise.' }))
    expect(JSON.parse(error?.detail ?? '')).toMatchObject([{ expected: slug, group: 'harbor' }])
  })
})

describe('a brand’s section', () => {
  it('is read and found in its restaurants, and in no other', async () => {
    const [slug, term] = [unique(), word()]
    await publishText(BRAND, slug, { en: `The ${term} is red.` })
    const { kiosk, sister, stranger } = restaurants
    for (const [person, groupId] of [
      [kiosk, HARBOR],
      [sister, PIER]
    ] as const) {
      expect(await contentsFound(groupId, term)).toEqual([`The ${term} is red.`])
      expect(await read(person, groupId, slug)).toMatchObject({ organisation_wide: true })
    }
    expect(await contentsFound(SOL, term)).toEqual([])
    expect(await read(stranger, SOL, slug)).toBeUndefined()
  })

  it('gives way to a restaurant’s own of its slug, there only, as long as that is published', async () => {
    const [slug, term] = [unique(), word()]
    const { kiosk, sister, manager, as, database } = restaurants
    await publishText(BRAND, slug, { en: `The ${term} is red.` })
    const own = await save(HARBOR, slug, { en: `The ${term} is blue.` })
    expect(await contentsFound(HARBOR, term)).toEqual([`The ${term} is red.`])
    await publish(manager, [own])
    expect(await contentsFound(HARBOR, term)).toEqual([`The ${term} is blue.`])
    expect(await contentsFound(PIER, term)).toEqual([`The ${term} is red.`])
    const sections = (await handbook(kiosk, HARBOR)).filter((section) => section.slug === slug)
    expect(sections).toMatchObject([
      { content_en: `The ${term} is blue.`, organisation_wide: false }
    ])
    expect(await read(sister, PIER, slug)).toMatchObject({ content_en: `The ${term} is red.` })

    const [section] = await database.query<{ id: string }>(
      'select id from public.manual_sections where slug = $1 and group_id = $2',
      [slug, HARBOR]
    )
    await as(manager, 'select public.retire_sections(array[$1::uuid])', [section?.id])
    expect(await contentsFound(HARBOR, term)).toEqual([`The ${term} is red.`])
    expect(await read(kiosk, HARBOR, slug)).toMatchObject({ organisation_wide: true })
  })

  it('never answers by its vector where it has given way', async () => {
    const slug = unique()
    const axis = (n: number) => Array.from({ length: 3 }, (_, index) => (index === n ? 1 : 0))
    const model = 'text-embedding-3-small'
    await publishText(BRAND, slug, { en: 'Alpha.' }, { model, of: () => axis(0) })
    await publishText(HARBOR, slug, { en: 'Beta.' }, { model, of: () => axis(1) })
    const near = async (groupId: string) =>
      (
        await restaurants.database.query<{ content: string }>(
          `select f.content from private.find_passages(
             $1, $2, 'xyzzy', null, '{}', 'en', $3::extensions.vector, $4) f`,
          [HARBOR_BRAND, groupId, JSON.stringify(axis(0)), model]
        )
      ).map(({ content }) => content)
    expect(await near(PIER)).toContain('Alpha.')
    expect(await near(HARBOR)).not.toContain('Alpha.')
  })

  it('moves to no restaurant, nor one of theirs to the brand', async () => {
    const { database } = restaurants
    const id = await addSection(database, HARBOR, unique(), { en: { title: 'T', passages: ['x'] } })
    const error = await errorOf(
      database.query('update public.manual_sections set group_id = null where id = $1', [id])
    )
    expect(error?.code).toBe('HR400')
  })
})

describe('a slug', () => {
  it('is one section’s: a second is refused, within a restaurant and within a brand', async () => {
    const { database } = restaurants
    const text = { en: { title: 'T', passages: ['x'] } }
    for (const place of [HARBOR, BRAND]) {
      const slug = unique()
      await addSection(database, place, slug, text)
      expect(await codeOf(addSection(database, place, slug, text))).toBe('23505')
    }
  })
})

describe('a retired section', () => {
  it('is read and found no more, and can be written again', async () => {
    const [slug, term] = [unique(), word()]
    const { kiosk, manager, as, database } = restaurants
    await publishText(HARBOR, slug, { en: `The ${term} is red.` })
    await save(HARBOR, slug, { en: 'A draft.' })
    const [section] = await database.query<{ id: string }>(
      'select id from public.manual_sections where slug = $1',
      [slug]
    )
    await as(manager, 'select public.retire_sections(array[$1::uuid])', [section?.id])
    expect(await contentsFound(HARBOR, term)).toEqual([])
    expect(await read(kiosk, HARBOR, slug)).toBeUndefined()
    expect((await versionsOf(slug)).map(({ status }) => status)).toEqual(['retired'])
    await publishText(HARBOR, slug, { en: `The ${term} is back.` })
    expect(await contentsFound(HARBOR, term)).toEqual([`The ${term} is back.`])
  })

  type Retired = Omit<Published, 'published'> & { retired: { slug: string }[] }
  const idOf = async (slug: string, groupId: string | null = HARBOR): Promise<string> => {
    const [section] = await restaurants.database.query<{ id: string }>(
      'select id from public.manual_sections where slug = $1 and group_id is not distinct from $2',
      [slug, groupId]
    )
    return section?.id ?? ''
  }
  const retire = async (
    person: Person,
    ids: readonly (string | null)[],
    dryRun = false
  ): Promise<Retired> => {
    const [row] = await restaurants.as<{ result: Retired }>(
      person,
      'select public.retire_sections($1::uuid[], $2) as result',
      [ids, dryRun]
    )
    if (row === undefined) throw new Error('nothing came back')
    return row.result
  }

  it('that a golden question needs is not taken out, by name, nor are those that go with it', async () => {
    const { manager } = restaurants
    const [slug, other, term] = [unique(), unique(), word()]
    await publishText(HARBOR, slug, { en: `The ${term} is red.` })
    await publishText(HARBOR, other, { en: 'Else.' })
    await save(HARBOR, other, { en: 'A draft.' })
    await addGolden(HARBOR, `${term}?`, slug)
    const ids = [await idOf(slug), await idOf(other)]
    const lost = {
      question: `${term}?`,
      language: 'en',
      expected: slug,
      got: null,
      missing: [],
      group: 'harbor'
    }
    const dry = await retire(manager, ids, true)
    expect(dry.golden.regressions).toEqual([lost])
    expect(dry.retired.map((one) => one.slug)).toEqual([slug, other].sort())
    const error = await errorOf(retire(manager, ids))
    expect(error).toMatchObject({ code: 'HR409', message: 'golden_regression' })
    expect(JSON.parse(error?.detail ?? '')).toEqual([lost])
    expect(await contentsFound(HARBOR, term)).toEqual([`The ${term} is red.`])
    expect((await versionsOf(other)).map(({ status }) => status)).toEqual(['published', 'draft'])

    // Whoever means it has said so under a name of its own.
    await restaurants.database.query('delete from public.golden_questions where question = $1', [
      `${term}?`
    ])
    expect((await retire(manager, ids)).golden.regressions).toEqual([])
    expect(await contentsFound(HARBOR, term)).toEqual([])
    expect((await versionsOf(other)).map(({ status }) => status)).toEqual(['retired'])
    // Twice is once.
    expect((await retire(manager, ids)).retired).toEqual([])
  })

  it('of the brand is missed by the question of one of its restaurants, unless that has its own', async () => {
    const { manager, brandManager } = restaurants
    const [slug, term] = [unique(), word()]
    await publishText(BRAND, slug, { en: `The ${term} is red.` })
    await addGolden(PIER, `${term}?`, slug)
    const error = await errorOf(retire(brandManager, [await idOf(slug, null)]))
    expect(JSON.parse(error?.detail ?? '')).toMatchObject([{ expected: slug, group: 'pier' }])
    // Without its own, a restaurant has the brand's again, and nothing is lost.
    await publishText(HARBOR, slug, { en: `Here the ${term} is blue.` })
    await addGolden(HARBOR, `${term}?`, slug)
    const { retired, golden } = await retire(manager, [await idOf(slug)])
    expect([retired, golden.regressions]).toEqual([[expect.objectContaining({ slug })], []])
  })

  it('was one, that was never published, is gone, and a dry run takes nothing', async () => {
    const slug = unique()
    await save(HARBOR, slug, { en: 'A draft.' })
    const id = await idOf(slug)
    expect((await retire(restaurants.manager, [id], true)).retired).toMatchObject([{ slug }])
    expect(await idOf(slug)).toBe(id)
    await retire(restaurants.manager, [id])
    expect(await idOf(slug)).toBe('')
    expect(await codeOf(retire(restaurants.manager, [id]))).toBe('HR005')
  })

  it('is one of one brand, and not none', async () => {
    const { manager, rival, database } = restaurants
    for (const ids of [[], [null]]) {
      expect(await codeOf(retire(manager, ids))).toBe('HR400')
    }
    const text = { en: { title: 'T', passages: ['x'] } }
    const theirs = await addSection(database, SOL, unique(), text)
    const ours = await addSection(database, HARBOR, unique(), text)
    await database.query(
      `insert into public.group_memberships (user_id, group_id, role) values ($1, $2, 'manager')`,
      [rival.userId, HARBOR]
    )
    expect(await codeOf(retire(rival, [ours, theirs]))).toBe('HR400')
    await database.query(
      'delete from public.group_memberships where user_id = $1 and group_id = $2',
      [rival.userId, HARBOR]
    )
  })
})

describe('a restaurant that moves to another brand', () => {
  it('takes its own sections along and sees the new brand’s', async () => {
    const { database, manager, kiosk } = restaurants
    const [slug, term] = [unique(), word()]
    await publishText(HARBOR, slug, { en: `The ${term} is red.` })
    await addSection(database, { brand: SOL_BRAND }, 'sol-rule', {
      en: { title: 'T', passages: ['The sol rule.'] }
    })
    await database.query('update public.groups set organisation_id = $2 where id = $1', [
      HARBOR,
      SOL_BRAND
    ])
    try {
      expect(await contentsFound(HARBOR, term)).toEqual([`The ${term} is red.`])
      const seen = await handbook(kiosk, HARBOR)
      expect(seen.filter((section) => section.organisation_wide).map(({ slug: s }) => s)).toEqual([
        'sol-rule'
      ])
      const stale = restaurants.as(manager, SAVE_DRAFT, draftOf(HARBOR, unique(), { en: 'x' }))
      expect(await codeOf(stale)).toBe('HR001')
    } finally {
      await database.query('update public.groups set organisation_id = $2 where id = $1', [
        HARBOR,
        HARBOR_BRAND
      ])
    }
  })
})

describe('the handbook as a kiosk reads it', () => {
  it('comes page by page, each section once, by slug', async () => {
    const { database, sister } = restaurants
    for (let n = 0; n < 5; n += 1) {
      await addSection(database, n % 2 === 0 ? PIER : BRAND, `page-${n}`, {
        en: { title: 'T', passages: ['x'] }
      })
    }
    const slugs: string[] = []
    for (;;) {
      const page = await restaurants.as<{ slug: string }>(
        sister,
        'select slug from public.get_handbook($1, $2, 2)',
        [PIER, slugs.at(-1) ?? null]
      )
      slugs.push(...page.map(({ slug }) => slug))
      if (page.length < 2) break
    }
    expect(slugs).toEqual((await handbook(sister, PIER)).map(({ slug }) => slug))
    expect(slugs.filter((slug) => slug.startsWith('page-'))).toHaveLength(5)
    expect(slugs).toEqual([...slugs].sort())
  })
})
