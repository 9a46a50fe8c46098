// Evaluates signed feeds.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  type EvaluationContext,
  evaluateRelease
} from '../../../../src/main/updates/evaluate-release.ts'
import type { Feed } from '../../../../src/main/updates/feed-document.ts'
import { rolloutBucketOf } from '../../../../src/main/updates/rollout-bucket.ts'

const SHA512 = `${'A'.repeat(86)}==`
const NOW = Date.UTC(2026, 10, 20, 12)

const files = (...names: string[]) => names.map((url) => ({ url, sha512: SHA512, size: 100 }))
const feed = (changes: Partial<Feed> = {}, vendor: Partial<Feed['vendor']> = {}): Feed => ({
  version: '1.1.0',
  files: files('heard-1.1.0-linux-x64.tar.gz'),
  releaseDate: '2026-11-20T00:00:00Z',
  stagingPercentage: 100,
  vendor: {
    format: 1,
    channel: 'stable',
    platform: 'linux',
    arch: 'x64',
    signedAt: '2026-11-20T00:00:00Z',
    expiresAt: '2027-02-18T00:00:00Z',
    notBefore: null,
    minimumVersion: null,
    ...vendor
  },
  ...changes
})
const here = (changes: Partial<EvaluationContext> = {}): EvaluationContext => ({
  runningVersion: '1.0.0',
  deviceId: '5f1f3a1c-52a2-4f0e-9a53-0b5e6f1f2d11',
  packageKind: 'archive',
  arch: 'x64',
  newestSignedAt: null,
  knownBad: [],
  nowMs: NOW,
  ...changes
})
const refusal = (code: string) => ({ kind: 'refused', problem: { code } })

it('offers a newer version, and never a downgrade', () => {
  expect(evaluateRelease(feed(), here())).toMatchObject({
    kind: 'offered',
    release: { version: '1.1.0' }
  })
  expect(evaluateRelease(feed({ version: '1.0.0' }), here())).toEqual({ kind: 'current' })
  expect(evaluateRelease(feed({ version: '0.9.9' }), here())).toMatchObject(refusal('downgrade'))
  expect(evaluateRelease(feed({ version: '1.0.0-beta.2' }), here())).toMatchObject(
    refusal('downgrade')
  )
  // A minimum version forces no downgrade.
  const forced = feed({ version: '0.9.9' }, { minimumVersion: '2.0.0' })
  expect(evaluateRelease(forced, here())).toMatchObject(refusal('downgrade'))
})

it.each([
  ['signed in 2099', { signedAt: '2099-01-01T00:00:00Z', expiresAt: '2099-03-01T00:00:00Z' }],
  ['signed more than a day ahead', { signedAt: '2026-11-21T12:00:01Z' }],
  ['valid for more than 100 days', { expiresAt: '2027-03-01T00:00:00Z' }]
])('refuses a feed that is %s', (_case, dates) => {
  expect(evaluateRelease(feed({}, dates), here())).toMatchObject(refusal('feed_dates_invalid'))
})

it('accepts a feed from a clock that is a few hours ahead', () => {
  const dates = { signedAt: '2026-11-21T00:00:00Z' }
  expect(evaluateRelease(feed({}, dates), here())).toMatchObject({ kind: 'offered' })
})

// https://semver.org/#spec-item-11
it.each([
  ['1.0.0-alpha.1', '1.0.0-alpha.beta'],
  ['1.0.0-beta.2', '1.0.0-beta.11'],
  ['1.0.0-rc.1', '1.0.0'],
  ['1.2.0', '1.10.0'],
  // A leading zero, which strict semver rejects.
  ['1.0.0-1', '1.0.0-02']
])('orders %s before %s', (older, newer) => {
  expect(evaluateRelease(feed({ version: newer }), here({ runningVersion: older })).kind).toBe(
    'offered'
  )
  expect(evaluateRelease(feed({ version: older }), here({ runningVersion: newer }))).toMatchObject(
    refusal('downgrade')
  )
})

