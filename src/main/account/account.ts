// The kiosk's account: signing in, restoring, refreshing and signing out of a Supabase session that never
// leaves main.
import {
  type AuthError,
  createClient,
  type Session,
  type SupabaseClient
} from '@supabase/supabase-js'
import { WebSocket } from 'ws'
import type { Database } from '../../../supabase/functions/_shared/database.types.ts'
import type { Account, Credentials, Group } from '../../shared/account.ts'
import { failed, ok, type Result } from '../../shared/failure.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { isTransient, signInFailure, tokenFailure } from './auth-failure.ts'
import { readGroups } from './groups.ts'
import { createPersistedSession } from './persisted-session.ts'
import type { Vault } from './vault.ts'

const STORAGE_KEY = 'heard-session'

/** supabase-js retries a refresh for up to 30 s; a person at the screen is told after this. */
const SIGN_IN_DEADLINE_MS = 15_000
/** Revoking the refresh token at the server is worth this much waiting, no more. */
const SIGN_OUT_DEADLINE_MS = 2_000
/** Pauses before the restaurants are read again after the backend could not be reached. */
const GROUPS_RETRY_MS = { first: 2_000, longest: 60_000 } as const

export type AccountPorts = {
  supabaseUrl: string
  publishableKey: string
  vault: Vault
  fetch: typeof fetch
  clock: Clock
  log: Log
  /** The restaurant chosen in the settings. */
  chosenGroupId: () => string | null
  /** True: a sign-in follows a restore that found nothing, and the screen need not ask meanwhile. */
  isSignInPending: boolean
}

export type KioskAccount = {
  current(): Account
  /** Takes up what the last run kept. Status is `restoring` until it resolves. */
  restore(): Promise<Account>
  /** @returns `wrong_credentials`, `backend_unreachable` or `backend_failed`; the kiosk is then signed out */
  signIn(credentials: Credentials): Promise<Result<Account>>
  /** Always ends signed out, with or without a network. */
  signOut(): Promise<Account>
  /** A token good for at least a minute. @returns `not_signed_in`, `backend_unreachable`, `backend_failed` */
  accessToken(): Promise<Result<string>>
  /** A new token after one was refused with 401; when that is refused too, the session has ended. */
  renewedToken(): Promise<Result<string>>
  /** The chosen restaurant may have changed. */
  chosenGroupChanged(): void
  /** Reads the restaurants again: a membership was refused, or the network is back. */
  reloadGroups(): void
  onChange(listener: (account: Account) => void): () => void
  /** Automatic refresh stops while the machine sleeps, or it would refresh with a dead network on waking. */
  sleep(): Promise<void>
  wake(): Promise<void>
  stop(): Promise<void>
}

type SocketConstructor = NonNullable<
  NonNullable<NonNullable<Parameters<typeof createClient>[2]>['realtime']>['transport']
>
// Supabase's own documents hand `ws` over so: its types differ in what an event's target is, and in nothing else.
const Socket = WebSocket as unknown as SocketConstructor

/** One supabase-js client for one session: never used again after a sign-out. */
type Connection = {
  client: SupabaseClient<Database>
  /** From here on nothing that this client still has in flight touches the kept session. */
  retire(): void
}

