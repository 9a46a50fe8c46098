// Writes a feed: the folder of files that installed kiosks look into. The order in which its files are published is
// part of it (docs/releasing.md).
import { sign } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import {
  type Channel,
  type Feed,
  feedFileName,
  feedSchema,
  type Platform,
  SIGNATURE_SUFFIX
} from '../src/main/updates/feed-document.ts'
import { artifactStatement, feedStatement, hashFile } from '../src/main/updates/signature.ts'
import type { SigningKey } from './update-keys.ts'

/** How long a feed is believed: kiosks stop installing when nobody has signed it anew for this long. */
export const FEED_VALID_DAYS = 90
const DAY_MS = 24 * 3_600_000
/** Of the feed before, by as many keys as there may be. */
const KEPT_SIGNATURES = 4

export type FeedPlan = {
  version: string
  channel: Channel
  platform: Platform
  arch: Feed['vendor']['arch']
  /** Files on this machine. */
  artifacts: readonly string[]
  stagingPercentage: number
  notBefore: string | null
  minimumVersion: string | null
  signedAtMs: number
}

/** @throws when it would be no feed that a kiosk accepts */
export const describeFeed = async (plan: FeedPlan): Promise<Feed> => {
  const files = await Promise.all(
    plan.artifacts.map(async (path) => {
      const { sizeBytes, sha512 } = await hashFile(path)
      return { url: basename(path), sha512, size: sizeBytes }
    })
  )
  const signedAt = new Date(plan.signedAtMs).toISOString()
  return feedSchema.parse({
    version: plan.version,
    files,
    releaseDate: signedAt,
    stagingPercentage: plan.stagingPercentage,
    vendor: {
      format: 1,
      channel: plan.channel,
      platform: plan.platform,
      arch: plan.arch,
      signedAt,
      expiresAt: new Date(plan.signedAtMs + FEED_VALID_DAYS * DAY_MS).toISOString(),
      notBefore: plan.notBefore,
      minimumVersion: plan.minimumVersion
    }
  })
}

/** The same feed at a later moment: another share of the fleet, or only so that it does not expire. */
export const restage = (feed: Feed, stagingPercentage: number, signedAtMs: number): Feed =>
  feedSchema.parse({
    ...feed,
    stagingPercentage,
    vendor: {
      ...feed.vendor,
      signedAt: new Date(signedAtMs).toISOString(),
      expiresAt: new Date(signedAtMs + FEED_VALID_DAYS * DAY_MS).toISOString()
    }
  })

export const signatureLine = (statement: Uint8Array, { id, privateKey }: SigningKey): string =>
  `${id} ${sign(null, statement, privateKey).toString('base64')}\n`

/** Copies the artifacts into the feed's folder, each with its signature. Published first. */
export const publishArtifacts = async (
  folder: string,
  feed: Feed,
  artifacts: readonly string[],
  keys: readonly SigningKey[]
): Promise<string[]> => {
  await mkdir(folder, { recursive: true })
  const written: string[] = []
  for (const path of artifacts) {
    const name = basename(path)
    const facts = feed.files.find(({ url }) => url === name)
    if (facts === undefined) throw new Error(`${name} is not in the feed.`)
    const statement = artifactStatement({ name, sizeBytes: facts.size, sha512: facts.sha512 })
    const target = join(folder, name)
    if (path !== target) await copyFile(path, target)
    const lines = keys.map((key) => signatureLine(statement, key)).join('')
    await writeFile(`${target}${SIGNATURE_SUFFIX}`, lines)
    written.push(target, `${target}${SIGNATURE_SUFFIX}`)
  }
  return written
}

/**
 * Writes the feed's file and, before it, its signature. The signature file keeps the lines of the feed that is there
 * already: whoever reads the old feed with the new signatures, or the other way round, finds the right one in it.
 * @returns the files in the order in which they are to be published
 */
export const publishFeed = async (
  folder: string,
  feed: Feed,
  keys: readonly SigningKey[]
): Promise<string[]> => {
  await mkdir(folder, { recursive: true })
  const { channel, platform, arch } = feed.vendor
  const file = join(folder, feedFileName(channel, platform, arch))
  const bytes = Buffer.from(`${JSON.stringify(feed, null, 2)}\n`)
  const statement = feedStatement(bytes)
  const signatureFile = `${file}${SIGNATURE_SUFFIX}`
  const before = existsSync(signatureFile) ? await readFile(signatureFile, 'utf8') : ''
  const kept = before
    .split('\n')
    .filter((line) => line !== '')
    .slice(0, KEPT_SIGNATURES)
  const lines = [...keys.map((key) => signatureLine(statement, key).trim()), ...kept]
  await writeFile(signatureFile, `${lines.join('\n')}\n`)
  await writeFile(file, bytes)
  return [signatureFile, file]
}
