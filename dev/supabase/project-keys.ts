// The keys of one data folder: random, made once, readable by their owner only.
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exportJWK, generateKeyPair } from 'jose'
import { z } from 'zod'
import { writePrivateFile } from './private-file.ts'

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
  /** ES256, private: what the world's tokens are signed with. */
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
 * The folder's keys, made and kept when it has none.
 * @throws when the file is there and cannot be read as keys: new ones would sign everybody out.
 */
export const loadOrCreateKeys = async (folder: string): Promise<Keys> => {
  const file = join(folder, KEYS_FILE)
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) {
    const keys = await generateKeys()
    await writePrivateFile(file, JSON.stringify(keys))
    return keys
  }
  try {
    return keysSchema.parse(JSON.parse(text))
  } catch {
    // Without the cause: a parser's message may quote what it read.
    throw new Error(`${file} does not hold this folder's keys any more; delete it for new ones.`)
  }
}
