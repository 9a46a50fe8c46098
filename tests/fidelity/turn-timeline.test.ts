// The times of a turn as the model sees it, from a real press in a real Chromium, with the answers and ears of soaks
// and benches; and transcription that comes while the key is held.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Turn } from '../../dev/openai/turn-timeline.ts'
import {
  type Browser,
  connectHelper,
  countEvents,
  openBrowser,
  sendEvents,
  waitForEvent
} from './chromium.ts'
import { hasTools } from './required-tools.ts'
import { writeSpeechFile } from './speech-files.ts'
import {
  CHICKEN_OUTPUT,
  pushToTalkSession,
  QUESTIONS,
  type StandIn,
  startStandIn
} from './stand-in.ts'

/** Long enough to be told from no delay at all on a loaded machine. */
const MODEL_DELAY_MS = 150

const SILENCE_BEFORE_MS = 400

const isComplete = hasTools('chromium', 'espeak-ng')
let standIn: StandIn
let folder: string
let browser: Browser

beforeAll(async () => {
  if (!isComplete) return
  standIn = await startStandIn([
    ...['--brief', '--recogniser', 'loudness'],
    ...['--model-delay-ms', String(MODEL_DELAY_MS)]
  ])
  folder = await mkdtemp(join(tmpdir(), 'heard-timeline-'))
  const microphone = join(folder, 'question.wav')
  await writeSpeechFile(microphone, QUESTIONS[0] ?? '', { silenceBeforeMs: SILENCE_BEFORE_MS })
  browser = await openBrowser(microphone)
})
beforeEach(async () => {
  await connectHelper(browser.page, standIn.url, await standIn.mint(pushToTalkSession))
})
afterEach(async () => {
  await browser.page.evaluate(() => window.helper?.close())
  await standIn.injectFaults({ liveTranscripts: false })
})
afterAll(async () => {
  await browser?.close()
  await standIn?.stop()
  if (isComplete) await rm(folder, { recursive: true, force: true })
})

/** Holds the key until at least this much was heard. */
const hold = async (bufferedMs: number): Promise<void> => {
  await sendEvents(browser.page, [{ type: 'input_audio_buffer.clear' }])
  await browser.page.evaluate(() => window.helper.press())
  await expect
    .poll(async () => (await standIn.state()).calls.at(-1)?.bufferedMs ?? 0, { timeout: 20_000 })
    .toBeGreaterThan(bufferedMs)
}

const latestTurn = async (): Promise<Turn> => {
  const turn = (await standIn.state()).turns.at(-1)
  if (turn === undefined) throw new Error('There was no turn.')
  return turn
}

const isOrdered = (times: readonly (number | null | undefined)[]): boolean =>
  times.every((time, index) => {
    const before = index === 0 ? 0 : times[index - 1]
    return typeof time === 'number' && typeof before === 'number' && time >= before
  })

