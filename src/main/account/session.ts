// The session in use: its client, its restaurants, and the account that the listeners see.
import type { Account, Group } from '../../shared/account.ts'
import type { Result } from '../../shared/failure.ts'
import { backoffMs, REQUEST_BACKOFF_MS } from '../backoff.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { type AuthClient, type AuthClientPorts, createAuthClient } from './auth-client.ts'
import { readGroups } from './groups.ts'
import type { PersistedSession } from './persisted-session.ts'

export type SessionPorts = Omit<AuthClientPorts, 'onSignedOut' | 'persisted'> & {
  persisted: PersistedSession
  clock: Clock
  log: Log
  /** The restaurant chosen in the settings. */
  chosenGroupId: () => string | null
  /** For the log, when supabase-js ends the session. */
  endReason: () => string
}

export type Identity = { userId: string; email: string }

export type AccountSession = {
  account(): Account
  /** null while no session is in use. */
  client(): AuthClient | null
  /** Retires the client in use and creates another. */
  begin(): AuthClient
  /** Ends signed out and forgets what was persisted. */
  end(why: string): void
  /** Retires the client; the persisted session stays for the next start. */
  close(): void
  showSignedIn(email: string, groups: Group[]): void
  /** Reads the restaurants and shows them; retries after a failure while signed in. */
  loadGroups(client: AuthClient, identity: Identity): Promise<Result<Group[]>>
  onChange(listener: (account: Account) => void): () => void
}

export const createSession = (ports: SessionPorts): AccountSession => {
  const { persisted, clock, log } = ports
  const listeners = new Set<(account: Account) => void>()
  let account: Account = { status: 'restoring' }
  let client: AuthClient | null = null
  let cancelRetry = () => {}

  const show = (next: Account) => {
    if (JSON.stringify(next) === JSON.stringify(account)) return
    account = next
    for (const listener of listeners) listener(account)
  }

  const showSignedIn = (email: string, groups: Group[]) =>
    show({
      status: 'signed_in',
      email,
      groups,
      group: groups.find(({ id }) => id === ports.chosenGroupId()) ?? groups[0] ?? null,
      remembered: persisted.remembered()
    })

  const close = () => {
    client?.retire()
    client = null
    cancelRetry()
  }

  const end = (why: string) => {
    close()
    persisted.forget()
    if (account.status !== 'signed_out') log.info('account.signedOut', { why })
    show({ status: 'signed_out' })
  }

  const loadGroups = async (used: AuthClient, identity: Identity, failures = 0) => {
    const groups = await readGroups(used.client, identity.userId)
    if (!used.isLive()) return groups
    if (groups.ok) {
      persisted.keepIdentity(identity.email, groups.value)
      showSignedIn(identity.email, groups.value)
      return groups
    }
    log.warn('account.groupsReadFailed', groups.error)
    cancelRetry()
    if (account.status === 'signed_in') {
      const pauseMs = backoffMs(failures, REQUEST_BACKOFF_MS)
      cancelRetry = clock.after(pauseMs, () => void loadGroups(used, identity, failures + 1))
    }
    return groups
  }

  return {
    account: () => account,
    client: () => client,
    begin: () => {
      close()
      client = createAuthClient({ ...ports, onSignedOut: () => end(ports.endReason()) })
      return client
    },
    end,
    close,
    showSignedIn,
    loadGroups: (used, identity) => {
      cancelRetry()
      return loadGroups(used, identity)
    },
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    }
  }
}
