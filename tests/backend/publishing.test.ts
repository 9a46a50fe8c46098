// Tests publish_versions and retire_sections: all or nothing, golden questions, and sections of a brand.
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
import {
  addSection,
  english,
  type Place,
  retireSections,
  saveDraft,
  uniqueSlug,
  writersOf
} from './support/sections.ts'

const BRAND: Place = { brand: HARBOR_BRAND }

const restaurants = setUpRestaurants()
const { save, publish, publishText, versionsOf } = writersOf(restaurants)
beforeAll(async () => {
  await restaurants.database.query('update public.role_policies set daily_limit = null')
})

/** A new word: the question of one test finds no section of another. */
const word = (): string => `zz${randomUUID().replaceAll(/[-0-9]/g, '')}`

const idOf = async (slug: string, groupId: string | null = HARBOR): Promise<string> => {
  return (
    (await restaurants.value<string>(
      'select id from public.manual_sections where slug = $1 and group_id is not distinct from $2',
      [slug, groupId]
    )) ?? ''
  )
}
const retire = (...[person, ids, isDryRun = false]: [Person, (string | null)[], boolean?]) =>
  retireSections(restaurants, person, ids, { isDryRun })
/** A golden question that is lost or found at Harbor, as a check lists it. */
const listed = (question: string, expected: string, got: string | null) => ({
  golden_id: expect.any(String),
  question,
  language: 'en',
  expected,
  got,
  missing: [],
  group: 'harbor'
})
/** Makes Sol's owner a manager at Harbor during the work. */
const withRoleInBothBrands = async (work: (person: Person) => Promise<void>): Promise<void> => {
  const { database, rival } = restaurants
  await database.query(
    `insert into public.group_memberships (user_id, group_id, role) values ($1, $2, 'manager')`,
    [rival.userId, HARBOR]
  )
  await work(rival)
  await database.query(
    'delete from public.group_memberships where user_id = $1 and group_id = $2',
    [rival.userId, HARBOR]
  )
}

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

