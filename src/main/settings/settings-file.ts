// Stores the settings in a JSON file. electron-store writes it atomically, and migrates and validates it in `deserialize`.
import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type Conf from 'conf'
import type { Options } from 'conf'
import { type Settings, settingsSchema } from '../../shared/settings.ts'
import type { Clock } from '../clock.ts'
import { datedPath } from '../private-file.ts'
import { migrate } from './migrate.ts'

export type SettingsContent =
  | { kind: 'absent' }
  /** `migratedFrom`: the content of an older version's file; null: the file is current. */
  | { kind: 'read'; settings: Settings; migratedFrom: Record<string, unknown> | null }
  | { kind: 'unreadable'; reason: string }

export type SettingsFile = {
  read(): SettingsContent
  /** Atomic, mode 0600. @throws when it cannot be written */
  write(value: Record<string, unknown>): void
  /** Renames the file to a dated name and returns that name. @throws when it cannot */
  setAside(): string
}

/** electron-store in Electron; conf, its base class, in the preview shell and in tests. */
export type OpenStore = (options: Partial<Options<Settings>>) => Conf<Settings>

export const createSettingsFile = (
  folder: string,
  name: string,
  clock: Clock,
  openStore: OpenStore
): SettingsFile => {
  const path = join(folder, `${name}.json`)
  let migratedFrom: Record<string, unknown> | null = null
  let opened: Conf<Settings> | null = null
  // Opened late: the constructor reads the file, and throws when it is invalid.
  const store = (): Conf<Settings> => {
    opened ??= openStore({
      cwd: folder,
      configName: name,
      clearInvalidConfig: false,
      accessPropertiesByDotNotation: false,
      configFileMode: 0o600,
      deserialize: (text) => {
        const saved: unknown = JSON.parse(text)
        const current = migrate(saved)
        const parsed = settingsSchema.safeParse(current)
        if (!parsed.success) throw new Error(parsed.error.issues[0]?.path.join('.') || 'unknown')
        migratedFrom = current === saved ? null : (saved as Record<string, unknown>)
        return parsed.data
      }
    })
    return opened
  }
  return {
    read: () => {
      if (!existsSync(path)) return { kind: 'absent' }
      try {
        // A copy: the store returns objects without a prototype.
        return { kind: 'read', settings: { ...store().store }, migratedFrom }
      } catch (error) {
        return { kind: 'unreadable', reason: error instanceof Error ? error.message : 'unknown' }
      }
    },
    write: (value) => {
      // The copy before an update has the older version's fields.
      store().store = value as Settings
    },
    setAside: () => {
      const name = datedPath(path, clock)
      renameSync(path, name)
      opened = null
      return name
    }
  }
}
