// Questions that the specs type, and what the kiosk logs about them.
import type { Page } from '@playwright/test'
import { turnNumber, typeQuestion, waitForOutcome } from '../../../dev/drive/kiosk-screen.ts'
import type { KioskDriver } from '../../../dev/drive/launch-kiosk.ts'
import { fromProject } from '../../../dev/paths.ts'
import type { Language } from '../../../src/shared/language.ts'
import { expect } from './fixtures.ts'

/** A question whose answer has "165" in it. */
export const CHICKEN = 'How hot does chicken have to be?'
export const CHICKEN_IN: Record<Language, string> = {
  en: CHICKEN,
  es: '¿A qué temperatura debe llegar el pollo?'
}
export const HANDS = 'How long do I wash my hands?'

/** Types a question and resolves with its turn once that has an outcome. */
export const askTyped = async (page: Page, question: string) => {
  const turn = (await turnNumber(page)) + 1
  await typeQuestion(page, question)
  return waitForOutcome(page, turn)
}

export const eventsOf = async ({ log }: Pick<KioskDriver, 'log'>): Promise<string[]> =>
  (await log()).map(({ event }) => event ?? '')

/** Waits until the kiosk has logged an event. */
export const expectLogged = (kiosk: Pick<KioskDriver, 'log'>, event: string): Promise<void> =>
  expect.poll(() => eventsOf(kiosk)).toContain(event)

/** The first one is the picture's. */
const SIZES = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
  { width: 1080, height: 1920 },
  { width: 1024, height: 600 }
] as const

/** Writes a picture to the reports. @param isReady waits, at each size of a screen, and before the picture */
export const takePicture = async (
  page: Page,
  name: string,
  isReady: (size: (typeof SIZES)[number]) => Promise<void> = async () => {}
): Promise<string> => {
  const file = fromProject('reports', 'screenshots', `${name}-${SIZES[0].width}.png`)
  for (const size of SIZES.toReversed()) {
    await page.setViewportSize(size)
    await isReady(size)
  }
  await page.screenshot({ path: file })
  return file
}
