import { randomUUID } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { nodeNetwork } from '../../../dev/preview/node-network.ts'
import { forwardPowerEvents } from '../../../src/main/electron/power.ts'
import { FIRST_REFRESH_MS } from '../../../src/main/handbook/offline-copy.ts'
import type { MainApp } from '../../../src/main/main-app.ts'
import type { MainNotification } from '../../../src/main/notifications.ts'
import { exitOnUncaughtError } from '../../../src/main/uncaught-errors.ts'
import { DEFAULT_CALL_LIMITS } from '../../../src/shared/call-limits.ts'
import { createTestMainApp, type TestMainApp } from '../../contract/test-main-app.ts'
import { validInputs } from '../../contract/valid-inputs.ts'
import { eventually } from '../../eventually.ts'
import {
  EMAIL,
  HARBOR,
  PASSWORD,
  SOL,
  type SupabaseDouble,
  sectionRow,
  startSupabaseDouble
} from './account/supabase-double.ts'
import { createFakeClock, type FakeClock } from './fake-clock.ts'
import type { RecordingLog } from './recording-log.ts'

let test: TestMainApp
let supabase: SupabaseDouble
let clock: FakeClock
let kiosk: MainApp
let log: RecordingLog
let notifications: MainNotification[]
/** Bodies of the mint requests. */
let mints: { groupId: string; language: string }[]
/** Bodies of the feedback that the backend accepted, by function. */
let feedback: Record<string, object>[]
let isFeedbackDown: boolean
/** The answer of the edge functions; null: they accept. */
let refusal: { status: number; body: object } | null

const NOT_FOUND = { found: false, passages: [], nearest: [], named: 0, method: 'hybrid' }

/** Answers edge functions and feedback; passes other requests on to the backend. */
const fetchDouble: typeof fetch = async (input, init) => {
  const url = String(input)
  const rpc = /\/rpc\/(rate_answer|report_answer|report_cost|report_call)$/.exec(url)?.[1]
  if (rpc !== undefined) {
    if (isFeedbackDown) throw new TypeError('fetch failed')
    feedback.push({ [rpc]: JSON.parse(String(init?.body)) })
    return new Response(null, { status: 204 })
  }
  if (url.endsWith('/realtime/calls')) {
    return new Response('v=0\r\n', { status: 201, headers: { location: '/x/rtc_1' } })
  }
  if (url.endsWith('/hangup')) return new Response(null, { status: 200 })
  if (!url.includes('/functions/v1/')) return fetch(input, init)
  if (refusal !== null) return Response.json(refusal.body, { status: refusal.status })
  if (url.endsWith('/realtime-search')) return Response.json(NOT_FOUND)
  const body = JSON.parse(String(init?.body))
  mints.push({ groupId: body.groupId, language: body.language })
  const expiresAt = Math.floor(clock.nowMs() / 1_000) + 600
  return Response.json({
    ...body,
    ephemeralKey: `ek_${mints.length}`,
    keyId: randomUUID(),
    expiresAt,
    model: 'm',
    transcriptionModel: 't'
  })
}

beforeEach(async () => {
  supabase = await startSupabaseDouble()
  clock = createFakeClock()
  notifications = []
  mints = []
  feedback = []
  isFeedbackDown = false
  refusal = null
  test = createTestMainApp(
    { network: { ...nodeNetwork, fetch: fetchDouble }, clock },
    { supabaseUrl: supabase.url, unattendedSignIn: { email: EMAIL, password: PASSWORD } }
  )
  ;({ kiosk, log } = test)
  kiosk.onNotification((notification) => notifications.push(notification))
})
afterEach(async () => {
  await test.remove()
  await supabase.close()
})

const call = (name: keyof typeof validInputs, input: object = validInputs[name]) =>
  kiosk.answer(name, input, { trusted: true })
const status = async (): Promise<unknown> => {
  const answer = await call('kiosk.initialState')
  if (!answer.ok) throw new Error(answer.error.message)
  return (answer.value as { account: { status: string } }).account.status
}
const signedIn = () =>
  eventually(async () => {
    expect(await status()).toBe('signed_in')
    expect(mints.length).toBeGreaterThan(0)
  })
const startSignedIn = async () => {
  await kiosk.start()
  await signedIn()
}

it('signs in unattended without showing the sign-in screen, and mints a key', async () => {
  expect(await status()).toBe('restoring')
  await startSignedIn()
  const seen = notifications.flatMap(({ name, payload }) =>
    name === 'account.changed' ? [payload.status] : []
  )
  expect(seen).toEqual(['signed_in'])
  expect(mints).toEqual([{ groupId: HARBOR.id, language: 'en' }])
})

it('stays signed in when a person at a locked kiosk signs in with a wrong password', async () => {
  await startSignedIn()
  await call('maintenance.setPin', { pin: '86402' })
  await call('maintenance.lock')
  const wrong = await call('account.signIn', { email: EMAIL, password: 'wrong' })
  expect(wrong).toMatchObject({ error: { code: 'locked' } })
  expect(await status()).toBe('signed_in')
})

it('retries the unattended sign-in while the backend is down', async () => {
  supabase.instead.password = { status: 503, body: {} }
  await kiosk.start()
  await eventually(() => expect(log.events()).toContain('account.unattendedSignInFailed'))
  expect(await status()).toBe('signed_out')
  delete supabase.instead.password
  await clock.advance(2_000)
  await signedIn()
})

it('does not retry a refused password', async () => {
  supabase.instead.password = { status: 400, body: { error_code: 'invalid_credentials' } }
  await kiosk.start()
  await eventually(() => expect(log.events()).toContain('account.unattendedSignInFailed'))
  await clock.advance(600_000)
  expect(supabase.count('password')).toBe(1)
})

