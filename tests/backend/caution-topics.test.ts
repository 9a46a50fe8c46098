// Tests set_caution_topics on a real Postgres: its right per role, and which topics it takes.
import { beforeEach, describe, expect, it } from 'vitest'
import type { Viewer } from '../../dev/supabase/database.ts'
import {
  ANON,
  codeOf,
  errorOf,
  HARBOR_BRAND,
  SERVICE,
  SOL_BRAND,
  setUpRestaurants
} from './support/restaurants.ts'

const DEFAULT = ['allergens', 'illness', 'injury', 'chemicals']

const restaurants = setUpRestaurants()
beforeEach(() =>
  restaurants.database.query('update public.organisations set caution_topics = default')
)

const set = (by: Viewer, topics: unknown, brandId = HARBOR_BRAND): Promise<unknown> =>
  restaurants.as(by, 'select public.set_caution_topics($1, $2)', [brandId, topics])
const topicsOf = async (brandId = HARBOR_BRAND): Promise<string[] | undefined> =>
  (
    await restaurants.database.query<{ topics: string[] }>(
      'select caution_topics as topics from public.organisations where id = $1',
      [brandId]
    )
  )[0]?.topics

describe('caution topics', () => {
  it('begin with the four general ones', async () => {
    expect(await topicsOf()).toEqual(DEFAULT)
  })

  it.each(['brandManager', 'brandOwner'] as const)('are set by the %s', async (name) => {
    await set(restaurants[name], ['burns'])
    expect(await topicsOf()).toEqual(['burns'])
    expect(await topicsOf(SOL_BRAND)).toEqual(DEFAULT)
  })

  it('are set by the service', async () => {
    await set(SERVICE, ['burns'])
    expect(await topicsOf()).toEqual(['burns'])
  })

  it.each([
    ['kiosk', 'HR004'],
    ['cook', 'HR004'],
    ['lead', 'HR004'],
    ['manager', 'HR004'],
    ['owner', 'HR004'],
    ['sister', 'HR004'],
    ['rival', 'HR001'],
    ['stranger', 'HR001'],
    ['outsider', 'HR001']
  ] as const)('are not set by the %s', async (name, code) => {
    expect(await codeOf(set(restaurants[name], ['burns']))).toBe(code)
    expect(await topicsOf()).toEqual(DEFAULT)
  })

  it('are not set by anon, nor for a brand that does not exist', async () => {
    expect(await codeOf(set(ANON, ['burns']))).toBe('42501')
    const nowhere = '00000000-0000-4000-8000-000000000fff'
    expect(await codeOf(set(SERVICE, ['burns'], nowhere))).toBe('HR001')
  })

  it('are read by members of the brand, and written in the table by no member', async () => {
    const { cook, brandManager, stranger, as } = restaurants
    const read = 'select caution_topics from public.organisations where id = $1'
    for (const person of [cook, brandManager]) {
      expect(await as(person, read, [HARBOR_BRAND])).toEqual([{ caution_topics: DEFAULT }])
    }
    expect(await as(stranger, read, [HARBOR_BRAND])).toEqual([])
    const write = as(brandManager, `update public.organisations set caution_topics = '{}'`)
    expect(await codeOf(write)).toBe('42501')
  })

  it.each([
    ['none', [], []],
    ['one twice', ['burns', 'a', 'burns'], ['burns', 'a']],
    ['digits and hyphens', ['86', 'fish-4-raw'], ['86', 'fish-4-raw']],
    ['a hundred', Array.from({ length: 100 }, (_, n) => `t-${n}`), undefined]
  ])('may be %s', async (_name, topics, kept = topics) => {
    await set(restaurants.brandManager, topics)
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
    expect(await codeOf(set(restaurants.brandManager, topics))).toBe('HR400')
    expect(await topicsOf()).toEqual(DEFAULT)
  })

  it.each([
    ['{Burns}'],
    ['{a,NULL}'],
    ['{""}'],
    ['{"a,b"}'],
    ['{a,""}'],
    [`{"a,b-"}`],
    ['{"a b"}']
  ])('in the table cannot be %s', async (topics) => {
    const error = await errorOf(
      restaurants.database.query('update public.organisations set caution_topics = $1::text[]', [
        topics
      ])
    )
    expect(error?.code).toBe('23514')
  })
})
