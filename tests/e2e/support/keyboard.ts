// Presses keys by code and at an exact time, which Playwright's keyboard cannot. The kiosk judges gestures by the
// events' time stamps: a test need not be punctual itself.
import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import { wallClockMs } from '../../../dev/openai/turn-timeline.ts'

/** Windows virtual-key codes, which CDP wants beside the code. */
const KEY_CODES = {
  F13: 0x7c,
  F19: 0x82,
  Enter: 0x0d,
  Escape: 0x1b,
  ShiftLeft: 0x10,
  CapsLock: 0x14
} as const
export type KeyCode = keyof typeof KEY_CODES

/** A tap on purpose: longer than a pedal's own release, shorter than a question. */
const TAP_MS = 90

export type TestKeyboard = {
  press(code: KeyCode): Promise<void>
  /** No sooner after its press than a person's release. */
  release(code: KeyCode): Promise<void>
  /** Press and release, on purpose. */
  tap(code: KeyCode): Promise<void>
}

export const keyboardOf = async (page: Page): Promise<TestKeyboard> => {
  const session = await page.context().newCDPSession(page)
  let lastAtMs = 0
  /** Sends an event at `atMs` on the wall clock or later, with `atMs` as its time stamp. */
  const send = async (type: 'rawKeyDown' | 'keyUp', code: KeyCode, atMs: number): Promise<void> => {
    lastAtMs = atMs
    const key = { code, key: code, windowsVirtualKeyCode: KEY_CODES[code] }
    const aheadMs = atMs - wallClockMs()
    if (aheadMs > 0) await delay(aheadMs)
    await session.send('Input.dispatchKeyEvent', { type, ...key, timestamp: atMs / 1_000 })
  }
  const soon = (): number => Math.max(wallClockMs(), lastAtMs + TAP_MS)
  return {
    press: (code) => send('rawKeyDown', code, soon()),
    release: (code) => send('keyUp', code, soon()),
    tap: async (code) => {
      const atMs = soon()
      await send('rawKeyDown', code, atMs)
      await send('keyUp', code, atMs + TAP_MS)
    }
  }
}
