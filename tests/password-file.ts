// Writes passwords to private files, as a person does for the commands and the kiosk.
import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folder = mkdtempSync(join(tmpdir(), 'heard-passwords-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))

/** @returns the path of a file that is removed at the end of this process */
export const passwordFile = (password: string, mode = 0o600): string => {
  const path = join(folder, randomUUID())
  writeFileSync(path, password)
  chmodSync(path, mode)
  return path
}