describe('publish_versions', () => {
  it('shows a draft to the search and to readers when it is published', async () => {
    const [slug, term] = [uniqueSlug(), word()]
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

  it('replaces the published version, which stays as history and is not found', async () => {
    const [slug, term] = [uniqueSlug(), word()]
    await publishText(HARBOR, slug, { en: `The ${term} is red.` })
    await publishText(HARBOR, slug, { en: `The ${term} is blue.` })
    expect(await contentsFound(HARBOR, term)).toEqual([`The ${term} is blue.`])
    expect(await versionsOf(slug)).toEqual([
      { number: 1, status: 'retired', content: `The ${term} is red.` },
      { number: 2, status: 'published', content: `The ${term} is blue.` }
    ])
  })

  it('publishes all or nothing: a failure leaves every old version', async () => {
    const { database, manager, kiosk } = restaurants
    const slugs = [uniqueSlug(), uniqueSlug(), uniqueSlug()]
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

  it('is idempotent', async () => {
    const slug = uniqueSlug()
    const id = await save(HARBOR, slug, { en: 'One.' })
    expect((await publish(restaurants.manager, [id, id])).published).toHaveLength(1)
    expect((await publish(restaurants.manager, [id])).published).toEqual([])
  })

  it('raises a conflict for a replaced version', async () => {
    const slug = uniqueSlug()
    const id = await save(HARBOR, slug, { en: 'One.' })
    await publish(restaurants.manager, [id])
    await publishText(HARBOR, slug, { en: 'Two.' })
    expect(await errorOf(publish(restaurants.manager, [id]))).toMatchObject({ code: 'HR410' })
  })

  it('refuses an empty list, and versions of two brands', async () => {
    for (const ids of [[], [null]]) {
      expect(await codeOf(publish(restaurants.manager, ids))).toBe('HR400')
    }
    await withRoleInBothBrands(async (person) => {
      const theirs = await saveDraft(restaurants, person, SOL, uniqueSlug(), { en: 'x' })
      const ours = await save(HARBOR, uniqueSlug(), { en: 'x' })
      expect(await codeOf(publish(person, [ours, theirs]))).toBe('HR400')
    })
  })

  it('returns the result of a dry run and changes nothing', async () => {
    const slug = uniqueSlug()
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

describe('a golden question', () => {
  it('refuses a publishing that loses it, and is named', async () => {
    const [slug, term] = [uniqueSlug(), word()]
    await publishText(HARBOR, slug, { en: `The ${term} is red.` })
    await addGolden(HARBOR, `${term}?`, slug)
    const id = await save(HARBOR, slug, { en: 'Nothing of the kind.' })
    const lost = listed(`${term}?`, slug, null)
    expect((await publish(restaurants.manager, [id], true)).golden.regressions).toEqual([lost])
    const error = await errorOf(publish(restaurants.manager, [id]))
    expect(error).toMatchObject({ code: 'HR409', message: 'golden_regression' })
    expect(JSON.parse(error?.detail ?? '')).toEqual([lost])
    expect(await contentsFound(HARBOR, term)).toEqual([`The ${term} is red.`])
    const better = await publishText(HARBOR, slug, { en: `Now the ${term} is blue.` })
    expect(better.golden).toMatchObject({ regressions: [], newly_found: [] })
  })

  it('refuses nothing while it has no answer, and is named when it gets one', async () => {
    const [slug, term] = [uniqueSlug(), word()]
    await addGolden(HARBOR, `${term}?`, slug)
    expect((await publishText(HARBOR, uniqueSlug(), { en: 'Else.' })).golden).toMatchObject({
      regressions: []
    })
    const { golden } = await publishText(HARBOR, slug, { en: `The ${term} is red.` })
    expect(golden.newly_found).toEqual([listed(`${term}?`, slug, slug)])
    expect(golden.kept).toBe(golden.total)
  })

  it('of a restaurant warns the brand, and does not stop its publishing', async () => {
    const [slug, term] = [uniqueSlug(), word()]
    await publishText(BRAND, slug, { en: `The ${term} is red.` })
    await addGolden(PIER, `${term}?`, slug)
    const id = await save(BRAND, slug, { en: 'Nothing of the kind.' })
    const warned = { regressions: [], warnings: [{ expected: slug, group: 'pier' }] }
    expect((await publish(restaurants.brandManager, [id], true)).golden).toMatchObject(warned)
    const { golden, published } = await publish(restaurants.brandManager, [id])
    expect(golden).toMatchObject(warned)
    expect(published).toMatchObject([{ slug }])
    expect(await contentsFound(PIER, term)).toEqual([])
  })

  it.each([
    ['the brand’s sections change', [null], { regressions: ['brand'], warnings: ['harbor'] }],
    ['Harbor’s sections change', [HARBOR], { regressions: ['harbor'], warnings: ['brand'] }],
    ['both change', [null, HARBOR], { regressions: ['brand', 'harbor'], warnings: [] }]
  ])(
    'refuses in the views whose own sections change, and warns in others: %s',
    async (_name, changed, lists) => {
      const golden_id = randomUUID()
      const snapshot = (isKept: boolean) =>
        JSON.stringify(
          [null, HARBOR].map((group_id) => ({
            ...{ golden_id, group_id, question: 'red?', language: 'en', expected: 's', got: null },
            ...{ missing: [], is_kept: isKept }
          }))
        )
      const golden = await restaurants.value<Record<string, { group: string | null }[]>>(
        'select private.golden_check($1, $2, $3::uuid[])',
        [snapshot(true), snapshot(false), changed]
      )
      const viewsIn = (list: string) => golden[list]?.map(({ group }) => group ?? 'brand').sort()
      expect({ regressions: viewsIn('regressions'), warnings: viewsIn('warnings') }).toEqual(lists)
    }
  )

  it('of the brand refuses a publishing of the brand that loses it', async () => {
    const [slug, term] = [uniqueSlug(), word()]
    await publishText(BRAND, slug, { en: `The ${term} is red.` })
    await addGolden(null, `${term}?`, slug)
    const id = await save(BRAND, slug, { en: 'Nothing of the kind.' })
    const error = await errorOf(publish(restaurants.brandManager, [id]))
    expect(error).toMatchObject({ code: 'HR409' })
    expect(JSON.parse(error?.detail ?? '')).toMatchObject([{ expected: slug, group: null }])
  })

  it('of the brand refuses a publishing of a restaurant', async () => {
    const [slug, term] = [uniqueSlug(), word()]
    await publishText(BRAND, slug, { en: `The ${term} is red.` })
    await addGolden(null, `${term}?`, slug)
    const error = await errorOf(publishText(HARBOR, slug, { en: 'We do it otherwise.' }))
    expect(JSON.parse(error?.detail ?? '')).toMatchObject([{ expected: slug, group: 'harbor' }])
  })
})

describe('a brand’s section', () => {
  it('is read and found in its restaurants only', async () => {
    const [slug, term] = [uniqueSlug(), word()]
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

  it('is replaced by a restaurant’s published section of its slug, there only', async () => {
    const [slug, term] = [uniqueSlug(), word()]
    const { kiosk, sister, manager } = restaurants
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

    await retire(manager, [await idOf(slug)])
    expect(await contentsFound(HARBOR, term)).toEqual([`The ${term} is red.`])
    expect(await read(kiosk, HARBOR, slug)).toMatchObject({ organisation_wide: true })
  })

  it('is not found by its vector where it is replaced', async () => {
    const slug = uniqueSlug()
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

  it('cannot move between a brand and a restaurant', async () => {
    const { database } = restaurants
    const id = await addSection(database, HARBOR, uniqueSlug(), english('T', 'x'))
    const error = await errorOf(
      database.query('update public.manual_sections set group_id = null where id = $1', [id])
    )
    expect(error?.code).toBe('HR400')
  })
})

describe('retire_sections', () => {
  it('takes a section out of reading and search until it is written again', async () => {
    const [slug, term] = [uniqueSlug(), word()]
    const { kiosk, manager } = restaurants
    await publishText(HARBOR, slug, { en: `The ${term} is red.` })
    await save(HARBOR, slug, { en: 'A draft.' })
    await retire(manager, [await idOf(slug)])
    expect(await contentsFound(HARBOR, term)).toEqual([])
    expect(await read(kiosk, HARBOR, slug)).toBeUndefined()
    expect((await versionsOf(slug)).map(({ status }) => status)).toEqual(['retired'])
    await publishText(HARBOR, slug, { en: `The ${term} is back.` })
    expect(await contentsFound(HARBOR, term)).toEqual([`The ${term} is back.`])
  })

  it('retires nothing when a golden question would be lost, and names it', async () => {
    const { manager } = restaurants
    const [slug, other, term] = [uniqueSlug(), uniqueSlug(), word()]
    await publishText(HARBOR, slug, { en: `The ${term} is red.` })
    await publishText(HARBOR, other, { en: 'Else.' })
    await save(HARBOR, other, { en: 'A draft.' })
    await addGolden(HARBOR, `${term}?`, slug)
    const ids = [await idOf(slug), await idOf(other)]
    const lost = listed(`${term}?`, slug, null)
    const dry = await retire(manager, ids, true)
    expect(dry.golden.regressions).toEqual([lost])
    expect(dry.retired.map((one) => one.slug)).toEqual([slug, other].sort())
    const error = await errorOf(retire(manager, ids))
    expect(error).toMatchObject({ code: 'HR409', message: 'golden_regression' })
    expect(JSON.parse(error?.detail ?? '')).toEqual([lost])
    expect(await contentsFound(HARBOR, term)).toEqual([`The ${term} is red.`])
    expect((await versionsOf(other)).map(({ status }) => status)).toEqual(['published', 'draft'])

    await restaurants.database.query('delete from public.golden_questions where question = $1', [
      `${term}?`
    ])
    expect((await retire(manager, ids)).golden.regressions).toEqual([])
    expect(await contentsFound(HARBOR, term)).toEqual([])
    expect((await versionsOf(other)).map(({ status }) => status)).toEqual(['retired'])
    expect((await retire(manager, ids)).retired).toEqual([])
  })

  it('asks the golden questions of all restaurants of the brand', async () => {
    const { manager, brandManager } = restaurants
    const [slug, term] = [uniqueSlug(), word()]
    await publishText(BRAND, slug, { en: `The ${term} is red.` })
    await addGolden(PIER, `${term}?`, slug)
    const dry = await retire(brandManager, [await idOf(slug, null)], true)
    expect(dry.golden).toMatchObject({
      regressions: [],
      warnings: [{ expected: slug, group: 'pier' }]
    })
    // The restaurant reads the brand's section again, so nothing is lost.
    await publishText(HARBOR, slug, { en: `Here the ${term} is blue.` })
    await addGolden(HARBOR, `${term}?`, slug)
    const { retired, golden } = await retire(manager, [await idOf(slug)])
    expect([retired, golden.regressions]).toEqual([[expect.objectContaining({ slug })], []])
  })

  it('deletes a section that was never published, but not in a dry run', async () => {
    const slug = uniqueSlug()
    await save(HARBOR, slug, { en: 'A draft.' })
    const id = await idOf(slug)
    expect((await retire(restaurants.manager, [id], true)).retired).toMatchObject([{ slug }])
    expect(await idOf(slug)).toBe(id)
    await retire(restaurants.manager, [id])
    expect(await idOf(slug)).toBe('')
    expect(await codeOf(retire(restaurants.manager, [id]))).toBe('HR005')
  })

  it('refuses an empty list, and sections of two brands', async () => {
    for (const ids of [[], [null]]) {
      expect(await codeOf(retire(restaurants.manager, ids))).toBe('HR400')
    }
    await withRoleInBothBrands(async (person) => {
      const { database } = restaurants
      const theirs = await addSection(database, SOL, uniqueSlug(), english('T', 'x'))
      const ours = await addSection(database, HARBOR, uniqueSlug(), english('T', 'x'))
      expect(await codeOf(retire(person, [ours, theirs]))).toBe('HR400')
    })
  })
})

describe('a restaurant that moves to another brand', () => {
  it('keeps its own sections and reads the new brand’s', async () => {
    const { database, manager, kiosk } = restaurants
    const [slug, term] = [uniqueSlug(), word()]
    await publishText(HARBOR, slug, { en: `The ${term} is red.` })
    await addSection(database, { brand: SOL_BRAND }, 'sol-rule', english('T', 'The sol rule.'))
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
      const stale = saveDraft(restaurants, manager, HARBOR, uniqueSlug(), { en: 'x' })
      expect(await codeOf(stale)).toBe('HR001')
    } finally {
      await database.query('update public.groups set organisation_id = $2 where id = $1', [
        HARBOR,
        HARBOR_BRAND
      ])
    }
  })
})

describe('get_handbook', () => {
  it('returns pages by slug, each section once', async () => {
    const { database, sister } = restaurants
    for (let n = 0; n < 5; n += 1) {
      await addSection(database, n % 2 === 0 ? PIER : BRAND, `page-${n}`, english('T', 'x'))
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
