// A call that was put down because nobody asked: the next question, typed or spoken, opens another and is asked there.
import type { Page } from '@playwright/test'
import {
  F19_KEY_CODE,
  heldKey,
  holdWhileSpeaking,
  typeQuestion,
  waitForAnswer
} from '../../dev/drive/kiosk-screen.ts'
import type { StackAddress } from '../../dev/local-stack.ts'
import { expect, test } from './support/fixtures.ts'
import { microphoneWithSpeech } from './support/spoken-microphone.ts'
import { modelState } from './support/stand-in-control.ts'

const CHICKEN = 'How hot does chicken have to be?'

const SLEEPS_SOON = { HEARD_CALL_IDLE_SECONDS: '1', HEARD_CALL_STANDBY: '0' }

const waitUntilAsleep = async (page: Page, stack: StackAddress): Promise<void> => {
  await page.waitForSelector('[data-testid=kiosk][data-state=asleep][data-kept=true]')
  await expect.poll(async () => (await modelState(stack)).callsOpen).toBe(0)
}

test('a question typed while the kiosk is asleep is answered', async ({ open, stack }) => {
  const { page, log } = await open({ env: SLEEPS_SOON })
  /** Calls that were ever in use: an attempt that came to nothing is none. */
  const callsInUse = async () => (await log()).filter(({ event }) => event === 'call.inUse').length
  await waitUntilAsleep(page, stack)
  const before = await callsInUse()

  await typeQuestion(page, CHICKEN)

  expect((await waitForAnswer(page, 1)).found).toBe(true)
  await expect.poll(callsInUse).toBe(before + 1)
})

test('a question spoken while the kiosk is asleep is heard word for word', async ({
  open,
  stack
}) => {
  const microphone = microphoneWithSpeech(stack, CHICKEN)
  const { page } = await open({ microphone: microphone.path, env: SLEEPS_SOON })
  await waitUntilAsleep(page, stack)

  await holdWhileSpeaking(page, microphone, await heldKey(page, 'F19', F19_KEY_CODE))

  expect((await waitForAnswer(page, 1)).heard).toBe(CHICKEN)
  expect((await modelState(stack)).mixedTurns).toBe(0)
})
