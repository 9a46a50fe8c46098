// Everything that can be held: keys and pedals learned in the settings, taps that latch, and releases that never come.
import type { Page } from '@playwright/test'
import {
  closeSettings,
  isGateOpen,
  kiosk,
  openSettings,
  turnNumber,
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

const part = (page: Page, name: string) => page.locator(`[data-testid=${name}]`)
const hint = (page: Page, code: string) => page.locator(`[data-testid=hint][data-code=${code}]`)
const step = (page: Page, name: string) => page.locator(`[data-testid=learn][data-step=${name}]`)

const expectListening = async (page: Page): Promise<void> => {
  await expect(kiosk(page)).toHaveAttribute('data-state', 'listening')
  expect(await isGateOpen(page)).toBe(true)
}

/** The hold is over: the gate is closed, and what was said has been asked. */
const expectAsked = async (page: Page, stack: StackAddress, committed: number): Promise<void> => {
  await expect(kiosk(page)).not.toHaveAttribute('data-state', 'listening')
  expect(await isGateOpen(page)).toBe(false)
  await expect.poll(async () => (await modelState(stack)).committed).toBe(committed)
}

/** Longer than the shortest question: what is let go of earlier is a slip. */
const A_QUESTION_MS = 400
const holdOn = (page: Page): Promise<void> => page.waitForTimeout(A_QUESTION_MS)

test('a key is learned by pressing it, and those that cannot be are explained', async ({
  open,
  stack
}) => {
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
  // The key that is there already does not talk while another one is learned.
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

test('a pedal that sends press and release at once is explained, and works with a tap', async ({
  open,
  stack
}) => {
  const { page } = await open()
  await waitUntilReady(page)
  const keys = await keyboardOf(page)
  await openSettings(page, 'talking')
  await part(page, 'learn-start').click()
  await keys.stroke('F14')
  await expect(step(page, 'waiting')).toContainText('Press it once more')
  await keys.stroke('F14')
  await expect(step(page, 'learned')).toContainText('It lets go by itself')
  await part(page, 'learn-use-tap').click()
  await expect(part(page, 'talk-mode-tap')).toHaveAttribute('aria-pressed', 'true')
  await closeSettings(page)

  const { committed } = await modelState(stack)
  await keys.stroke('F14')
  await expectListening(page)
  await holdOn(page)
  await keys.stroke('F14')
  await expectAsked(page, stack, committed + 1)
})

test('a pedal that is no keyboard is learned, held, and unplugged while it is held', async ({
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

  // Nobody has to choose it again: it is there, and the settings know.
  await openSettings(page, 'talking')
  await expect(part(page, 'binding-1')).toContainText('not plugged in')
  await page.evaluate(() => fakeHid.plugInAgain(pedal))
  await expect(part(page, 'binding-1')).not.toContainText('not plugged in')
  await closeSettings(page)
  await report(2)
  await expectListening(page)
})

test('two taps listen with nobody holding, and one more asks', async ({ open, stack }) => {
  const { page } = await open()
  await waitUntilReady(page)
  const keys = await keyboardOf(page)
  const { committed } = await modelState(stack)

  await keys.tapTwice('F19')
  await expect(hint(page, 'latched')).toBeVisible()
  await holdOn(page)
  // Live, or into its recording where the clear of the first tap is not confirmed yet.
  await expect(kiosk(page)).toHaveAttribute('data-state', 'listening')
  await expect(kiosk(page)).toHaveAttribute('data-turn', '2')

  await keys.tap('F19')
  await expectAsked(page, stack, committed + 1)
})

test('a window that loses the focus lets go, and asks what was said', async ({ open, stack }) => {
  const { page } = await open()
  await waitUntilReady(page)
  const keys = await keyboardOf(page)
  const { committed } = await modelState(stack)
  await keys.press('F19')
  await expectListening(page)
  await holdOn(page)

  // Chromium is told to act as if its window had the focus, here and wherever it is driven.
  await page.evaluate(() => window.dispatchEvent(new FocusEvent('blur')))
  await expectAsked(page, stack, committed + 1)

  // The release comes late, of a hold that is over.
  const turn = await turnNumber(page)
  await keys.release('F19')
  await keys.press('F19')
  await expect(kiosk(page)).toHaveAttribute('data-turn', String(turn + 1))
  await expectListening(page)
})

test('a press whose release was lost starts over, and the next release closes the gate', async ({
  open,
  stack
}) => {
  const { page } = await open()
  await waitUntilReady(page)
  const keys = await keyboardOf(page)
  const { committed } = await modelState(stack)
  await keys.press('F19')
  await expect(kiosk(page)).toHaveAttribute('data-turn', '1')
  await holdOn(page)

  await keys.press('F19')
  await expect(hint(page, 'started_over')).toBeVisible()
  await expect(kiosk(page)).toHaveAttribute('data-turn', '2')
  await expect(kiosk(page)).toHaveAttribute('data-state', 'listening')
  await holdOn(page)
  await keys.release('F19')

  await expectAsked(page, stack, committed + 1)
})

test('the last seconds of the longest hold are counted down, and then it is asked', async ({
  open,
  stack
}) => {
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
