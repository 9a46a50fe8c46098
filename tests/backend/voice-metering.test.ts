// Tests how keys, calls and the cost of turns are counted and limited.
import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { PRICES } from '../../bench/evaluation/answers/token-prices.ts'
import {
  addMember,
  errorOf,
  HARBOR,
  HARBOR_BRAND,
  type Person,
  setUpRestaurants
} from './support/restaurants.ts'
import { searchAs } from './support/search.ts'

const restaurants = setUpRestaurants()
let kiosk: Person

beforeEach(async () => {
  await restaurants.clear('voice_keys', 'usage_days', 'group_usage_days', 'turn_costs')
  await restaurants.database.query('delete from public.usage_limits where group_id is not null')
  await restaurants.database.query('update public.groups set daily_cost_limit = 100')
  kiosk = await addMember(restaurants.database, HARBOR)
})

const mintAs = async (person: Person, seconds: number | null = 0): Promise<string | null> => {
  const [row] = await restaurants.as<{ key_id: string | null }>(
    person,
    `select key_id from public.get_voice_access($1, 'en', $2)`,
    [HARBOR, seconds]
  )
  return row?.key_id ?? null
}

const mint = async (): Promise<string> => {
  const keyId = await mintAs(kiosk)
  if (keyId === null) throw new Error('no key was counted')
  return keyId
}

const limit = (whose: string, measure: string, period: string, most: number | null) =>
  restaurants.database.query(
    `insert into public.usage_limits (group_id, whose, measure, period, most) values ($1, $2, $3, $4, $5)`,
    [HARBOR, whose, measure, period, most]
  )

const reportCall = (keyId: string, callId: string, seconds: number | null = null, person = kiosk) =>
  restaurants.as(person, 'select public.report_call($1, $2, $3, $4)', [
    HARBOR,
    keyId,
    callId,
    seconds
  ])

const NO_TOKENS = {
  model: 'gpt-realtime-2.1',
  textInput: 0,
  textCached: 0,
  textOutput: 0,
  audioInput: 0,
  audioCached: 0,
  audioOutput: 0,
  transcriptionModel: 'gpt-live-transcribe',
  seconds: 0
}
const TURN = {
  ...NO_TOKENS,
  textInput: 10_000,
  textCached: 9_000,
  textOutput: 200,
  audioInput: 500,
  audioCached: 400,
  audioOutput: 300,
  seconds: 6
}
/** By the listed prices: 4 / 0.4 / 24 for text, 32 / 0.4 / 64 for audio, 0.017 a minute. */
const TURN_COST =
  (1_000 * 4 + 9_000 * 0.4 + 200 * 24 + 100 * 32 + 400 * 0.4 + 300 * 64) / 1e6 + (6 / 60) * 0.017

const reportCost = (questionId: string, cost: Partial<typeof TURN>) =>
  restaurants.as(kiosk, 'select public.report_cost($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)', [
    HARBOR,
    questionId,
    ...Object.values({ ...NO_TOKENS, ...cost })
  ])

const day = async () => {
  const [row] = await restaurants.as<Record<string, unknown>>(
    kiosk,
    `select questions, turns, keys, calls, call_seconds, cost::float as cost from public.usage_days where user_id = auth.uid()`
  )
  return row
}
const groupDay = async () => {
  const [row] = await restaurants.database.query<Record<string, unknown>>(
    `select questions, turns, keys, calls, call_seconds, cost::float as cost from public.group_usage_days where group_id = $1`,
    [HARBOR]
  )
  return row
}

