// The offline copy of one account at one restaurant: opened from disk, refreshed from the backend, indexed in memory.
import { createHash } from 'node:crypto'
import type { BackendPorts } from '../backend.ts'
import { backoffMs } from '../backoff.ts'
import type { Log } from '../log.ts'
import { fetchHandbook } from './fetch-offline-copy.ts'
import type { OfflineCopyOwner, OfflineFiles } from './offline-copy-files.ts'
import type { OfflineHandbook, OfflineSection } from './offline-handbook.ts'
import { buildOfflineIndex, type OfflineIndex } from './offline-search.ts'

/** A changed section reaches a kiosk within half an hour, or at its next start. */
export const REFRESH_MS = 30 * 60_000
/** Up to this share is added, so that kiosks that start together do not refresh together. */
const REFRESH_JITTER = 0.2
const RETRY_MS = { first: 60_000, longest: REFRESH_MS } as const

export type OfflineCopyPorts = BackendPorts & {
  files: OfflineFiles
  log: Log
  /** From 0 to 1. */
  random: () => number
}

/** Runs work that touches the disk, one piece after the other; logs `event` when it fails. */
export type OnDisk = (event: string, work: () => Promise<void>) => Promise<void>

export type OfflineCopyUse = {
  owner: OfflineCopyOwner
  /** Resolves after the disk was read. The index is null while no copy was fetched. */
  content(): Promise<{ index: OfflineIndex | null; sections: readonly OfflineSection[] }>
  isRefreshing(): boolean
  /** @returns milliseconds until the next refresh; null when the use has ended or another refresh runs */
  refresh(): Promise<number | null>
  /** Ends a fetch that is in flight; its result is dropped. */
  end(): void
}

export const openOfflineCopy = (
  ports: OfflineCopyPorts,
  owner: OfflineCopyOwner,
  onDisk: OnDisk
): OfflineCopyUse => {
  const { files, clock, log } = ports
  const ended = new AbortController()
  const isEnded = () => ended.signal.aborted
  let index: OfflineIndex | null = null
  let sections: readonly OfflineSection[] = []
  let fingerprint: string | null = null
  let failures = 0
  let isRefreshing = false

  const install = async (handbook: OfflineHandbook) => {
    const built = await buildOfflineIndex(handbook.sections, handbook.terms)
    if (isEnded()) return
    index = built
    sections = handbook.sections
    fingerprint = fingerprintOf(handbook)
  }
  const opened = onDisk('handbook.copyReadFailed', async () => {
    if (isEnded()) return
    const handbook = await files.read(owner)
    if (handbook !== null) await install(handbook)
  })

  const nextRefreshMs = () => Math.round(REFRESH_MS * (1 + ports.random() * REFRESH_JITTER))

  const fetchAndInstall = async (): Promise<number | null> => {
    await opened
    const startedMs = clock.nowMs()
    const fetched = await fetchHandbook(ports, owner.groupId, ended.signal)
    if (isEnded()) return null
    if (!fetched.ok) {
      log.warn('handbook.copyRefreshFailed', fetched.error)
      failures += 1
      return backoffMs(failures - 1, RETRY_MS)
    }
    failures = 0
    const handbook = fetched.value
    const changed = fingerprintOf(handbook) !== fingerprint
    if (changed) {
      await install(handbook)
      await onDisk('handbook.copyWriteFailed', async () => {
        if (!isEnded()) await files.write(owner, handbook)
      })
    }
    log.info('handbook.copyRefreshed', {
      ms: clock.nowMs() - startedMs,
      sections: handbook.sections.length,
      terms: handbook.terms.length,
      changed
    })
    return nextRefreshMs()
  }

  return {
    owner,
    content: async () => {
      await opened
      return { index, sections }
    },
    isRefreshing: () => isRefreshing,
    refresh: async () => {
      if (isRefreshing) return null
      isRefreshing = true
      try {
        return await fetchAndInstall()
      } catch (error) {
        // The previous copy stays in use.
        log.error('handbook.copyIndexFailed', { error })
        return nextRefreshMs()
      } finally {
        isRefreshing = false
      }
    },
    end: () => ended.abort()
  }
}

const fingerprintOf = ({ sections, terms }: OfflineHandbook): string =>
  createHash('sha256')
    .update(JSON.stringify([sections, terms]))
    .digest('base64')
