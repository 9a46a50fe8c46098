// Reads a secret from a file. A variable would stay in the memory of every child process, also after its removal: on
// Linux Chromium's zygote starts before the kiosk's code.
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { failed, ok, type Result } from '../shared/failure.ts'

const SIZE_LIMIT_BYTES = 10_000
const READABLE_BY_OTHERS = 0o007

/**
 * The content without one line end at its end.
 * @returns `bad_request` for a file that is absent, empty, too long or open to every account
 */
export const readSecretFile = (path: string): Result<string> => {
  try {
    const descriptor = openSync(path, 'r')
    try {
      const stats = fstatSync(descriptor)
      // systemd gives a credential to its service by an access list, which shows as rights of the group.
      if (process.platform !== 'win32' && (stats.mode & READABLE_BY_OTHERS) !== 0) {
        return failed('bad_request', `every account can read ${path}: give it the mode 600.`)
      }
      if (!stats.isFile() || stats.size === 0 || stats.size > SIZE_LIMIT_BYTES) {
        return failed('bad_request', `${path} is no file with a secret.`)
      }
      return ok(readFileSync(descriptor, 'utf8').replace(/\r?\n$/, ''))
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    return failed('bad_request', `${path} cannot be read (${code}).`)
  }
}
