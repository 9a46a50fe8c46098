// Holds what a person may change on the kiosk. Every change is validated, written, then backed up.
import { addsBinding } from '../../shared/bindings.ts'
import { failed, ok, type Result } from '../../shared/failure.ts'
import {
  DEFAULT_SETTINGS,
  type Settings,
  type SettingsPatch,
  settingsSchema
} from '../../shared/settings.ts'
import type { Log } from '../log.ts'
import type { SettingsFile } from './settings-file.ts'

/** How this start replaced an unusable file: from a copy, or with the defaults (`lost`). */
export type SetAside = 'none' | 'restored' | 'lost'

export type KioskSettings = {
  current(): Settings
  setAside(): SetAside
  /** @returns all settings; `internal` when they could not be written, and nothing changed */
  change(patch: SettingsPatch): Result<Settings>
  onChange(listener: (settings: Settings) => void): () => void
}

export type SettingsFiles = {
  own: SettingsFile
  /** The same settings, written only after `own` was. */
  backup: SettingsFile
  /** The file of the older version, for a rollback to that version. */
  beforeUpdate: SettingsFile
}

/**
 * Reads the settings. An invalid file is set aside as a whole and replaced by the last good one: half of the settings
 * would be a kiosk that no person set up. An absent file with a backup was lost.
 */
export const createSettings = (
  { own, backup, beforeUpdate }: SettingsFiles,
  log: Log
): KioskSettings => {
  const listeners = new Set<(settings: Settings) => void>()
  let setAside: SetAside = 'none'

  /** The file's settings; null when it is absent, or unusable and now set aside. */
  const usable = (file: SettingsFile, role: string): Settings | null => {
    const content = file.read()
    switch (content.kind) {
      case 'absent':
        return null
      case 'unreadable':
        setAside = 'lost'
        log.warn('settings.setAside', { role, problem: content.reason, file: file.setAside() })
        return null
      case 'read':
        // The next change rewrites the file itself.
        if (content.migratedFrom !== null) {
          log.info('settings.migrated', { role })
          tryWrite(beforeUpdate, content.migratedFrom, 'settings.beforeUpdateWriteFailed')
        }
        return content.settings
      default:
        return content satisfies never
    }
  }

  const tryWrite = (file: SettingsFile, value: Record<string, unknown>, event: string) => {
    try {
      file.write(value)
    } catch (error) {
      log.warn(event, { error })
    }
  }

  const read = (): Settings => {
    const saved = usable(own, 'settings')
    if (saved !== null) return saved
    const restored = usable(backup, 'backup') ?? usable(beforeUpdate, 'before the update')
    // The first start.
    if (restored === null && setAside === 'none') return DEFAULT_SETTINGS
    if (restored !== null) {
      setAside = 'restored'
      log.warn('settings.restored')
    }
    own.write(restored ?? DEFAULT_SETTINGS)
    return restored ?? DEFAULT_SETTINGS
  }

  const readOrDefault = (): Settings => {
    try {
      return read()
    } catch (error) {
      // The folder cannot be written or renamed in: the kiosk still answers questions.
      log.error('settings.readFailed', { error })
      return DEFAULT_SETTINGS
    }
  }

  let settings = readOrDefault()

  return {
    current: () => settings,
    setAside: () => setAside,
    change: (patch) => {
      const given = withHandsFree(settings, withoutUndefined(patch))
      const next = settingsSchema.safeParse({ ...settings, ...given })
      if (!next.success) return failed('bad_request', 'The settings do not fit together.')
      try {
        own.write(next.data)
      } catch (error) {
        log.error('settings.writeFailed', { error })
        return failed('internal', 'The settings could not be written.')
      }
      settings = next.data
      // After `own`, so that one of the two files is good at any moment.
      tryWrite(backup, settings, 'settings.backupFailed')
      log.info('settings.changed', { names: Object.keys(given) })
      for (const listener of listeners) listener(settings)
      return ok(settings)
    },
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    }
  }
}

const withoutUndefined = (patch: SettingsPatch): SettingsPatch =>
  Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined))

/** A patch that adds a key or pedal turns hands-free off, unless it sets hands-free itself. */
const withHandsFree = (settings: Settings, patch: SettingsPatch): SettingsPatch => {
  if (patch.handsFree !== undefined || patch.bindings === undefined) return patch
  if (!settings.handsFree || !addsBinding(settings.bindings, patch.bindings)) return patch
  return { ...patch, handsFree: false }
}
