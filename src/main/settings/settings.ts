// What a person may change on the kiosk: read once, checked, backed up before every write.
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

export type KioskSettings = {
  current(): Settings
  /** True when this start found a file that it could not use. */
  wasSetAside(): boolean
  /** @returns all settings as they now are; `internal` when they could not be written, and nothing changed */
  change(patch: SettingsPatch): Result<Settings>
  onChange(listener: (settings: Settings) => void): () => void
}

/**
 * Reads the settings. A file of an older version is brought up to date. One that does not fit the schema as a
 * whole is set aside under a dated name and the backup takes its place: half of somebody's settings would be a kiosk that nobody set up.
 */
export const createSettings = (
  file: SettingsFile,
  backup: SettingsFile,
  log: Log
): KioskSettings => {
  const listeners = new Set<(settings: Settings) => void>()
  let setAside = false

  const usable = (from: SettingsFile, role: string): Settings | null => {
    const content = from.read()
    if (content.kind === 'absent') return null
    const value = content.kind === 'read' ? migrate(content.value) : null
    const parsed = content.kind === 'read' ? settingsSchema.safeParse(value) : null
    if (parsed?.success === true) {
      // The file itself is rewritten by the next change.
      if (content.kind === 'read' && value !== content.value)
        log.info('settings.migrated', { role })
      return parsed.data
    }
    const problem =
      content.kind === 'unreadable'
        ? content.reason
        : (parsed?.error?.issues[0]?.path.join('.') ?? 'unknown')
    setAside = true
    log.warn('settings.setAside', { role, problem, file: from.setAside() })
    return null
  }

  const read = (): Settings => {
    const own = usable(file, 'settings')
    if (own !== null) return own
    // A missing file with a backup beside it is a first start only if nothing was set aside.
    if (!setAside) return DEFAULT_SETTINGS
    const restored = usable(backup, 'backup') ?? DEFAULT_SETTINGS
    file.write(restored)
    return restored
  }

  const readOrDefault = (): Settings => {
    try {
      return read()
    } catch (error) {
      // A folder that cannot be written or renamed in: the kiosk still answers questions.
      log.error('settings.notRead', { error })
      return DEFAULT_SETTINGS
    }
  }

  let settings = readOrDefault()

  return {
    current: () => settings,
    wasSetAside: () => setAside,
    change: (patch) => {
      const given = withHandsFree(settings, withoutUndefined(patch))
      const next = settingsSchema.safeParse({ ...settings, ...given })
      if (!next.success) return failed('bad_request', 'The settings do not fit together.')
      try {
        backup.write(settings)
        file.write(next.data)
      } catch (error) {
        log.error('settings.notWritten', { error })
        return failed('internal', 'The settings could not be written.')
      }
      settings = next.data
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
