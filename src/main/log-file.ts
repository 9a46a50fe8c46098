// Writes the log file and rotates it: the current file and the previous one, at most twice the limit together.
import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** Two files of this size hold weeks of lines and fit in an e-mail. */
const LOG_SIZE_LIMIT_BYTES = 5_000_000

export type LogFile = {
  write(line: string): void
  close(): void
}

/**
 * Opens `path` for appending; a file at the limit is renamed to `<path>.1`.
 * Writes are synchronous: there are few, and the last line before a crash matters most.
 * @throws when the folder or the file cannot be created
 */
export const openLogFile = (path: string, sizeLimitBytes = LOG_SIZE_LIMIT_BYTES): LogFile => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  let descriptor = openSync(path, 'a', 0o600)
  let sizeBytes = fstatSync(descriptor).size

  const rotate = () => {
    closeSync(descriptor)
    renameSync(path, `${path}.1`)
    descriptor = openSync(path, 'a', 0o600)
    sizeBytes = 0
  }
  if (sizeBytes >= sizeLimitBytes) rotate()

  return {
    write: (line) => {
      if (sizeBytes >= sizeLimitBytes) rotate()
      sizeBytes += writeSync(descriptor, line)
    },
    close: () => closeSync(descriptor)
  }
}
