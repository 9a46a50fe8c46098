// What an import asks the database: which passages lack a vector, and what there is to export. Who may ask, and whether
// save_draft agrees with what it was told.
import { describe, expect, it } from 'vitest'
import {
  codeOf,
  errorOf,
  HARBOR,
  HARBOR_BRAND,
  PIER,
  type Restaurants,
  SERVICE,
  SOL_BRAND,
  setUpRestaurants
} from './support/restaurants.ts'
import { addSection, draftOf, SAVE_DRAFT } from './support/sections.ts'

const MODEL = 'text-embedding-3-small'
const VECTOR = Array.from({ length: 1_536 }, (_, at) => (at === 0 ? 1 : 0))
const LACKING =
  'select * from public.passages_to_embed($1, $2, $3, $4) order by slug, language, ordinal'
const LIST = 'select * from public.list_sections($1, $2, $3, $4, $5)'

const restaurants = setUpRestaurants()

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
  viewer: Parameters<Restaurants['as']>[0],
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
  it('names what has no vector of the model under that title, and nothing else', async () => {
    const { manager, as } = restaurants
    await as(
      manager,
      SAVE_DRAFT,
      draftOf(
        HARBOR,
        'soup',
        { en: 'Cool it.', es: 'Enfríela.' },
        { model: MODEL, of: () => VECTOR }
      )
    )
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

  it('agrees with save_draft: what is not named keeps its vector through a new draft', async () => {
    const { manager, as, database } = restaurants
    const [saved] = await as<{ id: string }>(
      manager,
      SAVE_DRAFT,
      draftOf(HARBOR, 'soup', { en: 'Cool it.' }, { model: MODEL, of: () => null })
    )
    const vectors = await database.query(
      'select from public.manual_embeddings e join public.manual_passages p on p.id = e.passage_id where p.version_id = $1',
      [saved?.id]
    )
    expect(vectors).toHaveLength(1)
  })

  it('is for those who may write there, and tells outsider of another restaurant', async () => {
    const { cook, lead, kiosk, brandManager, brandOwner, owner, rival, outsider } = restaurants
    const asked = [section('soup', 'About soup', [passage('Cool it.')])]
    for (const viewer of [cook, lead, kiosk, brandManager]) {
      expect(await codeOf(lacking(viewer, asked))).toBe('HR004')
    }
    for (const viewer of [rival, outsider]) {
      expect(await codeOf(lacking(viewer, asked))).toBe('HR001')
    }
    for (const viewer of [owner, SERVICE]) expect(await lacking(viewer, asked)).toEqual([])
    // The brand's section of that slug is another one, and has no vector.
    expect(await lacking(brandOwner, asked, null)).toEqual(['soup en 0'])
    expect(await codeOf(lacking(owner, asked, null))).toBe('HR004')
    expect(await codeOf(lacking(owner, asked, PIER))).toMatch(/HR00[14]/)
    expect(
      await codeOf(restaurants.as({ role: 'anon' }, LACKING, [HARBOR_BRAND, HARBOR, '[]', MODEL]))
    ).toBe('42501')
  })

  it('refuses what is no list of sections', async () => {
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
    viewer: Parameters<Restaurants['as']>[0],
    status = 'published',
    after: string | null = null,
    limit = 50,
    groupId: string | null = HARBOR
  ): Promise<Row[]> =>
    restaurants.as<Row>(viewer, LIST, [HARBOR_BRAND, groupId, status, after, limit])

  it('has the whole text of what is published, page by page, and drafts apart from it', async () => {
    const { database, manager } = restaurants
    for (const slug of ['apples', 'bread', 'cheese']) {
      await addSection(database, HARBOR, slug, {
        en: { title: slug, passages: [`All about ${slug}.`] }
      })
    }
    await addSection(database, { brand: HARBOR_BRAND }, 'brand-rules', {
      en: { title: 'Rules', passages: ['Ours.'] }
    })
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

  it('is for those who may write there', async () => {
    const { cook, brandManager, rival, manager } = restaurants
    for (const viewer of [cook, brandManager]) expect(await codeOf(list(viewer))).toBe('HR004')
    expect(await codeOf(list(rival))).toBe('HR001')
    expect(
      await codeOf(restaurants.as(manager, LIST, [SOL_BRAND, HARBOR, 'published', null, 50]))
    ).toBe('HR001')
    expect(await codeOf(list(manager, 'retired'))).toBe('HR400')
    expect(await list(manager, 'published', null, 0)).toHaveLength(1)
  })
})
