// Tests which passages search_handbook returns: named sections, neighbours and the amount of text.
import { beforeAll, describe, expect, it } from 'vitest'
import { LONGEST_PASSAGE_TOKENS } from '../../supabase/functions/_shared/passages.ts'
import {
  HARBOR,
  HARBOR_BRAND,
  PIER,
  SERVICE,
  SOL,
  setUpRestaurants
} from './support/restaurants.ts'
import { type FoundPassage, givenSlugs, type Question, searchAs } from './support/search.ts'
import { addSection, english, type SectionText } from './support/sections.ts'

const MOST_PASSAGES = 6
const CHARACTERS_PER_TOKEN = 4
const MOST_TOKENS = 1_200

/** A passage as long as passages.ts makes them. */
const longPassage = (about: string, n: number): string =>
  `${about} ${n}. `
    .concat('Then look at it again and write it down. '.repeat(40))
    .slice(0, LONGEST_PASSAGE_TOKENS * CHARACTERS_PER_TOKEN)
const longSection = (title: string, about: string): { en: SectionText } => ({
  en: {
    title,
    passages: Array.from({ length: 12 }, (_, n) => ({
      heading: `Part ${n}`,
      anchor: `part-${n}`,
      content: longPassage(about, n)
    }))
  }
})
/** A table, which is never cut: passages.ts keeps up to 2,000 tokens whole. */
const table = (about: string, tokens: number): string => {
  const row = `| ${about} | 165 °F |\n`
  return row.repeat((tokens * CHARACTERS_PER_TOKEN) / row.length)
}

const FRYER = [
  { heading: 'Every day', anchor: 'every-day', content: 'Empty the crumb tray.' },
  { heading: 'Every week', anchor: 'every-week', content: 'Strain it through a cone.' },
  { heading: 'Every month', anchor: 'every-month', content: 'Boil the kettle out.' }
]

const restaurants = setUpRestaurants()
beforeAll(async () => {
  const { database } = restaurants
  await database.query('update public.role_policies set daily_limit = null')
  await addSection(database, HARBOR, 'cooking', {
    en: {
      title: 'Cooking temperatures',
      passages: ['Chicken must reach 165 °F.', 'Ground beef must reach 155 °F.']
    },
    es: { title: 'Temperaturas', passages: ['El pollo llega a 165 °F.', 'La carne, a 155 °F.'] }
  })
  await addSection(
    database,
    HARBOR,
    'oysters',
    english('Shellfish tags', 'Keep the tag of every oyster bag for 90 days.')
  )
  await addSection(database, HARBOR, 'propinas', {
    es: { title: 'Propinas', passages: ['Las propinas se reparten cada viernes.'] }
  })
  await addSection(database, HARBOR, 'fryer', { en: { title: 'Fryer', passages: FRYER } })
  await addSection(
    database,
    { brand: HARBOR_BRAND },
    'sick-days',
    english('Sick days of the brand', 'Call the office.')
  )
  await addSection(database, HARBOR, 'sick-days', english('Sick days', 'Call the chef.'))
  await addSection(database, SOL, 'agave', english('Agave', 'By the bar.'))
  await addSection(database, PIER, 'lobsters', english('Tank', 'Feed them.'))
  const old = await addSection(database, HARBOR, 'old-menu', english('Old menu', 'Meat loaf.'))
  await restaurants.as(SERVICE, 'select public.retire_sections(array[$1::uuid])', [old])
})

const ask = (question: string, asked: Omit<Question, 'question'> = {}): Promise<FoundPassage[]> =>
  searchAs(restaurants, restaurants.kiosk, { question, ...asked })

/** No section has a word of it. */
const UNRELATED = 'What is the wifi password?'

