// Proves the turn timeline and live transcripts with real presses in a real Chromium.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Turn } from '../../dev/openai/turn-timeline.ts'
import { connectHelper, countEvents, sendEvents, setUpBrowser, waitForEvent } from './chromium.ts'
import { hasTools } from './required-tools.ts'
import { writeSpeechFile } from './speech-files.ts'
import { pushToTalkSession, QUESTIONS, setUpStandIn, toolOutput } from './stand-in.ts'

/** Longer than the delays of a loaded machine. */
const MODEL_DELAY_MS = 150

const SILENCE_BEFORE_MS = 400

const isComplete = hasTools('chromium', 'espeak-ng')
let folder: string
const standIn = setUpStandIn(isComplete, [
  ...['--brief', '--recogniser', 'loudness'],
  ...['--model-times', String(MODEL_DELAY_MS)]
])
const browser = setUpBrowser(isComplete, async () => {
  folder = await mkdtemp(join(tmpdir(), 'heard-timeline-'))
  const microphone = join(folder, 'question.wav')
  await writeSpeechFile(microphone, QUESTIONS[0] ?? '', { silenceBeforeMs: SILENCE_BEFORE_MS })
  return microphone
})
beforeEach(async () => {
  await connectHelper(browser.page, standIn.url, await standIn.mint(pushToTalkSession))
})
afterEach(async () => {
  await browser.page.evaluate(() => window.helper?.close())
  await standIn.injectFaults({ liveTranscripts: false })
})
afterAll(async () => {
  if (isComplete) await rm(folder, { recursive: true, force: true })
})

/** Holds until at least this much is buffered. */
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
  test('has all its times in order, on the clock of the page', async () => {
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
    expect(JSON.parse(call.arguments)).toEqual({ query: QUESTIONS[0] })
    const answerFrom = await countEvents(browser.page)
    await sendEvents(browser.page, [
      toolOutput(call.call_id ?? ''),
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
    // The file begins with silence: packets come before speech.
    expect((turn.firstSpeechAtMs ?? 0) - (turn.firstPacketAtMs ?? 0)).toBeGreaterThan(
      SILENCE_BEFORE_MS / 2
    )
    expect(turn).toMatchObject({ mixed: false, appendedMs: 0, transcript: { kind: 'recognised' } })
    expect(turn.rtpMs).toBeGreaterThan(2_500)
    expect((search?.decidedAtMs ?? 0) - (search?.createdAtMs ?? 0)).toBeGreaterThan(
      MODEL_DELAY_MS - 2
    )
    // A brief answer has a whole transcript and a short sound.
    const whole = answer.find(
      ({ event }) => event.type === 'response.output_audio_transcript.done'
    )?.event
    expect(whole).toHaveProperty('transcript', expect.stringContaining('165 °F'))
    const started = answer.find(({ event }) => event.type === 'output_audio_buffer.started')
    expect((answer.at(-1)?.atMs ?? 0) - (started?.atMs ?? 0)).toBeLessThan(2_000)
  })
})

describe('a live transcript', () => {
  beforeEach(() => standIn.injectFaults({ liveTranscripts: true }))

  test('arrives during the hold under the item id of the commit', async () => {
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

  test('never completes for a turn that is cleared', async () => {
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
    // The silence of the next turn fails, under another id.
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
