// What to do next about updates: one pure function, asked again every minute.
import type { UpdateWaitCode } from '../../shared/updates.ts'
import type { Release } from './evaluate-release.ts'
import { isInstallTurn, positionInWindow } from './maintenance-window.ts'
import { rolloutBucketOf } from './rollout-bucket.ts'
import type { UpdatePolicy } from './update-policy.ts'

/**
 * A kiosk that is switched off every night never sees its window. After this long it takes the first quiet time
 * by day.
 */
export const OVERDUE_AFTER_MS = 7 * 24 * 3_600_000
/** Quiet by day is the pause between lunch and dinner, not the pause between two questions. */
export const OVERDUE_IDLE_MS = 45 * 60_000
/**
 * A page that says it is in use and never anything else has lost its way: the longest turn there can be is a
 * tenth of this.
 */
export const IN_USE_LIMIT_MS = 60 * 60_000

/** How long the feed's word is good for when it comes to acting on it. */
export const FRESH_MS = 10 * 60_000

export type UpdateSituation = {
  nowMs: number
  deviceId: string
  policy: UpdatePolicy
  /** IT installs: nothing is done beyond looking. */
  isReportOnly: boolean
  /** What runs was installed a moment ago, and what it would be taken back to is still needed. */
  isProving: boolean
  /** When the feed is asked next. */
  checkDueAtMs: number
  /** When the feed was last asked, and last said something that could be used; 0: never. */
  askedAtMs: number
  answeredAtMs: number
  /** A release that may be installed here, as the last feed said. */
  offer: { release: Release; sinceMs: number } | null
  /** The version that lies on this machine, checked and unpacked. */
  preparedVersion: string | null
  /** Since when somebody is asking or listening to an answer; null: nobody. */
  inUseSinceMs: number | null
  /** When somebody last was, or when the kiosk started. */
  lastUseAtMs: number
  /** Not before this, after an attempt that failed. */
  retryAtMs: number
}

export type UpdateStep =
  | { kind: 'check' }
  /** Fetch, check and unpack. */
  | { kind: 'prepare'; release: Release }
  | { kind: 'install'; release: Release }
  | { kind: 'wait'; for: UpdateWaitCode | null }

export const planUpdateStep = (at: UpdateSituation): UpdateStep => {
  if (at.nowMs >= at.checkDueAtMs) return { kind: 'check' }
  if (at.offer === null) return { kind: 'wait', for: null }
  if (at.isReportOnly) return { kind: 'wait', for: 'report_only' }
  if (at.isProving) return { kind: 'wait', for: 'proving' }
  if (at.nowMs < at.retryAtMs) return { kind: 'wait', for: 'after_failure' }
  const { release } = at.offer
  const wait = waitFor(at, at.offer)
  if (wait !== null) return { kind: 'wait', for: wait }
  // A release that was pulled an hour ago is not installed on the word of the morning.
  if (at.nowMs - at.answeredAtMs > FRESH_MS) {
    return at.nowMs - at.askedAtMs > FRESH_MS
      ? { kind: 'check' }
      : { kind: 'wait', for: 'unconfirmed' }
  }
  const isPrepared = at.preparedVersion === release.version
  return isPrepared ? { kind: 'install', release } : { kind: 'prepare', release }
}

const waitFor = (
  at: UpdateSituation,
  { release, sinceMs }: { release: Release; sinceMs: number }
): UpdateWaitCode | null => {
  if (!isIdleFor(at, at.policy.idleMs)) return 'in_use'
  if (release.isRequired) return null
  const { window, timeZone } = at.policy
  const place = positionInWindow(window, at.nowMs, timeZone)
  if (isInstallTurn(place, rolloutBucketOf(at.deviceId, 'window'))) return null
  const isOverdue = at.nowMs - sinceMs >= OVERDUE_AFTER_MS
  return isOverdue && isIdleFor(at, OVERDUE_IDLE_MS) ? null : 'outside_window'
}

const isIdleFor = (
  { nowMs, inUseSinceMs, lastUseAtMs }: UpdateSituation,
  idleMs: number
): boolean => {
  if (inUseSinceMs !== null && nowMs - inUseSinceMs < IN_USE_LIMIT_MS) return false
  // A clock that was set back says nothing; what it says next does.
  return nowMs - lastUseAtMs >= idleMs
}

/** Of the interval to the next look: so that kiosks which were switched on together part. */
const CHECK_JITTER = 0.2
/** After a start the kiosk has better things to do than to look for another version of itself. */
export const FIRST_CHECK_LIMIT_MS = 10 * 60_000

/** @param random 0 to 1 */
export const nextCheckInMs = (everyMs: number, random: number): number =>
  Math.round(everyMs * (1 + CHECK_JITTER * (random - 0.5)))
/** @param random 0 to 1 */
export const firstCheckInMs = (everyMs: number, random: number): number =>
  Math.round(Math.min(FIRST_CHECK_LIMIT_MS, everyMs) * (0.1 + 0.9 * random))

/** Several times a night, and never once a minute. */
const RETRY = { firstMs: 15 * 60_000, longestMs: 4 * 3_600_000 } as const

/** @param failures in a row, 1 after the first */
export const retryInMs = (failures: number): number =>
  Math.min(RETRY.firstMs * 2 ** Math.max(0, failures - 1), RETRY.longestMs)

/** Installations of one version that came to nothing, after which it is left alone. */
export const ATTEMPTS_LIMIT = 3
