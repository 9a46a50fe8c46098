// A PIN as it is kept: never itself, only what scrypt makes of it.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'

/**
 * OWASP's minimum for scrypt (N = 2^17, r = 8, p = 1: 128 MB, about half a second on a kiosk). A stolen file of a four-digit
 * PIN is tried out all the same, in an hour and a half: what keeps a PIN is that the file is nobody else's.
 */
const COST = { N: 2 ** 17, r: 8, p: 1 } as const
const HASH_BYTES = 32
const SALT_BYTES = 16

export const pinHashSchema = z.strictObject({
  salt: z.base64().min(16).max(64),
  hash: z.base64().min(32).max(128),
  /** As it was made: raising `COST` locks nobody out. The limits keep a changed file from taking the machine's memory. */
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

export const isPin = async (pin: string, kept: PinHash): Promise<boolean> => {
  const expected = Buffer.from(kept.hash, 'base64')
  const { N, r, p } = kept
  const given = await derive(pin, Buffer.from(kept.salt, 'base64'), expected.length, { N, r, p })
  return timingSafeEqual(given, expected)
}

const derive = (
  pin: string,
  salt: Buffer,
  bytes: number,
  { N, r, p }: { N: number; r: number; p: number }
): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    // Node's own limit is 32 MB.
    scrypt(pin, salt, bytes, { N, r, p, maxmem: 129 * N * r }, (error, key) =>
      error === null ? resolve(key) : reject(error)
    )
  })
