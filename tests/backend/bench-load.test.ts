// Tests the load of the search bench, which takes a quarter of an hour and must continue after a stop.
import { expect, it } from 'vitest'
import { loadOwners } from '../../bench/search/load-handbooks.ts'
import { createHandbook } from '../../bench/search/synthetic-handbook.ts'
import { HARBOR, HARBOR_BRAND, setUpRestaurants } from './support/restaurants.ts'

const SECTIONS = 12
const OWNERS = [
  { organisationId: HARBOR_BRAND, groupId: null, slugPrefix: 'brand-', sections: SECTIONS },
  { organisationId: HARBOR_BRAND, groupId: HARBOR, slugPrefix: 'own-', sections: SECTIONS }
]

const restaurants = setUpRestaurants()

const indexes = async (): Promise<string[]> => {
  const rows = await restaurants.database.query<{ definition: string }>(
    `select indexdef as definition from pg_indexes
     where tablename in ('manual_passages', 'manual_embeddings', 'section_words') order by 1`
  )
  return rows.map(({ definition }) => definition)
}

const slugs = async (): Promise<string[]> => {
  const rows = await restaurants.database.query<{ slug: string }>(
    'select slug from public.manual_sections order by 1'
  )
  return rows.map(({ slug }) => slug)
}

it('continues after a stop, writes no section twice and builds every index again', async () => {
  const { database } = restaurants
  const before = await indexes()
  const make = await createHandbook(1)
  const cut = loadOwners(database, OWNERS.slice(0, 1), make, (text) => {
    if (text.startsWith('building')) throw new Error('The power went.')
  })
  await expect(cut).rejects.toThrow('The power went.')
  expect(await slugs()).toHaveLength(SECTIONS)
  expect((await indexes()).length).toBeLessThan(before.length)

  await loadOwners(database, OWNERS, make, () => {})
  const all = OWNERS.flatMap(({ slugPrefix }) =>
    Array.from({ length: SECTIONS }, (_, place) => `${slugPrefix}${place}`)
  )
  expect((await slugs()).toSorted()).toEqual(all.toSorted())
  expect(await indexes()).toEqual(before)
  const lacking = await database.query(
    `select s.slug from public.manual_sections s
     where not exists (select from private.section_words w where w.section_id = s.id)`
  )
  expect(lacking).toEqual([])
  const [left] = await database.query<{ left: string | null }>(
    `select to_regnamespace('bench')::text as left`
  )
  expect(left?.left).toBeNull()
})
