// Keeps the offline copy of the restaurant in use fresh, searches it, and removes it when the account signs out.
import type { Account } from '../../shared/account.ts'
import { failed, ok, type Result } from '../../shared/failure.ts'
import { citationsOf, type SearchAnswer } from '../../shared/handbook.ts'
import type { Language } from '../../shared/language.ts'
import { requireGroup } from '../account/groups.ts'
import {
  type OfflineCopyPorts,
  type OfflineCopyUse,
  type OnDisk,
  openOfflineCopy
} from './offline-copy-use.ts'
import type { OfflineSection } from './offline-handbook.ts'

/** After the mint of the first key. */
export const FIRST_REFRESH_MS = 3_000

export type OfflineCopy = {
  /** Opens the copy of the account's restaurant and removes copies that the account may not keep. */
  accountChanged(account: Account): void
  /** Fetches again soon, after the machine woke up. */
  refreshSoon(): void
  /**
   * Searches the copy of the restaurant in use, without a request to the backend.
   * @returns `not_signed_in`, `not_a_member`, or `no_offline_copy` before the first fetch
   */
  search(request: { question: string; language: Language }): Promise<Result<SearchAnswer>>
  /** A section of the copy of the restaurant in use; null without a copy or without the section. */
  section(slug: string): Promise<OfflineSection | null>
  /** Ends the timer and the fetch; pending writes are on disk when it resolves. */
  stop(): Promise<void>
}

export const createOfflineCopy = (ports: OfflineCopyPorts): OfflineCopy => {
  const { files, clock, log } = ports
  let account: Account = { status: 'restoring' }
  let use: OfflineCopyUse | null = null
  let cancelTimer = () => {}
  let diskWork: Promise<void> = Promise.resolve()

  const onDisk: OnDisk = (event, work) => {
    diskWork = diskWork.then(work).catch((error: unknown) => log.error(event, { error }))
    return diskWork
  }

  const schedule = (delayMs: number) => {
    cancelTimer()
    cancelTimer = clock.after(delayMs, async () => {
      const refreshed = use
      const nextMs = (await refreshed?.refresh()) ?? null
      if (nextMs !== null && use === refreshed) schedule(nextMs)
    })
  }

  const endUse = () => {
    use?.end()
    use = null
    cancelTimer()
  }

  return {
    accountChanged: (now) => {
      const before = account
      account = now
      if (now.status !== 'signed_in') {
        endUse()
        // Not at a start without a session: the unattended sign-in may follow.
        if (before.status === 'signed_in') {
          void onDisk('handbook.copyRemoveFailed', () => files.removeAll())
        }
        return
      }
      const { email, groups, group } = now
      const groupIds = groups.map(({ id }) => id)
      void onDisk('handbook.copyRemoveFailed', () => files.keepOnly(email, groupIds))
      if (group === null) return endUse()
      if (use?.owner.email === email && use.owner.groupId === group.id) return
      endUse()
      use = openOfflineCopy(ports, { email, groupId: group.id }, onDisk)
      schedule(FIRST_REFRESH_MS)
    },
    refreshSoon: () => {
      if (use !== null && !use.isRefreshing()) schedule(FIRST_REFRESH_MS)
    },
    search: async ({ question, language }) => {
      const group = requireGroup(account)
      if (!group.ok) return group
      const startedMs = clock.nowMs()
      const content = await use?.content()
      if (content === undefined || content.index === null) {
        return failed('no_offline_copy', 'There is no copy yet.')
      }
      const answer = content.index.search(question, language)
      // The log holds neither the question nor the passages.
      log.info('handbook.searchedOffline', {
        ms: clock.nowMs() - startedMs,
        found: answer.found,
        sections: citationsOf(answer.passages).length
      })
      return ok(answer)
    },
    section: async (slug) => {
      const content = await use?.content()
      return content?.sections.find((section) => section.slug === slug) ?? null
    },
    stop: async () => {
      endUse()
      await diskWork
    }
  }
}
