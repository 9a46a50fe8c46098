// The gesture and the PIN in front of the settings, by finger, keyboard and pedal.
import type { Page } from '@playwright/test'
import { chooseLanguage, kiosk, waitUntilReady } from '../../dev/drive/kiosk-screen.ts'
import { expect, test } from './support/fixtures.ts'
import { keyboardOf } from './support/keyboard.ts'
import { enterPin, makeGesture, PIN } from './support/pin.ts'

/** Without a PIN the settings are open. */
const setUpPin = async (page: Page, pin = PIN): Promise<void> => {
  await page.getByTestId('settings-open').click()
  await page.getByTestId('settings-tab-kiosk').click()
  await expect(page.getByTestId('settings').getByText(/\d+\.\d+\.\d+/)).toHaveCount(1)
  await page.getByTestId('pin-set').click()
  await enterPin(page, pin)
  await enterPin(page, pin)
  await expect(page.getByTestId('pin-state')).toHaveAttribute('data-set', 'true')
  await page.getByTestId('settings-close').click()
  await expect(page.getByTestId('settings-open')).toBeHidden()
}

test('asks for the PIN after the gesture, by finger or keyboard, and refuses a wrong one', async ({
  open
}) => {
  const { page, log } = await open()
  await waitUntilReady(page)
  await setUpPin(page)

  // Five taps are no gesture, and neither is a hold.
  for (let i = 0; i < 5; i += 1) await page.getByTestId('brand').click()
  await expect(page.getByTestId('pin')).toBeHidden()

  await makeGesture(page)
  await enterPin(page, '0000')
  await expect(page.getByTestId('pin-problem')).not.toBeEmpty()
  await expect(page.getByTestId('settings')).toBeHidden()
  await enterPin(page, PIN)
  await expect(page.getByTestId('settings')).toBeVisible()
  await page.getByTestId('settings-close').click()

  // A reload keeps the lock.
  await page.reload()
  await waitUntilReady(page)
  await expect(page.getByTestId('settings-open')).toBeHidden()
  const forced = await page.evaluate(() => window.heard.call('settings.change', { tailMs: 0 }))
  expect(forced).toMatchObject({ ok: false, error: { code: 'locked' } })
  // The language needs no PIN.
  await chooseLanguage(page, 'es')
  const keys = await keyboardOf(page)
  for (let i = 0; i < 4; i += 1) await keys.tap('Escape')
  await keys.press('Escape')
  await expect(page.getByTestId('pin')).toContainText('Escribe el PIN')
  await keys.release('Escape')
  await page.keyboard.type(PIN)
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('settings')).toBeVisible()
  await page.getByTestId('settings-close').click()
  await makeGesture(page)
  for (let i = 0; i < 3; i += 1) await enterPin(page, '9999')
  await expect(page.getByTestId('pin-problem')).toContainText('1 min')
  expect(JSON.stringify(await log())).not.toMatch(/40961|"9999"/)
})

/** In the order of the pedal's steps, except the last: it needs a whole round. */
const PIN_OF_STEPS = '5802'

test('takes the gesture, the PIN and a settings tab from one pedal', async ({ open }) => {
  const { page } = await open()
  await waitUntilReady(page)
  await setUpPin(page, PIN_OF_STEPS)
  const keys = await keyboardOf(page)
  for (let i = 0; i < 4; i += 1) await keys.tap('F19')
  await keys.press('F19')
  await expect(page.getByTestId('pin')).toBeVisible()
  await keys.release('F19')
  // The gesture asks no question.
  await expect(kiosk(page)).not.toHaveAttribute('data-state', 'listening')

  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-testid'))
  const stepTo = async (testId: string): Promise<void> => {
    for (let steps = 0; steps < 40 && (await focused()) !== testId; steps += 1) {
      await keys.tap('F19')
    }
    expect(await focused()).toBe(testId)
  }
  for (const [index, digit] of [...PIN_OF_STEPS].entries()) {
    await stepTo(`pin-${digit}`)
    await keys.press('F19')
    await expect(page.getByTestId('pin-dots')).toHaveAttribute('data-count', String(index + 1))
    await keys.release('F19')
  }
  await stepTo('pin-confirm')
  await keys.press('F19')
  await expect(page.getByTestId('settings')).toBeVisible()
  await keys.release('F19')
  await stepTo('settings-tab-kiosk')
  await keys.press('F19')
  await expect(page.getByTestId('pin-state')).toBeVisible()
  await keys.release('F19')
  await stepTo('settings-close')
  await keys.press('F19')
  await expect(page.getByTestId('settings')).toBeHidden()
  await keys.release('F19')
  // The pedal talks again.
  await keys.press('F19')
  await expect(kiosk(page)).toHaveAttribute('data-state', 'listening')
  await keys.release('F19')
})
