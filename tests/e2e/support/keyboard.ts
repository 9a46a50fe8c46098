// TestKeyboard that Playwright's keyboard cannot press as these tests need them: by code, and at an exact time. The kiosk judges
// gestures by the events' own time stamps, so that a test need not be in time itself, on whatever machine.
import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import { wallClockMs } from '../../../dev/openai/turn-timeline.ts'

/** Windows virtual-key codes, which CDP wants beside the code. */
const KEY_CODES = {
  F13: 0x7c,
  F14: 0x7d,
  F19: 0x82,
  Enter: 0x0d,
  Escape: 0x1b,
  ShiftLeft: 0x10,
  CapsLock: 0x14
} as const
export type KeyCode = keyof typeof KEY_CODES

/** How long a tap on purpose is down: no pedal that lets go by itself, no question. */
const TAP_MS = 90
/** Between two taps of a double tap, in the middle of what is allowed. */
const BETWEEN_TAPS_MS = 150
/** Two polls of a USB keyboard: a pedal that plays a stored keystroke. */
const STROKE_MS = 16

export type TestKeyboard = {
  press(code: KeyCode): Promise<void>
  /** Lets go, no sooner after its press than a person does. */
  release(code: KeyCode): Promise<void>
  /** Down and up again: a tap on purpose. */
  tap(code: KeyCode): Promise<void>
  tapTwice(code: KeyCode): Promise<void>
  /** Press and release as a pedal sends them that plays a stored keystroke: together, whatever the foot does. */
  stroke(code: KeyCode): Promise<void>
}

export const keyboardOf = async (page: Page): Promise<TestKeyboard> => {
  const session = await page.context().newCDPSession(page)
  let lastAtMs = 0
  /** Sends an event that happens at `atMs` on the wall clock: never before, and stamped so however late it is sent. */
  const send = async (type: 'rawKeyDown' | 'keyUp', code: KeyCode, atMs: number): Promise<void> => {
    lastAtMs = atMs
    const key = { code, key: code, windowsVirtualKeyCode: KEY_CODES[code] }
    const aheadMs = atMs - wallClockMs()
    if (aheadMs > 0) await delay(aheadMs)
    await session.send('Input.dispatchKeyEvent', { type, ...key, timestamp: atMs / 1_000 })
  }
  const soon = (): number => Math.max(wallClockMs(), lastAtMs + TAP_MS)
  const downAndUp = async (code: KeyCode, atMs: number, heldMs: number): Promise<void> => {
    await send('rawKeyDown', code, atMs)
    await send('keyUp', code, atMs + heldMs)
  }
  return {
    press: (code) => send('rawKeyDown', code, soon()),
    release: (code) => send('keyUp', code, soon()),
    tap: (code) => downAndUp(code, soon(), TAP_MS),
    tapTwice: async (code) => {
      const atMs = soon()
      await downAndUp(code, atMs, TAP_MS)
      await downAndUp(code, atMs + TAP_MS + BETWEEN_TAPS_MS, TAP_MS)
    },
    stroke: (code) => downAndUp(code, soon(), STROKE_MS)
  }
}
