// The kitchen's words of each organisation: who may change them, what every organisation starts with, and that the search
// and the voice go by them.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Viewer } from '../../local/backend/database.ts'
import { KITCHEN_WORD_LIMIT } from '../../supabase/functions/_shared/kitchen-words.ts'
import {
  ANON,
  addSection,
  errorOf,
  HARBOR,
  HARBOR_BRAND,
  openRestaurants,
  type Person,
  type Restaurants,
  SERVICE,
  SOL,
  SOL_BRAND
} from './support/restaurants.ts'

let restaurants: Restaurants
beforeAll(async () => {
  restaurants = await openRestaurants()
  for (const place of [HARBOR, SOL]) {
    await addSection(restaurants.database, place, 'warmer', {
      en: { title: 'Holding', passages: ['The heated cabinet stays at 135 °F.'] }
    })
    await addSection(restaurants.database, place, 'mops', {
      en: { title: 'Mops', passages: ['Hang the mop to dry.'] }
    })
  }
})
afterAll(() => restaurants.database.close())

const add = (person: Viewer, brandId: string, term: string, concept = `c ${term.trim()}`) =>
  restaurants.as<{ id: string }>(
    person,
    `select public.save_term($1, $2, 'en', $3, 'the heated cabinet') as id`,
    [brandId, concept, term]
  )
const forget = (person: Viewer, id: string | undefined) =>
  restaurants.as(person, 'select public.forget_term($1)', [id])

const search = async (person: Person, groupId: string, question: string) => {
  const rows = await restaurants.as<{ slug: string; found: boolean }>(
    person,
    `select * from public.search_handbook($1, $2, $3, 'en')`,
    [groupId, randomUUID(), question]
  )
  return rows.filter(({ found }) => found).map(({ slug }) => slug)
}

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

  it('are added and removed by nobody else', async () => {
    const { brandManager, manager, cook, rival, nobody } = restaurants
    const [term] = await add(brandManager, HARBOR_BRAND, 'kept')
    for (const [person, adding, forgetting] of [
      [manager, 'HR004', 'HR004'],
      [cook, 'HR004', 'HR004'],
      [rival, 'HR001', 'HR005'],
      [nobody, 'HR001', 'HR005'],
      [ANON, '42501', '42501']
    ] as const) {
      expect((await errorOf(add(person, HARBOR_BRAND, 'theirs')))?.code).toBe(adding)
      expect((await errorOf(forget(person, term?.id)))?.code).toBe(forgetting)
    }
    expect((await errorOf(forget(brandManager, randomUUID())))?.code).toBe('HR005')
  })

  it('are not mixed into what everybody says', async () => {
    const error = await errorOf(add(restaurants.brandManager, HARBOR_BRAND, 'chuck it', '~throw'))
    expect(error?.code).toBe('HR400')
  })

  it('are refused without a letter or digit, and when they are long', async () => {
    for (const term of ['!!!', 'x'.repeat(61)]) {
      const error = await errorOf(add(restaurants.brandManager, HARBOR_BRAND, term, 'c'))
      expect(error?.code, term.slice(0, 5)).toBe('HR400')
    }
  })
})

describe('the search', () => {
  it('finds by an organisation’s own word, there only', async () => {
    const { brandManager, kiosk, stranger } = restaurants
    expect(await search(kiosk, HARBOR, 'where is the bessie')).toEqual([])
    await add(brandManager, HARBOR_BRAND, 'bessie', 'bessie')
    await add(brandManager, HARBOR_BRAND, 'heated cabinet', 'bessie')
    expect((await search(kiosk, HARBOR, 'where is the bessie'))[0]).toBe('warmer')
    expect(await search(stranger, SOL, 'where is the bessie')).toEqual([])
  })

  it('wants all words of a term that has several', async () => {
    const { brandManager, kiosk } = restaurants
    await add(brandManager, HARBOR_BRAND, 'old faithful', 'faithful')
    await add(brandManager, HARBOR_BRAND, 'heated cabinet', 'faithful')
    expect((await search(kiosk, HARBOR, 'is old faithful on?'))[0]).toBe('warmer')
    expect(await search(kiosk, HARBOR, 'a faithful friend?')).toEqual([])
  })
})

