import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isBlockedShortcut, type KeyInput } from '../../../src/main/shortcuts.ts'
import { bindingSchema } from '../../../src/shared/settings.ts'

const PLATFORMS = ['win32', 'linux', 'darwin'] as const

/** The press of `Control+Shift+KeyR`. */
const press = (combination: string, key?: string): KeyInput => {
  const parts = combination.split('+')
  const code = parts.at(-1) ?? ''
  return {
    type: 'keyDown',
    code,
    key: key ?? code.replace(/^(Key|Digit)/, '').toLowerCase(),
    control: parts.includes('Control'),
    alt: parts.includes('Alt'),
    shift: parts.includes('Shift'),
    meta: parts.includes('Meta')
  }
}

it.each(
  `Control+KeyW Control+KeyR Control+Shift+KeyR Control+Shift+KeyI Control+KeyP
   Control+KeyN Control+KeyT Control+KeyO Control+KeyS Control+KeyF Control+Minus
   Control+Equal Control+Digit0 Control+F4 Control+Tab Alt+F4 Alt+ArrowLeft Alt+ArrowRight
   Alt+Space Alt+Tab Control+Alt+KeyT Control+Alt+Delete Control+Escape Meta+KeyR Meta+KeyD`.split(
    /\s+/
  )
)('blocks %s on Windows and Linux', (combination) => {
  expect(isBlockedShortcut(press(combination), [], 'win32')).toBe(true)
  expect(isBlockedShortcut(press(combination), [], 'linux')).toBe(true)
})

it.each(['Meta+KeyQ', 'Meta+KeyW', 'Meta+KeyR', 'Meta+KeyH', 'Meta+Alt+KeyI', 'Meta+Minus'])(
  'blocks %s on a Mac',
  (combination) => {
    expect(isBlockedShortcut(press(combination), [], 'darwin')).toBe(true)
  }
)

it('allows editing, and characters with AltGr and Option', () => {
  for (const code of ['KeyA', 'KeyC', 'KeyV', 'KeyX', 'KeyZ', 'ArrowLeft', 'Backspace']) {
    expect(isBlockedShortcut(press(`Control+${code}`), [], 'win32')).toBe(false)
    expect(isBlockedShortcut(press(`Meta+${code}`), [], 'darwin')).toBe(false)
  }
  // @ on a Spanish keyboard.
  expect(isBlockedShortcut(press('Control+Alt+Digit2', '@'), [], 'win32')).toBe(false)
  expect(isBlockedShortcut(press('Alt+KeyN', '˜'), [], 'darwin')).toBe(false)
  expect(isBlockedShortcut(press('Shift+KeyA', 'A'), [], 'win32')).toBe(false)
})

it.each(PLATFORMS)('allows every key without a modifier on %s', (platform) => {
  for (const code of 'F1 F5 F11 F12 F19 F24 BrowserBack Escape Tab KeyB'.split(' ')) {
    expect(isBlockedShortcut(press(code), [], platform)).toBe(false)
    expect(isBlockedShortcut(press(`Shift+${code}`), [], platform)).toBe(false)
  }
})

const anyBinding = fc.stringMatching(/^[A-Za-z0-9]{1,32}$/)
const anyInput = fc.record<KeyInput>({
  type: fc.constantFrom('keyDown', 'keyUp', 'rawKeyDown', 'char'),
  code: fc.oneof(anyBinding, fc.string()),
  key: fc.oneof(fc.string({ maxLength: 2 }), fc.constantFrom('Control', 'Dead', 'Unidentified')),
  control: fc.boolean(),
  alt: fc.boolean(),
  shift: fc.boolean(),
  meta: fc.boolean()
})

it('never blocks a key that talks, with any binding and any modifier', () => {
  fc.assert(
    fc.property(
      anyBinding,
      fc.array(anyBinding, { maxLength: 7 }),
      anyInput,
      fc.constantFrom(...PLATFORMS),
      (code, others, input, platform) => {
        expect(bindingSchema.safeParse({ kind: 'key', code }).success).toBe(true)
        expect(isBlockedShortcut({ ...input, code }, [...others, code], platform)).toBe(false)
      }
    ),
    { numRuns: 5_000 }
  )
})

it('never blocks a release', () => {
  fc.assert(
    fc.property(anyInput, fc.constantFrom(...PLATFORMS), (input, platform) => {
      expect(isBlockedShortcut({ ...input, type: 'keyUp' }, [], platform)).toBe(false)
    }),
    { numRuns: 2_000 }
  )
})