describe('a named section', () => {
  it('is given first, even without a word of the question', async () => {
    const rows = await ask('How hot does chicken have to be?', { sections: ['oysters'] })
    expect(rows[0]).toMatchObject({ rank: 1, slug: 'oysters', is_given: true, is_named: true })
    expect(rows[1]).toMatchObject({ rank: 2, slug: 'cooking', is_given: true, is_named: false })
    const [only, ...others] = await ask(UNRELATED, { sections: ['oysters'] })
    expect(only).toMatchObject({ slug: 'oysters', is_given: true, is_named: true })
    expect(others).toEqual([])
  })

  it('is given in the order of the names', async () => {
    for (const sections of [
      ['oysters', 'fryer', 'cooking'],
      ['cooking', 'oysters', 'fryer']
    ]) {
      expect(givenSlugs(await ask('How hot is chicken?', { sections }))).toEqual(sections)
    }
  })

  it('is given with its passage about the question', async () => {
    const [best] = await ask('How hot is ground beef?', { sections: ['cooking'] })
    expect(best?.content).toContain('155 °F')
  })

  it('is given from its beginning when it has no word of the question', async () => {
    const { database } = restaurants
    for (const n of [0, 1, 2, 3]) {
      const slug = `handout-${n}`
      await addSection(database, HARBOR, slug, longSection('Handout', 'Staple'))
      const [best] = await ask(UNRELATED, { sections: [slug] })
      expect(best?.anchor, slug).toBe('part-0')
    }
    await database.query(`delete from public.manual_sections where slug like 'handout-%'`)
  })

  it('is given in the other language when it has no other', async () => {
    const [best] = await ask(UNRELATED, { sections: ['propinas'] })
    expect(best).toMatchObject({ slug: 'propinas', language: 'es', title: 'Propinas' })
  })

  it('is the restaurant’s own instead of the brand’s', async () => {
    const [ofHarbor, ...others] = await ask(UNRELATED, { sections: ['sick-days'] })
    expect(ofHarbor).toMatchObject({ title: 'Sick days', content: 'Call the chef.' })
    expect(others).toEqual([])
    const [ofPier] = await searchAs(restaurants, restaurants.sister, {
      groupId: PIER,
      question: UNRELATED,
      sections: ['sick-days']
    })
    expect(ofPier).toMatchObject({ title: 'Sick days of the brand' })
  })

  it.each([
    ['does not exist', 'no-such-section'],
    ['is another brand’s', 'agave'],
    ['is a sister restaurant’s', 'lobsters'],
    ['is retired', 'old-menu'],
    ['is not a slug', `'; drop table x; --`],
    ['is empty', '']
  ])('is ignored when it %s', async (_name, slug) => {
    expect(await ask(UNRELATED, { sections: [slug] })).toEqual([])
    const question = 'How hot does chicken have to be?'
    expect(await ask(question, { sections: [slug] })).toEqual(await ask(question))
    expect(givenSlugs(await ask(UNRELATED, { sections: [slug, 'oysters'] }))).toEqual(['oysters'])
  })

  it('counts once when it is named thirty times', async () => {
    const once = await ask('How hot is chicken?', { sections: ['oysters', 'cooking'] })
    const thirty = Array.from({ length: 30 }, () => ['oysters', 'cooking']).flat()
    expect(await ask('How hot is chicken?', { sections: thirty })).toEqual(once)
  })

  it('counts among the first three that exist', async () => {
    const sections = ['no-such-section', 'oysters', 'fryer', 'propinas', 'sick-days']
    const rows = await ask(UNRELATED, { sections })
    expect(givenSlugs(rows)).toEqual(['oysters', 'fryer', 'propinas'])
    expect(rows.every((row) => row.is_named)).toBe(true)
  })
})

