// Hashes PINs with scrypt, so that no PIN is stored.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'

/**
 * OWASP's minimum for scrypt (N = 2^17, r = 8, p = 1): 128 MB, about half a second on a kiosk. All four-digit PINs can
 * still be tried in an hour and a half against a stolen file: the file's permissions protect it.
 */
const COST = { N: 2 ** 17, r: 8, p: 1 } as const
const HASH_BYTES = 32
const SALT_BYTES = 16

export const pinHashSchema = z.strictObject({
  salt: z.base64().min(16).max(64),
  hash: z.base64().min(32).max(128),
  /** The cost at hashing time, so that `COST` can rise. The limits bound the memory that a changed file can use. */
  N: z
    .int()
    .min(2 ** 14)
    .max(2 ** 18),
  r: z.int().min(1).max(16),
  p: z.int().min(1).max(4)
})
export type PinHash = z.infer<typeof pinHashSchema>

export const hashPin = async (pin: string): Promise<PinHash> => {
  const salt = randomBytes(SALT_BYTES)
  const hash = await derive(pin, salt, HASH_BYTES, COST)
  return { salt: salt.toString('base64'), hash: hash.toString('base64'), ...COST }
}

export const isPin = async (pin: string, saved: PinHash): Promise<boolean> => {
  const expected = Buffer.from(saved.hash, 'base64')
  const { N, r, p } = saved
  const given = await derive(pin, Buffer.from(saved.salt, 'base64'), expected.length, { N, r, p })
  return timingSafeEqual(given, expected)
}

const derive = (
  pin: string,
  salt: Buffer,
  bytes: number,
  { N, r, p }: { N: number; r: number; p: number }
): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    // Node's default limit is 32 MB.
    scrypt(pin, salt, bytes, { N, r, p, maxmem: 129 * N * r }, (error, key) =>
      error === null ? resolve(key) : reject(error)
    )
  })
