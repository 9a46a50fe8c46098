// Signs the kiosk in and out, restores its session and hands out access tokens. The session never leaves main.
import type { AuthError, Session, SupabaseClient } from '@supabase/supabase-js'
import { z } from 'zod'
import type { Database } from '../../../supabase/functions/_shared/database.types.ts'
import type { Account, Credentials } from '../../shared/account.ts'
import { failed, ok, type Result } from '../../shared/failure.ts'
import { withDeadline } from '../deadline.ts'
import { isTransient, signInFailure, tokenFailure } from './auth-failure.ts'
import { createPersistedSession } from './persisted-session.ts'
import { createSession, type SessionPorts } from './session.ts'
import type { Vault } from './vault.ts'

/** supabase-js retries a refresh for up to 30 s; the sign-in screen waits no longer than this. */
const SIGN_IN_DEADLINE_MS = 15_000
/** For the server to revoke the refresh token. */
const SIGN_OUT_DEADLINE_MS = 2_000
const SIGN_OUT_REASON = 'signed out at the kiosk'

export type AccountPorts = Omit<SessionPorts, 'persisted' | 'endReason'> & {
  vault: Vault
  /** True: a sign-in follows a restore that found no session, so the status stays `restoring`. */
  isSignInPending: boolean
}

export type KioskAccount = {
  current(): Account
  /** Restores the session of the last run. Status is `restoring` until it resolves. */
  restore(): Promise<Account>
  /** @returns `wrong_credentials`, `backend_unreachable` or `backend_failed`; the kiosk is then signed out */
  signIn(credentials: Credentials): Promise<Result<Account>>
  /** Always ends signed out, with or without a network. */
  signOut(): Promise<Account>
  /** A token good for at least a minute. @returns `not_signed_in`, `backend_unreachable`, `backend_failed` */
  accessToken(): Promise<Result<string>>
  /** A new token after a 401. A refusal of the renewal ends the session. */
  renewedToken(): Promise<Result<string>>
  /** Applies the restaurant that the settings choose. */
  chosenGroupChanged(): void
  /** Reads the restaurants again, after a membership was refused. */
  reloadGroups(): void
  onChange(listener: (account: Account) => void): () => void
  /** Stops automatic refresh while the machine sleeps: on waking the network is not up yet. */
  sleep(): Promise<void>
  wake(): Promise<void>
  stop(): Promise<void>
}

export const createAccount = (ports: AccountPorts): KioskAccount => {
  const { clock, log } = ports
  const persisted = createPersistedSession(ports.vault, ports.supabaseUrl, log)
  let isSigningOut = false
  const session = createSession({
    ...ports,
    persisted,
    endReason: () => (isSigningOut ? SIGN_OUT_REASON : 'the session was refused')
  })

  const token = async (
    request: (client: SupabaseClient<Database>) => Promise<{
      data: { session: Session | null }
      error: AuthError | null
    }>
  ): Promise<Result<string>> => {
    const used = session.client()
    if (used === null) return failed('not_signed_in', 'No account is signed in.')
    const { data, error } = await request(used.client)
    if (!used.isLive()) return failed('not_signed_in', 'The session has ended.')
    if (data.session !== null) return ok(data.session.access_token)
    if (error === null || !isTransient(error)) session.end('the session could not be refreshed')
    return tokenFailure(error)
  }

  const restore = async () => {
    const last = await persisted.load()
    const userId = last === null ? null : userIdOf(last.session)
    if (last === null || userId === null) {
      if (!ports.isSignInPending) session.end('there is no session to restore')
      return session.account()
    }
    const { email } = last
    const used = session.begin()
    if (last.groups !== null) {
      // Shows the restaurants of the last run; a refused session ends when the backend answers.
      session.showSignedIn(email, last.groups)
      void session.loadGroups(used, { userId, email })
      return session.account()
    }
    const groups = await session.loadGroups(used, { userId, email })
    if (used.isLive() && !groups.ok) {
      if (groups.error.code === 'not_signed_in') session.end('the session was refused')
      else {
        session.showSignedIn(email, [])
        void session.loadGroups(used, { userId, email })
      }
    }
    return session.account()
  }

  const signIn = async (credentials: Credentials): Promise<Result<Account>> => {
    // The new client must not find the previous session.
    persisted.forget()
    const used = session.begin()
    const attempt = await withDeadline(clock, SIGN_IN_DEADLINE_MS, () =>
      used.client.auth.signInWithPassword(credentials)
    )
    const superseded = failed('internal', 'Another sign-in or sign-out came in between.')
    if (!used.isLive()) return superseded
    if (attempt === 'late') {
      session.end('sign-in had no answer')
      return failed('backend_unreachable', 'Sign-in had no answer within its deadline.')
    }
    const { data, error } = attempt
    if (error !== null || data.user === null) {
      session.end('sign-in failed')
      return error === null
        ? failed('backend_failed', 'Sign-in was answered without a user.')
        : signInFailure(error)
    }
    const email = data.user.email ?? credentials.email
    const groups = await session.loadGroups(used, { userId: data.user.id, email })
    if (!used.isLive()) return superseded
    if (!groups.ok) {
      session.end('the restaurants could not be read')
      return groups
    }
    const remembered = persisted.remembered()
    log.info('account.signedIn', { groups: groups.value.length, remembered })
    return ok(session.account())
  }

  const signOut = async () => {
    const used = session.client()
    if (used !== null) {
      isSigningOut = true
      // Local scope: other devices of the account stay signed in.
      const outcome = await withDeadline(clock, SIGN_OUT_DEADLINE_MS, () =>
        used.client.auth.signOut({ scope: 'local' })
      )
      isSigningOut = false
      if (outcome === 'late' || outcome.error !== null) {
        log.warn('account.revokeFailed', { late: outcome === 'late' })
      }
      // A sign-in that began meanwhile keeps its session.
      if (!used.isLive() && session.client() !== null) return session.account()
    }
    session.end(SIGN_OUT_REASON)
    await persisted.settled()
    return session.account()
  }

  return {
    current: session.account,
    restore,
    signIn,
    signOut,
    accessToken: () => token((client) => client.auth.getSession()),
    renewedToken: () => token((client) => client.auth.refreshSession()),
    chosenGroupChanged: () => {
      const now = session.account()
      if (now.status === 'signed_in') session.showSignedIn(now.email, now.groups)
    },
    reloadGroups: () => {
      const [now, used] = [session.account(), session.client()]
      const userId = userIdOf(persisted.session() ?? '')
      if (used !== null && now.status === 'signed_in' && userId !== null) {
        void session.loadGroups(used, { userId, email: now.email })
      }
    },
    onChange: session.onChange,
    sleep: async () => session.client()?.client.auth.stopAutoRefresh(),
    wake: async () => session.client()?.client.auth.startAutoRefresh(),
    stop: async () => {
      session.close()
      await persisted.settled()
    }
  }
}

const sessionSchema = z.object({ user: z.object({ id: z.string() }) })

/** @returns null for a text that is not a session of supabase-js */
const userIdOf = (sessionJson: string): string | null => {
  try {
    return sessionSchema.parse(JSON.parse(sessionJson)).user.id
  } catch {
    return null
  }
}
