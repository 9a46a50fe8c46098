// Blocks key presses that are shortcuts of Chromium or the operating system.

/** The used part of Electron's `Input`. */
export type KeyInput = {
  type: string
  /** `KeyboardEvent.code` */
  code: string
  /** `KeyboardEvent.key` */
  key: string
  control: boolean
  alt: boolean
  shift: boolean
  meta: boolean
}

/** Editing keys with Control, or Command on a Mac. */
const EDITING_KEYS = new Set(
  'a c v x y z arrowleft arrowright arrowup arrowdown home end backspace delete insert'.split(' ')
)

/** The page needs the key-down of a modifier to see its key-up. */
const MODIFIER_KEYS = new Set(['Control', 'Alt', 'AltGraph', 'Shift', 'Meta', 'OS', 'Fn'])

/**
 * True for every combination with Control, Alt or Meta, except those that edit text or type a character (AltGr is Control
 * and Alt on Windows, Option is Alt on a Mac). An allow-list, because no complete list of the shortcuts of Chromium and
 * three systems exists.
 *
 * A bound key and a release are never blocked: Electron would block both the press and the release (electron#37336), and
 * the microphone would stay open or never open. A key without a modifier is never blocked: it may be a pedal's.
 * @param boundKeyCodes codes of the keys that talk
 */
export const isBlockedShortcut = (
  input: KeyInput,
  boundKeyCodes: readonly string[],
  platform: NodeJS.Platform
): boolean => {
  if (input.type !== 'keyDown' && input.type !== 'rawKeyDown') return false
  if (boundKeyCodes.includes(input.code) || MODIFIER_KEYS.has(input.key)) return false
  const { control, alt, meta } = input
  if (!control && !alt && !meta) return false
  if (typesCharacter(input, platform)) return false
  const isMac = platform === 'darwin'
  const edits = isMac ? (meta || alt) && !control : control && !alt && !meta
  return !(edits && EDITING_KEYS.has(input.key.toLowerCase()))
}

const typesCharacter = (
  { key, control, alt, meta }: KeyInput,
  platform: NodeJS.Platform
): boolean => {
  if ([...key].length !== 1 || meta) return false
  switch (platform) {
    case 'darwin':
      return alt && !control
    // AltGr. On the keyboards of the two languages it types no letter and no digit.
    case 'win32':
    case 'linux':
      return control && alt && !/^[a-z0-9]$/i.test(key)
    default:
      return false
  }
}
