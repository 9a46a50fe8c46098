// Which key presses never reach the page, because Chromium or the system's window would act on them.

/** What is used of Electron's `Input`. */
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

/** What a person does in a text field with Control, or Command on a Mac. */
const EDITING_KEYS = new Set([
  'a',
  'c',
  'v',
  'x',
  'y',
  'z',
  'arrowleft',
  'arrowright',
  'arrowup',
  'arrowdown',
  'home',
  'end',
  'backspace',
  'delete',
  'insert'
])

/** A modifier by itself does nothing yet; its key-down must arrive, or the page would miss its key-up. */
const MODIFIER_KEYS = new Set(['Control', 'Alt', 'AltGraph', 'Shift', 'Meta', 'OS', 'Fn'])

/**
 * True for a press that is to be kept from the page: every combination with Control, Alt or Meta but those that edit text
 * or type a character (AltGr is Control and Alt on Windows, Option is Alt on a Mac). Said as what is allowed, because nobody
 * knows all that Chromium and three systems bind.
 *
 * A bound key is never blocked, whatever is held beside it, nor is any release: Electron would keep both the press and the
 * release from the page (electron#37336), and the microphone would stay open or never open. A key without a modifier is
 * never blocked: any of them may be a pedal's, or is being learned, and without a menu none means anything here.
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
    // AltGr. A letter or a digit with Control and Alt is a shortcut: AltGr types neither on the keyboards of the kiosk's
    // two languages.
    case 'win32':
    case 'linux':
      return control && alt && !/^[a-z0-9]$/i.test(key)
    default:
      return false
  }
}
