// Hands-free: the kiosk listens without a press, and not while it answers.
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
import { CHICKEN } from './support/ask.ts'
import { expect, test } from './support/fixtures.ts'
import { microphoneWithSpeech } from './support/spoken-microphone.ts'
import { modelState } from './support/stand-in-control.ts'

test.use({ answers: 'whole' })

const isTimed = ({ event }: LogLine): boolean => event === 'turn.timed'

test('answers a question without a press, and does not hear itself', async ({ open, stack }) => {
  const microphone = microphoneWithSpeech(stack, CHICKEN)
  const { page, log } = await open({ microphone: microphone.path })
  await waitUntilReady(page)
  expect(await isGateOpen(page)).toBe(false)

  await openSettings(page, 'talking')
  // Between two questions: half a question would be recognised as half.
  await waitForSilence(page, microphone)
  await page.getByTestId('hands-free').click()
  await expect.poll(() => isGateOpen(page)).toBe(true)
  await closeSettings(page)
  await expect(kiosk(page)).toHaveAttribute('data-state', 'speaking')
  expect(await isGateOpen(page)).toBe(false)
  await expect(page.getByTestId('heard')).toHaveText(CHICKEN)
  const answering = await modelState(stack)
  // The file repeats its question during the answer, which is longer.
  await waitForSilence(page, microphone)
  expect(await isGateOpen(page)).toBe(false)
  await expect(kiosk(page)).toHaveAttribute('data-state', 'speaking')
  expect((await modelState(stack)).committed).toBe(answering.committed)

  // A press stops the answer, and the kiosk listens again.
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
  await page.getByTestId('hands-free').click()
  await closeSettings(page)
  await expect.poll(() => isGateOpen(page)).toBe(false)
  const before = await modelState(stack)
  const turnAfter = await turnNumber(page)
  // The file comes to the end of its question.
  await waitForSilence(page, microphone)
  expect(await turnNumber(page)).toBe(turnAfter)
  expect((await modelState(stack)).committed).toBe(before.committed)
})
