// Names a key by its `KeyboardEvent.code`, as on a keyboard of the United States.
import type { en } from '../i18n/en.ts'

export type KeyWord = keyof typeof en.key

/** `text` is engraved on the key; `word` is translated; `numpad` is translated around `text`. */
export type KeyName =
  | { kind: 'text'; text: string }
  | { kind: 'numpad'; text: string }
  | { kind: 'word'; word: KeyWord }

const WORDS: Record<string, KeyWord> = {
  Space: 'space',
  Backspace: 'backspace',
  Delete: 'delete',
  Insert: 'insert',
  Home: 'home',
  End: 'end',
  PageUp: 'page_up',
  PageDown: 'page_down',
  ContextMenu: 'menu',
  Pause: 'pause',
  PrintScreen: 'print',
  Enter: 'enter',
  NumpadEnter: 'enter',
  Tab: 'tab',
  Escape: 'escape',
  ShiftLeft: 'shift',
  ShiftRight: 'shift',
  ControlLeft: 'control',
  ControlRight: 'control',
  AltLeft: 'alt',
  AltRight: 'alt',
  MetaLeft: 'system',
  MetaRight: 'system',
  CapsLock: 'caps_lock',
  NumLock: 'num_lock',
  ScrollLock: 'scroll_lock'
}

const SIGNS: Record<string, string> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Minus: '-',
  Equal: '=',
  BracketLeft: '[',
  BracketRight: ']',
  Backslash: '\\',
  Semicolon: ';',
  Quote: "'",
  Backquote: '`',
  Comma: ',',
  Period: '.',
  Slash: '/',
  Add: '+',
  Subtract: '-',
  Multiply: '*',
  Divide: '/',
  Decimal: '.'
}

/** @param code or a name to show as it is, such as a pedal's */
export const keyName = (code: string): KeyName => {
  const word = WORDS[code]
  if (word !== undefined) return { kind: 'word', word }
  const [, group, rest = ''] = /^(Key(?=[A-Z]$)|Digit(?=\d$)|Numpad(?=\w))(.+)$/.exec(code) ?? []
  if (group === 'Numpad') return { kind: 'numpad', text: SIGNS[rest] ?? rest }
  return { kind: 'text', text: group === undefined ? (SIGNS[code] ?? code) : rest }
}
