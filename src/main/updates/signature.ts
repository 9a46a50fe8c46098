// Verifies detached ed25519 signatures of feeds and artifacts. A signature file has one line per signature,
// `KEY SIGNATURE`, so that two keys and two feeds can be signed at the same time.
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { z } from 'zod'

export const publicKeySchema = z.strictObject({
  /** The key's name in a signature file. */
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
  /** SPKI, DER, base64. */
  spki: z.base64().max(200)
})
export type PublicKeyText = z.infer<typeof publicKeySchema>

export type TrustedKeys = ReadonlyMap<string, KeyObject>

/** @throws when a key is not ed25519 */
export const readTrustedKeys = (keys: readonly PublicKeyText[]): TrustedKeys =>
  new Map(
    keys.map(({ id, spki }) => {
      const key = createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' })
      if (key.asymmetricKeyType !== 'ed25519')
        throw new Error(`The update key ${id} is not ed25519.`)
      return [id, key]
    })
  )

/** The first line separates the domains: a feed's signature never verifies an artifact. */
export const feedStatement = (feed: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from('heard feed 1\n'), feed])

type ArtifactFacts = { name: string; sizeBytes: number; sha512: string }

/** Signs the hash, not the bytes: ed25519 reads a message twice, and an artifact is over 100 MB. */
export const artifactStatement = ({ name, sizeBytes, sha512 }: ArtifactFacts): Buffer =>
  Buffer.from(`heard artifact 1\n${name}\n${sizeBytes}\n${sha512}\n`)

const LINE = /^([a-z0-9-]{1,40}) ([A-Za-z0-9+/]{86}==)$/

/** The id of the trusted key that signed the statement, or null. */
export const signerOf = (
  statement: Uint8Array,
  signatureFile: string,
  keys: TrustedKeys
): string | null => {
  for (const line of signatureFile.split('\n')) {
    const [, id = '', signature = ''] = LINE.exec(line.trim()) ?? []
    const key = keys.get(id)
    if (key !== undefined && verify(null, statement, key, Buffer.from(signature, 'base64'))) {
      return id
    }
  }
  return null
}

/** @throws when the file cannot be read */
export const hashFile = async (path: string): Promise<{ sizeBytes: number; sha512: string }> => {
  const hash = createHash('sha512')
  let sizeBytes = 0
  for await (const chunk of createReadStream(path)) {
    const bytes: Buffer = chunk
    hash.update(bytes)
    sizeBytes += bytes.byteLength
  }
  return { sizeBytes, sha512: hash.digest('base64') }
}
