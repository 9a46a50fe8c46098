// Hands-free: where nobody can press, the kiosk hears by itself, and only while it is not answering.

import {
  closeSettings,
  isGateOpen,
  kiosk,
  openSettings,
  talkButton,
  turnNumber,
  waitForSilence,
  waitUntilReady
} from '../../dev/drive/kiosk-screen.ts'
import type { LogLine } from '../../dev/drive/launch-kiosk.ts'
import { expect, test } from './support/fixtures.ts'
import { microphoneWithSpeech } from './support/spoken-microphone.ts'
import { modelState } from './support/stand-in-control.ts'

test.use({ answers: 'whole' })

const CHICKEN = 'How hot does chicken have to be?'

const isTimed = ({ event }: LogLine): boolean => event === 'turn.timed'

test('a spoken question is heard with nobody pressing, and the kiosk does not hear itself', async ({
  open,
  stack
}) => {
  const microphone = microphoneWithSpeech(stack, CHICKEN)
  const { page, log } = await open({ microphone: microphone.path })
  await waitUntilReady(page)
  expect(await isGateOpen(page)).toBe(false)

  await openSettings(page, 'talking')
  // Between two questions: half of one would be heard as what it is.
  await waitForSilence(page, microphone)
  await page.locator('[data-testid=hands-free]').click()
  await expect.poll(() => isGateOpen(page)).toBe(true)
  await closeSettings(page)
  await expect(kiosk(page)).toHaveAttribute('data-state', 'speaking')
  expect(await isGateOpen(page)).toBe(false)
  await expect(page.locator('[data-testid=heard]')).toHaveText(CHICKEN)
  const answering = await modelState(stack)
  // The loop says its question again in the middle of the answer, which is longer.
  await waitForSilence(page, microphone)
  expect(await isGateOpen(page)).toBe(false)
  await expect(kiosk(page)).toHaveAttribute('data-state', 'speaking')
  expect((await modelState(stack)).committed).toBe(answering.committed)

  // A press stops the answer, and the kiosk hears again.
  await talkButton(page).press()
  await expect.poll(() => isGateOpen(page)).toBe(true)
  await talkButton(page).release()
  await expect
    .poll(async () => (await log()).find(isTimed))
    .toMatchObject({
      outcome: 'cancelled',
      marks: { audible: expect.any(Number) }
    })

  await openSettings(page, 'talking')
  await page.locator('[data-testid=hands-free]').click()
  await closeSettings(page)
  await expect.poll(() => isGateOpen(page)).toBe(false)
  const before = await modelState(stack)
  const turnAfter = await turnNumber(page)
  // The loop comes to the end of its question.
  await waitForSilence(page, microphone)
  expect(await turnNumber(page)).toBe(turnAfter)
  expect((await modelState(stack)).committed).toBe(before.committed)
})
