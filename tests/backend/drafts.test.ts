// Tests how text comes into the handbook: save_draft, passages_to_embed and list_sections.
import { describe, expect, it } from 'vitest'
import type { Viewer } from '../../dev/supabase/database.ts'
import { codeOf, errorOf, HARBOR, HARBOR_BRAND, setUpRestaurants } from './support/restaurants.ts'
import { addSection, draftOf, english, uniqueSlug, writersOf } from './support/sections.ts'

const MODEL = 'text-embedding-3-small'
const VECTOR = Array.from({ length: 1_536 }, (_, at) => (at === 0 ? 1 : 0))
const LACKING =
  'select * from public.passages_to_embed($1, $2, $3, $4) order by slug, language, ordinal'
const LIST = 'select * from public.list_sections($1, $2, $3, $4, $5)'

const restaurants = setUpRestaurants()
const { save, publish, publishText, versionsOf } = writersOf(restaurants)

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

describe('save_draft', () => {
  it('replaces the earlier draft and gets its own id', async () => {
    const slug = uniqueSlug()
    const first = await save(HARBOR, slug, { en: 'One.' })
    const second = await save(HARBOR, slug, { en: 'Two.' })
    expect(second).not.toBe(first)
    expect(await versionsOf(slug)).toEqual([{ number: 2, status: 'draft', content: 'Two.' }])
    // A reviewer of the first draft does not publish the second unseen.
    expect(await codeOf(publish(restaurants.manager, [first]))).toBe('HR005')
    expect(await publish(restaurants.manager, [second])).toMatchObject({
      published: [{ slug, number: 2 }]
    })
  })

  it('keeps its id when the text is the same', async () => {
    const slug = uniqueSlug()
    const first = await save(HARBOR, slug, { en: 'One.' })
    expect(await save(HARBOR, slug, { en: 'One.' })).toBe(first)
  })

  it('is deleted when its text is published already', async () => {
    const slug = uniqueSlug()
    await publishText(HARBOR, slug, { en: 'One.' })
    await save(HARBOR, slug, { en: 'Two.' })
    expect(await save(HARBOR, slug, { en: 'One.' })).toBeNull()
    expect(await versionsOf(slug)).toEqual([{ number: 1, status: 'published', content: 'One.' }])
  })

  it('is the last of three that come at once', async () => {
    const slug = uniqueSlug()
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

  it('is a conflict when another version has replaced its base', async () => {
    const slug = uniqueSlug()
    const first = await save(HARBOR, slug, { en: 'One.' })
    const onFirst = (en: string) =>
      restaurants.as(
        restaurants.owner,
        'select public.save_draft($1, $2, $3, $4, $5, $6, $7, $8, _based_on => $9)',
        [...draftOf(HARBOR, slug, { en }), first]
      )
    await onFirst('Two.')
    expect(await errorOf(onFirst('Three.'))).toMatchObject({ code: 'HR410', message: 'conflict' })
    expect(await versionsOf(slug)).toMatchObject([{ status: 'draft', content: 'Two.' }])
  })

  it('keeps the vectors of unchanged text and adds those that come with it', async () => {
    const slug = uniqueSlug()
    const vectors = { model: 'm', of: (text: string) => (text.includes('165') ? [1, 2] : [3, 4]) }
    const none = { model: 'm', of: () => null }
    await publishText(HARBOR, slug, { en: 'Chicken: 165.', es: 'Pollo: 74.' }, vectors)
    expect(await vectorsOf(slug)).toEqual(['m [1,2]', 'm [3,4]'])
    await publishText(HARBOR, slug, { en: 'Chicken: 165.', es: 'Pollo: 75.' }, none)
    expect(await vectorsOf(slug)).toEqual(['m [1,2]'])
    // The same text with vectors of another model makes no version.
    const other = { model: 'n', of: () => [5, 6, 7] }
    expect(await save(HARBOR, slug, { en: 'Chicken: 165.', es: 'Pollo: 75.' }, other)).toBeNull()
    expect(await vectorsOf(slug)).toEqual(['m [1,2]', 'n [5,6,7]', 'n [5,6,7]'])
    // A new draft keeps the vectors of the old one.
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
    ['a bad slug', { slug: "x'; drop table groups" }],
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
    ['a bad vector', { passages: passages({ embedding: 'x' }) }],
    ['a null byte', { texts: String.raw`{"title_en": "T\u0000", "content_en": "C"}` }]
  ])('is refused with %s, and writes nothing', async (_what, change) => {
    const slug = uniqueSlug()
    const given = { slug, texts: text({}), passages: passages({}), model: 'm', ...change }
    const error = await errorOf(
      restaurants.as(
        restaurants.manager,
        `select public.save_draft($1, $2, $3, '', 1, $4::text::jsonb, $5::text::jsonb, $6)`,
        [HARBOR_BRAND, HARBOR, given.slug, given.texts, given.passages, given.model]
      )
    )
    // JSON cannot hold a null byte.
    expect(['HR400', '22P05']).toContain(error?.code)
    expect(await versionsOf(slug)).toEqual([])
  })
})

type Passage = { language: string; ordinal: number; heading: string; content: string }
const passage = (content: string, more: Partial<Passage> = {}): Passage => ({
  language: 'en',
  ordinal: 0,
  heading: '',
  content,
  ...more
})
const section = (
  slug: string,
  titleEn: string,
  passages: Passage[],
  titleEs: string | null = null
) => ({
  slug,
  title_en: titleEn,
  title_es: titleEs,
  passages
})
const lacking = async (
  viewer: Viewer,
  sections: unknown,
  groupId: string | null = HARBOR,
  model = MODEL
): Promise<string[]> => {
  const rows = await restaurants.as<{ slug: string; language: string; ordinal: number }>(
    viewer,
    LACKING,
    [HARBOR_BRAND, groupId, JSON.stringify(sections), model]
  )
  return rows.map(({ slug, language, ordinal }) => `${slug} ${language} ${ordinal}`)
}

describe('passages_to_embed', () => {
  it('names the passages without a vector of the model under that title', async () => {
    const { manager } = restaurants
    const texts = { en: 'Cool it.', es: 'Enfríela.' }
    await save(HARBOR, 'soup', texts, { model: MODEL, of: () => VECTOR })
    const same = section('soup', 'About soup', [passage('Cool it.')], 'About soup')
    expect(await lacking(manager, [same])).toEqual([])
    expect(await lacking(manager, [{ ...same, title_en: 'Soups' }])).toEqual(['soup en 0'])
    expect(await lacking(manager, [section('soup', 'About soup', [passage('Heat it.')])])).toEqual([
      'soup en 0'
    ])
    expect(
      await lacking(manager, [
        section('soup', 'About soup', [passage('Cool it.', { heading: 'Ice' })])
      ])
    ).toEqual(['soup en 0'])
    expect(
      await lacking(manager, [
        section('soup', 'About soup', [passage('Enfríela.', { language: 'es' })], 'About soup')
      ])
    ).toEqual([])
    expect(await lacking(manager, [section('rice', 'About soup', [passage('Cool it.')])])).toEqual([
      'rice en 0'
    ])
    expect(await lacking(manager, [same], HARBOR, 'text-embedding-9')).toEqual(['soup en 0'])
    expect(await lacking(manager, [])).toEqual([])
  })

  it('names no passage whose vector save_draft keeps', async () => {
    const { database } = restaurants
    const id = await save(HARBOR, 'soup', { en: 'Cool it.' }, { model: MODEL, of: () => null })
    const vectors = await database.query(
      'select from public.manual_embeddings e join public.manual_passages p on p.id = e.passage_id where p.version_id = $1',
      [id]
    )
    expect(vectors).toHaveLength(1)
  })

  it('looks at the brand’s sections apart from the restaurant’s', async () => {
    const asked = [section('soup', 'About soup', [passage('Cool it.')])]
    expect(await lacking(restaurants.brandOwner, asked, null)).toEqual(['soup en 0'])
  })

  it('refuses anything but a list of sections', async () => {
    for (const wrong of [
      '{}',
      '"soup"',
      '[{"slug":"soup","passages":{}}]',
      '[{"slug":"a","passages":[{"ordinal":"x"}]}]'
    ]) {
      const refused = await errorOf(
        restaurants.as(restaurants.manager, LACKING, [HARBOR_BRAND, HARBOR, wrong, MODEL])
      )
      expect(refused?.code).toBe('HR400')
    }
  })
})

describe('list_sections', () => {
  type Row = {
    slug: string
    title_en: string | null
    content_en: string | null
    published_at: string | null
  }
  const list = (
    viewer: Viewer,
    status = 'published',
    after: string | null = null,
    limit = 50,
    groupId: string | null = HARBOR
  ): Promise<Row[]> =>
    restaurants.as<Row>(viewer, LIST, [HARBOR_BRAND, groupId, status, after, limit])

  it('returns published sections or drafts with their text, page by page', async () => {
    await restaurants.clear('manual_sections')
    await save(HARBOR, 'soup', { en: 'Cool it.' })
    const { database, manager } = restaurants
    for (const slug of ['apples', 'bread', 'cheese']) {
      await addSection(database, HARBOR, slug, english(slug, `All about ${slug}.`))
    }
    await addSection(database, { brand: HARBOR_BRAND }, 'brand-rules', english('Rules', 'Ours.'))
    expect((await list(manager)).map(({ slug }) => slug)).toEqual(['apples', 'bread', 'cheese'])
    expect((await list(manager, 'published', 'apples', 1)).map(({ slug }) => slug)).toEqual([
      'bread'
    ])
    expect((await list(manager))[0]).toMatchObject({
      title_en: 'apples',
      content_en: 'All about apples.'
    })
    expect((await list(manager, 'draft')).map(({ slug, published_at: at }) => [slug, at])).toEqual([
      ['soup', null]
    ])
    expect(
      (await list(restaurants.brandOwner, 'published', null, 50, null)).map(({ slug }) => slug)
    ).toEqual(['brand-rules'])
  })

  it('refuses another status, and returns one row for a limit of 0', async () => {
    expect(await codeOf(list(restaurants.manager, 'retired'))).toBe('HR400')
    expect(await list(restaurants.manager, 'published', null, 0)).toHaveLength(1)
  })
})