describe('a key', () => {
  it('is counted for the person and the restaurant', async () => {
    await mint()
    await mintAs(restaurants.cook)
    expect([await day(), await groupDay()]).toMatchObject([{ keys: 1 }, { keys: 2 }])
  })

  it('is not counted by a look, nor where the voice is off or no question is left', async () => {
    const setPolicy = (change: string) =>
      restaurants.database.query(
        `update public.role_policies set ${change} where group_id = $1 and role = 'crew'`,
        [HARBOR]
      )
    expect(await mintAs(kiosk, null)).toBeNull()
    for (const change of [
      'voice_enabled = false',
      'can_use_ai = false',
      'daily_limit = 0',
      'daily_cost_limit = 0'
    ]) {
      await setPolicy(change)
      expect(await mintAs(kiosk), change).toBeNull()
      await setPolicy(
        'voice_enabled = true, can_use_ai = true, daily_limit = 50, daily_cost_limit = null'
      )
    }
    expect(await day()).toBeUndefined()
  })

  it.each(
    ['person', 'group'].flatMap((whose) =>
      ['keys', 'calls', 'call_seconds'].flatMap((measure) =>
        ['hour', 'day', 'month'].map((period) => [whose, measure, period] as const)
      )
    )
  )('is refused with HR006 at the limit of a %s’s %s in a %s', async (whose, measure, period) => {
    await reportCall(await mint(), 'rtc_1', 1)
    await limit(whose, measure, period, 2)
    await reportCall(await mint(), 'rtc_2', 1)
    const error = await errorOf(mint())
    expect(error).toMatchObject({ code: 'HR006', message: 'voice_limit_exceeded' })
    expect(JSON.parse(error?.detail ?? '')).toMatchObject({
      whose,
      measure,
      period,
      counted: 2,
      most: 2
    })
    expect(await day()).toMatchObject({ keys: 2 })
    // A colleague has the same limit, and reaches only that of the restaurant.
    const colleague = await errorOf(mintAs(restaurants.cook))
    expect(colleague?.code).toBe(whose === 'group' ? 'HR006' : undefined)
  })

  it('is refused while the person has as many live ones as the limit, until the first expires', async () => {
    await limit('person', 'live_keys', 'now', 1)
    await mintAs(kiosk, 60)
    const error = await errorOf(mintAs(kiosk, 60))
    const { retry_after_seconds: seconds, ...detail } = JSON.parse(error?.detail ?? '')
    expect(detail).toMatchObject({ measure: 'live_keys', period: 'now' })
    expect(seconds).toBeGreaterThan(55)
    expect(seconds).toBeLessThanOrEqual(60)
    await restaurants.database.query('update public.voice_keys set expires_at = now()')
    expect(await errorOf(mintAs(kiosk, 60))).toBeUndefined()
  })

  it('has limits where a restaurant sets none, and none where it sets null', async () => {
    for (let keys = 0; keys < 4; keys += 1) await mintAs(kiosk, 600)
    expect((await errorOf(mintAs(kiosk, 600)))?.code).toBe('HR006')
    await limit('person', 'live_keys', 'now', null)
    expect(await errorOf(mintAs(kiosk, 600))).toBeUndefined()
  })

  it('is counted three times of 200 at once at a limit of 3', async () => {
    await limit('person', 'keys', 'day', 3)
    const errors = await Promise.all(Array.from({ length: 200 }, () => errorOf(mint())))
    expect(errors.filter((error) => error === undefined)).toHaveLength(3)
    expect(await day()).toMatchObject({ keys: 3 })
  })

  it('is forgotten after a day, with its calls; the days stay', async () => {
    await reportCall(await mint(), 'rtc_1', 30)
    await restaurants.database.query(
      `update public.voice_keys set minted_at = now() - interval '25 hours'`
    )
    await mint()
    expect(await restaurants.value('select count(*)::int from public.voice_keys')).toBe(1)
    expect(await restaurants.value('select count(*)::int from public.voice_calls')).toBe(0)
    expect(await day()).toMatchObject({ keys: 2, calls: 1, call_seconds: 30 })
  })
})

describe('a call', () => {
  it('counts once, with its length, however often and in which order it is reported', async () => {
    const keyId = await mint()
    for (const seconds of [null, null, 42, 50, null]) await reportCall(keyId, 'rtc_1', seconds)
    await reportCall(keyId, 'rtc_2', 5_000)
    expect([await day(), await groupDay()]).toMatchObject([
      { calls: 2, call_seconds: 3_642 },
      { calls: 2, call_seconds: 3_642 }
    ])
  })

  it('counts with its length so far while it is open, and with an hour when its end is never reported', async () => {
    const { database } = restaurants
    await reportCall(await mint(), 'rtc_1')
    await database.query(`update public.voice_calls set opened_at = now() - interval '50 minutes'`)
    await limit('person', 'call_seconds', 'day', 2_900)
    expect((await errorOf(mint()))?.code).toBe('HR006')
    await database.query('delete from public.usage_limits where group_id is not null')
    await database.query(`update public.voice_calls set opened_at = now() - interval '2 hours'`)
    await mint()
    expect(await day()).toMatchObject({ calls: 1, call_seconds: 3_600 })
  })

  it('is ignored for the key of another person, an unknown key, and after a hundred calls of one key', async () => {
    const keyId = await mint()
    await reportCall(keyId, 'rtc_1', null, restaurants.cook)
    await reportCall(randomUUID(), 'rtc_1')
    expect(await day()).toMatchObject({ calls: 0 })
    for (let call = 0; call < 101; call += 1) await reportCall(keyId, `rtc_${call}`)
    expect(await day()).toMatchObject({ calls: 100 })
  })
})

describe('model_prices', () => {
  it('has the prices by which an evaluation is estimated', async () => {
    const rows = await restaurants.as<Record<'model' | 'input' | 'cached' | 'output', unknown>>(
      kiosk,
      `select model, text_input::float as input, text_cached::float as cached, text_output::float as output
       from public.model_prices where text_input is not null and valid_from = $1`,
      [PRICES.date]
    )
    expect(Object.fromEntries(rows.map(({ model, ...price }) => [model, price]))).toEqual(
      PRICES.perMillion
    )
  })
})

