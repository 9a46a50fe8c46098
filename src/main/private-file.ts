// Files that only the kiosk's own account can read: written atomically, set aside when unusable.
import { randomUUID } from 'node:crypto'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Clock, datedSuffix } from './clock.ts'

const FOLDER = { recursive: true, mode: 0o700 } as const
const DRAFT = { mode: 0o600, flag: 'wx', flush: true } as const

const draftOf = (path: string): string => `${path}.${randomUUID()}.next`

/** Atomic, mode 0600: a crash leaves the old file or the new one. @throws when it cannot be written */
export const writePrivateFile = async (path: string, data: string | Uint8Array): Promise<void> => {
  await mkdir(dirname(path), FOLDER)
  const draft = draftOf(path)
  try {
    await writeFile(draft, data, DRAFT)
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

/** `writePrivateFile` for code that must finish before anything else runs. */
export const writePrivateFileSync = (path: string, data: string): void => {
  mkdirSync(dirname(path), FOLDER)
  const draft = draftOf(path)
  try {
    writeFileSync(draft, data, DRAFT)
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

/** `settings.json` becomes `settings.2026-11-20T09-41-07-123Z.json`. */
export const datedPath = (path: string, clock: Clock): string =>
  path.replace(/(\.json)?$/, `.${datedSuffix(clock.nowMs())}$1`)

export type PrivateFileContent =
  | { kind: 'absent' }
  /** JSON, of any shape. */
  | { kind: 'read'; value: unknown }
  | { kind: 'unreadable'; reason: string }

export type PrivateFile = {
  /** Never throws: a file that cannot be read is `unreadable`. */
  read(): Promise<PrivateFileContent>
  /** @throws when it cannot be written */
  write(value: unknown): Promise<void>
  /** Renames the file to a dated name and returns that name. @throws when it cannot */
  setAside(): Promise<string>
  /** Idempotent. @throws when it cannot */
  remove(): Promise<void>
}

/** A JSON file. */
export const createPrivateFile = (path: string, clock: Clock): PrivateFile => ({
  read: async () => {
    try {
      return { kind: 'read', value: JSON.parse(await readFile(path, 'utf8')) }
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
        return { kind: 'absent' }
      }
      // A SyntaxError quotes the file, which must not reach the log.
      const reason =
        error instanceof Error && !(error instanceof SyntaxError) ? error.message : 'it is not JSON'
      return { kind: 'unreadable', reason }
    }
  },
  write: (value) => writePrivateFile(path, JSON.stringify(value)),
  setAside: async () => {
    const name = datedPath(path, clock)
    await rename(path, name)
    return name
  },
  remove: () => rm(path, { force: true })
})
