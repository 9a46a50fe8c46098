// Holds the kiosk's talk key with real key events of the browser.
import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import { F19_KEY_CODE, heldKey } from '../dev/drive/kiosk-screen.ts'

export const talkKey = async (page: Page) => {
  const key = await heldKey(page, 'F19', F19_KEY_CODE)
  const hold = async (ms: number): Promise<void> => {
    await key.press()
    await delay(ms)
    await key.release()
  }
  return { ...key, hold }
}
export type TalkKey = Awaited<ReturnType<typeof talkKey>>