describe('a passage', () => {
  it('of a named section comes with its neighbours and their headings, in order', async () => {
    const [best, ...others] = await ask('strain through the cone', { sections: ['fryer'] })
    expect(best).toMatchObject({
      slug: 'fryer',
      anchor: 'every-week',
      heading: '',
      content: FRYER.map(({ heading, content }) => `## ${heading}\n\n${content}`).join('\n\n')
    })
    expect(others).toEqual([])
  })

  it('of another section comes with neighbours that are not given separately', async () => {
    const rows = (await ask('strain through the cone')).filter(({ slug }) => slug === 'fryer')
    expect(rows[0]?.anchor).toBe('every-week')
    expect(rows[0]?.content).toMatch(/^## .*\n\n.*(?:\n\n## .*\n\n.*)+$/)
    const texts = rows.map(({ heading, content }) =>
      heading === '' ? content : `## ${heading}\n\n${content}`
    )
    for (const { heading, content } of FRYER) {
      expect(texts.join('\n\n').split(`## ${heading}\n\n${content}`)).toHaveLength(2)
    }
  })

  it('has its own heading when there is no room for neighbours', async () => {
    const { database } = restaurants
    await addSection(database, HARBOR, 'manual', longSection('Slicer', 'blade'))
    const [best] = await ask('slicer blade 7')
    expect(best).toMatchObject({ heading: 'Part 7', anchor: 'part-7' })
    expect(best?.content).toBe(longPassage('blade', 7))
    await database.query(`delete from public.manual_sections where slug = 'manual'`)
  })

  it('comes with at most one other of its section', async () => {
    const { database } = restaurants
    await addSection(database, HARBOR, 'manual', longSection('Slicer', 'blade'))
    await addSection(database, HARBOR, 'case', english('Case', 'The blade lies in a case.'))
    const slugs = (await ask('slicer blade')).map(({ slug }) => slug)
    expect(slugs).toEqual(['manual', 'manual', 'case'])
    await database.query(`delete from public.manual_sections where slug in ('manual', 'case')`)
  })
})

describe('the amount of text', () => {
  const NAMES = ['one', 'two', 'three', 'four', 'five', 'six', 'seven']
  const KINDS: [name: string, make: (title: string) => { en: SectionText }][] = [
    ['short passages', (title) => ({ en: { title, passages: ['Wash the whisk.'] } })],
    [
      'many short passages',
      (title) => ({
        en: { title, passages: Array.from({ length: 80 }, (_, n) => `Whisk step ${n}.`) }
      })
    ],
    ['long passages', (title) => longSection(title, 'Whisk')],
    [
      'tables of 300 tokens',
      (title) => ({ en: { title, passages: [table('Whisk', 300), table('Whisk', 300)] } })
    ],
    ['tables of 600 tokens', (title) => ({ en: { title, passages: [table('Whisk', 600)] } })],
    ['tables of 2,000 tokens', (title) => ({ en: { title, passages: [table('Whisk', 2_000)] } })]
  ]

  it.each(KINDS)('is at most six passages and about 1,200 tokens: %s', async (_name, make) => {
    const { database } = restaurants
    for (const name of NAMES) await addSection(database, HARBOR, name, make(`Whisk ${name}`))
    try {
      for (const sections of [[], ['one'], ['one', 'two', 'three']]) {
        const given = (await ask('how do I wash the whisk', { sections })).filter(
          (row) => row.is_given
        )
        const characters = given.reduce(
          (sum, { title, heading, content }) =>
            sum + title.length + heading.length + content.length,
          0
        )
        expect(given.length, sections.join()).toBeGreaterThan(0)
        expect(given.length, sections.join()).toBeLessThanOrEqual(MOST_PASSAGES)
        expect(characters / CHARACTERS_PER_TOKEN, sections.join()).toBeLessThanOrEqual(MOST_TOKENS)
        expect(givenSlugs(given).slice(0, sections.length)).toEqual(sections)
        // No text is returned twice.
        const parts = given.flatMap(({ slug, content }) =>
          content.split('\n\n').map((part) => `${slug} ${part}`)
        )
        expect(new Set(parts).size).toBe(parts.length)
      }
    } finally {
      await database.query('delete from public.manual_sections where slug = any ($1)', [NAMES])
    }
  })
})

describe('needs_manager', () => {
  const slugsWithManager = async (): Promise<string[]> => {
    const rows = await ask('How hot is chicken?', { sections: ['cooking', 'oysters', 'fryer'] })
    return [...new Set(rows.filter((row) => row.needs_manager).map(({ slug }) => slug))]
  }

  it('is true of a section whose category or slug is a caution topic of the brand', async () => {
    const { as, brandManager, database } = restaurants
    expect(await slugsWithManager()).toEqual([])
    await database.query(
      `update public.manual_section_versions v set category = 'allergens'
       from public.manual_sections s where s.id = v.section_id and s.slug = 'oysters'`
    )
    expect(await slugsWithManager()).toEqual(['oysters'])
    const setTopics = (topics: string[]) =>
      as(brandManager, 'select public.set_caution_topics($1, $2)', [HARBOR_BRAND, topics])
    await setTopics(['fryer'])
    expect(await slugsWithManager()).toEqual(['fryer'])
    await setTopics([])
    expect(await slugsWithManager()).toEqual([])
  })
})
