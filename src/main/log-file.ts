// The log on disk: the current file and the previous one.
import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** Two files of this size hold weeks of a kiosk's lines and still fit an e-mail. */
const LOG_SIZE_LIMIT_BYTES = 5_000_000

type LogFile = {
  write(line: string): void
  close(): void
}

/**
 * Opens `path` for appending; a file at the limit, now or later, is renamed to `<path>.1`.
 * Writes are synchronous, so that the last line before a crash is on disk.
 * @throws when the folder or the file cannot be made
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
