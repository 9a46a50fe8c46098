// The kiosk put together: what one part's change means for the others, against a backend of its own.
import { EventEmitter } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createPagePorts } from '../../../dev/preview/page-ports.ts'
import { noVault } from '../../../src/main/account/vault.ts'
import { forwardPowerEvents } from '../../../src/main/electron/power.ts'
import { FIRST_REFRESH_MS } from '../../../src/main/handbook/offline-copy.ts'
import { createMainApp, type MainApp, type MainNotification } from '../../../src/main/main-app.ts'
import { createSettingsFile } from '../../../src/main/settings/settings-file.ts'
import { exitOnUncaughtError } from '../../../src/main/uncaught-errors.ts'
import { disabledUpdates } from '../../../src/main/updates/disabled-updates.ts'
import { DEFAULT_UPDATE_POLICY } from '../../../src/main/updates/update-policy.ts'
import { DEFAULT_CALL_LIMITS } from '../../../src/shared/call-limits.ts'
import { eventually } from '../../eventually.ts'
import {
  EMAIL,
  HARBOR,
  PASSWORD,
  SOL,
  type SupabaseDouble,
  startSupabaseDouble
} from './account/supabase-double.ts'
import { createFakeClock, type FakeClock } from './fake-clock.ts'
import { createRecordingLog } from './recording-log.ts'

const trusted = { trusted: true } as const
const log = createRecordingLog()
const QUESTION = { language: 'en', question: 'x', sections: [] }

let folder: string
let supabase: SupabaseDouble
let clock: FakeClock
let kiosk: MainApp
let heard: MainNotification[]
/** Bodies of the requests for keys. */
let mints: { groupId: string; language: string }[]
/** Ratings that the backend was sent, and whether it can be reached for one. */
let rated: { _question_id: string; _rating: string }[]
let reported: object[]
/** Neither ratings nor reports get through. */
let isRatingDown: boolean
/** How the edge functions answer. */
let refusal: { status: number; body: object } | null

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'heard-kiosk-'))
  supabase = await startSupabaseDouble()
  clock = createFakeClock()
  heard = []
  mints = []
  rated = []
  reported = []
  isRatingDown = false
  refusal = null
  log.lines.length = 0
  kiosk = createMainApp({
    environment: {
      supabaseUrl: supabase.url,
      publishableKey: 'sb_publishable_k',
      openaiBaseUrl: 'http://127.0.0.1:9/v1',
      userDataFolder: folder,
      unattendedSignIn: { email: EMAIL, password: PASSWORD },
      fullScreen: false,
      display: 'primary',
      callLimits: DEFAULT_CALL_LIMITS,
      updates: DEFAULT_UPDATE_POLICY
    },
    log,
    vault: noVault,
    settingsFile: createSettingsFile(folder, 'settings', clock),
    settingsBackup: createSettingsFile(folder, 'settings.last-good', clock),
    settingsBeforeUpdate: createSettingsFile(folder, 'settings.before-update', clock),
    dataFolder: folder,
    openPort: createPagePorts().openPort,
    // The edge functions answer here; everything else goes to the backend over HTTP.
    fetch: async (input, init) => {
      if (String(input).endsWith('/rpc/rate_answer')) {
        if (isRatingDown) throw new TypeError('fetch failed')
        rated.push(JSON.parse(String(init?.body)))
        return new Response(null, { status: 204 })
      }
      if (String(input).endsWith('/rpc/report_answer')) {
        if (isRatingDown) throw new TypeError('fetch failed')
        reported.push(JSON.parse(String(init?.body)))
        return new Response(null, { status: 204 })
      }
      if (!String(input).includes('/functions/v1/')) return fetch(input, init)
      if (String(input).endsWith('/realtime-search') && refusal === null) {
        return Response.json({
          found: false,
          passages: [],
          nearest: [],
          named: 0,
          method: 'hybrid'
        })
      }
      if (refusal !== null) return Response.json(refusal.body, { status: refusal.status })
      const body = JSON.parse(String(init?.body))
      mints.push({ groupId: body.groupId, language: body.language })
      const expiresAt = Math.floor(clock.nowMs() / 1_000) + 600
      return Response.json({ ...body, ephemeralKey: `ek_${mints.length}`, expiresAt, model: 'm' })
    },
    updates: disabledUpdates('0.0.0', 'not_packaged'),
    clock,
    leave: null,
    shell: 'preview',
    fullScreen: false,
    version: '0.0.0'
  })
  kiosk.onNotification((notification) => heard.push(notification))
})
afterEach(async () => {
  await kiosk.stop()
  await supabase.close()
  rmSync(folder, { recursive: true, force: true })
})

