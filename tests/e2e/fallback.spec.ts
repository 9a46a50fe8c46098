// Every rung of the way down when a call goes: the one that stands by, a new one, the recording asked again, the
// copy of the handbook; and a press at each moment of all this.

import {
  F19_KEY_CODE,
  heldKey,
  holdWhileSpeaking,
  kiosk,
  talkButton,
  turnNumber,
  typeQuestion,
  waitForAnswer,
  waitForOutcome,
  waitUntilPressRecorded,
  waitUntilReady
} from '../../dev/drive/kiosk-screen.ts'
import type { LogLine } from '../../dev/drive/launch-kiosk.ts'
import { expect, test } from './support/fixtures.ts'
import { microphoneWithSpeech } from './support/spoken-microphone.ts'
import { injectFaults, modelState } from './support/stand-in-control.ts'
import { openTcpProxy } from './support/tcp-proxy.ts'

const CHICKEN = 'How hot does chicken have to be?'
const HANDS = 'How long do I wash my hands?'

/** A call that lasts seconds instead of an hour, for the tests of rotation. */
const SHORT_CALLS = {
  HEARD_CALL_ROTATE_SECONDS: '4',
  HEARD_CALL_ROTATE_BY_SECONDS: '60',
  HEARD_CALL_IDLE_GAP_SECONDS: '1'
}

const eventsOf = async (kiosk: { log(): Promise<{ event?: string }[]> }): Promise<string[]> =>
  (await kiosk.log()).map(({ event }) => event ?? '')

/** What was last timed, once it has been: on how many calls it was asked, and how it ended. */
const lastTimed = async (kiosk: { log(): Promise<LogLine[]> }): Promise<LogLine | undefined> =>
  (await kiosk.log()).findLast(({ event }) => event === 'turn.timed')

/** Each time another call became the one in use: over which path, and whether it was told what was said before. */
const takeovers = async (kiosk: {
  log(): Promise<{ event?: string; [field: string]: unknown }[]>
}): Promise<{ path: string; replay: boolean }[]> =>
  (await kiosk.log()).flatMap(({ event, detail }) =>
    event === 'call.inUse' ? [detail as { path: string; replay: boolean }] : []
  )

test('a call that goes in the middle of an answer is replaced by the one that stands by', async ({
  open,
  stack
}) => {
  const opened = await open()
  const { page } = opened
  await waitUntilReady(page)
  await expect(kiosk(page)).toHaveAttribute('data-standby', 'true')
  await injectFaults(stack, { dropIntoAnswer: { afterMs: 100, silently: false } })
  const turn = (await turnNumber(page)) + 1

  await typeQuestion(page, CHICKEN)
  const seen = await waitForOutcome(page, turn)

  expect(seen.outcome).toBe('answered')
  expect(seen.answer).toContain('165')
  expect(await lastTimed(opened)).toMatchObject({ outcome: 'answered', asks: 2 })
})

test('without one that stands by a new call is opened, told what was said, and asked again', async ({
  open,
  stack
}) => {
  const opened = await open({ env: { HEARD_CALL_STANDBY: '0' } })
  const { page } = opened
  await waitUntilReady(page)
  const first = (await turnNumber(page)) + 1
  await typeQuestion(page, HANDS)
  expect((await waitForOutcome(page, first)).outcome).toBe('answered')
  await injectFaults(stack, { dropIntoAnswer: { afterMs: 100, silently: false } })

  await typeQuestion(page, CHICKEN)
  const seen = await waitForOutcome(page, first + 1)

  expect(seen.outcome).toBe('answered')
  expect(seen.answer).toContain('165')
  expect(await lastTimed(opened)).toMatchObject({ asks: 2 })
  // The exchange before, as two items of text, is in the new call with what was asked there.
  const { calls } = await modelState(stack)
  expect(Math.max(...calls.map(({ items }) => items))).toBeGreaterThanOrEqual(6)
})

test('a spoken question whose call goes before the answer is asked again from its recording', async ({
  open,
  stack
}) => {
  const microphone = microphoneWithSpeech(stack, CHICKEN)
  const { page } = await open({ microphone: microphone.path })
  await waitUntilReady(page)
  await injectFaults(stack, { stallResponseMs: 60_000 })
  const turn = (await turnNumber(page)) + 1
  const before = await modelState(stack)

  await holdWhileSpeaking(page, microphone, talkButton(page))
  await expect
    .poll(async () => (await modelState(stack)).responses)
    .toBeGreaterThan(before.responses)
  await injectFaults(stack, { dropCalls: { silently: false } })
  const seen = await waitForOutcome(page, turn)

  expect(seen.heard).toBe(CHICKEN)
  expect(seen.outcome).toBe('answered')
})

