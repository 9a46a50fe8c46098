// Evaluates a signed feed: is it fresh, is it newer, is it for this kiosk?
import compareVersions from 'semver/functions/compare.js'
import type { UpdateWaitCode } from '../../shared/updates.ts'
import type { Artifact, Feed } from './feed-document.ts'
import type { PackageKind } from './package-kind.ts'
import { rolloutBucketOf } from './rollout-bucket.ts'
import { refused, type UpdateProblem } from './update-problem.ts'

export type Release = {
  version: string
  artifact: Artifact
  /** The running version must update without waiting for roll-out or window. */
  isRequired: boolean
}

export type ReleaseEvaluation =
  | { kind: 'current' }
  | { kind: 'offered'; release: Release }
  /** Valid, but not for this kiosk yet. */
  | { kind: 'held'; release: Release; code: Extract<UpdateWaitCode, 'staged_out' | 'not_before'> }
  | { kind: 'refused'; problem: UpdateProblem }

export type EvaluationContext = {
  runningVersion: string
  deviceId: string
  packageKind: PackageKind
  arch: string
  /** `signedAt` of the newest accepted feed of this channel; null: none. */
  newestSignedAt: string | null
  knownBad: readonly string[]
  nowMs: number
}

const DAY_MS = 24 * 60 * 60_000
/** A kiosk's clock may be this far behind. */
const MAX_SIGNED_AHEAD_MS = DAY_MS
/** `npm run release` signs for 90 days. */
const MAX_LIFE_MS = 100 * DAY_MS

/** `versionSchema` allows leading zeros in a pre-release part; strict semver throws on them. */
const LOOSE = true

export const evaluateRelease = (feed: Feed, at: EvaluationContext): ReleaseEvaluation => {
  const refuse = (code: UpdateProblem['code'], message: string): ReleaseEvaluation => ({
    kind: 'refused',
    ...refused(code, message)
  })
  const { signedAt, expiresAt, notBefore, minimumVersion } = feed.vendor
  // Accepted once, such a feed would make every later one look replayed, also after a stolen key is withdrawn.
  const signedAtMs = Date.parse(signedAt)
  if (signedAtMs > at.nowMs + MAX_SIGNED_AHEAD_MS) {
    return refuse('feed_dates_invalid', `The feed is signed ahead, at ${signedAt}.`)
  }
  if (Date.parse(expiresAt) - signedAtMs > MAX_LIFE_MS) {
    return refuse(
      'feed_dates_invalid',
      `The feed of ${signedAt} is valid until ${expiresAt}, longer than 100 days.`
    )
  }
  if (at.newestSignedAt !== null && Date.parse(signedAt) < Date.parse(at.newestSignedAt)) {
    return refuse(
      'feed_replayed',
      `The feed of ${signedAt} is older than the one of ${at.newestSignedAt} that was here before.`
    )
  }
  if (at.nowMs > Date.parse(expiresAt)) {
    return refuse('feed_expired', `The feed of ${signedAt} expired at ${expiresAt}.`)
  }
  const order = compareVersions(feed.version, at.runningVersion, LOOSE)
  if (order === 0) return { kind: 'current' }
  if (order < 0) {
    return refuse('downgrade', `The feed offers ${feed.version}, and ${at.runningVersion} runs.`)
  }
  if (at.knownBad.includes(feed.version)) {
    return refuse(
      'known_bad',
      `${feed.version} did not work on this kiosk; it is tried again later, the next version at once.`
    )
  }
  const artifact = artifactFor(feed.files, at.packageKind, at.arch)
  if (artifact === null) {
    return refuse(
      'no_artifact',
      `${feed.version} has no file for this installation (${at.packageKind}).`
    )
  }
  const isRequired =
    minimumVersion !== null && compareVersions(at.runningVersion, minimumVersion, LOOSE) < 0
  const release = { version: feed.version, artifact, isRequired }
  if (notBefore !== null && at.nowMs < Date.parse(notBefore)) {
    return { kind: 'held', release, code: 'not_before' }
  }
  const stagedShare = feed.stagingPercentage / 100
  if (!isRequired && rolloutBucketOf(at.deviceId, feed.version) >= stagedShare) {
    return { kind: 'held', release, code: 'staged_out' }
  }
  return { kind: 'offered', release }
}

const EXTENSIONS: Record<PackageKind, string> = {
  archive: '.tar.gz',
  appimage: '.AppImage',
  deb: '.deb',
  nsis: '.exe',
  squirrel: '.zip'
}

/** electron-builder's names of a processor, which depend on the kind of artifact. */
const ARCH_NAMES: Record<string, readonly string[]> = {
  x64: ['x64', 'x86_64', 'amd64'],
  arm64: ['arm64', 'aarch64']
}

const artifactFor = (
  files: readonly Artifact[],
  kind: PackageKind,
  arch: string
): Artifact | null => {
  const ofKind = files.filter(({ url }) => url.endsWith(EXTENSIONS[kind]))
  const names = (of: string) => ARCH_NAMES[of] ?? [of]
  const isNamed = (url: string, of: string) => names(of).some((name) => url.includes(name))
  const others = Object.keys(ARCH_NAMES).filter((other) => other !== arch)
  return (
    ofKind.find(({ url }) => isNamed(url, arch)) ??
    ofKind.find(({ url }) => !others.some((other) => isNamed(url, other))) ??
    null
  )
}
