// Proves spoken turns through Chromium's microphone and real Opus, in both languages: a question is recognised word for
// word, and a clipped one is not.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Language } from '../../src/shared/language.ts'
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
import { VOICES, writeSpeechFile } from './speech-files.ts'
import { pushToTalkSession, QUESTIONS, SPANISH_QUESTIONS, setUpStandIn } from './stand-in.ts'

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
  language: Language,
  clipMs = 0
): Promise<ReceivedEvent[]> => {
  const microphone = join(folder, `${Math.random()}.wav`)
  const lastsMs = await writeSpeechFile(microphone, text, { voice: VOICES[language], clipMs })
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

describe.each([
  ['en', QUESTIONS[0] ?? ''],
  ['es', SPANISH_QUESTIONS[0] ?? '']
] as const)('a question spoken in %s', (language, question) => {
  test('is recognised word for word and searched for, with events in order', async () => {
    const seen = await holdAndSpeak(question, language)
    expect(transcriptOf(seen)).toBe(question)
    // Words that two recognitions in a row agree on.
    const committedAt = seen.findIndex(({ event }) => event.type === 'input_audio_buffer.committed')
    expect(eventTypes(seen.slice(0, committedAt))).toContain(
      'conversation.item.input_audio_transcription.delta'
    )
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
      arguments: JSON.stringify({ query: question })
    })
  })

  test('is not recognised without its first 400 ms', async () => {
    const seen = await holdAndSpeak(question, language, 400)
    expect(transcriptOf(seen)).toBeNull()
    const failed = seen.find(
      ({ event }) => event.type === 'conversation.item.input_audio_transcription.failed'
    )
    expect(failed?.event).toMatchObject({ error: { code: 'audio_unintelligible' } })
    const done = seen.at(-1)?.event
    expect(done).toMatchObject({ response: { output: [{ type: 'message' }] } })
  })
})
