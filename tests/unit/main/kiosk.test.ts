// The kiosk put together: what one part's change means for the others, against a backend of its own.
import { EventEmitter } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { confFile } from '../../../local/preview/settings-file.ts'
import { noVault } from '../../../src/main/account/vault.ts'
import { endOnDefect } from '../../../src/main/defects.ts'
import { followPower } from '../../../src/main/electron/power.ts'
import { createKiosk, type Kiosk, type KioskNotification } from '../../../src/main/kiosk.ts'
import {
  EMAIL,
  HARBOR,
  PASSWORD,
  SOL,
  type SupabaseDouble,
  startSupabaseDouble
} from './account/supabase-double.ts'
import { createFakeClock, type FakeClock } from './fake-clock.ts'
import { createRememberingLog } from './remembering-log.ts'

const trusted = { trusted: true } as const
const log = createRememberingLog()

let folder: string
let supabase: SupabaseDouble
let clock: FakeClock
let kiosk: Kiosk
let heard: KioskNotification[]
/** Bodies of the requests for keys. */
let mints: { groupId: string; language: string }[]
/** How the edge functions answer. */
let refusal: { status: number; body: object } | null

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'heard-kiosk-'))
  supabase = await startSupabaseDouble()
  clock = createFakeClock()
  heard = []
  mints = []
  refusal = null
  log.lines.length = 0
  kiosk = createKiosk({
    environment: {
      supabaseUrl: supabase.url,
      publishableKey: 'sb_publishable_k',
      openaiBaseUrl: 'http://127.0.0.1:9/v1',
      userDataFolder: folder,
      unattendedSignIn: { email: EMAIL, password: PASSWORD },
      fullScreen: false
    },
    log,
    vault: noVault,
    settingsFile: confFile(folder, 'settings', clock),
    settingsBackup: confFile(folder, 'settings.last-good', clock),
    // The edge functions answer here; everything else goes to the backend over HTTP.
    fetch: async (input, init) => {
      if (!String(input).includes('/functions/v1/')) return fetch(input, init)
      if (refusal !== null) return Response.json(refusal.body, { status: refusal.status })
      const body = JSON.parse(String(init?.body))
      mints.push({ groupId: body.groupId, language: body.language })
      const expiresAt = Math.floor(clock.nowMs() / 1_000) + 600
      return Response.json({ ...body, ephemeralKey: `ek_${mints.length}`, expiresAt, model: 'm' })
    },
    clock,
    shell: 'preview',
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
  const answer = await kiosk.answer('kiosk.load', {}, trusted)
  if (!answer.ok) throw new Error(answer.error.message)
  return (answer.value as { account: { status: string } }).account.status
}
const signedIn = () =>
  vi.waitFor(async () => {
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
  await vi.waitFor(() => expect(log.events()).toContain('account.unattendedSignInFailed'))
  expect(await status()).toBe('signed_out')
  delete supabase.instead.password
  await clock.advance(2_000)
  await signedIn()
})

it('does not try a refused password again', async () => {
  supabase.instead.password = { status: 400, body: { error_code: 'invalid_credentials' } }
  await kiosk.start()
  await vi.waitFor(() => expect(log.events()).toContain('account.unattendedSignInFailed'))
  await clock.advance(600_000)
  expect(supabase.count('password')).toBe(1)
})

it('mints for the language and the restaurant that the settings say', async () => {
  await kiosk.start()
  await signedIn()
  await kiosk.answer('settings.change', { language: 'es' }, trusted)
  await vi.waitFor(() => expect(mints.at(-1)).toEqual({ groupId: HARBOR.id, language: 'es' }))
  await kiosk.answer('settings.change', { groupId: SOL.id }, trusted)
  await vi.waitFor(() => expect(mints.at(-1)).toEqual({ groupId: SOL.id, language: 'es' }))
  expect(heard.at(-1)).toMatchObject({ name: 'settings.changed', payload: { groupId: SOL.id } })
})

it('reads the restaurants again when one refuses the account', async () => {
  await kiosk.start()
  await signedIn()
  refusal = { status: 403, body: { error: 'not_a_member' } }
  supabase.groups = [SOL]
  const question = {
    questionId: '9b2f4d6e-1111-4222-8333-444455556666',
    query: 'x',
    language: 'en'
  }
  expect(await kiosk.answer('handbook.search', question, trusted)).toMatchObject({
    error: { code: 'not_a_member' }
  })
  await vi.waitFor(() =>
    expect(heard.at(-1)).toMatchObject({ name: 'account.changed', payload: { group: SOL } })
  )
})

it('leaves no timer behind when it is signed out or stopped', async () => {
  await kiosk.start()
  await signedIn()
  await vi.waitFor(() => expect(clock.pending()).toBe(1))
  await kiosk.answer('account.signOut', {}, trusted)
  expect(clock.pending()).toBe(0)
  await clock.advance(3_600_000)
  expect(mints).toHaveLength(1)
})

it('closes the gate when the screen locks and when the machine sleeps', () => {
  const power = new EventEmitter()
  followPower(power as Parameters<typeof followPower>[0], kiosk, log)
  power.emit('lock-screen')
  power.emit('suspend')
  power.emit('resume')
  expect(heard).toEqual([
    { name: 'turn.release', payload: { reason: 'lock' } },
    { name: 'turn.release', payload: { reason: 'suspend' } }
  ])
})

it('logs what nobody caught and ends', () => {
  const source = new EventEmitter()
  let ended = 0
  endOnDefect(source as unknown as NodeJS.Process, log, () => {
    ended += 1
  })
  source.emit('uncaughtException', new Error('a'))
  source.emit('unhandledRejection', 'b')
  expect(ended).toBe(2)
  expect(log.events()).toEqual(['kiosk.defect', 'kiosk.defect'])
})
