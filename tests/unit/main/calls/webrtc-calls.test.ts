// Opening and ending calls against a real HTTP server that answers as the model's service does.
import { afterEach, expect, it } from 'vitest'
import type { KeyPurpose } from '../../../../src/main/calls/key-pool.ts'
import { createWebRtcCalls } from '../../../../src/main/calls/webrtc-calls.ts'
import { systemClock } from '../../../../src/main/clock.ts'
import type { Account } from '../../../../src/shared/account.ts'
import { failed, ok } from '../../../../src/shared/failure.ts'
import { createFakeClock } from '../fake-clock.ts'
import { deadUrl, type GivenAnswer, type HttpDouble, startHttpDouble } from '../http-double.ts'
import { createRecordingLog } from '../recording-log.ts'

const ANSWER_SDP = 'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n'
const OFFER = { offerSdp: 'v=0\r\noffer\r\n', language: 'en' as const }
const group = { id: '3f0c1f7e-5a55-4c61-9c3e-2f6b7a0d1e11', name: 'Harbor', role: 'kiosk' }
const signedIn = {
  status: 'signed_in',
  email: 'k@example.com',
  groups: [group],
  group,
  remembered: false
} as const satisfies Account
const accepted: GivenAnswer = {
  status: 201,
  headers: { location: '/v1/realtime/calls/rtc_abc123', 'content-type': 'application/sdp' },
  body: ANSWER_SDP
}

let server: HttpDouble | null = null
afterEach(async () => {
  await server?.close()
  server = null
})

const start = async (answers: GivenAnswer[], account: Account = signedIn) => {
  server = await startHttpDouble(() => answers.shift() ?? { status: 500 })
  return callsAt(server.url, account)
}
const callsAt = (url: string, account: Account = signedIn, clock = systemClock) => {
  const purposes: KeyPurpose[] = []
  const log = createRecordingLog()
  const calls = createWebRtcCalls({
    openaiBaseUrl: `${url}/v1`,
    account: { current: () => account },
    keys: {
      take: async (purpose) => {
        purposes.push(purpose)
        return ok({
          value: `ek_${purposes.length}`,
          model: 'gpt-realtime-2.1',
          expiresAtMs: Number.MAX_SAFE_INTEGER,
          wasReady: true
        })
      }
    },
    fetch: globalThis.fetch,
    clock,
    log
  })
  return { calls, log, purposes, minted: () => purposes.length }
}

it('posts the offer as SDP with the ephemeral key and returns answer, call and model', async () => {
  const { calls, log } = await start([accepted])
  expect(await calls.open(OFFER)).toEqual(
    ok({ callId: 'rtc_abc123', answerSdp: ANSWER_SDP, model: 'gpt-realtime-2.1' })
  )
  expect(server?.asked[0]).toMatchObject({
    method: 'POST',
    path: '/v1/realtime/calls',
    body: OFFER.offerSdp,
    headers: { authorization: 'Bearer ek_1', 'content-type': 'application/sdp' }
  })
  expect(log.lines.find(({ event }) => event === 'calls.opened')?.detail).toEqual({
    ms: expect.any(Number),
    callId: 'rtc_abc123',
    keyReady: true
  })
})

it('asks for a key in the conversation’s language, for the station where there is one', async () => {
  const { calls, purposes } = await start([accepted, accepted])
  await calls.open(OFFER)
  await calls.open({ ...OFFER, language: 'zh-HK', station: 'grill' })
  expect(purposes).toEqual([
    { groupId: group.id, language: 'en' },
    { groupId: group.id, language: 'zh-HK', station: 'grill' }
  ])
})

it('names the channel that both sides know beforehand, and none otherwise', async () => {
  const { calls } = await start([{ status: 401 }, accepted, accepted])
  await calls.open({ ...OFFER, channelId: 1 })
  await calls.open(OFFER)
  expect(server?.asked.map(({ path }) => path)).toEqual([
    '/v1/realtime/calls?dcid=1',
    '/v1/realtime/calls?dcid=1',
    '/v1/realtime/calls'
  ])
})

it('mints once more when a key is refused', async () => {
  const { calls, minted } = await start([{ status: 401 }, accepted])
  expect(await calls.open(OFFER)).toMatchObject({ ok: true })
  expect(minted()).toBe(2)
  expect(server?.asked.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer ek_1',
    'Bearer ek_2'
  ])
})

it('gives up when the second key is refused as well', async () => {
  const { calls } = await start([{ status: 401 }, { status: 401 }, accepted])
  expect(await calls.open(OFFER)).toMatchObject({ ok: false, error: { code: 'key_refused' } })
  expect(server?.asked).toHaveLength(2)
})

