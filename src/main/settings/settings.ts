// What a person may change on the kiosk: read once, checked, backed up after every write.
import { addsBinding } from '../../shared/bindings.ts'
import { failed, ok, type Result } from '../../shared/failure.ts'
import {
  DEFAULT_SETTINGS,
  type Settings,
  type SettingsPatch,
  settingsSchema
} from '../../shared/settings.ts'
import type { Log } from '../log.ts'
import { migrate } from './migrate.ts'
import type { SettingsFile } from './settings-file.ts'

/** What became of files that this start could not use. `lost`: nothing good was left, and the defaults took their place. */
export type SetAside = 'none' | 'restored' | 'lost'

export type KioskSettings = {
  current(): Settings
  setAside(): SetAside
  /** @returns all settings as they now are; `internal` when they could not be written, and nothing changed */
  change(patch: SettingsPatch): Result<Settings>
  onChange(listener: (settings: Settings) => void): () => void
}

export type SettingsFiles = {
  own: SettingsFile
  /** The same settings a moment later: written only when the file itself has been. */
  backup: SettingsFile
  /** As an older version left them, for when the kiosk goes back to that version: its file is in a shape it knows. */
  beforeUpdate: SettingsFile
}

/**
 * Reads the settings. A file of an older version is brought up to date. One that does not fit the schema as a whole, because
 * it is broken, half-written or from the future, is set aside under a dated name, and the last good one takes its place: half
 * of somebody's settings would be a kiosk that nobody set up. A file that is gone while its backup is there was lost, not
 * never written.
 */
export const createSettings = (
  { own, backup, beforeUpdate }: SettingsFiles,
  log: Log
): KioskSettings => {
  const listeners = new Set<(settings: Settings) => void>()
  let setAside: SetAside = 'none'

  const usable = (from: SettingsFile, role: string): Settings | null => {
    const content = from.read()
    if (content.kind === 'absent') return null
    const value = content.kind === 'read' ? migrate(content.value) : null
    const parsed = content.kind === 'read' ? settingsSchema.safeParse(value) : null
    if (parsed?.success === true) {
      // The file itself is rewritten by the next change.
      if (content.kind === 'read' && value !== content.value) {
        log.info('settings.migrated', { role })
        keepOld(content.value)
      }
      return parsed.data
    }
    const problem =
      content.kind === 'unreadable'
        ? content.reason
        : (parsed?.error?.issues[0]?.path.join('.') ?? 'unknown')
    setAside = 'lost'
    log.warn('settings.setAside', { role, problem, file: from.setAside() })
    return null
  }

  const keepOld = (value: unknown) => {
    try {
      beforeUpdate.write({ ...(value as Record<string, unknown>) })
    } catch (error) {
      log.warn('settings.beforeUpdateWriteFailed', { error })
    }
  }

  const read = (): Settings => {
    const kept = usable(own, 'settings')
    if (kept !== null) return kept
    const restored = usable(backup, 'backup') ?? usable(beforeUpdate, 'before the update')
    if (restored === null) {
      // Nothing was ever written: the first start.
      if (setAside === 'none') return DEFAULT_SETTINGS
      own.write(DEFAULT_SETTINGS)
      return DEFAULT_SETTINGS
    }
    setAside = 'restored'
    log.warn('settings.restored')
    own.write(restored)
    return restored
  }

  const readOrDefault = (): Settings => {
    try {
      return read()
    } catch (error) {
      // A folder that cannot be written or renamed in: the kiosk still answers questions.
      log.error('settings.readFailed', { error })
      return DEFAULT_SETTINGS
    }
  }

  /** After the file, never before: one of the two is whole and good at any moment. */
  const backUp = (good: Settings) => {
    try {
      backup.write(good)
    } catch (error) {
      log.warn('settings.backupFailed', { error })
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
      backUp(settings)
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

/**
 * Hands-free is never on beside a pedal unless somebody chose it so: a patch that adds something to hold turns
 * it off, and one that says what it wants of hands-free has its way.
 */
const withHandsFree = (settings: Settings, patch: SettingsPatch): SettingsPatch => {
  if (patch.handsFree !== undefined || patch.bindings === undefined) return patch
  if (!settings.handsFree || !addsBinding(settings.bindings, patch.bindings)) return patch
  return { ...patch, handsFree: false }
}
