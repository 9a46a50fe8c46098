// What the build says about updates: where its feed is and whose signatures it believes. Packed into the app's
// own package.json by the release (`heardUpdates`), beside the code that reads it; nobody sets the keys from outside.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { CHANNELS } from './feed-document.ts'
import { feedSourceSchema } from './feed-source.ts'
import { publicKeySchema } from './signature.ts'

/** A key in use, the next one, and one that is on its way out. */
const KEYS_LIMIT = 4

export const buildSettingsSchema = z.strictObject({
  feed: feedSourceSchema.nullable(),
  channel: z.enum(CHANNELS),
  keys: z.array(publicKeySchema).max(KEYS_LIMIT)
})
export type BuildSettings = z.infer<typeof buildSettingsSchema>

const manifestSchema = z.object({ heardUpdates: buildSettingsSchema.optional() })

/** null in a build that nobody released, such as a checkout. @throws when what is there is broken */
export const readBuildSettings = (appFolder: string): BuildSettings | null => {
  const manifest: unknown = JSON.parse(readFileSync(join(appFolder, 'package.json'), 'utf8'))
  return manifestSchema.parse(manifest).heardUpdates ?? null
}
