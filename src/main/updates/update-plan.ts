// Decides the next update step. Pure; evaluated every minute.
import type { UpdateWaitCode } from '../../shared/updates.ts'
import type { Release } from './evaluate-release.ts'
import { isInstallTurn, positionInWindow } from './maintenance-window.ts'
import { rolloutBucketOf } from './rollout-bucket.ts'
import type { UpdatePolicy } from './update-policy.ts'

/** A kiosk that is off every night misses its window. After this long it installs in a quiet time by day. */
export const OVERDUE_AFTER_MS = 7 * 24 * 3_600_000
/** Longer than the pause between two questions: the pause between lunch and dinner. */
export const OVERDUE_IDLE_MS = 45 * 60_000
/** The pause in which an urgent release is installed, after the screen has announced it for as long. */
export const URGENT_IDLE_MS = 30_000
/** A page that reports use for this long is stuck: the longest turn is a tenth of this. */
export const IN_USE_LIMIT_MS = 60 * 60_000

/** A feed's answer may be acted on for this long. */
export const FRESH_MS = 10 * 60_000

export type UpdateSituation = {
  nowMs: number
  deviceId: string
  policy: UpdatePolicy
  /** IT installs: the kiosk only checks. */
  isReportOnly: boolean
  /** The running version has not proved healthy: the previous one is still needed. */
  isProving: boolean
  checkDueAtMs: number
  /** 0: never. */
  askedAtMs: number
  /** Of the last usable answer; 0: never. */
  answeredAtMs: number
  /** The release of the last feed that may be installed here. */
  offer: { release: Release; sinceMs: number } | null
  /** Checked and unpacked on this machine. */
  preparedVersion: string | null
  /** Since then the screen announces the restart; null: it does not. */
  announcedAtMs: number | null
  /** Start of the current question or answer; null: none. */
  inUseSinceMs: number | null
  /** End of the last question or answer, or the kiosk's start. */
  lastUseAtMs: number
  /** Earliest next attempt after a failure. */
  retryAtMs: number
}

export type UpdateStep =
  | { kind: 'check' }
  /** Download, check and unpack. */
  | { kind: 'prepare'; release: Release }
  /** The screen says that the kiosk restarts in the next quiet half minute. */
  | { kind: 'announce' }
  | { kind: 'install'; release: Release }
  | { kind: 'wait'; for: UpdateWaitCode | null }

export const planUpdateStep = (at: UpdateSituation): UpdateStep => {
  if (at.nowMs >= at.checkDueAtMs) return { kind: 'check' }
  if (at.offer === null) return { kind: 'wait', for: null }
  if (at.isReportOnly) return { kind: 'wait', for: 'report_only' }
  if (at.isProving) return { kind: 'wait', for: 'proving' }
  if (at.nowMs < at.retryAtMs) return { kind: 'wait', for: 'after_failure' }
  const { release } = at.offer
  const isPrepared = at.preparedVersion === release.version
  const urgent = isUrgent(at, at.offer)
  if (urgent && isPrepared && at.announcedAtMs === null) return { kind: 'announce' }
  const wait = urgent ? urgentWaitFor(at, isPrepared) : waitFor(at, at.offer)
  if (wait !== null) return { kind: 'wait', for: wait }
  // A release may have been withdrawn since the last answer.
  if (at.nowMs - at.answeredAtMs > FRESH_MS) {
    return at.nowMs - at.askedAtMs > FRESH_MS
      ? { kind: 'check' }
      : { kind: 'wait', for: 'unconfirmed' }
  }
  return isPrepared ? { kind: 'install', release } : { kind: 'prepare', release }
}

const waitFor = (
  at: UpdateSituation,
  { release, sinceMs }: { release: Release; sinceMs: number }
): UpdateWaitCode | null => {
  if (!isIdleFor(at, at.policy.idleMs)) return 'in_use'
  if (release.isRequired) return null
  const { window, timeZone } = at.policy
  const position = positionInWindow(window, at.nowMs, timeZone)
  if (isInstallTurn(position, rolloutBucketOf(at.deviceId, 'window'))) return null
  const isOverdue = at.nowMs - sinceMs >= OVERDUE_AFTER_MS
  return isOverdue && isIdleFor(at, OVERDUE_IDLE_MS) ? null : 'outside_window'
}

/** A required release has waited for a long pause in vain: it is downloaded during use. */
export const isUrgent = (
  { nowMs, policy }: Pick<UpdateSituation, 'nowMs' | 'policy'>,
  { release, sinceMs }: NonNullable<UpdateSituation['offer']>
): boolean => release.isRequired && nowMs - sinceMs >= policy.requiredAfterMs

const urgentWaitFor = (at: UpdateSituation, isPrepared: boolean): UpdateWaitCode | null => {
  if (!isPrepared) return null
  const isAnnounced = at.announcedAtMs !== null && at.nowMs - at.announcedAtMs >= URGENT_IDLE_MS
  return isAnnounced && isIdleFor(at, URGENT_IDLE_MS) ? null : 'in_use'
}

const isIdleFor = (
  { nowMs, inUseSinceMs, lastUseAtMs }: UpdateSituation,
  idleMs: number
): boolean => {
  if (inUseSinceMs !== null && nowMs - inUseSinceMs < IN_USE_LIMIT_MS) return false
  return nowMs - lastUseAtMs >= idleMs
}

/** Fraction of the interval that separates kiosks which were switched on together. */
const CHECK_JITTER = 0.2
/** The first check follows a start within this time, but not at once. */
const FIRST_CHECK_LIMIT_MS = 10 * 60_000

/** @param random 0 to 1 */
export const nextCheckInMs = (everyMs: number, random: number): number =>
  Math.round(everyMs * (1 + CHECK_JITTER * (random - 0.5)))
/** @param random 0 to 1 */
export const firstCheckInMs = (everyMs: number, random: number): number =>
  Math.round(Math.min(FIRST_CHECK_LIMIT_MS, everyMs) * (0.1 + 0.9 * random))

/** Several attempts a night, never one a minute. */
const RETRY = { firstMs: 15 * 60_000, longestMs: 4 * 3_600_000 } as const

/** @param failures consecutive, 1 after the first */
export const retryInMs = (failures: number): number =>
  Math.min(RETRY.firstMs * 2 ** Math.max(0, failures - 1), RETRY.longestMs)

/** Failed installations of one version before it is known bad. */
export const ATTEMPTS_LIMIT = 3
