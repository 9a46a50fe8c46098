// Tests the table of contents that get_voice_access returns: sections, titles and order.
import { beforeEach, describe, expect, it } from 'vitest'
import { recordQuestion } from './support/asked-questions.ts'
import {
  HARBOR,
  HARBOR_BRAND,
  type Person,
  PIER,
  SOL,
  setUpRestaurants
} from './support/restaurants.ts'
import { addSection, english, type Place, saveDraft } from './support/sections.ts'

const BRAND: Place = { brand: HARBOR_BRAND }
/** At most this many sections are listed. */
const MOST_LISTED = 1_500

type Contents = {
  sections: { slug: string; title: string; category: string; asked: number }[]
  omitted: { category: string; sections: number }[]
}

const restaurants = setUpRestaurants()
beforeEach(async () => {
  await restaurants.clear('asked_questions', 'manual_sections')
})

const contents = async (person: Person, groupId: string, language = 'en'): Promise<Contents> => {
  const rows = await restaurants.as<{ contents: Contents }>(
    person,
    'select contents from public.get_voice_access($1, $2)',
    [groupId, language]
  )
  expect(rows).toHaveLength(1)
  return rows[0]?.contents ?? { sections: [], omitted: [] }
}
const ofHarbor = (language = 'en') => contents(restaurants.kiosk, HARBOR, language)
const ofPier = () => contents(restaurants.sister, PIER)

type Added = { place?: Place; en?: string; es?: string; category?: string; order?: number }
const add = async (slug: string, added: Added = {}): Promise<string> => {
  const { place = HARBOR, en = slug, es, category = '', order = 0 } = added
  const id = await addSection(restaurants.database, place, slug, {
    ...(en === '' ? {} : english(en, 'Text.')),
    ...(es === undefined ? {} : { es: { title: es, passages: ['Texto.'] } })
  })
  await restaurants.database.query(
    'update public.manual_section_versions set category = $2, sort_order = $3 where section_id = $1',
    [id, category, order]
  )
  return id
}
const slugsOf = ({ sections }: Contents): string[] => sections.map(({ slug }) => slug)

describe('the table of contents', () => {
  it('is empty for an empty handbook', async () => {
    expect(await ofHarbor()).toEqual({ sections: [], omitted: [] })
  })

  it('has the sections of the restaurant and its brand only', async () => {
    await add('own')
    await add('shared', { place: BRAND })
    await add('sisters', { place: PIER })
    await add('rivals', { place: SOL })
    expect(slugsOf(await ofHarbor())).toEqual(['own', 'shared'])
    expect(slugsOf(await ofPier())).toEqual(['shared', 'sisters'])
  })

  it('has published sections with their published titles', async () => {
    await add('chicken', { en: 'Chicken' })
    for (const slug of ['chicken', 'secret']) {
      await saveDraft(restaurants, restaurants.manager, HARBOR, slug, { en: 'Not published.' })
    }
    await add('gone')
    await restaurants.database.query(
      `update public.manual_section_versions v set status = 'retired', retired_at = now()
       from public.manual_sections s where s.id = v.section_id and s.slug = 'gone'`
    )
    expect((await ofHarbor()).sections).toEqual([
      { slug: 'chicken', title: 'Chicken', category: '', asked: 0 }
    ])
  })

  it('has a restaurant’s own section in place of the brand’s, there only', async () => {
    await add('cooling', { place: BRAND, en: 'Cooling', category: 'food' })
    await add('cooling', { en: 'Cooling at the Harbor', category: 'ours' })
    expect((await ofHarbor()).sections).toEqual([
      { slug: 'cooling', title: 'Cooling at the Harbor', category: 'ours', asked: 0 }
    ])
    expect((await ofPier()).sections).toEqual([
      { slug: 'cooling', title: 'Cooling', category: 'food', asked: 0 }
    ])
  })

  it('has the brand’s section while the restaurant’s own is a draft', async () => {
    await add('cooling', { place: BRAND, en: 'Cooling' })
    await saveDraft(restaurants, restaurants.manager, HARBOR, 'cooling', { en: 'Ours.' })
    expect((await ofHarbor()).sections).toMatchObject([{ title: 'Cooling' }])
  })

  it('has titles in the language, or in the other one when a title is missing', async () => {
    await add('both', { en: 'Chicken', es: 'Pollo' })
    await add('english', { en: 'Duck' })
    await add('spanish', { en: '', es: 'Pavo' })
    const titles = async (language: string) =>
      (await ofHarbor(language)).sections.map(({ title }) => title)
    expect(await titles('en')).toEqual(['Chicken', 'Duck', 'Pavo'])
    expect(await titles('es')).toEqual(['Pollo', 'Duck', 'Pavo'])
    expect(await titles('zh-CN')).toEqual(['Chicken', 'Duck', 'Pavo'])
  })

  it('orders categories by their first section, and sections by sort order, then slug', async () => {
    await add('d', { category: 'late', order: 30 })
    await add('c', { category: 'early', order: 40 })
    await add('b', { category: 'late', order: 20, place: BRAND })
    await add('a', { category: 'late', order: 20 })
    await add('z', { category: 'early', order: 10, place: BRAND })
    expect((await ofHarbor()).sections.map(({ category, slug }) => `${category} ${slug}`)).toEqual([
      'early z',
      'early c',
      'late a',
      'late b',
      'late d'
    ])
  })

  it('counts the answers from a section in this restaurant in 90 days', async () => {
    const { database, cook } = restaurants
    const chicken = await add('chicken')
    const duck = await add('duck', { place: BRAND })
    const ask = (section: string, group = HARBOR, by?: Person) =>
      recordQuestion(database, {
        group,
        question: 'mop',
        isFound: true,
        section,
        ...(by === undefined ? {} : { by })
      })
    await ask(chicken)
    await ask(duck)
    await ask(duck, PIER)
    await database.query(
      `update public.asked_questions set asked_at = now() - interval '91 days' where question_id = $1`,
      [await ask(duck)]
    )
    // The answer was taken from another section than the first passage.
    const report = async (outcome: string, slugs: string[]) => {
      const id = await ask(chicken, HARBOR, cook)
      await restaurants.as(cook, 'select public.report_answer($1, $2, $3, $4, 0, 0)', [
        HARBOR,
        id,
        outcome,
        slugs
      ])
    }
    await report('answered', ['duck'])
    // No section answered.
    await report('not_found', [])
    expect((await ofHarbor()).sections).toMatchObject([
      { slug: 'chicken', asked: 1 },
      { slug: 'duck', asked: 2 }
    ])
  })
})

