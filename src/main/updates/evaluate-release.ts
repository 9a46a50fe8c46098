// What to think of a feed that is properly signed: is it fresh, is it newer, is it for this kiosk.
import type { UpdateWaitCode } from '../../shared/updates.ts'
import type { Artifact, Feed } from './feed-document.ts'
import type { PackageKind } from './package-kind.ts'
import { rolloutBucketOf } from './rollout-bucket.ts'
import { refused, type UpdateProblem } from './update-problem.ts'
import { compareVersions } from './version.ts'

export type Release = {
  version: string
  artifact: Artifact
  /** Older versions have to go: roll-out and window are not waited for. */
  isRequired: boolean
}

export type ReleaseEvaluation =
  /** Nothing newer. */
  | { kind: 'current' }
  | { kind: 'offered'; release: Release }
  /** Good, and not for this kiosk yet. */
  | { kind: 'held'; release: Release; code: Extract<UpdateWaitCode, 'staged_out' | 'not_before'> }
  | { kind: 'refused'; problem: UpdateProblem }

export type EvaluationContext = {
  runningVersion: string
  deviceId: string
  packageKind: PackageKind
  arch: string
  /** `signedAt` of the newest feed of this channel that was ever believed here; null: none. */
  newestSignedAt: string | null
  knownBad: readonly string[]
  nowMs: number
}

export const evaluateRelease = (feed: Feed, at: EvaluationContext): ReleaseEvaluation => {
  const refuse = (code: UpdateProblem['code'], message: string): ReleaseEvaluation => ({
    kind: 'refused',
    ...refused(code, message)
  })
  const { signedAt, expiresAt, notBefore, minimumVersion } = feed.vendor
  if (at.newestSignedAt !== null && Date.parse(signedAt) < Date.parse(at.newestSignedAt)) {
    return refuse(
      'feed_replayed',
      `The feed of ${signedAt} is older than the one of ${at.newestSignedAt} that was here before.`
    )
  }
  if (at.nowMs > Date.parse(expiresAt)) {
    return refuse('feed_expired', `The feed of ${signedAt} expired at ${expiresAt}.`)
  }
  const order = compareVersions(feed.version, at.runningVersion)
  if (order === 0) return { kind: 'current' }
  if (order < 0) {
    return refuse('downgrade', `The feed offers ${feed.version}, and ${at.runningVersion} runs.`)
  }
  if (at.knownBad.includes(feed.version)) {
    return refuse(
      'known_bad',
      `${feed.version} did not work on this kiosk; the next version will be tried.`
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
    minimumVersion !== null && compareVersions(at.runningVersion, minimumVersion) < 0
  const release = { version: feed.version, artifact, isRequired }
  if (notBefore !== null && at.nowMs < Date.parse(notBefore)) {
    return { kind: 'held', release, code: 'not_before' }
  }
  const share = feed.stagingPercentage / 100
  if (!isRequired && rolloutBucketOf(at.deviceId, feed.version) >= share) {
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

/** How electron-builder spells a processor, which depends on the kind of artifact. */
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
