// The copy of the handbook on this machine: fetched while the backend can be reached, searched when it cannot,
// and gone when the account is.
import { createHash } from 'node:crypto'
import type { Account } from '../../shared/account.ts'
import { failed, ok, type Result } from '../../shared/failure.ts'
import { citationsOf, type SearchAnswer } from '../../shared/handbook.ts'
import type { Language } from '../../shared/language.ts'
import type { BackendPorts } from '../backend.ts'
import type { Log } from '../log.ts'
import { fetchHandbook } from './fetch-offline-copy.ts'
import type { OfflineCopyOwner, OfflineFiles } from './offline-copy-files.ts'
import type { OfflineHandbook, OfflineSection } from './offline-handbook.ts'
import { buildOfflineIndex, type OfflineIndex } from './offline-search.ts'

/** The key for the first press goes first. */
export const FIRST_REFRESH_MS = 3_000
/** A changed section reaches a kiosk within half an hour, or at its next start. */
export const REFRESH_MS = 30 * 60_000
/** Kiosks that were switched on together must not ask together for ever: up to this share later. */
export const REFRESH_JITTER = 0.2
/** Pauses after a refresh that failed, doubled each time. */
const RETRY_MS = { first: 60_000, longest: REFRESH_MS } as const

export type OfflineSearchRequest = { question: string; language: Language }

export type OfflineCopy = {
  /** Which copy is kept follows the account. */
  accountChanged(account: Account): void
  /** The network may be back, or time has stood still: the copy is fetched again soon. */
  refreshSoon(): void
  /**
   * Searches the copy of the restaurant in use. Charges nothing, asks nobody.
   * @returns `not_signed_in`, `not_a_member`, or `no_offline_copy` when none was fetched yet
   */
  search(request: OfflineSearchRequest): Promise<Result<SearchAnswer>>
  /** A section of the copy of the restaurant in use; null when there is no copy, or no such section in it. */
  section(slug: string): Promise<OfflineSection | null>
  /** Ends the timer and what is being fetched; what is being written is on disk when it resolves. */
  stop(): Promise<void>
}

export type OfflineCopyPorts = BackendPorts & {
  files: OfflineFiles
  log: Log
  /** From 0 to 1. */
  random: () => number
}

/** One account at one restaurant, from when it is in use until it is not. */
type OfflineCopyUse = {
  owner: OfflineCopyOwner
  ended: AbortController
  /** Resolves when what was on disk has been read, or could not be. */
  opened: Promise<void>
  index: OfflineIndex | null
  sections: readonly OfflineSection[]
  fingerprint: string | null
  failures: number
  refreshing: boolean
}

