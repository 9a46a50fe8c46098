// The tail after a release: whole for a word that goes on, and short where nobody speaks any more.
import type { LogLine } from '../../local/drive/launch.ts'
import {
  AFTER_SPEECH_MS,
  holdWhileSpeaking,
  talkButton,
  turnNumber,
  waitForOutcome,
  waitUntilReady
} from '../../local/drive/screen.ts'
import type { TurnTiming } from '../../src/shared/timing.ts'
import { expect, test } from './support/fixtures.ts'
import { microphoneSaying } from './support/speech.ts'

const CHICKEN = 'How hot does chicken have to be?'
const TAIL_MS = 200
/** In the last word, whose end is within the tail. */
const EARLY_MS = 150
/** After the last word by more than the breath in front of a "t". */
const LATE_MS = 350

const timings = (lines: readonly LogLine[]): TurnTiming[] =>
  lines.filter(({ event }) => event === 'turn.timed') as unknown as TurnTiming[]

for (const { name, releasedAfterSpeechMs, tail } of [
  {
    name: 'a foot that lifts in the last word leaves it whole',
    releasedAfterSpeechMs: -EARLY_MS,
    tail: { least: TAIL_MS, most: TAIL_MS }
  },
  {
    name: 'a foot that lifts when nothing more is said does not wait for the tail',
    releasedAfterSpeechMs: LATE_MS,
    tail: { least: 40, most: TAIL_MS - 1 }
  }
]) {
  test(name, async ({ open, stack }) => {
    const file = microphoneSaying(stack, CHICKEN)
    const { page, log } = await open({ microphone: file.path })
    await waitUntilReady(page)
    const turn = (await turnNumber(page)) + 1

    const speechEndMs = file.speechEndMs + releasedAfterSpeechMs - AFTER_SPEECH_MS
    await holdWhileSpeaking(page, { ...file, speechEndMs }, talkButton(page))

    expect((await waitForOutcome(page, turn)).heard).toBe(CHICKEN)
    await expect.poll(async () => timings(await log()).length).toBe(1)
    const [timing] = timings(await log())
    expect(timing?.tailMs).toBeGreaterThanOrEqual(tail.least)
    expect(timing?.tailMs).toBeLessThanOrEqual(tail.most)
  })
}
