// The key that signs what is packed for checks: made anew with each package, kept beside it, and worth nothing to any
// kiosk but those of that package.
import { rmSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createSigningKey, readSigningKey, type SigningKey } from './update-keys.ts'

const TEST_KEY_ID = 'test'

export const testSigningKeyFile = (outFolder: string): string => join(outFolder, 'test-key.pem')

/** A new one each time: nobody can come to rely on it. */
export const createTestSigningKey = async (outFolder: string): Promise<SigningKey> => {
  await mkdir(outFolder, { recursive: true })
  rmSync(testSigningKeyFile(outFolder), { force: true })
  return createSigningKey(TEST_KEY_ID, testSigningKeyFile(outFolder))
}

/** The one of the package that is there. @throws CommandError when there is none */
export const readTestSigningKey = (outFolder: string): SigningKey =>
  readSigningKey(TEST_KEY_ID, testSigningKeyFile(outFolder))
