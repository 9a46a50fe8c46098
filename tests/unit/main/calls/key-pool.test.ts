import { beforeEach, expect, it } from 'vitest'
import {
  createKeyPool,
  type EphemeralKey,
  type KeyPool,
  type KeyPurpose,
  type KeyUse,
  localExpiryMs,
  REFRESH_MARGIN_MS,
  SKEWED_LIFETIME_MS
} from '../../../../src/main/calls/key-pool.ts'
import { failed, ok, type Result } from '../../../../src/shared/failure.ts'
import { createFakeClock, type FakeClock, settle } from '../fake-clock.ts'
import { createRecordingLog } from '../recording-log.ts'

const LIFETIME_MS = 600_000
const NOW_MS = 60_000
const english: KeyPurpose = { groupId: 'a', language: 'en' }
const spanish: KeyPurpose = { groupId: 'a', language: 'es' }

let clock: FakeClock
let pool: KeyPool
let minted: KeyPurpose[]
let uses: KeyUse[]
/** Answers of the next mints. */
let failures: Result<EphemeralKey>[]
/** Mints wait for it. */
let gate: PromiseWithResolvers<void> | null

beforeEach(() => {
  clock = createFakeClock()
  minted = []
  uses = []
  failures = []
  gate = null
  pool = createKeyPool(
    async (purpose, use) => {
      minted.push(purpose)
      uses.push(use)
      const value = `ek_${minted.length}`
      await gate?.promise
      const failure = failures.shift()
      const expiresAtMs = clock.nowMs() + (use === 'now' ? NOW_MS : LIFETIME_MS)
      const models = { model: 'm', transcriptionModel: 't' }
      return failure ?? ok({ id: value, value, ...models, expiresAtMs })
    },
    clock,
    createRecordingLog()
  )
})

const taken = async (purpose = english) => {
  const result = await pool.take(purpose)
  if (!result.ok) throw new Error(result.error.code)
  return result.value
}

const ready = async (purpose = english) => {
  pool.keepReady(purpose, 'ahead')
  await settle()
}

it('mints a key ahead', async () => {
  await ready()
  expect(await taken()).toMatchObject({ value: 'ek_1', wasReady: true })
})

it('returns one key to all calls until it expires, and mints none meanwhile', async () => {
  pool.keepReady(english, 'now')
  await settle()
  // Calls in use and standing by, and a reconnect on a bad network.
  const keys = [await taken(), ...(await Promise.all([taken(), taken()]))]
  expect(keys.map(({ value, wasReady }) => [value, wasReady])).toEqual(
    Array(3).fill(['ek_1', true])
  )
  await clock.advance(NOW_MS)
  expect(minted).toHaveLength(1)
  expect((await Promise.all([taken(), taken()])).map(({ value }) => value)).toEqual([
    'ek_2',
    'ek_2'
  ])
  expect(uses).toEqual(['now', 'now'])
})

it('keeps the next key ready once no call is open', async () => {
  pool.keepReady(english, 'now')
  await taken()
  await clock.advance(2 * LIFETIME_MS)
  // A change of the account that is none for the call in use.
  pool.keepReady(english, 'now')
  await settle()
  expect(uses).toEqual(['now'])
  await ready()
  expect(uses).toEqual(['now', 'ahead'])
  expect(await taken()).toMatchObject({ value: 'ek_2', wasReady: true })
})

it('mints a key that waits for a press when no call took the first in time', async () => {
  pool.keepReady(english, 'now')
  await clock.advance(NOW_MS)
  expect(uses).toEqual(['now', 'ahead'])
})

it('does not return a refused key again', async () => {
  pool.refuse(await taken())
  expect(await taken()).toMatchObject({ value: 'ek_2', wasReady: false })
})

it('waits for a mint in flight instead of starting another', async () => {
  gate = Promise.withResolvers()
  pool.keepReady(english, 'ahead')
  const key = taken()
  gate.resolve()
  expect(await key).toMatchObject({ value: 'ek_1', wasReady: false })
})