export const createAccount = (ports: AccountPorts): KioskAccount => {
  const { clock, log } = ports
  const kept = createPersistedSession(ports.vault, log)
  const listeners = new Set<(account: Account) => void>()
  let account: Account = { status: 'restoring' }
  let connection: Connection | null = null
  let cancelGroupsRetry: (() => void) | null = null
  let signingOut = false

  const become = (next: Account) => {
    if (JSON.stringify(next) === JSON.stringify(account)) return
    account = next
    for (const listener of listeners) listener(account)
  }

  const signedIn = (email: string, groups: Group[]): Account => ({
    status: 'signed_in',
    email,
    groups,
    group: groups.find(({ id }) => id === ports.chosenGroupId()) ?? groups[0] ?? null,
    remembered: kept.remembered()
  })

  const endSession = (why: string) => {
    connection?.retire()
    connection = null
    cancelGroupsRetry?.()
    cancelGroupsRetry = null
    kept.forget()
    if (account.status !== 'signed_out') log.info('account.signedOut', { why })
    become({ status: 'signed_out' })
  }

  const connect = (): Connection => {
    let live = true
    const client = createClient<Database>(ports.supabaseUrl, ports.publishableKey, {
      auth: {
        storageKey: STORAGE_KEY,
        persistSession: true,
        autoRefreshToken: true,
        detectSessionInUrl: false,
        storage: {
          getItem: async (key) => (live && key === STORAGE_KEY ? kept.session() : null),
          setItem: async (key, value) => {
            if (live && key === STORAGE_KEY) kept.keepSession(value)
          },
          // Whether the session is over is decided below, from the event that follows.
          removeItem: async () => {}
        }
      },
      // Asked for when the client is made, whether it is used or not, and nothing here listens to the database.
      realtime: { transport: Socket },
      global: { fetch: patientRefresh(ports.fetch) }
    })
    const { data } = client.auth.onAuthStateChange((event) => {
      if (event === 'SIGNED_OUT' && live) {
        endSession(signingOut ? 'asked to' : 'the session was refused')
      }
    })
    return {
      client,
      retire: () => {
        live = false
        data.subscription.unsubscribe()
        void client.auth.stopAutoRefresh()
      }
    }
  }

  const loadGroups = async (used: Connection, userId: string, email: string, failures = 0) => {
    const groups = await readGroups(used.client, userId)
    if (used !== connection) return groups
    if (groups.ok) {
      kept.keepIdentity(email, groups.value)
      become(signedIn(email, groups.value))
      return groups
    }
    log.warn('account.groupsReadFailed', groups.error)
    if (account.status === 'signed_in') {
      const pauseMs = Math.min(GROUPS_RETRY_MS.first * 2 ** failures, GROUPS_RETRY_MS.longest)
      cancelGroupsRetry?.()
      cancelGroupsRetry = clock.after(pauseMs, () => {
        void loadGroups(used, userId, email, failures + 1)
      })
    }
    return groups
  }

  const token = async (
    ask: (client: SupabaseClient<Database>) => Promise<{
      data: { session: Session | null }
      error: AuthError | null
    }>
  ): Promise<Result<string>> => {
    const used = connection
    if (used === null) return failed('not_signed_in', 'Nobody is signed in on this kiosk.')
    const { data, error } = await ask(used.client)
    if (used !== connection) return failed('not_signed_in', 'The session has ended.')
    if (data.session !== null) return ok(data.session.access_token)
    if (error === null || !isTransient(error)) endSession('the session could not be refreshed')
    return tokenFailure(error)
  }

  return {
    current: () => account,

    restore: async () => {
      const last = await kept.load()
      const userId = last === null ? null : userIdOf(last.session)
      if (last === null || userId === null) {
        if (!ports.isSignInPending) endSession('there is no session to restore')
        return account
      }
      const used = connect()
      connection = used
      if (last.groups !== null) {
        // The screen opens with what was known; the backend's word follows, and a refused session ends it.
        become(signedIn(last.email, last.groups))
        void loadGroups(used, userId, last.email)
        return account
      }
      const groups = await loadGroups(used, userId, last.email)
      if (used === connection && !groups.ok) {
        if (groups.error.code === 'not_signed_in') endSession('the session was refused')
        else {
          become(signedIn(last.email, []))
          void loadGroups(used, userId, last.email)
        }
      }
      return account
    },

    signIn: async (credentials) => {
      connection?.retire()
      // A session of before must not be what the new client finds.
      kept.forget()
      const used = connect()
      connection = used
      const attempt = await withDeadline(
        clock,
        SIGN_IN_DEADLINE_MS,
        used.client.auth.signInWithPassword(credentials)
      )
      const superseded = failed('internal', 'Another sign-in or sign-out came in between.')
      if (used !== connection) return superseded
      if (attempt === 'late') {
        endSession('sign-in had no answer')
        return failed('backend_unreachable', 'Sign-in had no answer within its deadline.')
      }
      const { data, error } = attempt
      if (error !== null || data.user === null) {
        endSession('sign-in failed')
        return error === null
          ? failed('backend_failed', 'Sign-in was answered without a user.')
          : signInFailure(error)
      }
      const email = data.user.email ?? credentials.email
      const groups = await loadGroups(used, data.user.id, email)
      if (used !== connection) return superseded
      if (!groups.ok) {
        endSession('the restaurants could not be read')
        return groups
      }
      log.info('account.signedIn', {
        groups: groups.value.length,
        remembered: kept.remembered()
      })
      return ok(account)
    },

    signOut: async () => {
      const used = connection
      if (used !== null) {
        // Sent while the token is still known. Local scope: other devices of the account stay signed in.
        signingOut = true
        const revoked = used.client.auth.signOut({ scope: 'local' })
        const outcome = await withDeadline(clock, SIGN_OUT_DEADLINE_MS, revoked)
        signingOut = false
        if (outcome === 'late' || outcome.error !== null) {
          log.warn('account.revokeFailed', { late: outcome === 'late' })
        }
        // A sign-in that came in between is somebody's and stays.
        if (used !== connection && connection !== null) return account
      }
      endSession('asked to')
      await kept.settled()
      return account
    },

    accessToken: () => token((client) => client.auth.getSession()),
    renewedToken: () => token((client) => client.auth.refreshSession()),

    chosenGroupChanged: () => {
      if (account.status === 'signed_in') become(signedIn(account.email, account.groups))
    },

    reloadGroups: () => {
      const userId = userIdOf(kept.session() ?? '')
      if (connection !== null && account.status === 'signed_in' && userId !== null) {
        cancelGroupsRetry?.()
        void loadGroups(connection, userId, account.email)
      }
    },

    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    sleep: async () => connection?.client.auth.stopAutoRefresh(),
    wake: async () => connection?.client.auth.startAutoRefresh(),

    stop: async () => {
      connection?.retire()
      connection = null
      cancelGroupsRetry?.()
      cancelGroupsRetry = null
      await kept.settled()
    }
  }
}

