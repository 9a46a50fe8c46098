// Tests what makes searches on the embedded Postgres quick: searches at the start, and vectors in binary.
import { beforeAll, describe, expect, it } from 'vitest'
import { vectorParameter } from '../../dev/supabase/binary-vector-parameters.ts'
import { warmUp } from '../../dev/supabase/warm-up.ts'
import { addMember, errorOf, HARBOR, setUpRestaurants } from './support/restaurants.ts'

const restaurants = setUpRestaurants()
beforeAll(async () => {
  await restaurants.database.execute('set track_functions = pl')
})

const callsOf = async (name: string): Promise<number> => {
  const { database } = restaurants
  await database.query('select pg_stat_force_next_flush()')
  return (
    (await restaurants.value<number>(
      'select coalesce(sum(calls), 0)::integer as calls from pg_stat_user_functions where funcname = $1',
      [name]
    )) ?? 0
  )
}

const TRACES = [
  'public.asked_questions',
  'public.question_gaps',
  'public.counted_questions',
  'public.usage_days',
  'public.group_usage_days',
  'private.question_vectors'
]

const traces = async (): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const table of TRACES) {
    const row = await restaurants.value<number>(`select count(*)::integer as count from ${table}`)
    counts[table] = row ?? -1
  }
  return counts
}

describe('warmUp', () => {
  it('searches in both languages, and records and counts nothing', async () => {
    const before = await traces()
    await warmUp(restaurants.database)
    expect(await traces()).toEqual(before)
    expect(await callsOf('find_passages')).toBe(2)
  })

  it('searches nothing when no member may ask, or there is none', async () => {
    const { database } = restaurants
    await database.query('update public.role_policies set can_use_ai = false')
    await warmUp(database)
    await database.query('delete from public.group_memberships')
    await warmUp(database)
    expect(await callsOf('find_passages')).toBe(2)
  })

  it('fails with the error of the search', async () => {
    const { database } = restaurants
    await addMember(database, HARBOR)
    await database.execute(`update public.role_policies set can_use_ai = true;
      alter table private.question_stop_words rename to missing`)
    expect(await errorOf(warmUp(database))).toMatchObject({ code: '42P01' })
  })
})

describe('a vector as a parameter', () => {
  const asText = async (text: string): Promise<string | undefined> => {
    const [row] = await restaurants.database.query<{ text: string }>(
      'select $1::extensions.vector::text as text',
      [text]
    )
    return row?.text
  }
  const digits = async (text: string): Promise<string | undefined> => {
    const row = await restaurants.value<string>(
      'select ($1::text)::extensions.vector::text as text',
      [text]
    )
    return row
  }

  it('goes in binary and has the value of its digits', async () => {
    const text = JSON.stringify(
      Array.from({ length: 1_536 }, (_, n) => Math.sin(n) * 10 ** ((n % 12) - 9))
    )
    expect(vectorParameter(text)).toBeInstanceOf(Uint8Array)
    expect(await asText(text)).toBe(await digits(text))
    expect(await asText(' [1, -0.5,\n2e3] ')).toBe('[1,-0.5,2000]')
  })

  it.each(['', '[]', '[1,', '{"0":1}', '[1,"2"]', '[null]', '[1e300]', '[[1]]', 'null'])(
    'is left to Postgres to refuse: %s',
    async (text) => {
      expect(vectorParameter(text)).toBe(text)
      const refused = await errorOf(digits(text))
      expect(refused).toBeDefined()
      expect(await errorOf(asText(text))).toEqual(refused)
    }
  )
})
