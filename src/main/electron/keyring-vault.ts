// Keeps the session on disk, encrypted with the operating system's keyring (Electron's safeStorage).
import { readFile, rename, rm } from 'node:fs/promises'
import type { SafeStorage } from 'electron'
import type { Vault } from '../account/vault.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { datedPath, writePrivateFile } from '../private-file.ts'

export type Keyring = Pick<
  SafeStorage,
  | 'isAsyncEncryptionAvailable'
  | 'encryptStringAsync'
  | 'decryptStringAsync'
  | 'getSelectedStorageBackend'
>

/**
 * @param path the encrypted file
 * @param platform `process.platform`
 */
export const createKeyringVault = (
  keyring: Keyring,
  path: string,
  platform: NodeJS.Platform,
  clock: Clock,
  log: Log
): Vault => {
  // Read once: a change while the kiosk runs would leave sessions in two places.
  let availability: Promise<boolean> | null = null
  const isAvailable = async (): Promise<boolean> => {
    try {
      if (!(await keyring.isAsyncEncryptionAvailable())) return false
      // basic_text encrypts with a password that is in Chromium's source.
      const backend = platform === 'linux' ? keyring.getSelectedStorageBackend() : 'system'
      return backend !== 'basic_text' && backend !== 'unknown'
    } catch (error) {
      log.warn('vault.unavailable', { error })
      return false
    }
  }

  const write = async (text: string) =>
    writePrivateFile(path, await keyring.encryptStringAsync(text))

  return {
    available: () => {
      availability ??= isAvailable()
      return availability
    },
    read: async () => {
      const encrypted = await readFile(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null
        throw error
      })
      if (encrypted === null) return { kind: 'empty' }
      try {
        const { result, shouldReEncrypt } = await keyring.decryptStringAsync(encrypted)
        if (!shouldReEncrypt) return { kind: 'stored', text: result }
        // The system rotated its key: Electron documents a second decryption, then a new file.
        const again = await keyring.decryptStringAsync(encrypted)
        await write(again.result)
        return { kind: 'stored', text: again.result }
      } catch (error) {
        return { kind: 'unreadable', reason: error instanceof Error ? error.message : 'unknown' }
      }
    },
    write,
    clear: () => rm(path, { force: true }),
    setAside: async () => {
      const name = datedPath(path, clock)
      await rename(path, name)
      return name
    }
  }
}