it('replaces a ready key before it expires, every time', async () => {
  pool.keepReady(english, 'ahead')
  await clock.advance(LIFETIME_MS - REFRESH_MARGIN_MS - 1)
  expect(minted).toHaveLength(1)
  await clock.advance(2)
  await settle()
  expect(minted).toHaveLength(2)
  await clock.advance(10 * LIFETIME_MS)
  const key = await taken()
  expect(key.wasReady).toBe(true)
  expect(key.expiresAtMs - clock.nowMs()).toBeGreaterThan(REFRESH_MARGIN_MS - 1)
})

it('does not use a key that is about to expire', async () => {
  await ready(spanish)
  await ready()
  await clock.advance(LIFETIME_MS - 1_000)
  expect(await taken(spanish)).toMatchObject({ wasReady: false })
})

it('keeps the key of the other language until it expires, without renewing it', async () => {
  await ready(spanish)
  await ready()
  expect(await taken(spanish)).toMatchObject({ value: 'ek_1', wasReady: true })
  pool.keepReady(english, 'ahead')
  await clock.advance(3 * LIFETIME_MS)
  expect(minted.filter(({ language }) => language === 'es').length).toBeLessThanOrEqual(2)
})

it('keeps the keys of stations and languages apart', async () => {
  const grill: KeyPurpose = { groupId: 'a', language: 'pt-BR', station: 'grill' }
  await ready(grill)
  expect(await taken({ ...grill, station: 'dish' })).toMatchObject({ wasReady: false })
  expect(await taken({ groupId: 'a', language: 'pt-BR' })).toMatchObject({ wasReady: false })
  expect(await taken({ ...grill, language: 'zh-CN' })).toMatchObject({ wasReady: false })
  expect(await taken(grill)).toMatchObject({ value: 'ek_1', wasReady: true })
  expect(minted.slice(0, 2)).toEqual([grill, { ...grill, station: 'dish' }])
})

it('drops the keys of another restaurant', async () => {
  await ready()
  pool.keepReady({ groupId: 'b', language: 'en' }, 'ahead')
  await settle()
  expect(await taken({ groupId: 'b', language: 'en' })).toMatchObject({ value: 'ek_2' })
  expect(minted.map(({ groupId }) => groupId)).toEqual(['a', 'b'])
})

it('leaves no key and no timer behind after clear', async () => {
  await ready()
  pool.clear()
  expect(clock.pending()).toBe(0)
  await clock.advance(10 * LIFETIME_MS)
  expect(minted).toHaveLength(1)
})

it('drops a key that was being minted at clear', async () => {
  gate = Promise.withResolvers()
  const key = pool.take(english)
  await settle()
  pool.clear()
  gate.resolve()
  expect(await key).toMatchObject({ ok: false, error: { code: 'not_signed_in' } })
  expect(clock.pending()).toBe(0)
})

it('retries a transient failure after longer pauses, and stops at a lasting one', async () => {
  failures = [
    failed('backend_unreachable', ''),
    failed('backend_failed', ''),
    failed('voice_disabled', '')
  ]
  pool.keepReady(english, 'ahead')
  await clock.advance(1_999)
  expect(minted).toHaveLength(1)
  await clock.advance(1)
  expect(minted).toHaveLength(2)
  await clock.advance(4_000)
  expect(minted).toHaveLength(3)
  await clock.advance(10 * LIFETIME_MS)
  expect(minted).toHaveLength(3)
  expect(clock.pending()).toBe(0)
  expect(await taken()).toMatchObject({ wasReady: false })
})

it.each(['model_busy', 'voice_limit_exceeded'] as const)(
  'waits for the pause after %s',
  async (code) => {
    failures = [failed(code, '', 30)]
    pool.keepReady(english, 'ahead')
    await clock.advance(29_000)
    expect(minted).toHaveLength(1)
    await clock.advance(1_000)
    expect(minted).toHaveLength(2)
  }
)

it('returns the failure of the mint', async () => {
  failures = [failed('limit_exceeded', 'enough for today')]
  expect(await pool.take(english)).toMatchObject({ ok: false, error: { code: 'limit_exceeded' } })
})

it('assumes a lifetime for a fresh key when this machine’s clock runs ahead', () => {
  expect(localExpiryMs(1_000, 2_000_000)).toBe(2_000_000 + SKEWED_LIFETIME_MS)
  expect(localExpiryMs(3_000, 2_000_000)).toBe(3_000_000)
})
