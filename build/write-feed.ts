// Writes the folder of a feed. Its files must be published in the returned order (docs/releasing.md).
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

/** A feed expires after this; `--restage` renews it. */
const FEED_VALID_DAYS = 90
const DAY_MS = 24 * 3_600_000
/** One per key of the previous feed. */
const PREVIOUS_SIGNATURES_LIMIT = 4

export type FeedPlan = {
  version: string
  channel: Channel
  platform: Platform
  arch: Feed['vendor']['arch']
  /** Paths. */
  artifacts: readonly string[]
  stagingPercentage: number
  notBefore: string | null
  minimumVersion: string | null
  signedAtMs: number
}

/** @throws when a kiosk would refuse the feed */
export const describeFeed = async ({ artifacts, signedAtMs, ...plan }: FeedPlan): Promise<Feed> => {
  const files = await Promise.all(
    artifacts.map(async (path) => {
      const { sizeBytes, sha512 } = await hashFile(path)
      return { url: basename(path), sha512, size: sizeBytes }
    })
  )
  const { version, stagingPercentage, ...vendor } = plan
  return feedSchema.parse({
    version,
    files,
    releaseDate: new Date(signedAtMs).toISOString(),
    stagingPercentage,
    vendor: { format: 1, ...vendor, ...validity(signedAtMs) }
  })
}

const validity = (signedAtMs: number) => ({
  signedAt: new Date(signedAtMs).toISOString(),
  expiresAt: new Date(signedAtMs + FEED_VALID_DAYS * DAY_MS).toISOString()
})

/** Changes the share of the fleet and renews the expiry. */
export const restage = (feed: Feed, stagingPercentage: number, signedAtMs: number): Feed =>
  feedSchema.parse({
    ...feed,
    stagingPercentage,
    vendor: { ...feed.vendor, ...validity(signedAtMs) }
  })

export const signatureLine = (statement: Uint8Array, { id, privateKey }: SigningKey): string =>
  `${id} ${sign(null, statement, privateKey).toString('base64')}\n`

/** Writes a file that the feed does not name, such as a bill of materials, with its signature. */
export const publishDocument = async (
  folder: string,
  name: string,
  text: string,
  keys: readonly SigningKey[]
): Promise<string[]> => {
  await mkdir(folder, { recursive: true })
  const target = join(folder, name)
  await writeFile(target, text)
  return signArtifact(target, await hashFile(target), keys)
}

const signArtifact = async (
  path: string,
  facts: { sizeBytes: number; sha512: string },
  keys: readonly SigningKey[]
): Promise<string[]> => {
  const statement = artifactStatement({ name: basename(path), ...facts })
  const lines = keys.map((key) => signatureLine(statement, key)).join('')
  await writeFile(`${path}${SIGNATURE_SUFFIX}`, lines)
  return [path, `${path}${SIGNATURE_SUFFIX}`]
}

/** Copies the artifacts into the feed's folder, each with its signature. @returns the files in the order of publication */
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
    const target = join(folder, name)
    if (path !== target) await copyFile(path, target)
    const { size: sizeBytes, sha512 } = facts
    written.push(...(await signArtifact(target, { sizeBytes, sha512 }, keys)))
  }
  return written
}

/**
 * Writes the signature, then the feed. The signature file keeps the lines of the previous feed, so that either feed
 * verifies while the files are replaced.
 * @returns the files in the order of publication
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
  const previous = (existsSync(signatureFile) ? await readFile(signatureFile, 'utf8') : '')
    .split('\n')
    .filter((line) => line !== '')
    .slice(0, PREVIOUS_SIGNATURES_LIMIT)
  const lines = [...keys.map((key) => signatureLine(statement, key).trim()), ...previous]
  await writeFile(signatureFile, `${lines.join('\n')}\n`)
  await writeFile(file, bytes)
  return [signatureFile, file]
}
