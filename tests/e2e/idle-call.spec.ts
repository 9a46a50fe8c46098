// A question to a kiosk whose idle call is closed.
import {
  F19_KEY_CODE,
  heldKey,
  holdWhileSpeaking,
  waitForAnswer
} from '../../dev/drive/kiosk-screen.ts'
import { CHICKEN } from './support/ask.ts'
import { expect, test } from './support/fixtures.ts'
import { microphoneWithSpeech } from './support/spoken-microphone.ts'
import { modelState } from './support/stand-in-control.ts'

test('opens a call for a press and hears the question word for word', async ({ open, stack }) => {
  const microphone = microphoneWithSpeech(stack, CHICKEN)
  const { page } = await open({
    microphone: microphone.path,
    env: { HEARD_CALL_IDLE_SECONDS: '1', HEARD_CALL_STANDBY: '0' }
  })
  await page.waitForSelector('[data-testid=kiosk][data-state=asleep][data-kept=true]')
  await expect.poll(async () => (await modelState(stack)).callsOpen).toBe(0)

  await holdWhileSpeaking(page, microphone, await heldKey(page, 'F19', F19_KEY_CODE))

  expect((await waitForAnswer(page, 1)).heard).toBe(CHICKEN)
  expect((await modelState(stack)).mixedTurns).toBe(0)
})
