// Questions whose call is not open yet, is lost, or is rotated.
import {
  F19_KEY_CODE,
  heldKey,
  holdWhileSpeaking,
  kiosk,
  talkButton,
  waitForAnswer,
  waitForOutcome,
  waitUntilPressRecorded,
  waitUntilReady
} from '../../dev/drive/kiosk-screen.ts'
import type { KioskDriver } from '../../dev/drive/launch-kiosk.ts'
import { LANGUAGES } from '../../src/shared/language.ts'
import { askTyped, CHICKEN, CHICKEN_IN, HANDS } from './support/ask.ts'
import { expect, test } from './support/fixtures.ts'
import { microphoneWithSpeech } from './support/spoken-microphone.ts'
import { injectFaults, modelState } from './support/stand-in-control.ts'

/** A call that lasts seconds instead of an hour. */
const SHORT_CALLS = {
  HEARD_CALL_ROTATE_SECONDS: '4',
  HEARD_CALL_ROTATE_BY_SECONDS: '60',
  HEARD_CALL_IDLE_GAP_SECONDS: '1'
}

const lastTimed = async ({ log }: KioskDriver) =>
  (await log()).findLast(({ event }) => event === 'turn.timed')

/** Whether the call in use was given the history of the call before it. */
const hasReplayed = async ({ log }: KioskDriver): Promise<boolean> => {
  const line = (await log()).findLast(({ event }) => event === 'call.inUse')
  return (line?.detail as { replay: boolean } | undefined)?.replay === true
}

test('marks an answer that its call cuts off, and asks again on the standby call when told to', async ({
  open,
  stack
}) => {
  const opened = await open()
  const { page } = opened
  await waitUntilReady(page)
  await expect(kiosk(page)).toHaveAttribute('data-standby', 'true')
  await injectFaults(stack, { dropIntoAnswer: { afterMs: 100, silently: false } })

  expect((await askTyped(page, CHICKEN)).outcome).toBe('failed')
  await expect(page.locator('[data-testid=failure]')).toContainText('cut off')
  await page.locator('[data-testid=failure-action]').click()

  const seen = await waitForOutcome(page, 2)
  expect(seen.outcome).toBe('answered')
  expect(seen.answer).toContain('165')
})

test('opens a new call with the history and asks again where no call stands by', async ({
  open,
  stack
}) => {
  const opened = await open({ env: { HEARD_CALL_STANDBY: '0' } })
  const { page } = opened
  await waitUntilReady(page)
  expect((await askTyped(page, HANDS)).outcome).toBe('answered')
  await injectFaults(stack, { stallResponseMs: 60_000 })

  const asked = askTyped(page, CHICKEN)
  await expect(kiosk(page)).toHaveAttribute('data-state', 'processing')
  await injectFaults(stack, { dropCalls: { silently: false } })
  const seen = await asked

  expect(seen.outcome).toBe('answered')
  expect(seen.answer).toContain('165')
  // The line of the turn follows its outcome on the screen.
  await expect.poll(async () => (await lastTimed(opened))?.asks).toBe(2)
  // The previous question and answer, as two items of text, precede this question's items.
  const { calls } = await modelState(stack)
  expect(Math.max(...calls.map(({ items }) => items))).toBeGreaterThanOrEqual(6)
})

for (const language of LANGUAGES)
  test(`records a press before the call is open, and sends it word for word in ${language}`, async ({
    open,
    stack
  }) => {
    const microphone = microphoneWithSpeech(stack, CHICKEN_IN[language], { language })
    await injectFaults(stack, { clientSecretsDelayMs: 20_000 })
    const { page } = await open({ microphone: microphone.path })
    await page.locator(`[data-testid=language-${language}]`).click()
    await waitUntilPressRecorded(page)
    await expect(kiosk(page)).toHaveAttribute('data-ready', 'false')
    const before = await modelState(stack)

    const key = await heldKey(page, 'F19', F19_KEY_CODE)
    await holdWhileSpeaking(page, microphone, key)
    await expect(kiosk(page)).toHaveAttribute('data-ready', 'false')
    await injectFaults(stack, { clientSecretsDelayMs: 0 })

    expect((await waitForAnswer(page, 1)).heard).toBe(CHICKEN_IN[language])
    const after = await modelState(stack)
    expect(after.committed).toBe(before.committed + 1)
    expect(after.mixedTurns).toBe(0)
  })

test('keeps the question when the call drops during the hold', async ({ open, stack }) => {
  const microphone = microphoneWithSpeech(stack, CHICKEN)
  const { page } = await open({ microphone: microphone.path })
  await waitUntilReady(page)
  const button = talkButton(page)

  await holdWhileSpeaking(page, microphone, {
    press: async () => {
      await button.press()
      // In the middle of the question: its first word comes almost a second after the press.
      await page.waitForTimeout(1_300)
      await injectFaults(stack, { dropCalls: { silently: false } })
    },
    release: button.release
  })

  expect((await waitForAnswer(page, 1)).heard).toBe(CHICKEN)
})

test('rotates the call in an idle gap and hands its history over', async ({ open, stack }) => {
  const opened = await open({ env: SHORT_CALLS })
  const { page } = opened
  await waitUntilReady(page)
  expect((await askTyped(page, HANDS)).outcome).toBe('answered')

  await expect.poll(() => hasReplayed(opened), { timeout: 20_000 }).toBe(true)
  await waitUntilReady(page)

  expect((await askTyped(page, CHICKEN)).found).toBe(true)
  const { calls } = await modelState(stack)
  expect(Math.max(...calls.map(({ items }) => items))).toBeGreaterThanOrEqual(4)
})
