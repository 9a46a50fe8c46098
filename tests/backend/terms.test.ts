// Tests the terms of an organisation on a real Postgres: who changes them, the default ones, and that the search and the
// voice use them.
import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Viewer } from '../../dev/supabase/database.ts'
import { KITCHEN_WORD_LIMIT } from '../../supabase/functions/_shared/kitchen-words.ts'
import {
  ANON,
  codeOf,
  errorOf,
  HARBOR,
  HARBOR_BRAND,
  type Person,
  SERVICE,
  SOL,
  SOL_BRAND,
  setUpRestaurants
} from './support/restaurants.ts'
import { givenSlugs, searchAs } from './support/search.ts'
import { addSection } from './support/sections.ts'

const restaurants = setUpRestaurants()
beforeAll(async () => {
  for (const place of [HARBOR, SOL]) {
    await addSection(restaurants.database, place, 'warmer', {
      en: { title: 'Holding', passages: ['The heated cabinet stays at 135 °F.'] }
    })
    await addSection(restaurants.database, place, 'mops', {
      en: { title: 'Mops', passages: ['Hang the mop to dry.'] }
    })
  }
})

const add = (person: Viewer, brandId: string, term: string, concept = `c ${term.trim()}`) =>
  restaurants.as<{ id: string }>(
    person,
    `select public.save_term($1, $2, 'en', $3, 'the heated cabinet') as id`,
    [brandId, concept, term]
  )
const forget = (person: Viewer, id: string | undefined) =>
  restaurants.as(person, 'select public.delete_term($1)', [id])

const search = async (
  person: Person,
  question: string,
  { groupId = HARBOR, language = 'en' }: { groupId?: string; language?: 'en' | 'es' } = {}
): Promise<string[]> =>
  givenSlugs(await searchAs(restaurants, person, { groupId, question, language }))

describe('terms', () => {
  it('are given to every organisation, the same to a new one', async () => {
    const [made] = await restaurants.database.query<{ id: string }>(
      `insert into public.organisations (name, slug) values ('New', 'new') returning id`
    )
    const counts = await restaurants.database.query<{ count: number }>(
      `select count(*)::int as count from public.handbook_terms
       where organisation_id = any ($1) group by organisation_id`,
      [[HARBOR_BRAND, SOL_BRAND, made?.id]]
    )
    expect(new Set(counts.map(({ count }) => count)).size).toBe(1)
    expect(counts).toHaveLength(3)
    expect(counts[0]?.count).toBeGreaterThan(1_000)
  })

  it('are added, changed and removed by the brand’s managers and the project', async () => {
    const { brandManager, brandOwner, database } = restaurants
    for (const person of [brandManager, brandOwner, SERVICE]) {
      const [term] = await add(person, HARBOR_BRAND, ' added ')
      const [same] = await add(person, HARBOR_BRAND, 'added', ' c added ')
      expect(same?.id).toBe(term?.id)
      await forget(person, term?.id)
      const left = await database.query('select from public.handbook_terms where id = $1', [
        term?.id
      ])
      expect(left).toEqual([])
    }
  })

  it('are added and removed by outsider else', async () => {
    const { brandManager, manager, cook, rival, outsider } = restaurants
    const [term] = await add(brandManager, HARBOR_BRAND, 'kept')
    for (const [person, adding, forgetting] of [
      [manager, 'HR004', 'HR004'],
      [cook, 'HR004', 'HR004'],
      [rival, 'HR001', 'HR005'],
      [outsider, 'HR001', 'HR005'],
      [ANON, '42501', '42501']
    ] as const) {
      expect(await codeOf(add(person, HARBOR_BRAND, 'theirs'))).toBe(adding)
      expect(await codeOf(forget(person, term?.id))).toBe(forgetting)
    }
    expect(await codeOf(forget(brandManager, randomUUID()))).toBe('HR005')
  })

  it('are refused without a letter or digit, and when they are long', async () => {
    for (const term of ['!!!', 'x'.repeat(61)]) {
      const error = await errorOf(add(restaurants.brandManager, HARBOR_BRAND, term, 'c'))
      expect(error?.code, term.slice(0, 5)).toBe('HR400')
    }
  })
})

