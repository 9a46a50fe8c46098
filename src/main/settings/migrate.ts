// Settings files of older versions, told by their shape: no version number was ever written into one.
import { DEFAULT_SETTINGS } from '../../shared/settings.ts'

/**
 * Brings what an older version wrote to today's shape. What it does not know it leaves as it is, for the schema
 * to judge: a field from the future is no reason to guess, and half a file is nobody's settings.
 *
 * - With one key, `talkKey`: the key becomes the only binding, and what could not be set then is as
 *   it is by default.
 */
export const migrate = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  if (!('talkKey' in value) || 'bindings' in value) return value
  const { talkKey, ...kept } = value
  return { ...ADDED_WITH_BINDINGS, ...kept, bindings: [{ kind: 'key', code: talkKey }] }
}

const {
  talkMode,
  handsFree,
  echoCancellation,
  noiseSuppression,
  autoGainControl,
  modelNoiseReduction,
  idleMinutes,
  openingHours
} = DEFAULT_SETTINGS

const ADDED_WITH_BINDINGS = {
  talkMode,
  handsFree,
  echoCancellation,
  noiseSuppression,
  autoGainControl,
  modelNoiseReduction,
  idleMinutes,
  openingHours
}
