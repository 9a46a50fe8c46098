// Presses the talk key with real key events of the browser.
import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import { F19_KEY_CODE } from '../dev/drive/kiosk-screen.ts'

const KEY = { code: 'F19', key: 'F19', windowsVirtualKeyCode: F19_KEY_CODE } as const

export type TalkKey = {
  /** @param atMs wall clock of the event; default now */
  down: (atMs?: number) => Promise<void>
  up: (atMs?: number) => Promise<void>
  hold: (ms: number) => Promise<void>
}

export const talkKey = async (page: Page): Promise<TalkKey> => {
  const session = await page.context().newCDPSession(page)
  const send = async (type: 'rawKeyDown' | 'keyUp', atMs?: number): Promise<void> => {
    await session.send('Input.dispatchKeyEvent', {
      type,
      ...KEY,
      ...(atMs === undefined ? {} : { timestamp: atMs / 1_000 })
    })
  }
  const down = (atMs?: number) => send('rawKeyDown', atMs)
  const up = (atMs?: number) => send('keyUp', atMs)
  return {
    down,
    up,
    hold: async (ms) => {
      await down()
      await delay(ms)
      await up()
    }
  }
}
