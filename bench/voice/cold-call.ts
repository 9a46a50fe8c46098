// Measures questions that are spoken without an open call. A speech recogniser reveals a clipped word.
import { setTimeout as delay } from 'node:timers/promises'
import { waitUntilPressRecorded } from '../../dev/drive/kiosk-screen.ts'
import type { KioskDriver } from '../../dev/drive/launch-kiosk.ts'
import type { StackAddress } from '../../dev/local-stack.ts'
import { CommandError } from '../../dev/run-command.ts'
import { PRE_ROLL_MS } from '../../src/renderer/audio/recorder-core.ts'
import type { Language } from '../../src/shared/language.ts'
import type { BenchResult, Progress } from '../bench-result.ts'
import { COLD_CALLS, recentTimings, waitForKioskState, withKiosk } from '../kiosk-page.ts'
import { counted, measured, NONE } from '../report-rows.ts'
import type { SpokenLoop, SpokenQuestion } from '../spoken-questions.ts'
import { injectFaults, waitForModelState } from '../stand-in-control.ts'
import { talkKey } from '../talk-key.ts'

/** A quick person needs this long from the press to the first sound. */
const BEFORE_SPEECH_MS = 80
const AFTER_SPEECH_MS = 100
/** The hold ends before the call opens. */
const SLOW_MINT = { clientSecretsDelayMs: 4_000, expiresInSeconds: 4 } as const
const ANSWER_LIMIT_MS = 40_000
const SLEEP_LIMIT_MS = 20_000
/** Of each language: several, since one of them may be hard to recognise. */
export const COLD_QUESTIONS = 2

/** By quarters of the presses: a change of language costs a key. */
const LANGUAGES_ASKED: readonly Language[] = ['en', 'es', 'es', 'en']

const nextQuestion = (
  { questions, loopMs }: SpokenLoop,
  language: Language,
  positionMs: number
): { question: SpokenQuestion; waitMs: number } => {
  const [next] = questions
    .filter((question) => question.language === language)
    .map((question) => ({
      question,
      waitMs: (question.startMs - BEFORE_SPEECH_MS - positionMs + loopMs) % loopMs
    }))
    .toSorted((a, b) => a.waitMs - b.waitMs)
  if (next === undefined) throw new Error('There is no question in the loop.')
  return next
}

export const measureColdCall = async (
  stack: StackAddress,
  loop: SpokenLoop,
  presses: number,
  progress: Progress
): Promise<BenchResult> => {
  const measure = async ({ page }: KioskDriver): Promise<BenchResult> => {
    await waitUntilPressRecorded(page)
    const key = await talkKey(page)
    const asked: { wanted: string; recognised: string; missingMs: number; live: number }[] = []
    for (let press = 1; press <= presses; press += 1) {
      // The second half has no key, and a mint that outlasts the question.
      if (press === Math.floor(presses / 2) + 1) await injectFaults(stack, SLOW_MINT)
      const quarter = Math.floor((4 * (press - 1)) / presses)
      const language = LANGUAGES_ASKED[quarter] ?? 'en'
      await page.locator(`[data-testid=language-${language}]`).click()
      await waitForModelState(
        stack,
        ({ calls }) => calls.length === 0,
        'the kiosk ends its call',
        SLEEP_LIMIT_MS
      )
      await waitForKioskState(page, ['asleep'])
      const positionMs = await page.evaluate((loopMs) => {
        const openedAtMs = window.__pageProbe.microphoneOpenedAtMs.at(-1) ?? 0
        return (performance.now() - openedAtMs) % loopMs
      }, loop.loopMs)
      const { question, waitMs } = nextQuestion(loop, language, positionMs)
      await delay(waitMs)
      const holdMs = BEFORE_SPEECH_MS + question.endMs - question.startMs + AFTER_SPEECH_MS
      await key.hold(holdMs)
      const { turns } = await waitForModelState(
        stack,
        (state) => state.turns.length >= press && state.turns.at(-1)?.transcript.kind !== 'pending',
        `the model recognises question ${press}`,
        ANSWER_LIMIT_MS
      )
      const turn = turns.at(-1)
      if ((await waitForKioskState(page, ['connected', 'asleep'], ANSWER_LIMIT_MS)) === null) {
        throw new CommandError(`After question ${press} the kiosk did not come to rest.`)
      }
      const ended = (await recentTimings(page)).at(-1)
      const release = ended?.marks.release
      if (turn === undefined || ended === undefined || release === undefined) {
        throw new CommandError(
          `Question ${press} has no ${turn === undefined ? 'turn' : 'timing'}: ${ended?.outcome}`
        )
      }
      const wantedMs = PRE_ROLL_MS + release + ended.tailMs
      asked.push({
        wanted: question.text,
        recognised: turn.transcript.text,
        missingMs: Math.max(0, wantedMs - turn.appendedMs),
        live: turn.rtpMs
      })
      progress(`cold press ${press} of ${presses}`)
    }
    const misheard = asked.filter(({ wanted, recognised }) => wanted !== recognised)
    return {
      rows: [
        counted(
          'cold press: questions not heard word for word',
          'count',
          misheard.length,
          presses,
          NONE
        ),
        counted(
          'cold press: questions with live sound mixed in',
          'count',
          asked.filter(({ live }) => live > 0).length,
          presses,
          NONE
        ),
        measured(
          'cold press: what the recording lacks',
          'ms',
          asked.map(({ missingMs }) => missingMs),
          null
        )
      ],
      notes: [
        `Cold presses: spoken ${BEFORE_SPEECH_MS} ms after the press, half of them in English and half in Spanish, recognised by pocketsphinx; half of them with a key ready and half with a mint of ${SLOW_MINT.clientSecretsDelayMs / 1_000} s, so that the question is over before the call is up. A recording should have ${PRE_ROLL_MS} ms from before the press, the hold and its tail, which is shorter after the end of the speech.`,
        ...misheard.map(
          ({ wanted, recognised }) => `Spoken “${wanted}”, recognised “${recognised}”.`
        )
      ]
    }
  }
  try {
    return await withKiosk(stack, loop.path, measure, COLD_CALLS)
  } finally {
    await injectFaults(stack, { clientSecretsDelayMs: 0, expiresInSeconds: null })
  }
}