describe('the search', () => {
  it('finds a section by a term of its organisation, and only there', async () => {
    const { brandManager, kiosk, stranger } = restaurants
    expect(await search(kiosk, 'where is the bessie')).toEqual([])
    await add(brandManager, HARBOR_BRAND, 'bessie', 'bessie')
    await add(brandManager, HARBOR_BRAND, 'heated cabinet', 'bessie')
    expect(await search(kiosk, 'where is the bessie')).toEqual(['warmer'])
    expect(await search(stranger, 'where is the bessie', { groupId: SOL })).toEqual([])
  })

  it('stops using a term that is forgotten', async () => {
    const { brandManager, kiosk } = restaurants
    const [term] = await add(brandManager, HARBOR_BRAND, 'gertrude', 'gertrude')
    await add(brandManager, HARBOR_BRAND, 'heated cabinet', 'gertrude')
    expect(await search(kiosk, 'clean gertrude')).toContain('warmer')
    await forget(brandManager, term?.id)
    expect(await search(kiosk, 'clean gertrude')).not.toContain('warmer')
  })

  it('needs all words of a term that has several', async () => {
    const { brandManager, kiosk } = restaurants
    await add(brandManager, HARBOR_BRAND, 'old faithful', 'faithful')
    await add(brandManager, HARBOR_BRAND, 'heated cabinet', 'faithful')
    expect(await search(kiosk, 'is old faithful on?')).toEqual(['warmer'])
    expect(await search(kiosk, 'a faithful friend?')).toEqual([])
  })

  it.each([
    ['en', 'is the fridge dirty'],
    ['es', 'la hielera está sucia'],
    ['es', '¿Qué hago con el REFRI?']
  ] as const)('finds by a default term, %s: %s', async (language, question) => {
    await addSection(restaurants.database, HARBOR, 'cold', {
      en: { title: 'Cold holding', passages: ['Wipe the refrigerator every night.'] }
    })
    try {
      expect(await search(restaurants.kiosk, question, { language })).toEqual(['cold'])
    } finally {
      await restaurants.database.query(`delete from public.manual_sections where slug = 'cold'`)
    }
  })

  it('puts the word itself before another word for the same thing', async () => {
    const { database, kiosk } = restaurants
    for (const word of ['chicken', 'poultry']) {
      await addSection(database, HARBOR, word, {
        en: { title: 'Cooking', passages: [`Cook ${word} to 165 °F.`] }
      })
    }
    expect(await search(kiosk, 'cook chicken')).toEqual(['chicken', 'poultry'])
    expect(await search(kiosk, 'cook poultry')).toEqual(['poultry', 'chicken'])
    await database.query(`delete from public.manual_sections where slug in ('chicken', 'poultry')`)
  })
})

describe('get_voice_access', () => {
  const words = async () => {
    const [access] = await restaurants.as<{ kitchen_words: { term: string; means: string }[] }>(
      restaurants.kiosk,
      `select * from public.get_voice_access($1, 'en')`,
      [HARBOR]
    )
    return access?.kitchen_words ?? []
  }

  it('returns terms with their meaning', async () => {
    expect(await words()).toContainEqual({
      term: 'walk-in',
      means: expect.stringContaining('cooler')
    })
  })

  it('returns at most as many terms as a session takes', async () => {
    await restaurants.database.query(
      `insert into public.handbook_terms (organisation_id, concept, language, term, means)
       select $1, 'many', 'en', 'word ' || n, 'a word' from generate_series(1, 200) n`,
      [HARBOR_BRAND]
    )
    expect(await words()).toHaveLength(KITCHEN_WORD_LIMIT)
  })
})
