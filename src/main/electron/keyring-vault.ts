// The session on disk, encrypted with the operating system's keyring through Electron's async safeStorage.
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { SafeStorage } from 'electron'
import type { Vault } from '../account/vault.ts'
import { type Clock, datedSuffix } from '../clock.ts'
import type { Log } from '../log.ts'

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
  // Asked once: a keyring that comes and goes would leave a session in two places.
  let availability: Promise<boolean> | null = null
  const ask = async (): Promise<boolean> => {
    try {
      if (!(await keyring.isAsyncEncryptionAvailable())) return false
      // basic_text encrypts with a password that is in Chromium's source: that is no keyring.
      const backend = platform === 'linux' ? keyring.getSelectedStorageBackend() : 'system'
      return backend !== 'basic_text' && backend !== 'unknown'
    } catch (error) {
      log.warn('vault.unavailable', { error })
      return false
    }
  }

  const write = async (text: string) => {
    const encrypted = await keyring.encryptStringAsync(text)
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const next = `${path}.next`
    await writeFile(next, encrypted, { mode: 0o600, flush: true })
    await chmod(next, 0o600)
    await rename(next, path)
  }

  return {
    available: () => {
      availability ??= ask()
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
        // The key was rotated: Electron asks for a second decryption, and the old file is at its end.
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
      const name = `${path}.${datedSuffix(clock.nowMs())}`
      await rename(path, name)
      return name
    }
  }
}