const status = async (): Promise<unknown> => {
  const answer = await kiosk.answer('kiosk.initialState', {}, trusted)
  if (!answer.ok) throw new Error(answer.error.message)
  return (answer.value as { account: { status: string } }).account.status
}
const signedIn = () =>
  eventually(async () => {
    expect(await status()).toBe('signed_in')
    expect(mints.length).toBeGreaterThan(0)
  })

it('signs in unattended without showing the sign-in screen first, and has a key ready', async () => {
  expect(await status()).toBe('restoring')
  await kiosk.start()
  await signedIn()
  const seen = heard.flatMap((n) => (n.name === 'account.changed' ? [n.payload.status] : []))
  expect(seen).toEqual(['signed_in'])
  expect(mints).toEqual([{ groupId: HARBOR.id, language: 'en' }])
})

it('tries the unattended sign-in again while the backend is down', async () => {
  supabase.instead.password = { status: 503, body: {} }
  await kiosk.start()
  await eventually(() => expect(log.events()).toContain('account.unattendedSignInFailed'))
  expect(await status()).toBe('signed_out')
  delete supabase.instead.password
  await clock.advance(2_000)
  await signedIn()
})

it('does not try a refused password again', async () => {
  supabase.instead.password = { status: 400, body: { error_code: 'invalid_credentials' } }
  await kiosk.start()
  await eventually(() => expect(log.events()).toContain('account.unattendedSignInFailed'))
  await clock.advance(600_000)
  expect(supabase.count('password')).toBe(1)
})

it('mints for the language and the restaurant that the settings say', async () => {
  await kiosk.start()
  await signedIn()
  await kiosk.answer('settings.change', { language: 'es' }, trusted)
  await eventually(() => expect(mints.at(-1)).toEqual({ groupId: HARBOR.id, language: 'es' }))
  await kiosk.answer('settings.change', { groupId: SOL.id }, trusted)
  await eventually(() => expect(mints.at(-1)).toEqual({ groupId: SOL.id, language: 'es' }))
  expect(heard.at(-1)).toMatchObject({ name: 'settings.changed', payload: { groupId: SOL.id } })
})

it('reads the restaurants again when one refuses the account', async () => {
  await kiosk.start()
  await signedIn()
  refusal = { status: 403, body: { error: 'not_a_member' } }
  supabase.groups = [SOL]
  const question = {
    questionId: '9b2f4d6e-1111-4222-8333-444455556666',
    question: 'x',
    sections: [],
    language: 'en'
  }
  expect(await kiosk.answer('handbook.search', question, trusted)).toMatchObject({
    error: { code: 'not_a_member' }
  })
  await eventually(() =>
    expect(heard.at(-1)).toMatchObject({ name: 'account.changed', payload: { group: SOL } })
  )
})

it('sends a thumb that it kept when the handbook answers again', async () => {
  const questionId = '9b2f4d6e-1111-4222-8333-444455556666'
  const rate = () => kiosk.answer('handbook.rate', { questionId, rating: 'down' }, trusted)
  const search = () => kiosk.answer('handbook.search', { questionId, ...QUESTION }, trusted)
  await kiosk.start()
  await signedIn()
  isRatingDown = true
  expect(await rate()).toEqual({ ok: true, value: { isSent: false } })
  isRatingDown = false
  expect(await search()).toMatchObject({ ok: true })
  await eventually(() =>
    expect(rated).toMatchObject([{ _question_id: questionId, _rating: 'down' }])
  )
})