describe('a turn', () => {
  it('costs what its tokens cost by kind, and the seconds of its transcription', async () => {
    await reportCost(randomUUID(), TURN)
    expect(Number((await day())?.cost)).toBeCloseTo(TURN_COST, 6)
    expect(await groupDay()).toEqual(await day())
  })

  it('counts once, with its last and highest tokens', async () => {
    const questionId = randomUUID()
    await reportCost(questionId, { ...TURN, audioOutput: 100, seconds: 0 })
    await reportCost(questionId, TURN)
    await reportCost(questionId, { ...TURN, textInput: 9_500 })
    const counted = await day()
    expect(counted).toMatchObject({ turns: 1 })
    expect(Number(counted?.cost)).toBeCloseTo(TURN_COST, 6)
  })

  it('has the price of its day, and the dearest one without a price of its own', async () => {
    const { database } = restaurants
    const costOf = async (model: string): Promise<number> => {
      await restaurants.clear('usage_days', 'group_usage_days', 'turn_costs')
      await reportCost(randomUUID(), { model, textOutput: 1_000_000 })
      return Number((await day())?.cost)
    }
    expect(await costOf('gpt-realtime-2.1-mini')).toBe(2.4)
    await database.query(
      `insert into public.model_prices
       select model, current_date + days, currency, text_input, text_cached, price, audio_input, audio_cached, audio_output,
         null, 'a test'
       from public.model_prices, (values (-1, 3), (1, 9)) change (days, price) where model = 'gpt-realtime-2.1-mini'`
    )
    expect(await costOf('gpt-realtime-2.1-mini')).toBe(3)
    expect(await costOf('a-new-model')).toBe(24)
    await database.query(`delete from public.model_prices where source = 'a test'`)
  })

  it.each([
    ['role_policies', 'group_id'],
    ['groups', 'id']
  ])('ends questions and keys at the limit of money in %s', async (table, column) => {
    const { database } = restaurants
    const search = () => errorOf(searchAs(restaurants, kiosk, { question: 'chicken' }))
    await database.query(
      `update public.${table} set daily_cost_limit = 0.03 where ${column} = $1`,
      [HARBOR]
    )
    try {
      expect(await search()).toBeUndefined()
      await reportCost(randomUUID(), TURN)
      const error = await search()
      expect(error).toMatchObject({ code: 'HR003', message: 'limit_exceeded' })
      expect(await mintAs(kiosk)).toBeNull()
    } finally {
      await database.query(`update public.${table} set daily_cost_limit = null`)
    }
  })

  it.each([
    ['a negative number', { textOutput: -1 }],
    ['more than ten million tokens', { audioOutput: 10_000_001 }],
    ['more cached than came in', { textInput: 1, textCached: 2 }],
    ['no model', { model: '' }]
  ])('is refused with %s', async (_what, cost) => {
    expect((await errorOf(reportCost(randomUUID(), cost)))?.code).toBe('HR400')
  })

  it('is deleted when it is older than the brand keeps questions; the days stay', async () => {
    await reportCost(randomUUID(), TURN)
    await restaurants.database.query(
      `update public.turn_costs set reported_at = now() - interval '91 days'`
    )
    await reportCost(randomUUID(), TURN)
    expect(await restaurants.value('select count(*)::int from public.turn_costs')).toBe(1)
    expect(await day()).toMatchObject({ turns: 2 })
  })

  it('is not recorded after 5,000 turns of a day', async () => {
    await reportCost(randomUUID(), TURN)
    await restaurants.database.query('update public.usage_days set turns = 5000')
    await reportCost(randomUUID(), TURN)
    expect(await day()).toMatchObject({ turns: 5_000 })
    expect(Number((await day())?.cost)).toBeCloseTo(TURN_COST, 6)
  })
})

describe('get_usage', () => {
  it('gives a manager the days, the limits and the models without a price', async () => {
    await reportCall(await mint(), 'rtc_1', 90)
    await reportCost(randomUUID(), { ...TURN, model: 'a-new-model' })
    await limit('group', 'calls', 'month', 1_000)
    const [row] = await restaurants.as<{ usage: Record<string, unknown> }>(
      restaurants.manager,
      'select public.get_usage($1, $2) as usage',
      [HARBOR_BRAND, HARBOR]
    )
    expect(row?.usage).toEqual({
      currency: 'USD',
      days: [
        {
          group: 'harbor',
          day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
          questions: 0,
          turns: 1,
          keys: 1,
          calls: 1,
          call_seconds: 90,
          cost: expect.closeTo(TURN_COST, 6)
        }
      ],
      limits: expect.arrayContaining([
        { group: 'harbor', measure: 'calls', period: 'month', counted: 1, most: 1_000 },
        {
          group: 'harbor',
          measure: 'cost',
          period: 'day',
          counted: expect.closeTo(TURN_COST, 6),
          most: expect.any(Number)
        }
      ]),
      unpriced_models: ['a-new-model']
    })
  })
})