it.each([
  [
    'a rate limit',
    {
      status: 429,
      headers: { 'retry-after': '7' },
      body: { error: { code: 'rate_limit_exceeded' } }
    },
    { code: 'model_busy', retryAfterSeconds: 7 }
  ],
  ['a rate limit without a pause', { status: 429 }, { code: 'model_busy' }],
  [
    'a refusal',
    { status: 400, body: { error: { code: 'invalid_offer' } } },
    { code: 'model_refused' }
  ],
  ['its own failure', { status: 503, body: 'oops' }, { code: 'model_refused' }],
  [
    'a page instead of SDP',
    { status: 200, headers: { location: '/x/rtc_1' }, body: '<html>v=0' },
    { code: 'model_refused' }
  ],
  ['SDP without a call id', { status: 201, body: ANSWER_SDP }, { code: 'model_refused' }],
  [
    'an endless answer',
    { status: 201, headers: { location: '/x/rtc_1' }, body: `v=0\r\n${'a'.repeat(70_000)}` },
    { code: 'model_refused' }
  ]
])('reports %s as what it is', async (_what, answer, error) => {
  const { calls } = await start([answer])
  const result = await calls.open(OFFER)
  expect(result).toMatchObject({ ok: false, error })
  expect(JSON.stringify(result)).not.toContain('ek_')
})

it('says that the model cannot be reached when nothing listens', async () => {
  const { calls } = callsAt(await deadUrl())
  expect(await calls.open(OFFER)).toMatchObject({ ok: false, error: { code: 'model_unreachable' } })
})

it('stops waiting at its deadline', async () => {
  const asked = Promise.withResolvers<void>()
  server = await startHttpDouble(() => {
    asked.resolve()
    return { status: 200, silent: true }
  })
  const clock = createFakeClock()
  const { calls } = callsAt(server.url, signedIn, clock)
  const opening = calls.open(OFFER)
  await asked.promise
  await clock.advance(10_000)
  expect(await opening).toMatchObject({ ok: false, error: { code: 'model_unreachable' } })
  expect(clock.pending()).toBe(0)
})

it('asks nobody when nobody is signed in or there is no restaurant', async () => {
  const out = await start([], { status: 'signed_out' })
  expect(await out.calls.open(OFFER)).toEqual(failed('not_signed_in', expect.any(String)))
  const none = callsAt(server?.url ?? '', { ...signedIn, groups: [], group: null })
  expect(await none.calls.open(OFFER)).toMatchObject({ error: { code: 'not_a_member' } })
  expect(server?.asked).toHaveLength(0)
})

it('hangs up once, with the key that opened the call', async () => {
  const { calls } = await start([accepted, { status: 200 }])
  await calls.open(OFFER)
  expect(await calls.hangUp('rtc_abc123')).toEqual(ok({}))
  expect(await calls.hangUp('rtc_abc123')).toEqual(ok({}))
  expect(server?.asked.slice(1)).toMatchObject([
    { path: '/v1/realtime/calls/rtc_abc123/hangup', headers: { authorization: 'Bearer ek_1' } }
  ])
})

it('is content when hanging up is refused, and asks nothing for a call that it never opened', async () => {
  const { calls } = await start([accepted, { status: 403 }])
  await calls.open(OFFER)
  expect(await calls.hangUp('rtc_other/../../x')).toEqual(ok({}))
  expect(server?.asked).toHaveLength(1)
  await calls.hangUpAll()
  expect(server?.asked).toHaveLength(2)
})

it('hangs up a call that was being opened when everything was hung up', async () => {
  const asked = Promise.withResolvers<void>()
  const answer = Promise.withResolvers<void>()
  server = await startHttpDouble(async ({ path }) => {
    if (path.endsWith('/hangup')) return { status: 200 }
    asked.resolve()
    await answer.promise
    return accepted
  })
  const { calls } = callsAt(server.url)
  const opening = calls.open(OFFER)
  await asked.promise
  await calls.hangUpAll()
  answer.resolve()
  expect(await opening).toMatchObject({ ok: false, error: { code: 'not_signed_in' } })
  expect(server.asked.map(({ path }) => path)).toEqual([
    '/v1/realtime/calls',
    '/v1/realtime/calls/rtc_abc123/hangup'
  ])
  // The page that took over opens its own.
  expect(await calls.open(OFFER)).toMatchObject({ ok: true })
})

it('posts no offer of a page that went while its key was minted', async () => {
  const { calls } = await start([accepted])
  const opening = calls.open(OFFER)
  await calls.hangUpAll()
  expect(await opening).toMatchObject({ ok: false })
  expect(server?.asked).toEqual([])
})
