// Keys that Playwright's keyboard cannot press as these tests need them: by code, and two events in one instant.
import type { Page } from '@playwright/test'

/** Windows virtual-key codes, which CDP wants beside the code. */
const KEY_CODES = {
  F13: 0x7c,
  F14: 0x7d,
  F19: 0x82,
  Enter: 0x0d,
  ShiftLeft: 0x10,
  CapsLock: 0x14
} as const
export type KeyCode = keyof typeof KEY_CODES

export type Keys = {
  press(code: KeyCode): Promise<void>
  release(code: KeyCode): Promise<void>
  /** Press and release as a pedal sends them that plays a stored keystroke: together, whatever the foot does. */
  stroke(code: KeyCode): Promise<void>
}

export const keysOf = async (page: Page): Promise<Keys> => {
  const session = await page.context().newCDPSession(page)
  const send = async (type: 'rawKeyDown' | 'keyUp', code: KeyCode): Promise<void> => {
    const key = { code, key: code, windowsVirtualKeyCode: KEY_CODES[code] }
    await session.send('Input.dispatchKeyEvent', { type, ...key })
  }
  return {
    press: (code) => send('rawKeyDown', code),
    release: (code) => send('keyUp', code),
    stroke: async (code) => {
      await Promise.all([send('rawKeyDown', code), send('keyUp', code)])
    }
  }
}