/**
 * supabase-js ends a session when its refresh is answered with any 4xx. A rate limit is not a refusal of the
 * session, and neither is the page of a captive portal: both are handed on as the 503 that supabase-js waits
 * out.
 */
const patientRefresh =
  (base: typeof fetch): typeof fetch =>
  async (input, init) => {
    const response = await base(input, init)
    const url = input instanceof Request ? input.url : String(input)
    if (response.ok || !url.includes('grant_type=refresh_token')) return response
    const isAuthServer = response.headers.get('content-type')?.includes('json') ?? false
    if (isAuthServer && response.status !== 429) return response
    await response.body?.cancel()
    return Response.json({ message: 'The refresh could not be decided.' }, { status: 503 })
  }

const withDeadline = async <T>(
  clock: Clock,
  deadlineMs: number,
  work: Promise<T>
): Promise<T | 'late'> => {
  let cancel = () => {}
  const late = new Promise<'late'>((resolve) => {
    cancel = clock.after(deadlineMs, () => resolve('late'))
  })
  try {
    return await Promise.race([work, late])
  } finally {
    cancel()
  }
}

const userIdOf = (sessionJson: string): string | null => {
  try {
    const parsed: unknown = JSON.parse(sessionJson)
    if (typeof parsed !== 'object' || parsed === null || !('user' in parsed)) return null
    const { user } = parsed
    if (typeof user !== 'object' || user === null || !('id' in user)) return null
    return typeof user.id === 'string' ? user.id : null
  } catch {
    // Not a session of supabase-js: the caller signs out.
    return null
  }
}
