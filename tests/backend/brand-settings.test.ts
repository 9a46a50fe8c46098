// Tests the settings of a brand: caution topics, retention, terms and the word lists behind them.
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Viewer } from '../../dev/supabase/database.ts'
import { FILLER_WORDS } from '../../src/shared/words/filler-words.ts'
import { KITCHEN_TERMS, type KitchenTerm } from '../../src/shared/words/kitchen-terms.ts'
import { KITCHEN_WORD_LIMIT } from '../../supabase/functions/_shared/kitchen-words.ts'
import { recordQuestion } from './support/asked-questions.ts'
import {
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
import { addSection, english } from './support/sections.ts'

const restaurants = setUpRestaurants()

const DEFAULT = ['allergens', 'illness', 'injury', 'chemicals']

const setTopics = (by: Viewer, topics: unknown, brandId = HARBOR_BRAND): Promise<unknown> =>
  restaurants.as(by, 'select public.set_caution_topics($1, $2)', [brandId, topics])
const topicsOf = async (brandId = HARBOR_BRAND): Promise<string[] | undefined> =>
  (
    await restaurants.database.query<{ topics: string[] }>(
      'select caution_topics as topics from public.organisations where id = $1',
      [brandId]
    )
  )[0]?.topics

describe('caution topics', () => {
  beforeEach(() =>
    restaurants.database.query('update public.organisations set caution_topics = default')
  )

  it('are set for one brand only', async () => {
    await setTopics(SERVICE, ['burns'])
    expect(await topicsOf()).toEqual(['burns'])
    expect(await topicsOf(SOL_BRAND)).toEqual(DEFAULT)
    const unknown = '00000000-0000-4000-8000-000000000fff'
    expect(await codeOf(setTopics(SERVICE, ['burns'], unknown))).toBe('HR001')
  })

  it.each([
    ['none', [], []],
    ['one twice', ['burns', 'a', 'burns'], ['burns', 'a']],
    ['digits and hyphens', ['86', 'fish-4-raw'], ['86', 'fish-4-raw']],
    ['a hundred', Array.from({ length: 100 }, (_, n) => `t-${n}`), undefined]
  ])('may be %s', async (_name, topics, kept = topics) => {
    await setTopics(restaurants.brandManager, topics)
    expect(await topicsOf()).toEqual(kept)
  })

  it.each([
    ['null', null],
    ['a null', ['burns', null]],
    ['an empty topic', ['']],
    ['capitals', ['Burns']],
    ['a space', ['hot oil']],
    ['two hyphens', ['hot--oil']],
    ['a line break', ['burns\n']],
    ['SQL', ["x'; drop table public.groups; --"]],
    ['201 characters', ['x'.repeat(201)]],
    ['101 topics', Array.from({ length: 101 }, (_, n) => `t-${n}`)]
  ])('are refused with %s', async (_name, topics) => {
    expect(await codeOf(setTopics(restaurants.brandManager, topics))).toBe('HR400')
    expect(await topicsOf()).toEqual(DEFAULT)
  })
})

describe('set_question_retention', () => {
  const set = (days: number | null) =>
    restaurants.as(restaurants.brandManager, 'select public.set_question_retention($1, $2)', [
      HARBOR_BRAND,
      days
    ])

  it('deletes older questions with the next question', async () => {
    const { database } = restaurants
    const id = await recordQuestion(database, { question: 'mop' })
    await database.query(
      `update public.asked_questions set asked_at = now() - interval '8 days' where question_id = $1`,
      [id]
    )
    await set(7)
    await recordQuestion(database, { question: 'keys' })
    const rows = await database.query<{ question: string }>(
      'select question from public.asked_questions'
    )
    expect(rows).toEqual([{ question: 'keys' }])
  })

  it.each([0, 731, null])('refuses %s days', async (days) => {
    expect(await codeOf(set(days))).toBe('HR400')
  })
})

beforeAll(async () => {
  for (const place of [HARBOR, SOL]) {
    await addSection(
      restaurants.database,
      place,
      'warmer',
      english('Holding', 'The heated cabinet stays at 135 °F.')
    )
    await addSection(restaurants.database, place, 'mops', english('Mops', 'Hang the mop to dry.'))
  }
})

const add = (person: Viewer, brandId: string, term: string, concept = `c ${term.trim()}`) =>
  restaurants.as<{ id: string }>(
    person,
    `select public.save_term($1, $2, 'en', $3, 'the heated cabinet') as id`,
    [brandId, concept, term]
  )
const remove = (person: Viewer, id: string | undefined) =>
  restaurants.as(person, 'select public.delete_term($1)', [id])

const search = async (
  person: Person,
  question: string,
  { groupId = HARBOR, language = 'en' }: { groupId?: string; language?: 'en' | 'es' } = {}
): Promise<string[]> =>
  givenSlugs(await searchAs(restaurants, person, { groupId, question, language }))

describe('terms', () => {
  it('are the same defaults in every organisation', async () => {
    const made = await restaurants.value<string>(
      `insert into public.organisations (name, slug) values ('New', 'new') returning id`
    )
    const counts = await restaurants.database.query<{ count: number }>(
      `select count(*)::int as count from public.handbook_terms
       where organisation_id = any ($1) group by organisation_id`,
      [[HARBOR_BRAND, SOL_BRAND, made]]
    )
    expect(new Set(counts.map(({ count }) => count)).size).toBe(1)
    expect(counts).toHaveLength(3)
    expect(counts[0]?.count).toBeGreaterThan(1_000)
  })

  it('are saved once, without outer spaces, and deleted', async () => {
    const { brandManager, database } = restaurants
    const [term] = await add(brandManager, HARBOR_BRAND, ' added ')
    const [same] = await add(brandManager, HARBOR_BRAND, 'added', ' c added ')
    expect(same?.id).toBe(term?.id)
    await remove(brandManager, term?.id)
    const left = await database.query('select from public.handbook_terms where id = $1', [term?.id])
    expect(left).toEqual([])
  })

  it('are refused without a letter or digit, and over 60 characters', async () => {
    for (const term of ['!!!', 'x'.repeat(61)]) {
      const error = await errorOf(add(restaurants.brandManager, HARBOR_BRAND, term, 'c'))
      expect(error?.code, term.slice(0, 5)).toBe('HR400')
    }
  })
})

describe('a search with terms', () => {
  it('finds a section by a term of its organisation only', async () => {
    const { brandManager, kiosk, stranger } = restaurants
    expect(await search(kiosk, 'where is the bessie')).toEqual([])
    await add(brandManager, HARBOR_BRAND, 'bessie', 'bessie')
    await add(brandManager, HARBOR_BRAND, 'heated cabinet', 'bessie')
    expect(await search(kiosk, 'where is the bessie')).toEqual(['warmer'])
    expect(await search(stranger, 'where is the bessie', { groupId: SOL })).toEqual([])
  })

  it('ignores a deleted term', async () => {
    const { brandManager, kiosk } = restaurants
    const [term] = await add(brandManager, HARBOR_BRAND, 'gertrude', 'gertrude')
    await add(brandManager, HARBOR_BRAND, 'heated cabinet', 'gertrude')
    expect(await search(kiosk, 'clean gertrude')).toContain('warmer')
    await remove(brandManager, term?.id)
    expect(await search(kiosk, 'clean gertrude')).not.toContain('warmer')
  })

  it('needs all words of a term', async () => {
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
    await addSection(
      restaurants.database,
      HARBOR,
      'cold',
      english('Cold holding', 'Wipe the refrigerator every night.')
    )
    try {
      expect(await search(restaurants.kiosk, question, { language })).toEqual(['cold'])
    } finally {
      await restaurants.database.query(`delete from public.manual_sections where slug = 'cold'`)
    }
  })

  it('ranks the word itself before another word for the same thing', async () => {
    const { database, kiosk } = restaurants
    for (const word of ['chicken', 'poultry']) {
      await addSection(database, HARBOR, word, english('Cooking', `Cook ${word} to 165 °F.`))
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

  it('returns at most the terms that a session takes', async () => {
    await restaurants.database.query(
      `insert into public.handbook_terms (organisation_id, concept, language, term, means)
       select $1, 'many', 'en', 'word ' || n, 'a word' from generate_series(1, 200) n`,
      [HARBOR_BRAND]
    )
    expect(await words()).toHaveLength(KITCHEN_WORD_LIMIT)
  })
})

describe('the word lists', () => {
  const inOrder = (terms: readonly KitchenTerm[]): string[] =>
    terms.map(({ concept, language, term }) => `${language} ${concept}: ${term}`).sort()

  it('has the default terms of src/shared/words', async () => {
    const rows = await restaurants.database.query<KitchenTerm>(
      'select concept, language, term from private.default_terms'
    )
    expect(inOrder(rows)).toEqual(inOrder(KITCHEN_TERMS))
  })

  it.each([
    ['en', []],
    // The stemmer of Postgres has no list with these.
    ['es', ['ser', 'tener', 'u', 'unas', 'usted', 'ustedes']]
  ] as const)('drops the filler words of %s from a question, except %j', async (language, kept) => {
    const rows = await restaurants.database.query<{ word: string }>(
      `select word from unnest($1::text[]) word
     where exists (select from private.content_words(word, $2)) order by word`,
      [[...FILLER_WORDS[language]], language]
    )
    expect(rows.map(({ word }) => word)).toEqual(kept)
  })
})