describe('the table of contents of 1,600 sections', () => {
  beforeEach(async () => {
    // Categories of 400 sections each, one after the other; half are the brand's.
    await restaurants.database.query(
      `with sections as (
         insert into public.manual_sections (organisation_id, group_id, slug)
         select $1, case when n % 2 = 0 then $2::uuid end, 's-' || lpad(n::text, 4, '0')
         from generate_series(0, 1599) n
         returning id, slug
       )
       insert into public.manual_section_versions
         (section_id, number, status, published_at, category, sort_order, title_en, content_en)
       select id, 1, 'published', now(), 'category ' || right(slug, 4)::integer / 400, right(slug, 4)::integer,
         'Title ' || slug, 'Text.'
       from sections`,
      [HARBOR_BRAND, HARBOR]
    )
  })
  const slug = (n: number) => `s-${String(n).padStart(4, '0')}`

  it('lists 1,500 in order and counts the others by category', async () => {
    const { sections, omitted } = await ofHarbor()
    expect(sections).toHaveLength(MOST_LISTED)
    expect(slugsOf({ sections, omitted })).toEqual(
      Array.from({ length: MOST_LISTED }, (_, n) => slug(n))
    )
    expect(omitted).toEqual([{ category: 'category 3', sections: 100 }])
  })

  it('lists sections with the most answers, in their place in the handbook', async () => {
    const { database } = restaurants
    const asked = [1_599, 1_550, 1_501]
    for (const n of asked) {
      const [section] = await database.query<{ id: string }>(
        'select id from public.manual_sections where slug = $1',
        [slug(n)]
      )
      await recordQuestion(database, {
        question: 'mop',
        isFound: true,
        ...(section === undefined ? {} : { section: section.id })
      })
    }
    const { sections, omitted } = await ofHarbor()
    expect(sections).toHaveLength(MOST_LISTED)
    expect(slugsOf({ sections, omitted }).slice(-4)).toEqual([1_496, 1_501, 1_550, 1_599].map(slug))
    expect(sections.filter((section) => section.asked === 1)).toHaveLength(asked.length)
    expect(omitted).toEqual([{ category: 'category 3', sections: 100 }])
  })

  it('counts the omitted sections of each category', async () => {
    await restaurants.database.query(
      `update public.manual_section_versions set category = 'category ' || sort_order % 2`
    )
    const { omitted } = await ofHarbor()
    expect(omitted).toEqual([
      { category: 'category 0', sections: 50 },
      { category: 'category 1', sections: 50 }
    ])
  })
})
