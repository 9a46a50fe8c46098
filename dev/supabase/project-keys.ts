// Creates and reads the random keys of a data folder.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { exportJWK, generateKeyPair } from 'jose'
import { z } from 'zod'
import { readPrivateFile, writePrivateFile } from './private-file.ts'

const KEYS_FILE = 'keys.json'

const signingKeySchema = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  d: z.string(),
  kid: z.string()
})

const keysSchema = z.object({
  publishableKey: z.string().startsWith('sb_publishable_'),
  secretKey: z.string().startsWith('sb_secret_'),
  /** HS256, between the gateway and the Auth API only. */
  jwtSecret: z.string().min(32),
  /** ES256, private; signs the tokens of the outside. */
  signingKey: signingKeySchema
})
export type Keys = z.output<typeof keysSchema>
export type SigningKey = z.output<typeof signingKeySchema>

const random = (bytes: number): string => randomBytes(bytes).toString('base64url')

export const generateKeys = async (): Promise<Keys> => {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  return keysSchema.parse({
    publishableKey: `sb_publishable_${random(24)}`,
    secretKey: `sb_secret_${random(24)}`,
    jwtSecret: random(48),
    signingKey: { ...(await exportJWK(privateKey)), kid: random(12) }
  })
}

/**
 * The folder's keys; creates them in a new folder.
 * @throws for an unreadable file: new keys would sign every kiosk out
 */
export const loadOrCreateKeys = async (folder: string): Promise<Keys> => {
  const file = join(folder, KEYS_FILE)
  const text = await readPrivateFile(file)
  if (text === null) {
    const keys = await generateKeys()
    await writePrivateFile(file, JSON.stringify(keys))
    return keys
  }
  try {
    return keysSchema.parse(JSON.parse(text))
  } catch {
    // The parser's message may quote a key.
    throw new Error(`${file} does not hold this folder's keys any more; delete it for new ones.`)
  }
}
