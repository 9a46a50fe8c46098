// Reads the feed and the trusted keys that a release packs into the app's package.json (`heardUpdates`). No variable
// changes the keys.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { CHANNELS } from './feed-document.ts'
import { feedSourceSchema } from './feed-source.ts'
import { publicKeySchema } from './signature.ts'

/** The key in use, the next one, and a retiring one. */
const KEYS_LIMIT = 4

export const buildSettingsSchema = z.strictObject({
  feed: feedSourceSchema.nullable(),
  channel: z.enum(CHANNELS),
  keys: z.array(publicKeySchema).max(KEYS_LIMIT)
})
export type BuildSettings = z.infer<typeof buildSettingsSchema>

const manifestSchema = z.object({ heardUpdates: buildSettingsSchema.optional() })

/** null in a checkout. @throws when the settings are invalid */
export const readBuildSettings = (appFolder: string): BuildSettings | null => {
  const manifest: unknown = JSON.parse(readFileSync(join(appFolder, 'package.json'), 'utf8'))
  return manifestSchema.parse(manifest).heardUpdates ?? null
}
