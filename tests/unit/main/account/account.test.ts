import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  type AccountPorts,
  createAccount,
  type KioskAccount
} from '../../../../src/main/account/account.ts'
import { noVault, type Vault, type VaultContent } from '../../../../src/main/account/vault.ts'
import { systemClock } from '../../../../src/main/clock.ts'
import type { Account } from '../../../../src/shared/account.ts'
import { eventually } from '../../../eventually.ts'
import { createFakeClock } from '../fake-clock.ts'
import { deadUrl, type GivenAnswer } from '../http-double.ts'
import { createRecordingLog } from '../recording-log.ts'
import {
  EMAIL,
  HARBOR,
  PASSWORD,
  SOL,
  type SupabaseDouble,
  startSupabaseDouble
} from './supabase-double.ts'

const credentials = { email: EMAIL, password: PASSWORD }
const REFRESH_REFUSED = { status: 400, body: { error_code: 'refresh_token_not_found', msg: 'no' } }

/** A keyring in memory that outlives the account. */
const createMemoryVault = (): Vault & { content: VaultContent; aside: string[] } => {
  const vault = {
    content: { kind: 'empty' } as VaultContent,
    aside: [] as string[],
    available: async () => true,
    read: async () => vault.content,
    write: async (text: string) => {
      vault.content = { kind: 'stored', text }
    },
    clear: async () => {
      vault.content = { kind: 'empty' }
    },
    setAside: async () => {
      vault.aside.push(vault.content.kind === 'stored' ? vault.content.text : 'sealed')
      vault.content = { kind: 'empty' }
      return 'session.vault.dated'
    }
  }
  return vault
}

let supabase: SupabaseDouble
let vault: ReturnType<typeof createMemoryVault>
let chosenGroupId: string | null
let accounts: KioskAccount[]
let changes: Account['status'][]
const log = createRecordingLog()

beforeEach(async () => {
  supabase = await startSupabaseDouble()
  vault = createMemoryVault()
  chosenGroupId = null
  accounts = []
  changes = []
  log.lines.length = 0
})
afterEach(async () => {
  for (const account of accounts) await account.stop()
  await supabase.close()
})

const create = (ports: Partial<AccountPorts> = {}): KioskAccount => {
  const account = createAccount({
    supabaseUrl: supabase.url,
    publishableKey: 'sb_publishable_k',
    vault,
    fetch: globalThis.fetch,
    clock: systemClock,
    log,
    chosenGroupId: () => chosenGroupId,
    isSignInPending: false,
    ...ports
  })
  account.onChange(({ status }) => changes.push(status))
  accounts.push(account)
  return account
}
const start = async (ports: Partial<AccountPorts> = {}): Promise<KioskAccount> => {
  const account = create(ports)
  await account.restore()
  return account
}
const becomes = (account: KioskAccount, test: (now: Account) => boolean): Promise<Account> =>
  new Promise((resolve) => {
    const stop = account.onChange((now) => {
      if (!test(now)) return
      stop()
      resolve(now)
    })
  })

const signedIn = async (): Promise<KioskAccount> => {
  const account = await start()
  await account.signIn(credentials)
  return account
}

it('is signed out when there is nothing to restore', async () => {
  const account = create()
  expect(account.current()).toEqual({ status: 'restoring' })
  expect(await account.restore()).toEqual({ status: 'signed_out' })
  expect(await account.accessToken()).toMatchObject({ error: { code: 'not_signed_in' } })
})

it('signs in, reads the restaurants by name and uses the first', async () => {
  const account = await start()
  expect(await account.signIn(credentials)).toEqual({
    ok: true,
    value: {
      status: 'signed_in',
      email: EMAIL,
      groups: [HARBOR, SOL],
      group: HARBOR,
      remembered: true
    }
  })
  expect(await account.accessToken()).toEqual({ ok: true, value: 'access-1' })
  expect(changes).toEqual(['signed_out', 'signed_in'])
})

it('uses the chosen restaurant, and follows the choice', async () => {
  chosenGroupId = SOL.id
  const account = await start()
  expect(await account.signIn(credentials)).toMatchObject({ value: { group: SOL } })
  chosenGroupId = '00000000-0000-4000-8000-000000000000'
  account.chosenGroupChanged()
  expect(account.current()).toMatchObject({ group: HARBOR })
})

it('has no restaurant when the account belongs to none', async () => {
  supabase.groups = []
  const account = await start()
  expect(await account.signIn(credentials)).toMatchObject({ value: { groups: [], group: null } })
})

