// Keys and pedals that are learned in the settings and then held.
import type { Page } from '@playwright/test'
import {
  closeSettings,
  isGateOpen,
  kiosk,
  openSettings,
  waitUntilReady
} from '../../dev/drive/kiosk-screen.ts'
import type { StackAddress } from '../../dev/local-stack.ts'
import { type FakeHid, type FakeHidDevice, fakeHidScript } from '../unit/renderer/turn/fake-hid.ts'
import { expect, test } from './support/fixtures.ts'
import { keyboardOf } from './support/keyboard.ts'
import { modelState } from './support/stand-in-control.ts'

declare global {
  var fakeHid: FakeHid
  var pedal: FakeHidDevice
}

const part = (page: Page, name: string) => page.getByTestId(name)
const hint = (page: Page, code: string) => page.locator(`[data-testid=hint][data-code=${code}]`)
const step = (page: Page, name: string) => page.locator(`[data-testid=learn][data-step=${name}]`)

const expectListening = async (page: Page): Promise<void> => {
  await expect(kiosk(page)).toHaveAttribute('data-state', 'listening')
  expect(await isGateOpen(page)).toBe(true)
}

/** The gate is closed and the hold is committed. */
const expectAsked = async (page: Page, stack: StackAddress, committed: number): Promise<void> => {
  await expect(kiosk(page)).not.toHaveAttribute('data-state', 'listening')
  expect(await isGateOpen(page)).toBe(false)
  await expect.poll(async () => (await modelState(stack)).committed).toBe(committed)
}

/** Longer than the shortest question. */
const A_QUESTION_MS = 400
const holdOn = (page: Page): Promise<void> => page.waitForTimeout(A_QUESTION_MS)

test('learns a key by its press, and explains a key that it refuses', async ({ open, stack }) => {
  const { page } = await open()
  await waitUntilReady(page)
  const keys = await keyboardOf(page)
  await openSettings(page, 'talking')
  await part(page, 'learn-start').click()

  for (const [code, says] of [
    ['ShiftLeft', 'Shift is part of other shortcuts'],
    ['Enter', 'Enter presses buttons and sends text'],
    ['CapsLock', 'Caps Lock stays switched on'],
    ['F19', 'F19 is in the list already']
  ] as const) {
    await keys.press(code)
    await expect(step(page, 'refused')).toContainText(says)
    await keys.release(code)
  }
  await keys.press('F13')
  await expect(step(page, 'pressed')).toContainText('F13')
  // The key that is in the list does not talk meanwhile.
  await expect(kiosk(page)).toHaveAttribute('data-turn', '0')
  await keys.release('F13')
  await expect(step(page, 'learned')).toContainText('F13 works now.')
  await part(page, 'learn-done').click()
  await expect(part(page, 'binding-1')).toContainText('F13')
  await closeSettings(page)

  const { committed } = await modelState(stack)
  await keys.press('F13')
  await expectListening(page)
  await holdOn(page)
  await keys.release('F13')
  await expectAsked(page, stack, committed + 1)
})

test('learns a HID pedal, and asks what was said when it is unplugged during a hold', async ({
  open,
  stack
}) => {
  const { page } = await open({ scripts: [fakeHidScript()] })
  const report = (byte: number) => page.evaluate((bits) => pedal.report([bits, 0]), byte)
  await waitUntilReady(page)
  await openSettings(page, 'talking')
  await page.evaluate(() => {
    globalThis.pedal = fakeHid.plugIn({ vendorId: 0x05f3, productId: 0x00ff }, 'denied')
  })
  await part(page, 'choose-pedal').click()
  await expect.poll(() => page.evaluate(() => pedal.opened)).toBe(true)
  await part(page, 'learn-start').click()
  await report(2)
  await expect(step(page, 'learned')).toContainText('VEC Infinity foot pedal')
  await report(0)
  await part(page, 'learn-done').click()
  await expect(part(page, 'binding-1')).toContainText('button 2')
  await expect(part(page, 'binding-1')).not.toContainText('not plugged in')
  await closeSettings(page)

  const { committed } = await modelState(stack)
  await report(2)
  await expectListening(page)
  await holdOn(page)
  await report(0)
  await expectAsked(page, stack, committed + 1)

  await report(2)
  await expectListening(page)
  await holdOn(page)
  await page.evaluate(() => fakeHid.unplug(pedal))
  await expectAsked(page, stack, committed + 2)

  // The pedal is known: it needs no second permission.
  await openSettings(page, 'talking')
  await expect(part(page, 'binding-1')).toContainText('not plugged in')
  await page.evaluate(() => fakeHid.plugInAgain(pedal))
  await expect(part(page, 'binding-1')).not.toContainText('not plugged in')
  await closeSettings(page)
  await report(2)
  await expectListening(page)
})

test('counts down the last seconds of the longest hold, and then asks', async ({ open, stack }) => {
  const { page } = await open()
  await page.clock.install()
  await page.reload()
  await waitUntilReady(page)
  const keys = await keyboardOf(page)
  const { committed } = await modelState(stack)
  await keys.press('F19')
  await expectListening(page)

  await page.clock.fastForward(80_500)
  await expect(hint(page, 'hold_ends_soon')).toBeVisible()
  await expect(part(page, 'hold-countdown')).toHaveText(/^([1-9]|10)$/)
  await page.clock.fastForward(10_000)
  await expect(hint(page, 'held_too_long')).toBeVisible()
  await expectAsked(page, stack, committed + 1)
})