it('accepts the newest feed again, and no older or expired one', () => {
  const seen = (newestSignedAt: string) => evaluateRelease(feed(), here({ newestSignedAt }))
  expect(seen('2026-11-20T00:00:00Z').kind).toBe('offered')
  expect(seen('2026-11-19T23:59:59Z').kind).toBe('offered')
  expect(seen('2026-11-20T00:00:01Z')).toMatchObject(refusal('feed_replayed'))
  const nowMs = Date.parse('2027-02-18T00:00:01Z')
  expect(evaluateRelease(feed(), here({ nowMs }))).toMatchObject(refusal('feed_expired'))
})

it('refuses a known bad version, and offers the next one', () => {
  const at = here({ knownBad: ['1.1.0'] })
  expect(evaluateRelease(feed(), at)).toMatchObject(refusal('known_bad'))
  const next = feed({ version: '1.1.1', files: files('heard-1.1.1-linux-x64.tar.gz') })
  expect(evaluateRelease(next, at).kind).toBe('offered')
})

it('holds a release until `notBefore`, even a required one', () => {
  const later = feed({}, { notBefore: '2026-11-21T00:00:00Z', minimumVersion: '1.1.0' })
  expect(evaluateRelease(later, here())).toMatchObject({ kind: 'held', code: 'not_before' })
  expect(evaluateRelease(later, here({ nowMs: Date.parse('2026-11-21T00:00:00Z') }))).toMatchObject(
    {
      kind: 'offered',
      release: { isRequired: true }
    }
  )
})

it('offers a release to versions below the minimum without waiting for the roll-out', () => {
  const required = feed({ stagingPercentage: 0 }, { minimumVersion: '1.0.1' })
  expect(evaluateRelease(required, here())).toMatchObject({
    kind: 'offered',
    release: { isRequired: true }
  })
  expect(evaluateRelease(required, here({ runningVersion: '1.0.1' }))).toMatchObject({
    kind: 'held',
    code: 'staged_out'
  })
})

it('offers a release to the staged share, and to the same kiosks as the share grows', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.integer({ min: 0, max: 99 }), (deviceId, percent) => {
      const kindAt = (stagingPercentage: number) =>
        evaluateRelease(feed({ stagingPercentage }), here({ deviceId })).kind
      expect(kindAt(0)).toBe('held')
      expect(kindAt(100)).toBe('offered')
      if (kindAt(percent) === 'offered') expect(kindAt(percent + 1)).toBe('offered')
    })
  )
  const fleet = Array.from({ length: 400 }, (_, index) => `kiosk-${index}`)
  const first = fleet.filter((id) => rolloutBucketOf(id, '1.1.0') < 0.1)
  expect(first.length).toBeGreaterThan(20)
  expect(first.length).toBeLessThan(60)
  // The next release starts with other kiosks.
  const next = fleet.filter((id) => rolloutBucketOf(id, '1.2.0') < 0.1)
  expect(next.filter((id) => first.includes(id)).length).toBeLessThan(first.length / 2)
})

it('chooses the file for the package kind and the processor', () => {
  const linux = feed({
    files: files(
      'heard-1.1.0-linux-arm64.AppImage',
      'heard-1.1.0-linux-x86_64.AppImage',
      'heard-1.1.0-linux-amd64.deb'
    )
  })
  const urlFor = (of: Feed, changes: Partial<EvaluationContext>) => {
    const evaluation = evaluateRelease(of, here(changes))
    return evaluation.kind === 'offered' ? evaluation.release.artifact.url : evaluation
  }
  expect(urlFor(linux, { packageKind: 'appimage' })).toBe('heard-1.1.0-linux-x86_64.AppImage')
  expect(urlFor(linux, { packageKind: 'appimage', arch: 'arm64' })).toBe(
    'heard-1.1.0-linux-arm64.AppImage'
  )
  expect(urlFor(linux, { packageKind: 'deb' })).toBe('heard-1.1.0-linux-amd64.deb')
  expect(urlFor(linux, { packageKind: 'deb', arch: 'arm64' })).toMatchObject(refusal('no_artifact'))
  expect(urlFor(linux, { packageKind: 'archive' })).toMatchObject(refusal('no_artifact'))
  const mac = feed({ files: files('heard-1.1.0-mac-universal.zip') })
  expect(urlFor(mac, { packageKind: 'squirrel', arch: 'arm64' })).toBe(
    'heard-1.1.0-mac-universal.zip'
  )
})