describe('get_voice_access', () => {
  const words = async () => {
    const [access] = await restaurants.as<{ kitchen_words: { term: string; means: string }[] }>(
      restaurants.kiosk,
      'select * from public.get_voice_access($1)',
      [HARBOR]
    )
    return access?.kitchen_words ?? []
  }

  it('tells what a kitchen says and means', async () => {
    expect(await words()).toContainEqual({
      term: 'walk-in',
      means: expect.stringContaining('cooler')
    })
  })

  it('tells no more words than a session takes', async () => {
    await restaurants.database.query(
      `insert into public.handbook_terms (organisation_id, concept, language, term, means)
       select $1, 'many', 'en', 'word ' || n, 'a word' from generate_series(1, 200) n`,
      [HARBOR_BRAND]
    )
    expect(await words()).toHaveLength(KITCHEN_WORD_LIMIT)
  })
})

describe('what everybody says', () => {
  it('finds a section in either language, in an organisation without a word of its own', async () => {
    const { kiosk, database } = restaurants
    await database.query('delete from public.handbook_terms where organisation_id = $1', [
      HARBOR_BRAND
    ])
    await addSection(database, HARBOR, 'theft', {
      en: { title: 'Theft', passages: ['A stolen wallet is told to the manager.'] }
    })
    for (const [language, question] of [
      ['en', 'what if a thief is in the lockers?'],
      ['es', 'me robaron la cartera']
    ] as const) {
      const [best] = await restaurants.as<{ slug: string }>(
        kiosk,
        'select * from public.search_handbook($1, $2, $3, $4)',
        [HARBOR, randomUUID(), question, language]
      )
      expect(best?.slug, question).toBe('theft')
    }
  })
})

describe('a word of the handbook', () => {
  const counted = async (lexeme: string) => {
    const [row] = await restaurants.database.query<{ passages: number; sections: number }>(
      `select passages, sections from private.handbook_words
       where organisation_id = $1 and group_key = $2 and language = 'en' and lexeme = $3`,
      [HARBOR_BRAND, HARBOR, lexeme]
    )
    return row
  }

  it('is counted once for each section that holds it, however its passages come and go', async () => {
    const { database } = restaurants
    const section = await addSection(database, HARBOR, 'kimchi', {
      en: { title: 'Kimchi', passages: ['A crock.', 'A lid.', 'A spoon of kimchi.'] }
    })
    await addSection(database, HARBOR, 'sides', {
      en: { title: 'Sides', passages: ['Pickles and kimchi.'] }
    })
    expect(await counted('kimchi')).toEqual({ passages: 4, sections: 2 })
    await database.query(
      'delete from public.manual_passages where section_id = $1 and ordinal = 0',
      [section]
    )
    expect(await counted('kimchi')).toEqual({ passages: 3, sections: 2 })
    expect(await counted('crock')).toEqual({ passages: 0, sections: 0 })
    await database.query(
      `update public.manual_section_versions set status = 'retired', retired_at = now() where section_id = $1`,
      [section]
    )
    expect(await counted('kimchi')).toEqual({ passages: 1, sections: 1 })
  })
})

describe('a question that a section says it answers', () => {
  it('is answered, however common its words; one that only has them is not', async () => {
    const { database, kiosk } = restaurants
    const section = await addSection(database, HARBOR, 'towels', {
      en: { title: 'Towels', passages: ['Hang the wet towels to dry.'] }
    })
    await database.query(
      `update public.manual_section_versions set questions_en = array['Where do towels dry?'] where section_id = $1`,
      [section]
    )
    // As in a handbook of which every third section is about towels.
    await database.query('update private.handbook_words set sections = 13')
    const decisionOn = async (question: string) => {
      const [best] = await restaurants.as<{ slug: string; decision: string }>(
        kiosk,
        `select * from public.search_handbook($1, $2, $3, 'en')`,
        [HARBOR, randomUUID(), question]
      )
      return `${best?.slug}: ${best?.decision}`
    }
    expect(await decisionOn('where do towels dry')).toBe('towels: answer')
    expect(await decisionOn('dry towels?')).not.toBe('towels: answer')
  })
})
