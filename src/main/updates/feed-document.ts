// Defines a feed file: the newest release for one channel, system and processor. It is JSON, which is also YAML, and
// uses electron-builder's file names and fields, so that its tools can read it.
import { z } from 'zod'

export const CHANNELS = ['stable', 'beta'] as const
export type Channel = (typeof CHANNELS)[number]

export const PLATFORMS = ['linux', 'win32', 'darwin'] as const
export type Platform = (typeof PLATFORMS)[number]

/** A feed with six artifacts is about 2 kB. */
export const FEED_SIZE_LIMIT_BYTES = 64_000
/** Signatures of the previous and the next feed, by two keys each, are under 1 kB. */
export const SIGNATURE_SIZE_LIMIT_BYTES = 8_000
/** An installer is about 120 MB. */
const ARTIFACT_SIZE_LIMIT_BYTES = 600_000_000

/** `1.2.3` or `1.2.3-beta.4`. Short, because it becomes part of file names; no build metadata. */
export const versionSchema = z
  .string()
  .regex(
    /^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})(?:-[0-9A-Za-z-]{1,20}(?:\.[0-9A-Za-z-]{1,20}){0,3})?$/
  )
/** A file beside the feed: no folder, no address, no hidden file. */
const fileNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,150}$/)
  .refine((name) => !name.includes('..'))
const momentSchema = z.iso.datetime()

const artifactSchema = z.strictObject({
  url: fileNameSchema,
  /** Base64, as electron-updater expects it. */
  sha512: z.string().regex(/^[A-Za-z0-9+/]{86}==$/),
  size: z.int().positive().max(ARTIFACT_SIZE_LIMIT_BYTES)
})
export type Artifact = z.infer<typeof artifactSchema>

export const feedSchema = z.strictObject({
  version: versionSchema,
  files: z.array(artifactSchema).min(1).max(8),
  releaseDate: momentSchema,
  /** Share of the fleet that may install this release. */
  stagingPercentage: z.int().min(0).max(100),
  vendor: z.strictObject({
    format: z.literal(1),
    channel: z.enum(CHANNELS),
    platform: z.enum(PLATFORMS),
    arch: z.enum(['x64', 'arm64']),
    /** Later than in every previous feed: detects replays. */
    signedAt: momentSchema,
    /** The feed is invalid after this. */
    expiresAt: momentSchema,
    /** Earliest installation. */
    notBefore: momentSchema.nullable(),
    /** Older versions must update without waiting for roll-out or window. */
    minimumVersion: versionSchema.nullable()
  })
})
export type Feed = z.infer<typeof feedSchema>

/** null when it is not a feed. */
export const parseFeed = (text: string): Feed | null => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  const parsed = feedSchema.safeParse(value)
  return parsed.success ? parsed.data : null
}

/**
 * electron-builder's names: `latest-linux.yml`, `beta-mac.yml`, `latest.yml`. A name without a processor is for
 * x64.
 */
export const feedFileName = (channel: Channel, platform: Platform, arch: string): string => {
  const name = channel === 'stable' ? 'latest' : channel
  const system = { linux: '-linux', darwin: '-mac', win32: '' }[platform]
  return `${name}${system}${arch === 'x64' ? '' : `-${arch}`}.yml`
}

/** Added to the name of the signed file. */
export const SIGNATURE_SUFFIX = '.sig'
