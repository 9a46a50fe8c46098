// Runs against a real HTTP server that answers as the model does.
import { expect, it, onTestFinished } from 'vitest'
import { createWebRtcCalls } from '../../../../src/main/calls/webrtc-calls.ts'
import { systemClock } from '../../../../src/main/clock.ts'
import { ok } from '../../../../src/shared/failure.ts'
import { GROUP, SIGNED_IN } from '../backend-fixture.ts'
import { createFakeClock } from '../fake-clock.ts'
import {
  deadUrl,
  type GivenAnswer,
  serveAnswers,
  serveSilence,
  startHttpDouble,
  tokensOf
} from '../http-double.ts'
import { createRecordingLog } from '../recording-log.ts'
import { createKeyDouble, createReportsDouble, MODEL } from './key-double.ts'

const ANSWER_SDP = 'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n'
const OFFER = { offerSdp: 'v=0\r\noffer\r\n', language: 'en' as const }
const LOCATION = { location: '/x/rtc_1' }
const ACCEPTED: GivenAnswer = {
  status: 201,
  headers: { location: '/v1/realtime/calls/rtc_abc123', 'content-type': 'application/sdp' },
  body: ANSWER_SDP
}

type WebRtcCalls = ReturnType<typeof createWebRtcCalls>
const callsAt = (url: string, clock = systemClock) => {
  const keys = createKeyDouble()
  const reports = createReportsDouble()
  const log = createRecordingLog()
  const calls = createWebRtcCalls({
    openaiBaseUrl: `${url}/v1`,
    account: { current: () => SIGNED_IN },
    keys,
    reports,
    fetch: globalThis.fetch,
    clock,
    log
  })
  return { calls, log, purposes: keys.purposes, refused: keys.refused, ...reports }
}
const callsAfter = async (...answers: GivenAnswer[]) => {
  const server = await serveAnswers(answers)
  return { ...callsAt(server.url), server }
}

