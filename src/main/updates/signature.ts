// Detached ed25519 signatures over a feed and over an artifact, checked with Node's own crypto. A signature file
// has one line per signature, `KEY SIGNATURE`, so that an old and a new key, and an old and a new feed, can be
// signed side by side.
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { z } from 'zod'

export const publicKeySchema = z.strictObject({
  /** What the lines of a signature file call it. */
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
  /** SPKI, DER, base64. */
  spki: z.base64().max(200)
})
export type PublicKeyText = z.infer<typeof publicKeySchema>

export type TrustedKeys = ReadonlyMap<string, KeyObject>

/** @throws when one is no ed25519 key: the build that carries it is broken */
export const readTrustedKeys = (keys: readonly PublicKeyText[]): TrustedKeys =>
  new Map(
    keys.map(({ id, spki }) => {
      const key = createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' })
      if (key.asymmetricKeyType !== 'ed25519')
        throw new Error(`The update key ${id} is not ed25519.`)
      return [id, key]
    })
  )

/** The first line keeps a signature of one kind from being shown as one of the other. */
export const feedStatement = (feed: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from('heard feed 1\n'), feed])

export type ArtifactFacts = { name: string; sizeBytes: number; sha512: string }

/** Named by its hash, not its bytes: ed25519 reads a message twice, and an artifact is over 100 MB. */
export const artifactStatement = ({ name, sizeBytes, sha512 }: ArtifactFacts): Buffer =>
  Buffer.from(`heard artifact 1\n${name}\n${sizeBytes}\n${sha512}\n`)

const LINE = /^([a-z0-9-]{1,40}) ([A-Za-z0-9+/]{86}==)$/

/** The id of a trusted key that signed the statement, or null. */
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