test('with no model at all a typed question is answered from the copy on the kiosk', async ({
  open,
  stack
}) => {
  const model = await openTcpProxy(stack.openaiUrl)
  const opened = await open({ openaiUrl: model.url })
  const { page } = opened
  await waitUntilReady(page)
  await expect.poll(() => eventsOf(opened)).toContain('handbook.copyRefreshed')
  await model.off()
  await injectFaults(stack, { dropCalls: { silently: false } })
  const turn = (await turnNumber(page)) + 1

  await typeQuestion(page, CHICKEN)
  const seen = await waitForOutcome(page, turn)

  expect(seen.outcome).toBe('answered')
  expect(seen.answer).toContain('165')
  expect(seen.citations[0]?.title).toMatch(/temperature|poultry|chicken/i)
  await expect(page.locator('[data-testid=offline-answer]')).toBeVisible()
  await model.on()
  await model.close()
})

test('a press before the call is up is kept whole and recognised word for word', async ({
  open,
  stack
}) => {
  const microphone = microphoneWithSpeech(stack, CHICKEN)
  await injectFaults(stack, { clientSecretsDelayMs: 20_000 })
  const { page } = await open({ microphone: microphone.path })
  await waitUntilPressRecorded(page)
  await expect(kiosk(page)).toHaveAttribute('data-ready', 'false')
  const before = await modelState(stack)

  const key = await heldKey(page, 'F19', F19_KEY_CODE)
  await holdWhileSpeaking(page, microphone, key)
  await expect(kiosk(page)).toHaveAttribute('data-ready', 'false')
  await injectFaults(stack, { clientSecretsDelayMs: 0 })
  const seen = await waitForAnswer(page, 1)

  expect(seen.heard).toBe(CHICKEN)
  const after = await modelState(stack)
  expect(after.committed).toBe(before.committed + 1)
  expect(after.mixedTurns).toBe(0)
})

test('a press while the call is lost under it is asked on the next one, whole', async ({
  open,
  stack
}) => {
  const microphone = microphoneWithSpeech(stack, CHICKEN)
  const { page } = await open({ microphone: microphone.path })
  await waitUntilReady(page)
  const button = talkButton(page)

  await holdWhileSpeaking(page, microphone, {
    press: async () => {
      await button.press()
      // In the middle of the question, whose first word comes almost a second after the press.
      await page.waitForTimeout(1_300)
      await injectFaults(stack, { dropCalls: { silently: false } })
    },
    release: button.release
  })

  expect((await waitForAnswer(page, 1)).heard).toBe(CHICKEN)
})

test('a call is replaced in an idle gap, and the next question knows what was said before', async ({
  open,
  stack
}) => {
  const opened = await open({ env: SHORT_CALLS })
  const { page } = opened
  await waitUntilReady(page)
  const turn = (await turnNumber(page)) + 1
  await typeQuestion(page, HANDS)
  expect((await waitForOutcome(page, turn)).outcome).toBe('answered')

  // Not before it has been heard: a call is replaced between turns.
  await expect
    .poll(async () => (await takeovers(opened)).at(-1)?.replay, { timeout: 20_000 })
    .toBe(true)
  await waitUntilReady(page)
  await typeQuestion(page, CHICKEN)

  expect((await waitForAnswer(page, turn + 1)).found).toBe(true)
  const { calls } = await modelState(stack)
  expect(Math.max(...calls.map(({ items }) => items))).toBeGreaterThanOrEqual(4)
})

test('a session that the service ends is replaced without a word, and the next question answered', async ({
  open,
  stack
}) => {
  const { page } = await open()
  await waitUntilReady(page)
  const turn = (await turnNumber(page)) + 1
  await injectFaults(stack, { expireSessions: true })

  await typeQuestion(page, CHICKEN)

  expect((await waitForAnswer(page, turn)).found).toBe(true)
  await expect(page.locator('[data-testid=failure]')).toBeHidden()
})

test('holds while a rotation is due are answered, each by one call', async ({ open, stack }) => {
  const microphone = microphoneWithSpeech(stack, CHICKEN)
  const { page } = await open({
    microphone: microphone.path,
    env: { ...SHORT_CALLS, HEARD_CALL_ROTATE_SECONDS: '1', HEARD_CALL_IDLE_GAP_SECONDS: '0' }
  })
  await waitUntilReady(page)

  for (const turn of [1, 2]) {
    await holdWhileSpeaking(page, microphone, talkButton(page))
    expect((await waitForAnswer(page, turn)).heard).toBe(CHICKEN)
  }
  expect((await modelState(stack)).mixedTurns).toBe(0)
})
