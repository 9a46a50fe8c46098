// An empty folder for each test of a file.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'

/** Makes the folder before each test and removes it after it with all that is in it. */
export const temporaryFolder = () => {
  const folder = {
    path: '',
    /** Writes a file and the folders above it. @returns its path */
    write: (name: string, content: string | Uint8Array): string => {
      const file = join(folder.path, name)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, content)
      return file
    },
    read: (name: string): string => readFileSync(join(folder.path, name), 'utf8')
  }
  beforeEach(() => {
    folder.path = mkdtempSync(join(tmpdir(), 'heard-unit-'))
  })
  afterEach(() => rmSync(folder.path, { recursive: true, force: true }))
  return folder
}
