// Enters PINs and makes the gesture in front of the settings.
import type { Page } from '@playwright/test'
import { expect } from './fixtures.ts'

export const PIN = '40961'

export const enterPin = async (page: Page, pin: string): Promise<void> => {
  for (const digit of pin) await page.getByTestId(`pin-${digit}`).click()
  await page.getByTestId('pin-confirm').click()
}

/** Four taps and a hold, on the name of the kiosk. */
export const makeGesture = async (page: Page): Promise<void> => {
  const brand = page.getByTestId('brand')
  for (let taps = 0; taps < 4; taps += 1) await brand.click()
  await brand.hover()
  await page.mouse.down()
  await expect(page.getByTestId('pin')).toBeVisible()
  await page.mouse.up()
}
