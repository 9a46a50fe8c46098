// One file of settings on disk, whichever shell's store writes it.
import { existsSync, renameSync } from 'node:fs'
import { type Clock, datedSuffix } from '../clock.ts'

export type SettingsContent =
  | { kind: 'absent' }
  /** JSON, of whatever shape. */
  | { kind: 'read'; value: unknown }
  | { kind: 'unreadable'; reason: string }

export type SettingsFile = {
  read(): SettingsContent
  /** Atomic: a crash leaves the old file or the new one. @throws when it cannot be written */
  write(value: Record<string, unknown>): void
  /** Moves the file out of the way under a dated name and returns that name. */
  setAside(): string
}

/** What is used of electron-store and of conf, which it is built on. */
export type Store = { store: Record<string, unknown> }

/**
 * A settings file kept by a store. The store is opened late, because opening one reads the file and throws
 * when it is not JSON.
 */
export const createSettingsFile = (path: string, open: () => Store, clock: Clock): SettingsFile => {
  let opened: Store | null = null
  const store = (): Store => {
    opened ??= open()
    return opened
  }
  return {
    read: () => {
      if (!existsSync(path)) return { kind: 'absent' }
      try {
        // A copy: stores hand out objects without a prototype.
        return { kind: 'read', value: { ...store().store } }
      } catch (error) {
        return { kind: 'unreadable', reason: error instanceof Error ? error.message : 'unknown' }
      }
    },
    write: (value) => {
      store().store = value
    },
    setAside: () => {
      const name = path.replace(/(\.json)?$/, `.${datedSuffix(clock.nowMs())}$1`)
      renameSync(path, name)
      opened = null
      return name
    }
  }
}
