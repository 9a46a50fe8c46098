// Migrates the settings files of older versions. They carry no version number: the fields identify them.
import { DEFAULT_SETTINGS } from '../../shared/settings.ts'

/**
 * Returns `value` itself when there is nothing to migrate; the schema judges it afterwards.
 *
 * - `talkKey` becomes the only binding; fields that were added with bindings get their defaults.
 */
export const migrate = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  if (!('talkKey' in value) || 'bindings' in value) return value
  const { talkKey, ...kept } = value
  return { ...addedWithBindings(), ...kept, bindings: [{ kind: 'key', code: talkKey }] }
}

/** Lists no field of the older file: its absence there is an error. */
const addedWithBindings = () => {
  const { language, microphone, speaker, volume, tailMs, groupId, bindings, ...added } =
    DEFAULT_SETTINGS
  return added
}
