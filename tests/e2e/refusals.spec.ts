// Answers that the service refuses, cuts off, blocks, leaves empty or leaves off, over both transports.
import type { Page } from '@playwright/test'
import {
  closeSettings,
  holdWhileSpeaking,
  isGateOpen,
  kiosk,
  openSettings,
  talkButton,
  turnNumber,
  waitForOutcome,
  waitUntilReady
} from '../../dev/drive/kiosk-screen.ts'
import type { KioskDriver } from '../../dev/drive/launch-kiosk.ts'
import type { FaultInjection } from '../../dev/openai/fault-injection.ts'
import type { FailureCode } from '../../src/shared/failure.ts'
import { askTyped, CHICKEN, HANDS } from './support/ask.ts'
import { expect, test } from './support/fixtures.ts'
import { microphoneWithSpeech } from './support/spoken-microphone.ts'
import { injectFaults } from './support/stand-in-control.ts'

/** From the question, or from the first sound of its answer, to the words of the screen about its end. */
const SANE_AFTER_MS = 8_000

/** The answer about chicken sounds for longer. */
const LEAST_SOUND_MS = 2_000

type Row = {
  fault: Partial<FaultInjection>
  code: FailureCode
  says: string
  /** The line of the log with the service's own words. */
  logged: Record<string, unknown>
  /** The beginning of the answer was heard, and stays on the screen. */
  isHeard?: true
}

/** A line of the page's log. */
const line = (event: string, detail: Record<string, unknown>) => ({
  event,
  detail: expect.objectContaining(detail)
})
const refused = line('call.error', { message: 'Refused by fault injection.' })
const failed = (message: RegExp) =>
  line('call.responseFailed', { message: expect.stringMatching(message) })
const incomplete = (reason: string) => line('call.responseFailed', { reason })

const TRY_AGAIN = 'ask again'
const ROWS: readonly Row[] = [
  { fault: { refuse: 'question' }, code: 'answer_failed', says: TRY_AGAIN, logged: refused },
  { fault: { refuse: 'tool_output' }, code: 'answer_failed', says: TRY_AGAIN, logged: refused },
  {
    fault: { response: 'empty' },
    code: 'answer_failed',
    says: TRY_AGAIN,
    logged: line('turn.ended', { failure: 'answer_failed' })
  },
  {
    fault: { response: 'quota' },
    code: 'model_quota',
    says: 'no budget',
    logged: failed(/current quota/)
  },
  {
    fault: { response: 'rate_limit' },
    code: 'model_busy',
    says: 'busy',
    logged: failed(/Rate limit reached/)
  },
  {
    fault: { response: 'server_error' },
    code: 'model_failed',
    says: 'problem',
    logged: failed(/server had an error/)
  },
  {
    fault: { response: 'cut_off' },
    code: 'answer_cut_off',
    says: 'cut off',
    logged: incomplete('max_output_tokens'),
    isHeard: true
  },
  {
    fault: { response: 'filtered' },
    code: 'answer_blocked',
    says: 'does not answer this',
    logged: incomplete('content_filter'),
    isHeard: true
  },
  {
    fault: { response: 'dead' },
    code: 'answer_cut_off',
    says: 'cut off',
    logged: line('turn.ended', { failure: 'answer_cut_off' }),
    isHeard: true
  }
]

const linesSince = async ({ log }: KioskDriver, count: number) => (await log()).slice(count)

/** The line of the turn's times follows its outcome on the screen. */
const timedSince = async (opened: KioskDriver, count: number) => {
  const timed = async () =>
    (await linesSince(opened, count)).find(({ event }) => event === 'turn.timed')
  await expect.poll(timed).toBeDefined()
  const { asks, marks = {} } = (await timed()) ?? {}
  return { asks, marks: marks as Record<string, number> }
}

const askHands = async (page: Page) => {
  const seen = await askTyped(page, HANDS)
  expect(seen).toMatchObject({ outcome: 'answered', found: true })
  return seen
}

for (const path of ['webrtc', 'websocket'] as const) {
  test(`says how the service failed a question, and answers the next one, over ${path}`, {
    tag: '@page'
  }, async ({ open, stack }) => {
    // As after a mint that refused every transcription: a call without one is better than none.
    await injectFaults(stack, { withoutTranscription: true })
    const microphone = microphoneWithSpeech(stack, CHICKEN)
    const opened = await open({ microphone: microphone.path, env: { HEARD_CALL_PATH: path } })
    const { page, log } = opened
    await waitUntilReady(page)
    await injectFaults(stack, { withoutTranscription: false })
    const turn = (await turnNumber(page)) + 1
    await holdWhileSpeaking(page, microphone, talkButton(page))
    expect(await waitForOutcome(page, turn)).toMatchObject({ outcome: 'answered', heard: '' })
    let previous = await askHands(page)

    for (const { fault, code, says, logged, isHeard } of ROWS) {
      await test.step(JSON.stringify(fault), async () => {
        const count = (await log()).length
        await injectFaults(stack, fault)
        const seen = await askTyped(page, CHICKEN)

        expect(seen.outcome).toBe('failed')
        await expect(kiosk(page)).toHaveAttribute('data-failure', code)
        await expect(page.getByTestId('failure')).toContainText(says)
        expect(seen.answer.includes('chicken')).toBe(isHeard === true)
        expect(seen.answer).not.toContain(previous.answer)
        for (const { slug } of previous.citations) {
          expect(seen.citations.map((citation) => citation.slug)).not.toContain(slug)
        }
        await expect
          .poll(() => linesSince(opened, count))
          .toEqual(expect.arrayContaining([expect.objectContaining(logged)]))
        const { asks, marks } = await timedSince(opened, count)
        expect(asks).toBe(1)
        const { end = Number.NaN, audioStarted = 0 } = marks
        expect(end - audioStarted).toBeLessThan(SANE_AFTER_MS)

        previous = await askHands(page)
      })
    }

    await injectFaults(stack, { refuse: 'hands_free' })
    await openSettings(page, 'talking')
    await page.getByTestId('hands-free').click()
    await closeSettings(page)
    await expect(page.getByTestId('hint')).toContainText('does not allow hands-free')
    expect(await isGateOpen(page)).toBe(false)
    await askHands(page)
  })
}

test('stays in the answer while it sounds, where the service does not announce its sound', {
  tag: '@page'
}, async ({ open, stack }) => {
  const opened = await open()
  const { page } = opened
  await waitUntilReady(page)
  await injectFaults(stack, { brief: false, unannouncedAudio: true })
  expect((await askTyped(page, CHICKEN)).outcome).toBe('answered')
  const { audible = Number.NaN, end = 0 } = (await timedSince(opened, 0)).marks
  // The model writes three times as fast as the voice speaks.
  expect(end - audible).toBeGreaterThan(LEAST_SOUND_MS)
})
