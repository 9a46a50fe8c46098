// The timings of turns on the latency panel and in the log, without the words of the questions.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  holdWhileSpeaking,
  openSettings,
  talkButton,
  waitForOutcome,
  waitUntilReady
} from '../../dev/drive/kiosk-screen.ts'
import { LATENCY_METRICS } from '../../src/renderer/ui/parts/latency-metrics.ts'
import { TURN_MARKS, type TurnTiming } from '../../src/shared/turn-timing.ts'
import { expect, test } from './support/fixtures.ts'
import { microphoneWithSpeech } from './support/spoken-microphone.ts'

/** Not in the handbook: a short answer with every mark of a turn. */
const WINE = 'Which wine goes with lamb?'
/** Words of the question and of the answer. */
const WORDS = /wine|lamb|manager/i
/** The test waits for the answer's end: a short silence after the question is enough. */
const SILENCE = { leadMs: 2_500, trailMs: 500 }

test('times two turns from press to end, on the panel and in the log, without their words', async ({
  open,
  stack
}) => {
  const microphone = microphoneWithSpeech(stack, WINE, SILENCE)
  const opened = await open({ microphone: microphone.path })
  const { page } = opened
  await waitUntilReady(page)

  for (const turn of [1, 2]) {
    await holdWhileSpeaking(page, microphone, talkButton(page))
    expect((await waitForOutcome(page, turn)).heard).toBe(WINE)
  }

  const timed = (): Promise<TurnTiming[]> =>
    opened
      .log()
      .then(
        (lines) => lines.filter(({ event }) => event === 'turn.timed') as unknown as TurnTiming[]
      )
  await expect.poll(async () => (await timed()).length).toBe(2)
  for (const { kind, path, carrier, marks } of await timed()) {
    expect({ kind, path, carrier }).toEqual({ kind: 'spoken', path: 'webrtc', carrier: 'live' })
    expect(Object.keys(marks).toSorted()).toEqual(TURN_MARKS.toSorted())
    const inOrder = TURN_MARKS.map((mark) => marks[mark] ?? Number.NaN)
    expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b))
  }

  await openSettings(page, 'kiosk')
  await page.getByTestId('latency-open').click()
  await expect(page.locator('[data-tally=turns]')).toContainText('2')
  for (const figure of LATENCY_METRICS) {
    const row = page.locator(`[data-figure=${figure}] td`)
    await expect(row).toHaveText([/^2 of 2$/, /^\d+(\.\d)? ms$/, /^\d+(\.\d)? ms$/])
  }

  const log = await readFile(join(opened.userDataDir, 'logs', 'kiosk.log'), 'utf8')
  expect(log).toContain('turn.timed')
  expect(log).not.toMatch(WORDS)
})