export const createOfflineCopy = (ports: OfflineCopyPorts): OfflineCopy => {
  const { files, clock, log } = ports
  let account: Account = { status: 'restoring' }
  let use: OfflineCopyUse | null = null
  let cancelTimer: (() => void) | null = null
  /** Everything that touches the disk, one after the other. */
  let diskWork: Promise<void> = Promise.resolve()

  const onDisk = (event: string, work: () => Promise<void>): Promise<void> => {
    diskWork = diskWork.then(work).catch((error: unknown) => log.error(event, { error }))
    return diskWork
  }

  const schedule = (delayMs: number) => {
    cancelTimer?.()
    cancelTimer = clock.after(delayMs, () => {
      cancelTimer = null
      if (use === null) return
      // A section that the index cannot take must not end the kiosk: the copy of before stays in use.
      refresh(use).catch((error: unknown) => log.error('handbook.copyIndexFailed', { error }))
    })
  }

  const take = async (of: OfflineCopyUse, handbook: OfflineHandbook, fingerprint: string) => {
    const index = await buildOfflineIndex(handbook.sections, handbook.terms)
    if (of.ended.signal.aborted) return
    of.index = index
    of.sections = handbook.sections
    of.fingerprint = fingerprint
  }

  const refresh = async (of: OfflineCopyUse) => {
    if (of.refreshing) return
    of.refreshing = true
    try {
      await of.opened
      const startedMs = clock.nowMs()
      const fetched = await fetchHandbook(ports, of.owner.groupId, of.ended.signal)
      if (of.ended.signal.aborted) return
      if (!fetched.ok) {
        log.warn('handbook.copyRefreshFailed', fetched.error)
        schedule(Math.min(RETRY_MS.first * 2 ** of.failures, RETRY_MS.longest))
        of.failures += 1
        return
      }
      of.failures = 0
      schedule(Math.round(REFRESH_MS * (1 + ports.random() * REFRESH_JITTER)))
      const handbook = fetched.value
      const fingerprint = fingerprintOf(handbook)
      const changed = fingerprint !== of.fingerprint
      if (changed) {
        await take(of, handbook, fingerprint)
        await onDisk('handbook.copyWriteFailed', async () => {
          if (!of.ended.signal.aborted) await files.write(of.owner, handbook)
        })
      }
      log.info('handbook.copyRefreshed', {
        ms: clock.nowMs() - startedMs,
        sections: handbook.sections.length,
        terms: handbook.terms.length,
        changed
      })
    } finally {
      of.refreshing = false
    }
  }

  const endUse = () => {
    use?.ended.abort()
    use = null
    cancelTimer?.()
    cancelTimer = null
  }

  const beginUse = (owner: OfflineCopyOwner) => {
    const begun: OfflineCopyUse = {
      owner,
      ended: new AbortController(),
      opened: Promise.resolve(),
      index: null,
      sections: [],
      fingerprint: null,
      failures: 0,
      refreshing: false
    }
    begun.opened = onDisk('handbook.copyReadFailed', async () => {
      if (begun.ended.signal.aborted) return
      const handbook = await files.read(owner)
      if (handbook !== null) await take(begun, handbook, fingerprintOf(handbook))
    })
    use = begun
    schedule(FIRST_REFRESH_MS)
  }

  return {
    accountChanged: (now) => {
      const before = account
      account = now
      if (now.status !== 'signed_in') {
        endUse()
        // Not at a start that finds nobody signed in: the account from the environment may be on its way.
        if (before.status === 'signed_in') {
          void onDisk('handbook.copyRemoveFailed', () => files.removeAll())
        }
        return
      }
      const { email, groups, group } = now
      void onDisk('handbook.copyRemoveFailed', () =>
        files.keepOnly(
          email,
          groups.map(({ id }) => id)
        )
      )
      if (group === null) return endUse()
      if (use?.owner.email === email && use.owner.groupId === group.id) return
      endUse()
      beginUse({ email, groupId: group.id })
    },
    refreshSoon: () => {
      if (use !== null && !use.refreshing) schedule(FIRST_REFRESH_MS)
    },
    search: async ({ question, language }) => {
      if (account.status !== 'signed_in') return failed('not_signed_in', 'Nobody is signed in.')
      if (use === null) return failed('not_a_member', 'The account has no restaurant.')
      const startedMs = clock.nowMs()
      const of = use
      await of.opened
      if (of.index === null) return failed('no_offline_copy', 'There is no copy yet.')
      const answer = of.index.search(question, language)
      // Neither the question nor the passages: what people ask is theirs.
      log.info('handbook.searchedOffline', {
        ms: clock.nowMs() - startedMs,
        found: answer.found,
        sections: citationsOf(answer.passages).length
      })
      return ok(answer)
    },
    section: async (slug) => {
      const of = use
      await of?.opened
      return of?.sections.find((section) => section.slug === slug) ?? null
    },
    stop: async () => {
      endUse()
      await diskWork
    }
  }
}

const fingerprintOf = ({ sections, terms }: OfflineHandbook): string =>
  createHash('sha256')
    .update(JSON.stringify([sections, terms]))
    .digest('base64')
