// One feed file: the newest release for one channel, system and processor. It is JSON, which is YAML too, under
// the names and with the fields that electron-builder gives it, so that any tool that knows those can read it.
import { z } from 'zod'
import { VERSION_PATTERN } from './version.ts'

export const CHANNELS = ['stable', 'beta'] as const
export type Channel = (typeof CHANNELS)[number]

export const PLATFORMS = ['linux', 'win32', 'darwin'] as const
export type Platform = (typeof PLATFORMS)[number]

/** A feed with six artifacts is about 2 kB. */
export const FEED_SIZE_LIMIT_BYTES = 64_000
/** Signatures of the feed before and the feed to come, by two keys each, are well under 1 kB. */
export const SIGNATURE_SIZE_LIMIT_BYTES = 8_000
/** An installer is about 120 MB. Whoever signs one of more than this has signed something else. */
export const ARTIFACT_SIZE_LIMIT_BYTES = 600_000_000

export const versionSchema = z.string().regex(VERSION_PATTERN)
/** A file beside the feed and nowhere else: no folder, no address, no hidden file. */
const fileNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,150}$/)
  .refine((name) => !name.includes('..'))
const momentSchema = z.iso.datetime()

export const artifactSchema = z.strictObject({
  url: fileNameSchema,
  /** Base64, as electron-updater wants it. */
  sha512: z.string().regex(/^[A-Za-z0-9+/]{86}==$/),
  size: z.int().positive().max(ARTIFACT_SIZE_LIMIT_BYTES),
  /** Of the map inside an AppImage, for downloads of what has changed. */
  blockMapSize: z.int().positive().max(10_000_000).optional()
})
export type Artifact = z.infer<typeof artifactSchema>

export const feedSchema = z.strictObject({
  version: versionSchema,
  files: z.array(artifactSchema).min(1).max(8),
  releaseDate: momentSchema,
  /** How much of the fleet this release is for by now. */
  stagingPercentage: z.int().min(0).max(100),
  vendor: z.strictObject({
    format: z.literal(1),
    channel: z.enum(CHANNELS),
    platform: z.enum(PLATFORMS),
    arch: z.enum(['x64', 'arm64']),
    /** Later than that of every feed before: what makes an old feed known as old. */
    signedAt: momentSchema,
    /** Not to be believed after this. */
    expiresAt: momentSchema,
    /** Nobody installs it sooner. */
    notBefore: momentSchema.nullable(),
    /** Whatever is older than this has to go, without waiting for its turn. */
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
    // What is wrong with it is of no use to anybody: it was signed like this.
    return null
  }
  const parsed = feedSchema.safeParse(value)
  return parsed.success ? parsed.data : null
}

/**
 * `latest-linux.yml`, `beta-mac.yml`, `latest.yml`: the names that electron-builder gives. Only Linux has the
 * processor in the name; elsewhere one file is for both, and ours is for x64 unless the name says otherwise.
 */
export const feedFileName = (channel: Channel, platform: Platform, arch: string): string => {
  const name = channel === 'stable' ? 'latest' : channel
  const system = { linux: '-linux', darwin: '-mac', win32: '' }[platform]
  return `${name}${system}${arch === 'x64' ? '' : `-${arch}`}.yml`
}

/** Beside what it signs. */
export const SIGNATURE_SUFFIX = '.sig'