it('mints for the language and the restaurant of the settings', async () => {
  await startSignedIn()
  await call('settings.change', { language: 'es' })
  await eventually(() => expect(mints.at(-1)).toEqual({ groupId: HARBOR.id, language: 'es' }))
  await call('settings.change', { groupId: SOL.id })
  await eventually(() => expect(mints.at(-1)).toEqual({ groupId: SOL.id, language: 'es' }))
  const last = { name: 'settings.changed', payload: { groupId: SOL.id } }
  expect(notifications.at(-1)).toMatchObject(last)
})

it('reads the restaurants again when a membership is refused', async () => {
  await startSignedIn()
  refusal = { status: 403, body: { error: 'not_a_member' } }
  supabase.groups = [SOL]
  expect(await call('handbook.search')).toMatchObject({ error: { code: 'not_a_member' } })
  const last = { name: 'account.changed', payload: { group: SOL } }
  await eventually(() => expect(notifications.at(-1)).toMatchObject(last))
})

it.each([
  ['handbook.rate', 'rate_answer', { _rating: 'down' }],
  ['handbook.reportAnswer', 'report_answer', { _slugs: ['cooking-temperatures'] }],
  ['turns.reportCost', 'report_cost', { _audio_output: 240, _transcription_seconds: 4 }]
] as const)('sends a kept %s after the next search', async (name, rpc, body) => {
  await startSignedIn()
  isFeedbackDown = true
  expect(await call(name)).toEqual({ ok: true, value: { isSent: false } })
  isFeedbackDown = false
  expect(await call('handbook.search')).toMatchObject({ ok: true })
  await eventually(() =>
    expect(feedback).toMatchObject([{ [rpc]: { ...body, _group_id: HARBOR.id } }])
  )
})

it('reports a call, keeps a key ready when it has ended, and mints none when it stops', async () => {
  await startSignedIn()
  await call('calls.open')
  await clock.advance(600_000)
  expect(mints).toHaveLength(1)
  await call('calls.hangUp', { callId: 'rtc_1' })
  await eventually(() => expect(mints).toHaveLength(2))
  await call('calls.open')
  await kiosk.stop()
  expect(mints).toHaveLength(2)
  const calls = feedback.map(({ report_call: report }) => report)
  expect(calls.filter((report) => report && '_seconds' in report)).toHaveLength(2)
})

it('logs the loss of a kept rating when it stops', async () => {
  await startSignedIn()
  isFeedbackDown = true
  await call('handbook.rate')
  await kiosk.stop()
  expect(log.events()).toContain('ratings.lost')
})

it('searches and reads the offline copy without the backend, until the account signs out', async () => {
  supabase.sections = [sectionRow('chicken', 'Cooking chicken', 'Cook chicken to 165 °F.')]
  const search = () => call('handbook.searchOffline', { question: 'chicken', language: 'en' })
  const read = () => call('handbook.readSection', { slug: 'chicken', language: 'es' })
  await startSignedIn()
  expect(await search()).toMatchObject({ error: { code: 'no_offline_copy' } })
  await clock.advance(FIRST_REFRESH_MS)
  await eventually(() => expect(log.events()).toContain('handbook.copyRefreshed'))
  supabase.instead.sections = { status: 503, body: {} }
  expect(await search()).toMatchObject({
    value: { found: true, method: 'offline', passages: [{ slug: 'chicken' }] }
  })
  expect(await read()).toMatchObject({
    value: { slug: 'chicken', title: 'Cooking chicken', language: 'en' }
  })
  await call('account.signOut')
  expect(await search()).toMatchObject({ error: { code: 'not_signed_in' } })
  expect(await read()).toMatchObject({ error: { code: 'not_signed_in' } })
  await kiosk.stop()
  expect(existsSync(join(test.folder, 'handbook'))).toBe(false)
})

it('keeps the timings and the cost of turns in its folder and returns them', async () => {
  const timing = validInputs['turns.record']
  const { questionId: _questionId, ...cost } = validInputs['turns.reportCost']
  await call('turns.reportCost')
  expect(await call('turns.record')).toEqual({ ok: true, value: {} })
  expect(await call('turns.recent')).toEqual({ ok: true, value: [{ ...timing, cost }] })
  await kiosk.stop()
  expect(existsSync(join(test.folder, 'turns.json'))).toBe(true)
})

it('returns the call limits to the page', async () => {
  expect(await call('kiosk.initialState')).toMatchObject({
    value: { callLimits: DEFAULT_CALL_LIMITS }
  })
})

it('leaves no timer behind after a sign-out', async () => {
  await startSignedIn()
  // The next key, and the offline copy.
  await eventually(() => expect(clock.pending()).toBe(2))
  await call('account.signOut')
  expect(clock.pending()).toBe(0)
  await clock.advance(3_600_000)
  expect(mints).toHaveLength(1)
})

it('closes the gate when the screen locks and when the machine sleeps', () => {
  const power = new EventEmitter()
  forwardPowerEvents(power as Parameters<typeof forwardPowerEvents>[0], kiosk, log)
  power.emit('lock-screen')
  power.emit('suspend')
  power.emit('resume')
  expect(notifications).toEqual([
    { name: 'turn.forceRelease', payload: { reason: 'lock' } },
    { name: 'turn.forceRelease', payload: { reason: 'suspend' } }
  ])
})

it('logs an uncaught error and ends', () => {
  const source = new EventEmitter()
  let ended = 0
  exitOnUncaughtError(source as unknown as NodeJS.Process, log, () => {
    ended += 1
  })
  source.emit('uncaughtException', new Error('a'))
  source.emit('unhandledRejection', 'b')
  expect(ended).toBe(2)
  expect(log.events()).toEqual(['kiosk.uncaughtError', 'kiosk.uncaughtError'])
})
