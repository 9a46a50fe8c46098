// The keys that updates are signed with: the public ones are in the repository and in every build, the private one is
// a file on the machine that releases, named by a variable and never copied anywhere.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { fromProject } from '../dev/paths.ts'
import { CommandError } from '../dev/run-command.ts'
import { type PublicKeyText, publicKeySchema } from '../src/main/updates/signature.ts'

export type SigningKey = { id: string; privateKey: KeyObject; public: PublicKeyText }

const PUBLIC_KEYS = fromProject('build', 'update-keys.json')

/** The keys that a release carries. */
export const publicKeys = (): PublicKeyText[] =>
  z.array(publicKeySchema).parse(JSON.parse(readFileSync(PUBLIC_KEYS, 'utf8')))

const publicText = (id: string, key: KeyObject): PublicKeyText => ({
  id,
  spki: createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64')
})

/**
 * Makes a key pair. The private key goes to `path`, readable by its owner only; nothing is written over.
 * @throws when the file is there already or cannot be written
 */
export const createSigningKey = (id: string, path: string): SigningKey => {
  const { privateKey } = generateKeyPairSync('ed25519')
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' })
  writeFileSync(path, pem, { mode: 0o600, flag: 'wx' })
  return { id, privateKey, public: publicText(id, privateKey) }
}

/** @throws CommandError when the file is no ed25519 key */
export const readSigningKey = (id: string, path: string, passphrase?: string): SigningKey => {
  let privateKey: KeyObject
  try {
    privateKey = createPrivateKey({
      key: readFileSync(path, 'utf8'),
      ...(passphrase === undefined ? {} : { passphrase })
    })
  } catch {
    // What crypto says of it may quote it.
    throw new CommandError(`${path} could not be read as a private key.`)
  }
  if (privateKey.asymmetricKeyType !== 'ed25519')
    throw new CommandError(`${path} is no ed25519 key.`)
  return { id, privateKey, public: publicText(id, privateKey) }
}

/**
 * The key of `HEARD_UPDATE_KEY_FILE` and `HEARD_UPDATE_KEY_ID`; its passphrase, if it has one, is in
 * `HEARD_UPDATE_KEY_PASSPHRASE`. null when no file is named.
 * @throws CommandError when the builds do not know it
 */
export const signingKeyOf = (variables: NodeJS.ProcessEnv): SigningKey | null => {
  const path = variables.HEARD_UPDATE_KEY_FILE
  if (path === undefined || path === '') return null
  const id = variables.HEARD_UPDATE_KEY_ID ?? ''
  const key = readSigningKey(id, path, variables.HEARD_UPDATE_KEY_PASSPHRASE)
  const known = publicKeys().find((other) => other.id === id)
  if (known?.spki !== key.public.spki) {
    throw new CommandError(
      `The public key of "${id}" in build/update-keys.json is not that of ${path}.`
    )
  }
  return key
}