describe('a spoken turn', () => {
  test('has every time in the order of the turn, on the clock of the page, and is not mixed', async () => {
    const from = await countEvents(browser.page)
    const pressedAtMs = await browser.page.evaluate(
      () => performance.timeOrigin + performance.now()
    )
    await hold(2_500)
    await browser.page.evaluate(() => window.helper.release())
    await sendEvents(browser.page, [{ type: 'input_audio_buffer.commit' }])
    await waitForEvent(browser.page, 'input_audio_buffer.committed', from)
    await sendEvents(browser.page, [{ type: 'response.create' }])
    const done = (await waitForEvent(browser.page, 'response.done', from)).at(-1)?.event
    const call = done?.type === 'response.done' ? done.response.output?.[0] : undefined
    if (call?.type !== 'function_call') throw new Error('The model did not call the tool.')
    // The ears heard the first question of their list.
    expect(JSON.parse(call.arguments)).toEqual({ query: QUESTIONS[0] })
    const answerFrom = await countEvents(browser.page)
    await sendEvents(browser.page, [
      {
        type: 'conversation.item.create',
        item: {
          type: 'function_call_output',
          call_id: call.call_id ?? '',
          output: CHICKEN_OUTPUT
        }
      },
      { type: 'response.create', response: { tool_choice: 'none' } }
    ])
    const answer = await waitForEvent(browser.page, 'output_audio_buffer.stopped', answerFrom)
    const endedAtMs = await browser.page.evaluate(() => performance.timeOrigin + performance.now())

    const turn = await latestTurn()
    const [search, spoken] = turn.responses
    expect(turn.responses).toHaveLength(2)
    expect(
      isOrdered([
        pressedAtMs,
        turn.clearedAtMs,
        turn.firstPacketAtMs,
        turn.firstSpeechAtMs,
        turn.commitAtMs,
        search?.createdAtMs,
        search?.decidedAtMs,
        search?.toolCallSentAtMs,
        search?.doneAtMs,
        search?.toolOutputAtMs,
        spoken?.createdAtMs,
        spoken?.decidedAtMs,
        spoken?.firstAudioSentAtMs,
        spoken?.firstSoundSentAtMs,
        spoken?.doneAtMs,
        endedAtMs
      ])
    ).toBe(true)
    // The file begins with silence: its packets come first, and the first with speech after them.
    expect((turn.firstSpeechAtMs ?? 0) - (turn.firstPacketAtMs ?? 0)).toBeGreaterThan(
      SILENCE_BEFORE_MS / 2
    )
    expect(turn).toMatchObject({ mixed: false, appendedMs: 0, transcript: { kind: 'recognised' } })
    expect(turn.rtpMs).toBeGreaterThan(2_500)
    expect((search?.decidedAtMs ?? 0) - (search?.createdAtMs ?? 0)).toBeGreaterThan(
      MODEL_DELAY_MS - 2
    )
    // Brief: the transcript is whole, the sound is not.
    const whole = answer.find(
      ({ event }) => event.type === 'response.output_audio_transcript.done'
    )?.event
    expect(whole).toHaveProperty('transcript', expect.stringContaining('165 °F'))
    const started = answer.find(({ event }) => event.type === 'output_audio_buffer.started')
    expect((answer.at(-1)?.atMs ?? 0) - (started?.atMs ?? 0)).toBeLessThan(2_000)
  })

  test('that was appended is told from one that came as packets', async () => {
    const from = await countEvents(browser.page)
    const audio = Buffer.alloc(24_000 * 2).toString('base64')
    await sendEvents(browser.page, [
      { type: 'input_audio_buffer.clear' },
      { type: 'input_audio_buffer.append', audio },
      { type: 'input_audio_buffer.commit' }
    ])
    await waitForEvent(browser.page, 'input_audio_buffer.committed', from)
    const { counters } = await standIn.state()
    expect(await latestTurn()).toMatchObject({
      appendedMs: 1_000,
      rtpMs: 0,
      mixed: false,
      firstSpeechAtMs: null
    })
    expect(counters).toMatchObject({ appendedCommits: 1, mixedTurns: 0 })
  })
})

describe('a live transcript', () => {
  beforeEach(() => standIn.injectFaults({ liveTranscripts: true }))

  test('comes while the key is held, under the name that the commit gives', async () => {
    const from = await countEvents(browser.page)
    await hold(2_500)
    const early = await waitForEvent(
      browser.page,
      'conversation.item.input_audio_transcription.delta',
      from
    )
    expect(early.map(({ event }) => event.type)).not.toContain('input_audio_buffer.committed')
    await browser.page.evaluate(() => window.helper.release())
    await sendEvents(browser.page, [{ type: 'input_audio_buffer.commit' }])
    const type = 'conversation.item.input_audio_transcription.completed'
    const events = (await waitForEvent(browser.page, type, from)).map(({ event }) => event)
    const committed = events.find((event) => event.type === 'input_audio_buffer.committed')
    const deltas = events.filter(
      (event) => event.type === 'conversation.item.input_audio_transcription.delta'
    )
    const completed = events.at(-1)
    expect(new Set(deltas.map(({ item_id }) => item_id))).toEqual(
      new Set([committed?.type === 'input_audio_buffer.committed' ? committed.item_id : ''])
    )
    expect(deltas.map(({ delta }) => delta).join('')).toBe(
      completed?.type === type ? completed.transcript : null
    )
  })

  test('of a turn that is cleared never completes', async () => {
    const from = await countEvents(browser.page)
    await hold(2_000)
    const early = await waitForEvent(
      browser.page,
      'conversation.item.input_audio_transcription.delta',
      from
    )
    await browser.page.evaluate(() => window.helper.release())
    const audio = Buffer.alloc(24_000 * 2).toString('base64')
    await sendEvents(browser.page, [
      { type: 'input_audio_buffer.clear' },
      { type: 'input_audio_buffer.append', audio },
      { type: 'input_audio_buffer.commit' }
    ])
    // The silence of the next turn fails, under another name.
    const type = 'conversation.item.input_audio_transcription.failed'
    const seen = await waitForEvent(browser.page, type, from)
    const types = seen.map(({ event }) => event.type)
    expect(types).not.toContain('conversation.item.input_audio_transcription.completed')
    expect(seen.at(-1)?.event).not.toHaveProperty(
      'item_id',
      Reflect.get(early.at(-1)?.event ?? {}, 'item_id')
    )
  })
})