it('posts the offer as SDP with the ephemeral key, and returns answer, call and model', async () => {
  const { calls, log, server } = await callsAfter(ACCEPTED)
  expect(await calls.open(OFFER)).toEqual(
    ok({ callId: 'rtc_abc123', answerSdp: ANSWER_SDP, model: MODEL })
  )
  expect(server.asked[0]).toMatchObject({
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

it('takes a key for the language of the conversation and the station', async () => {
  const { calls, purposes } = await callsAfter(ACCEPTED, ACCEPTED)
  await calls.open(OFFER)
  await calls.open({ ...OFFER, language: 'zh-HK', station: 'grill' })
  expect(purposes).toEqual([
    { groupId: GROUP.id, language: 'en' },
    { groupId: GROUP.id, language: 'zh-HK', station: 'grill' }
  ])
})

it('names the data channel that both sides know beforehand, and none otherwise', async () => {
  const { calls, server } = await callsAfter({ status: 401 }, ACCEPTED, ACCEPTED)
  await calls.open({ ...OFFER, channelId: 1 })
  await calls.open(OFFER)
  expect(server.asked.map(({ path }) => path)).toEqual([
    '/v1/realtime/calls?dcid=1',
    '/v1/realtime/calls?dcid=1',
    '/v1/realtime/calls'
  ])
})

it('takes a second key when the first is refused, and no third', async () => {
  const two = ['Bearer ek_1', 'Bearer ek_2']
  const once = await callsAfter({ status: 401 }, ACCEPTED)
  expect(await once.calls.open(OFFER)).toMatchObject({ ok: true })
  expect(tokensOf(once.server)).toEqual(two)
  expect(once.refused).toEqual(['ek_1'])
  const twice = await callsAfter({ status: 401 }, { status: 401 }, ACCEPTED)
  expect(await twice.calls.open(OFFER)).toMatchObject({ error: { code: 'key_refused' } })
  expect(tokensOf(twice.server)).toEqual(two)
})

const page = { status: 200, headers: LOCATION, body: '<html>v=0' }
const long = { status: 200, headers: LOCATION, body: `v=0\r\n${'a'.repeat(70_000)}` }
const pause = { status: 429, headers: { 'retry-after': '7' }, body: { error: { code: 'x' } } }
it.each([
  ['a rate limit with a pause', pause, { code: 'model_busy', retryAfterSeconds: 7 }],
  ['a rate limit without a pause', { status: 429 }, { code: 'model_busy' }],
  ['a refused offer', { status: 400, body: { error: { code: 'x' } } }, { code: 'model_refused' }],
  ['a failing service', { status: 503, body: 'oops' }, { code: 'model_refused' }],
  ['a page instead of SDP', page, { code: 'model_refused' }],
  ['SDP without a call id', { status: 201, body: ANSWER_SDP }, { code: 'model_refused' }],
  ['an answer over the limit', long, { code: 'model_refused' }]
])('reports %s without the key', async (_what, answer, error) => {
  const { calls } = await callsAfter(answer)
  const result = await calls.open(OFFER)
  expect(result).toMatchObject({ ok: false, error })
  expect(JSON.stringify(result)).not.toContain('ek_')
})

it('reports model_unreachable without a network', async () => {
  const { calls } = callsAt(await deadUrl())
  expect(await calls.open(OFFER)).toMatchObject({ ok: false, error: { code: 'model_unreachable' } })
})

it('reports model_unreachable after its deadline', async () => {
  const { url, received } = await serveSilence()
  const clock = createFakeClock()
  const opening = callsAt(url, clock).calls.open(OFFER)
  await received
  await clock.advance(10_000)
  expect(await opening).toMatchObject({ ok: false, error: { code: 'model_unreachable' } })
  expect(clock.pending()).toBe(0)
})

it.each<[string, number, (calls: WebRtcCalls) => Promise<unknown>]>([
  ['by its id', 200, (calls) => calls.hangUp('rtc_abc123')],
  ['with all calls, and ignores a refusal', 403, (calls) => calls.hangUpAll()]
])('hangs up a call once and no unknown call, with its key, %s', async (_how, status, end) => {
  const { calls, server } = await callsAfter(ACCEPTED, { status })
  await calls.open(OFFER)
  expect(await calls.hangUp('rtc_other/../../x')).toEqual(ok({}))
  await end(calls)
  await end(calls)
  expect(server.asked.slice(1)).toMatchObject([
    { path: '/v1/realtime/calls/rtc_abc123/hangup', headers: { authorization: 'Bearer ek_1' } }
  ])
})

it('reports a call with its key, and its end', async () => {
  const { calls, reported } = await callsAfter({ status: 401 }, ACCEPTED, { status: 500 })
  await calls.open(OFFER)
  await calls.hangUp('rtc_abc123')
  expect(reported).toEqual(['opened key-2 rtc_abc123', 'ended rtc_abc123'])
})

it('hangs up a call that was opening when all calls were hung up', async () => {
  const received = Promise.withResolvers<void>()
  const answer = Promise.withResolvers<void>()
  const server = await startHttpDouble(async ({ path }) => {
    if (path.endsWith('/hangup')) return { status: 200 }
    received.resolve()
    await answer.promise
    return ACCEPTED
  })
  onTestFinished(server.close)
  const { calls, reported } = callsAt(server.url)
  const opening = calls.open(OFFER)
  await received.promise
  await calls.hangUpAll()
  answer.resolve()
  expect(await opening).toMatchObject({ ok: false, error: { code: 'not_signed_in' } })
  expect(server.asked.map(({ path }) => path)).toEqual([
    '/v1/realtime/calls',
    '/v1/realtime/calls/rtc_abc123/hangup'
  ])
  expect(reported).toEqual(['opened key-1 rtc_abc123', 'ended rtc_abc123'])
  expect(await calls.open(OFFER)).toMatchObject({ ok: true })
})

it('posts no offer when all calls were hung up during the mint', async () => {
  const { calls, server } = await callsAfter(ACCEPTED)
  const opening = calls.open(OFFER)
  await calls.hangUpAll()
  expect(await opening).toMatchObject({ ok: false })
  expect(server.asked).toEqual([])
})
