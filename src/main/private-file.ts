// A JSON file that only the kiosk's user can read, with atomic writes.
import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Clock, datedSuffix } from './clock.ts'

type PrivateFileContent =
  | { kind: 'absent' }
  /** JSON of any shape. */
  | { kind: 'read'; value: unknown }
  | { kind: 'unreadable'; reason: string }

export type PrivateFile = {
  /** @throws nothing: a file that cannot be read is `unreadable` */
  read(): Promise<PrivateFileContent>
  /** Atomic, mode 0600: a crash leaves the old file or the new one. @throws when it cannot be written */
  write(value: unknown): Promise<void>
  /** Renames the file to a dated name and returns that name. @throws when it cannot */
  setAside(): Promise<string>
  /** Idempotent. @throws when it cannot */
  remove(): Promise<void>
}

export const createPrivateFile = (path: string, clock: Clock): PrivateFile => ({
  read: async () => {
    try {
      return { kind: 'read', value: JSON.parse(await readFile(path, 'utf8')) }
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
        return { kind: 'absent' }
      }
      // The parser's message quotes the text, which must not reach the log.
      const reason =
        error instanceof Error && !(error instanceof SyntaxError) ? error.message : 'it is not JSON'
      return { kind: 'unreadable', reason }
    }
  },
  write: async (value) => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const draft = `${path}.${randomUUID()}.next`
    try {
      await writeFile(draft, JSON.stringify(value), { mode: 0o600, flag: 'wx', flush: true })
      await rename(draft, path)
    } catch (error) {
      await rm(draft, { force: true })
      throw error
    }
  },
  setAside: async () => {
    const name = path.replace(/(\.json)?$/, `.${datedSuffix(clock.nowMs())}$1`)
    await rename(path, name)
    return name
  },
  remove: () => rm(path, { force: true })
})
