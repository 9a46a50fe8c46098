// Proves spoken turns through Chromium's microphone and real Opus: a question is recognised word for word, and a clipped
// one is not.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  connectHelper,
  countEvents,
  eventTypes,
  openBrowser,
  sendEvents,
  waitForEvent
} from './chromium.ts'
import type { ReceivedEvent } from './page/clients.ts'
import { hasTools } from './required-tools.ts'
import { type EspeakOptions, writeSpeechFile } from './speech-files.ts'
import { pushToTalkSession, QUESTIONS, setUpStandIn } from './stand-in.ts'

const isComplete = hasTools('chromium', 'espeak-ng', 'pocketsphinx')
const standIn = setUpStandIn(isComplete)
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heard-spoken-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Holds for one spoken question and returns the events up to the end of the response. */
const holdAndSpeak = async (
  text: string,
  options: EspeakOptions = {},
  language = 'en'
): Promise<ReceivedEvent[]> => {
  const microphone = join(folder, `${Math.random()}.wav`)
  const lastsMs = await writeSpeechFile(microphone, text, options)
  const browser = await openBrowser(microphone)
  try {
    const { page } = browser
    const session = {
      ...pushToTalkSession,
      audio: {
        input: {
          turn_detection: null,
          transcription: { model: 'gpt-live-transcribe', languages: [language] }
        }
      }
    }
    await connectHelper(page, standIn.url, await standIn.mint(session))
    const from = await countEvents(page)
    await sendEvents(page, [{ type: 'input_audio_buffer.clear' }])
    await page.evaluate(() => window.helper.press())
    await expect
      .poll(async () => (await standIn.state()).calls.at(-1)?.bufferedMs ?? 0, { timeout: 20_000 })
      .toBeGreaterThan(lastsMs + 200)
    await page.evaluate(() => window.helper.release())
    await sendEvents(page, [{ type: 'input_audio_buffer.commit' }])
    await waitForEvent(page, 'input_audio_buffer.committed', from)
    await sendEvents(page, [{ type: 'response.create' }])
    const seen = await waitForEvent(page, 'response.done', from)
    await page.evaluate(() => window.helper.close())
    return seen
  } finally {
    await browser.close()
  }
}

const transcriptOf = (seen: readonly ReceivedEvent[]): string | null => {
  for (const { event } of seen)
    if (event.type === 'conversation.item.input_audio_transcription.completed')
      return event.transcript
  return null
}

describe('a spoken question', () => {
  test('is recognised word for word and searched for, with events in order', async () => {
    const seen = await holdAndSpeak('How hot does chicken have to be?')
    expect(transcriptOf(seen)).toBe('How hot does chicken have to be?')
    // Words may come at any time of the hold.
    const ordered = seen.filter(({ event }) => !event.type.includes('transcription'))
    expect(eventTypes(ordered).slice(0, 5)).toEqual([
      'input_audio_buffer.cleared',
      'input_audio_buffer.committed',
      'conversation.item.added',
      'conversation.item.done',
      'response.created'
    ])
    const [, committed, added] = ordered.map(({ event }) => event)
    expect(committed).toMatchObject({ previous_item_id: null })
    expect(added).toMatchObject({
      item: { id: Reflect.get(committed ?? {}, 'item_id'), content: [{ type: 'input_audio' }] }
    })
    const done = seen.at(-1)?.event
    const usage = done?.type === 'response.done' ? done.response.usage : undefined
    expect(usage?.input_token_details?.audio_tokens).toBeGreaterThan(10)
    const call = done?.type === 'response.done' ? done.response.output?.[0] : undefined
    expect(call).toMatchObject({
      type: 'function_call',
      arguments: JSON.stringify({ query: 'How hot does chicken have to be?' })
    })
  })

  test('is not recognised without its first 400 ms', async () => {
    const seen = await holdAndSpeak(QUESTIONS[0] ?? '', { clipMs: 400 })
    expect(transcriptOf(seen)).toBeNull()
    const failed = seen.find(
      ({ event }) => event.type === 'conversation.item.input_audio_transcription.failed'
    )
    expect(failed?.event).toMatchObject({ error: { code: 'audio_unintelligible' } })
    const done = seen.at(-1)?.event
    expect(done).toMatchObject({ response: { output: [{ type: 'message' }] } })
  })

  test('gets an explanation in Spanish when it is Spanish', async () => {
    const seen = await holdAndSpeak(
      '¿A qué temperatura se cocina el pollo?',
      { voice: 'es-419' },
      'es'
    )
    expect(transcriptOf(seen)).toBeNull()
    const done = seen.at(-1)?.event
    const item = done?.type === 'response.done' ? done.response.output?.[0] : undefined
    const content = item?.type === 'message' ? item.content[0] : undefined
    expect(content).toHaveProperty('transcript', expect.stringContaining('inglés'))
  })
})
