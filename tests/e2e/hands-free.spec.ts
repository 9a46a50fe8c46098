// Hands-free: where nobody can press, the kiosk hears by itself, and only while it is not answering.
import { speak, writeMicrophoneFile } from '../../local/drive/microphone-file.ts'
import {
  closeSettings,
  isGateOpen,
  kiosk,
  openSettings,
  turnNumber,
  waitForOutcome,
  waitForSilence,
  waitUntilReady
} from '../../local/drive/screen.ts'
import { expect, test } from './support/fixtures.ts'
import { modelState } from './support/model.ts'
import { missingForSpeech } from './support/speech.ts'

const CHICKEN = 'How hot does chicken have to be?'
/** More than what the model takes for the end of a question; no more, since a round of the loop is waited for. */
const SILENCE_MS = 1_000

test('a spoken question is heard with nobody pressing, and the kiosk does not hear itself', async ({
  open,
  stack
}, testInfo) => {
  const missing = missingForSpeech(stack)
  test.skip(missing !== null, missing ?? '')
  const path = testInfo.outputPath('mic.wav')
  const microphone = writeMicrophoneFile(path, speak(CHICKEN, 'en'), SILENCE_MS)
  const { page } = await open({ microphone: microphone.path })
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
  const turn = await turnNumber(page)
  const seen = await waitForOutcome(page, turn)

  // The loop has said its question again in the middle of the answer: that was neither heard nor answered.
  expect(seen.heard).toBe(CHICKEN)
  expect(seen.outcome).toBe('answered')
  expect(seen.answer).toContain('165')

  await openSettings(page, 'talking')
  await page.locator('[data-testid=hands-free]').click()
  await closeSettings(page)
  await expect.poll(() => isGateOpen(page)).toBe(false)
  await expect(kiosk(page)).toHaveAttribute('data-state', 'connected')
  const before = await modelState(stack)
  const turnAfter = await turnNumber(page)
  // A whole round of the loop passes.
  await page.waitForTimeout(microphone.loopMs)
  expect(await turnNumber(page)).toBe(turnAfter)
  expect((await modelState(stack)).committed).toBe(before.committed)
})