const WRONG = { status: 400, body: { error_code: 'invalid_credentials' } }
const TOO_FAST = { status: 429, body: { error_code: 'over_request_rate_limit' } }
it.each([
  ['a wrong password', WRONG, 'wrong_credentials'],
  ['too many tries', TOO_FAST, 'backend_failed'],
  ['a failing backend', { status: 500, body: {} }, 'backend_failed'],
  ['a refused publishable key', { status: 401, body: { message: 'no' } }, 'backend_failed']
])('reports %s at sign-in, and stays signed out', async (_what, answer, code) => {
  supabase.instead.password = answer
  const account = await start()
  const result = await account.signIn(credentials)
  expect(result).toMatchObject({ ok: false, error: { code } })
  expect(JSON.stringify([result, log.lines])).not.toContain(PASSWORD)
  expect(account.current()).toEqual({ status: 'signed_out' })
})

it('reports backend_unreachable without a network, and when a sign-in has no answer', async () => {
  const unreachable = { error: { code: 'backend_unreachable' } }
  const alone = await start({ supabaseUrl: await deadUrl() })
  expect(await alone.signIn(credentials)).toMatchObject(unreachable)
  supabase.instead.password = { status: 200, silent: true }
  const clock = createFakeClock()
  const account = await start({ clock })
  const signingIn = account.signIn(credentials)
  await clock.advance(15_000)
  expect(await signingIn).toMatchObject(unreachable)
  expect(account.current()).toEqual({ status: 'signed_out' })
})

it('signs out again when the restaurants cannot be read', async () => {
  supabase.instead.groups = { status: 500, body: {} }
  const account = await start()
  expect(await account.signIn(credentials)).toMatchObject({ ok: false })
  expect(account.current()).toEqual({ status: 'signed_out' })
  expect(vault.content).toEqual({ kind: 'empty' })
})

it('restores the session after a restart, without a password', async () => {
  await (await signedIn()).stop()
  const after = await start()
  expect(after.current()).toMatchObject({ status: 'signed_in', email: EMAIL, group: HARBOR })
  expect(await after.accessToken()).toEqual({ ok: true, value: 'access-1' })
  expect(supabase.count('password')).toBe(1)
})

it('drops a session of another project, and sends that project’s tokens nowhere', async () => {
  const other = await startSupabaseDouble()
  await (await signedIn()).stop()
  const account = await start({ supabaseUrl: other.url })
  expect(account.current()).toEqual({ status: 'signed_out' })
  expect(await account.accessToken()).toMatchObject({ error: { code: 'not_signed_in' } })
  await account.stop()
  expect(vault.content).toEqual({ kind: 'empty' })
  expect(log.events()).toContain('account.sessionOfOtherProject')
  expect(other.asked).toEqual([])
  await other.close()
})

it('keeps the session in memory without a keyring, and reports it as not remembered', async () => {
  const before = await start({ vault: noVault })
  expect(await before.signIn(credentials)).toMatchObject({ value: { remembered: false } })
  await before.stop()
  expect((await start({ vault: noVault })).current()).toEqual({ status: 'signed_out' })
})

it('shows the restaurants of the last run while the backend is down, and reads them later', async () => {
  await (await signedIn()).stop()
  supabase.instead.groups = { status: 503, body: {} }
  supabase.groups = [SOL]
  const clock = createFakeClock()
  const after = await start({ clock })
  expect(after.current()).toMatchObject({ status: 'signed_in', groups: [HARBOR, SOL] })

  const read = becomes(after, (now) => now.status === 'signed_in' && now.groups.length === 1)
  await eventually(() => expect(log.events()).toContain('account.groupsReadFailed'))
  delete supabase.instead.groups
  await clock.advance(2_000)
  expect(await read).toMatchObject({ group: SOL })
})

it('refreshes a token that is about to expire, and stores the new one', async () => {
  supabase.lifetimeSeconds = 30
  const account = await signedIn()
  supabase.lifetimeSeconds = 3_600
  const token = await account.accessToken()
  expect(token).toMatchObject({ ok: true, value: expect.stringMatching(/^access-[2-9]$/) })
  await account.stop()
  expect(JSON.stringify(vault.content)).toContain(token.ok ? token.value : '-')
})