it('sends what an answer was taken from, when it could not before and the handbook answers again', async () => {
  const questionId = '9b2f4d6e-1111-4222-8333-444455556666'
  const report = {
    questionId,
    outcome: 'answered',
    sections: ['cooling'],
    unverifiedQuotes: 0,
    unverifiedFigures: 1
  }
  await kiosk.start()
  await signedIn()
  isRatingDown = true
  expect(await kiosk.answer('handbook.reportAnswer', report, trusted)).toEqual({
    ok: true,
    value: { isSent: false }
  })
  isRatingDown = false
  await kiosk.answer('handbook.search', { questionId, ...QUESTION }, trusted)
  await eventually(() =>
    expect(reported).toEqual([
      {
        _group_id: HARBOR.id,
        _question_id: questionId,
        _outcome: 'answered',
        _slugs: ['cooling'],
        _unverified_quotes: 0,
        _unverified_figures: 1
      }
    ])
  )
})

it('says in the log that a thumb is lost when it stops', async () => {
  await kiosk.start()
  await signedIn()
  isRatingDown = true
  const questionId = '9b2f4d6e-1111-4222-8333-444455556666'
  await kiosk.answer('handbook.rate', { questionId, rating: 'up' }, trusted)
  await kiosk.stop()
  expect(log.events()).toContain('ratings.lost')
})

const readChicken = () =>
  kiosk.answer('handbook.readSection', { slug: 'chicken', language: 'es' }, trusted)
const searchOffline = () =>
  kiosk.answer('handbook.searchOffline', { question: 'chicken', language: 'en' }, trusted)

it('searches a copy of the handbook when the backend is gone, until the account is', async () => {
  supabase.sections = [
    {
      group_id: HARBOR.id,
      slug: 'chicken',
      category: 'food',
      updated_at: '2026-11-20T09:00:00+00:00',
      title_en: 'Cooking chicken',
      content_en: 'Cook chicken to 165 °F.',
      title_es: null,
      content_es: null
    }
  ]
  await kiosk.start()
  await signedIn()
  expect(await searchOffline()).toMatchObject({ error: { code: 'no_offline_copy' } })
  await clock.advance(FIRST_REFRESH_MS)
  await eventually(() => expect(log.events()).toContain('handbook.copyRefreshed'))
  supabase.instead.sections = { status: 503, body: {} }
  expect(await searchOffline()).toMatchObject({
    value: { found: true, method: 'offline', passages: [{ slug: 'chicken' }] }
  })
  expect(await readChicken()).toMatchObject({
    value: { slug: 'chicken', title: 'Cooking chicken', language: 'en' }
  })
  await kiosk.answer('account.signOut', {}, trusted)
  expect(await searchOffline()).toMatchObject({ error: { code: 'not_signed_in' } })
  expect(await readChicken()).toMatchObject({ error: { code: 'not_signed_in' } })
  await kiosk.stop()
  expect(existsSync(join(folder, 'handbook'))).toBe(false)
})

it('keeps the timings of turns in its own folder and gives them back', async () => {
  const timing = {
    turnId: 1,
    atMs: 1_763_629_200_000,
    kind: 'typed',
    path: null,
    carrier: 'live',
    outcome: 'failed',
    asks: 0,
    tailMs: 0,
    marks: { press: 0, end: 12 }
  }
  expect(await kiosk.answer('turns.record', timing, trusted)).toEqual({ ok: true, value: {} })
  expect(await kiosk.answer('turns.recent', {}, trusted)).toEqual({ ok: true, value: [timing] })
  await kiosk.stop()
  expect(existsSync(join(folder, 'turns.json'))).toBe(true)
})

it('tells the screen the limits of a call', async () => {
  expect(await kiosk.answer('kiosk.initialState', {}, trusted)).toMatchObject({
    value: { callLimits: DEFAULT_CALL_LIMITS }
  })
})

it('leaves no timer behind when it is signed out or stopped', async () => {
  await kiosk.start()
  await signedIn()
  // The next key, and the copy of the handbook.
  await eventually(() => expect(clock.pending()).toBe(2))
  await kiosk.answer('account.signOut', {}, trusted)
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
  expect(heard).toEqual([
    { name: 'turn.forceRelease', payload: { reason: 'lock' } },
    { name: 'turn.forceRelease', payload: { reason: 'suspend' } }
  ])
})

it('logs what nobody caught and ends', () => {
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
