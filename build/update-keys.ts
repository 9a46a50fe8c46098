// Reads and makes the keys that sign updates. The public ones are in the repository and in every build; the private
// one is a file on the releasing machine, named by a variable and never copied.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { fromProject } from '../dev/paths.ts'
import { CommandError } from '../dev/run-command.ts'
import { type PublicKeyText, publicKeySchema } from '../src/main/updates/signature.ts'

export type SigningKey = { id: string; privateKey: KeyObject; public: PublicKeyText }

/** The keys that a release carries. */
export const publicKeys = (): PublicKeyText[] =>
  z
    .array(publicKeySchema)
    .parse(JSON.parse(readFileSync(fromProject('build', 'update-keys.json'), 'utf8')))

const publicText = (id: string, key: KeyObject): PublicKeyText => ({
  id,
  spki: createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64')
})

/**
 * Makes a key pair and writes the private key to `path`, mode 0600.
 * @throws when the file exists or cannot be written
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
    // The error may quote the key.
    throw new CommandError(`${path} could not be read as a private key.`)
  }
  if (privateKey.asymmetricKeyType !== 'ed25519')
    throw new CommandError(`${path} is no ed25519 key.`)
  return { id, privateKey, public: publicText(id, privateKey) }
}

/**
 * The key of `HEARD_UPDATE_KEY_FILE`, `HEARD_UPDATE_KEY_ID` and, if encrypted, `HEARD_UPDATE_KEY_PASSPHRASE`; null
 * without a file.
 * @throws CommandError when build/update-keys.json has another public key
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

const TEST_KEY_ID = 'test'

/** The key of a checks package, beside it. No other package trusts it. */
export const testSigningKeyFile = (outFolder: string): string => join(outFolder, 'test-key.pem')

/** Makes a new key for each package. */
export const createTestSigningKey = async (outFolder: string): Promise<SigningKey> => {
  await mkdir(outFolder, { recursive: true })
  rmSync(testSigningKeyFile(outFolder), { force: true })
  return createSigningKey(TEST_KEY_ID, testSigningKeyFile(outFolder))
}

/** @throws CommandError when there is no package */
export const readTestSigningKey = (outFolder: string): SigningKey =>
  readSigningKey(TEST_KEY_ID, testSigningKeyFile(outFolder))