const PORTAL = { status: 403, headers: { 'content-type': 'text/html' }, body: '<html>hotel wifi' }
it.each([
  ['the backend fails', { status: 503, body: {} }],
  ['the backend asks to wait', TOO_FAST],
  ['a captive portal answers', PORTAL]
])('stays signed in when %s to a refresh', async (_what, answer) => {
  supabase.lifetimeSeconds = 1
  const account = await signedIn()
  supabase.instead.refresh_token = answer
  const renewing = account.renewedToken()
  // supabase-js retries after an answer that is no refusal.
  await eventually(() => expect(supabase.count('refresh_token')).toBeGreaterThanOrEqual(3))
  expect(account.current()).toMatchObject({ status: 'signed_in' })
  supabase.lifetimeSeconds = 3_600
  delete supabase.instead.refresh_token
  expect(await renewing).toMatchObject({ ok: true })
})

it('signs out and notifies when the refresh is refused', async () => {
  const account = await signedIn()
  supabase.instead.refresh_token = REFRESH_REFUSED
  expect(await account.renewedToken()).toMatchObject({ error: { code: 'not_signed_in' } })
  expect(account.current()).toEqual({ status: 'signed_out' })
  expect(changes.at(-1)).toBe('signed_out')
  await account.stop()
  expect(vault.content).toEqual({ kind: 'empty' })
})

it('signs out when the restored session was revoked', async () => {
  supabase.lifetimeSeconds = 1
  await (await signedIn()).stop()
  // Expired: only the refresh token is left.
  const { content } = vault
  if (content.kind !== 'stored') throw new Error('the vault is empty')
  vault.content = {
    kind: 'stored',
    text: content.text.replace(/expires_at\\":\d+/, 'expires_at\\":1000')
  }
  supabase.instead.refresh_token = REFRESH_REFUSED
  const account = create()
  const out = becomes(account, ({ status }) => status === 'signed_out')
  await account.restore()
  expect(await out).toEqual({ status: 'signed_out' })
})

it('signs out at the kiosk and at the backend', async () => {
  const account = await signedIn()
  expect(await account.signOut()).toEqual({ status: 'signed_out' })
  expect(supabase.count('logout')).toBe(1)
  expect(vault.content).toEqual({ kind: 'empty' })
  expect(await account.accessToken()).toMatchObject({ error: { code: 'not_signed_in' } })
  expect(await account.signIn(credentials)).toMatchObject({ ok: true })
})

it('signs out at the kiosk when the backend does not answer', async () => {
  const account = await signedIn()
  supabase.instead.logout = { status: 204, silent: true }
  expect(await account.signOut()).toEqual({ status: 'signed_out' })
  expect(vault.content).toEqual({ kind: 'empty' })
})

it.each(['after a sign-out', 'without a sign-out'])(
  'keeps the next session when the previous refresh is refused late, %s',
  async (how) => {
    const account = await signedIn()
    const refused = Promise.withResolvers<GivenAnswer>()
    supabase.instead.refresh_token = refused.promise
    const renewing = account.renewedToken()
    await eventually(() => expect(supabase.count('refresh_token')).toBe(1))
    if (how === 'after a sign-out') await account.signOut()
    await account.signIn(credentials)
    refused.resolve(REFRESH_REFUSED)
    expect(await renewing).toMatchObject({ error: { code: 'not_signed_in' } })
    expect(account.current()).toMatchObject({ status: 'signed_in' })
    delete supabase.instead.refresh_token
    expect(await account.accessToken()).toMatchObject({ ok: true })
  }
)

it.each([
  ['cannot be decrypted', { kind: 'unreadable', reason: 'key lost' }],
  ['is not a session', { kind: 'stored', text: '{"version":1}' }],
  ['is not even JSON', { kind: 'stored', text: 'ÿþ' }]
] as const)('sets aside a session that %s, and signs out', async (_what, content) => {
  vault.content = content
  expect((await start()).current()).toEqual({ status: 'signed_out' })
  expect(vault.aside).toHaveLength(1)
  const setAside = log.lines.find(({ event }) => event === 'account.sessionSetAside')
  expect(setAside?.detail).toEqual({ reason: expect.any(String), file: 'session.vault.dated' })
})

it('keeps the session in memory when the keyring fails', async () => {
  vault.write = async () => {
    throw new Error('the keyring was locked')
  }
  const account = await start()
  const forgotten = { ok: true, value: { remembered: false } }
  expect(await account.signIn(credentials)).toMatchObject(forgotten)
  expect(await account.accessToken()).toMatchObject({ ok: true })
})

it('writes no token to the log', async () => {
  const account = await signedIn()
  await account.renewedToken()
  await account.signOut()
  expect(JSON.stringify(log.lines)).not.toMatch(/access-\d|refresh-\d/)
})
