// What IT can read of the updates: where they stand, what they wait for and what went wrong last. Nothing of
// this is shown to a cook.
import { z } from 'zod'

/** What is wrong with a feed, and not with a release or with this machine: overcome by the next answer of the feed. */
export const FEED_PROBLEM_CODES = [
  /** The feed did not answer: no connection, or an answer of 5xx. */
  'feed_unreachable',
  /** The feed did not answer in time. */
  'feed_slow',
  /** The feed has no such file (4xx): a wrong address, or nothing published for this channel. */
  'feed_missing',
  /** More bytes than a feed ever has. */
  'feed_too_large',
  /** It sent the kiosk on to an address that is not the feed's. */
  'feed_redirected',
  /** No signature by a key that this kiosk knows. */
  'feed_not_signed',
  /** Signed, and yet not a feed. */
  'feed_malformed',
  /** Signed for another channel, system or processor. */
  'feed_for_other_target',
  /** Older than one this kiosk has seen: somebody serves an old feed again. */
  'feed_replayed',
  /** Past its own date: nobody has signed it anew, or somebody keeps newer ones away. */
  'feed_expired'
] as const

/** Why a feed, a release or an installation was turned down. Each is logged and stays in the status until overcome. */
export const UPDATE_PROBLEM_CODES = [
  ...FEED_PROBLEM_CODES,
  /** A release that is older than what runs. */
  'downgrade',
  /** A release that this kiosk went back from, or could not install three times. */
  'known_bad',
  /** The feed has no file for the way this kiosk was installed. */
  'no_artifact',
  /** The artifact's own signature is missing or wrong. */
  'artifact_not_signed',
  /** Windows: nobody's name to hold the installer's signature against was packed, so that it would not be checked. */
  'publisher_missing',
  'download_failed',
  /** It did not arrive in an hour. */
  'download_slow',
  /** The download was sent on to an address that is not the feed's. */
  'download_redirected',
  /** Not the bytes that were signed. */
  'download_corrupt',
  'download_too_large',
  /** No room for the artifact and what it unpacks to. */
  'disk_full',
  'install_failed',
  /** The next start was the old version again. */
  'not_installed',
  /** The new version did not start three times; the last good one was put back. */
  'rolled_back',
  /** The new version did not start three times, and there was no way back. */
  'not_rolled_back',
  /** What was remembered of updates could not be read, or not be written. */
  'update_state_lost'
] as const
export const updateProblemCodeSchema = z.enum(UPDATE_PROBLEM_CODES)
export type UpdateProblemCode = z.infer<typeof updateProblemCodeSchema>

/** What a release that is good waits for. */
export const UPDATE_WAIT_CODES = [
  /** The staged roll-out has not come to this kiosk. */
  'staged_out',
  /** The feed names a moment before which nobody installs it. */
  'not_before',
  /** Outside the maintenance window, or before this kiosk's own minute in it. */
  'outside_window',
  /** Somebody is asking, or was a moment ago. */
  'in_use',
  /** The version that runs was installed a moment ago and has to show first that it is good. */
  'proving',
  /** An attempt failed; the next one is later. */
  'after_failure',
  /** The feed has to say it again first, and does not answer. */
  'unconfirmed',
  /** This kiosk only reports: IT installs. */
  'report_only'
] as const
export const updateWaitCodeSchema = z.enum(UPDATE_WAIT_CODES)
export type UpdateWaitCode = z.infer<typeof updateWaitCodeSchema>

/** Why no feed is read at all. */
export const UPDATE_OFF_REASONS = [
  /** The preview shell, or Electron on a checkout. */
  'not_packaged',
  /** The build names no feed. */
  'no_feed',
  /** The build carries no key to check a feed with. */
  'no_keys',
  /** IT said so. */
  'by_policy',
  /** Installed in a way that this program does not know. */
  'unknown_installation'
] as const
export type UpdateOffReason = (typeof UPDATE_OFF_REASONS)[number]

export const updateStatusSchema = z.strictObject({
  /** `report`: looks and says so, and leaves the installation to IT. */
  mode: z.enum(['install', 'report', 'off']),
  offReason: z.enum(UPDATE_OFF_REASONS).nullable(),
  runningVersion: z.string(),
  channel: z.enum(['stable', 'beta']),
  /** The feed's address; null: none. */
  feed: z.string().nullable(),
  /** When the feed was last asked, and when it last answered with something that could be used. */
  askedAtMs: z.number().nullable(),
  answeredAtMs: z.number().nullable(),
  /** A newer version that may be installed here. */
  offered: z
    .strictObject({
      version: z.string(),
      sinceMs: z.number(),
      /** Older versions have to go: roll-out and window are not waited for. */
      isRequired: z.boolean(),
      waitsFor: updateWaitCodeSchema.nullable()
    })
    .nullable(),
  /** What went wrong last and is not overcome. */
  problem: z
    .strictObject({ code: updateProblemCodeSchema, message: z.string(), atMs: z.number() })
    .nullable(),
  /** `proving`: runs, and has not yet run for long enough to be called good. */
  lastInstall: z
    .strictObject({
      version: z.string(),
      fromVersion: z.string(),
      atMs: z.number(),
      outcome: z.enum(['proving', 'good', 'not_installed', 'rolled_back', 'not_rolled_back'])
    })
    .nullable(),
  /** Versions that this kiosk will not install again. */
  knownBad: z.array(z.string())
})
export type UpdateStatus = z.infer<typeof updateStatusSchema>
