// The tail after a release: whole during speech, short in silence.
import {
  AFTER_SPEECH_MS,
  chooseLanguage,
  holdWhileSpeaking,
  talkButton,
  turnNumber,
  waitForOutcome,
  waitUntilReady
} from '../../dev/drive/kiosk-screen.ts'
import type { LogLine } from '../../dev/drive/launch-kiosk.ts'
import { LANGUAGES } from '../../src/shared/language.ts'
import type { TurnTiming } from '../../src/shared/turn-timing.ts'
import { CHICKEN_IN } from './support/ask.ts'
import { expect, test } from './support/fixtures.ts'
import { microphoneWithSpeech } from './support/spoken-microphone.ts'
import { modelTurns } from './support/stand-in-control.ts'

/** The longest tail: a busy machine runs the recorder late, and a short tail ends before it reports. */
const TAIL_MS = 500
/** In the middle of the question, also on a busy machine. */
const EARLY_MS = 1_000
/** Packets of 20 ms in flight when the gate opens and closes. */
const ON_ITS_WAY_MS = 100
/** After the last word, by more than the breath before a "t". */
const LATE_MS = 350

const timings = (lines: readonly LogLine[]): TurnTiming[] =>
  lines.filter(({ event }) => event === 'turn.timed') as unknown as TurnTiming[]

for (const { name, language, releasedAfterSpeechMs, tail } of [
  {
    name: 'keeps the whole tail after a release during speech',
    language: 'en',
    releasedAfterSpeechMs: -EARLY_MS,
    tail: { least: TAIL_MS, most: TAIL_MS }
  },
  ...LANGUAGES.map((language) => ({
    name: `ends the tail early after a release in silence, and hears the whole question in ${language}`,
    language,
    releasedAfterSpeechMs: LATE_MS,
    tail: { least: 40, most: TAIL_MS - 1 }
  }))
] as const) {
  test(name, async ({ open, stack }) => {
    const file = microphoneWithSpeech(stack, CHICKEN_IN[language], { language })
    const { page, log } = await open({ microphone: file.path })
    await waitUntilReady(page)
    await chooseLanguage(page, language)
    const isSet = await page.evaluate(
      async (tailMs) => (await window.heard.call('settings.change', { tailMs })).ok,
      TAIL_MS
    )
    expect(isSet).toBe(true)
    const turn = (await turnNumber(page)) + 1

    const speechEndMs = file.speechEndMs + releasedAfterSpeechMs - AFTER_SPEECH_MS
    await holdWhileSpeaking(page, { ...file, speechEndMs }, talkButton(page))

    const { heard } = await waitForOutcome(page, turn)
    if (releasedAfterSpeechMs > 0) expect(heard).toBe(CHICKEN_IN[language])
    await expect.poll(async () => timings(await log()).length).toBe(1)
    const [timing] = timings(await log())
    expect(timing?.tailMs).toBeGreaterThanOrEqual(tail.least)
    expect(timing?.tailMs).toBeLessThanOrEqual(tail.most)
    // The model has the whole hold and its tail.
    const [{ rtpMs } = { rtpMs: 0 }] = (await modelTurns(stack)).slice(-1)
    const { release = 0, gate = 0 } = timing?.marks ?? {}
    expect(rtpMs).toBeGreaterThan(release - gate + (timing?.tailMs ?? 0) - ON_ITS_WAY_MS)
  })
}
