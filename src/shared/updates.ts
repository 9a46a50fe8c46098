// The status of updates for IT: the release, what it waits for, and the last problem. No screen shows it.
import { z } from 'zod'

/** Problems of the feed. A good answer of the feed clears them. */
export const FEED_PROBLEM_CODES = [
  /** No connection, or 5xx. */
  'feed_unreachable',
  /** No answer in time. */
  'feed_slow',
  /** 4xx: a wrong address, or nothing published for this channel. */
  'feed_missing',
  'feed_too_large',
  /** A redirect to another address than the feed's. */
  'feed_redirected',
  /** No signature by a key that this kiosk knows. */
  'feed_not_signed',
  /** Signed, but not a feed. */
  'feed_malformed',
  /** Signed for another channel, system or processor. */
  'feed_for_other_target',
  /** Older than the last feed: a replay. */
  'feed_replayed',
  /** Past its own date: it was not signed again, or newer feeds are held back. */
  'feed_expired',
  /** Signed ahead of its time, or valid for too long. */
  'feed_dates_invalid'
] as const

/** Each problem is logged and stays in the status until it is cleared. */
const UPDATE_PROBLEM_CODES = [
  ...FEED_PROBLEM_CODES,
  /** The release is older than the running version. */
  'downgrade',
  /** This kiosk rolled the release back, or failed three times to install it; it tries again later. */
  'known_bad',
  /** The feed has no file for this kind of installation. */
  'no_artifact',
  /** The signature of the artifact is missing or wrong. */
  'artifact_not_signed',
  /** Windows: the package names no publisher, so the signature of an installer cannot be checked. */
  'publisher_missing',
  'download_failed',
  /** Over an hour. */
  'download_slow',
  /** A redirect to another address than the feed's. */
  'download_redirected',
  /** Other bytes than the signed ones. */
  'download_corrupt',
  'download_too_large',
  /** No space for the artifact and its unpacked files. */
  'disk_full',
  'install_failed',
  /** The next start ran the old version. */
  'not_installed',
  /** The new version failed three times before it ran for a minute; the last good one was restored. */
  'rolled_back',
  /** The new version failed three times, and a rollback was not possible. */
  'not_rolled_back',
  /** The update state could not be read or written. */
  'update_state_lost'
] as const
const updateProblemCodeSchema = z.enum(UPDATE_PROBLEM_CODES)
export type UpdateProblemCode = z.infer<typeof updateProblemCodeSchema>

/** Conditions that a good release waits for. */
const UPDATE_WAIT_CODES = [
  /** The rollout has not reached this kiosk's bucket. */
  'staged_out',
  /** The feed names an earliest time. */
  'not_before',
  /** Outside the maintenance window, or before this kiosk's minute in it. */
  'outside_window',
  /** A turn is active, or just ended. */
  'in_use',
  /** The running version is new and not yet confirmed as good. */
  'proving',
  /** An attempt failed; the next one waits. */
  'after_failure',
  /** The feed must confirm it again, and does not answer. */
  'unconfirmed',
  /** IT installs. */
  'report_only'
] as const
const updateWaitCodeSchema = z.enum(UPDATE_WAIT_CODES)
export type UpdateWaitCode = z.infer<typeof updateWaitCodeSchema>

/** Reasons to read no feed. */
const UPDATE_OFF_REASONS = [
  /** The preview shell, or Electron on a checkout. */
  'not_packaged',
  /** The build names no feed. */
  'no_feed',
  /** The build carries no key to check a feed with. */
  'no_keys',
  'by_policy',
  'unknown_installation'
] as const
export type UpdateOffReason = (typeof UPDATE_OFF_REASONS)[number]

export const updateStatusSchema = z.strictObject({
  /** `report`: reports releases and leaves the installation to IT. */
  mode: z.enum(['install', 'report', 'off']),
  offReason: z.enum(UPDATE_OFF_REASONS).nullable(),
  runningVersion: z.string(),
  channel: z.enum(['stable', 'beta']),
  /** Address; null without a feed. */
  feed: z.string().nullable(),
  /** Last request to the feed, and its last usable answer. */
  askedAtMs: z.number().nullable(),
  answeredAtMs: z.number().nullable(),
  /** A newer version that may be installed here. */
  offered: z
    .strictObject({
      version: z.string(),
      sinceMs: z.number(),
      /** Ignores the rollout and the maintenance window. */
      isRequired: z.boolean(),
      waitsFor: updateWaitCodeSchema.nullable()
    })
    .nullable(),
  /** The last problem that is not cleared. */
  problem: z
    .strictObject({ code: updateProblemCodeSchema, message: z.string(), atMs: z.number() })
    .nullable(),
  /** `proving`: runs, and is not yet confirmed as good. */
  lastInstall: z
    .strictObject({
      version: z.string(),
      fromVersion: z.string(),
      atMs: z.number(),
      outcome: z.enum(['proving', 'good', 'not_installed', 'rolled_back', 'not_rolled_back'])
    })
    .nullable(),
  /** Versions that this kiosk does not install for now. */
  knownBad: z.array(z.string())
})
export type UpdateStatus = z.infer<typeof updateStatusSchema>
