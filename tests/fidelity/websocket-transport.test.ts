// Proves the WebSocket transport end to end, without UDP: the page's transport and player in a real Chromium, the
// preview's message port, main's WebSocket and the stand-in.
import type { Browser, Page } from '@playwright/test'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createPagePorts } from '../../dev/preview/page-ports.ts'
import { type PreviewServer, servePreview } from '../../dev/preview/server.ts'
import { createWebSocketCalls, type WebSocketCalls } from '../../src/main/calls/websocket-calls.ts'
import { systemClock } from '../../src/main/clock.ts'
import { failed, ok } from '../../src/shared/failure.ts'
import { DIRECT } from '../unit/main/calls/key-double.ts'
import { createRecordingLog, type RecordingLog } from '../unit/main/recording-log.ts'
import { bundlePage } from './audio-page.ts'
import { hasTools } from './required-tools.ts'
import { launchChromium, reportPageErrors } from './served-page.ts'
import { padWithSilence, synthesiseQuestion } from './speech-files.ts'
import {
  pushToTalkSession,
  SEARCH_FIRST,
  type StandIn,
  startStandIn,
  TYPED_QUESTION,
  toolOutput
} from './stand-in.ts'

const RATE_HZ = 24_000
const PIECE_SAMPLES = RATE_HZ / 50

const isComplete = hasTools('chromium', 'espeak-ng', 'pocketsphinx')
let standIn: StandIn
let webSocketCalls: WebSocketCalls
let log: RecordingLog
let server: PreviewServer
let browser: Browser
let page: Page

beforeAll(async () => {
  if (!isComplete) return
  standIn = await startStandIn()
  log = createRecordingLog()
  const pagePorts = createPagePorts()
  webSocketCalls = createWebSocketCalls({
    network: DIRECT,
    openaiBaseUrl: standIn.url,
    account: {
      current: () => ({
        status: 'signed_in',
        email: 'k@example.com',
        groups: [],
        group: { id: '3f0c1f7e-5a55-4c61-9c3e-2f6b7a0d1e11', name: 'Harbor', role: 'kiosk' },
        remembered: false
      })
    },
    keys: {
      take: async () =>
        ok({
          id: '2f0c4b7e-6d0a-4b53-9a9d-3b1f0f0e7a33',
          value: await standIn.mint(pushToTalkSession),
          model: 'gpt-realtime-2.1',
          transcriptionModel: 'gpt-live-transcribe',
          expiresAtMs: Number.MAX_SAFE_INTEGER,
          wasReady: false
        }),
      refuse: () => {}
    },
    reports: { opened: () => {}, ended: async () => {} },
    openPort: pagePorts.openPort,
    clock: systemClock,
    log
  })
  const scripts = await bundlePage('websocket-transport')
  const text = (body: string, contentType: string) => ({
    body: new TextEncoder().encode(body),
    contentType
  })
  server = await servePreview({
    kiosk: {
      answer: async (name) => {
        if (name === 'calls.openWebSocket') return webSocketCalls.open({ language: 'en' })
        return name === 'calls.hangUp' ? ok({}) : failed('bad_request', 'Not here.')
      },
      onNotification: () => () => {},
      pageLost: async () => webSocketCalls.hangUpAll()
    },
    files: new Map([
      [
        '/index.html',
        text('<head><script type="module" src="/audio.js"></script></head>', 'text/html')
      ],
      ...[...scripts].map(([path, code]) => [path, text(code, 'text/javascript')] as const)
    ]),
    pagePorts,
    log,
    port: 0
  })
  browser = await launchChromium()
  page = await browser.newPage()
  reportPageErrors(page)
  await page.goto(server.url)
  await page.waitForFunction(() => window.websocketTransportLab !== undefined)
  expect(await page.evaluate(() => window.websocketTransportLab.open())).toBe('open')
})
afterEach(() => {
  expect(log.events().filter((event) => event === 'websocket.clientEventRefused')).toEqual([])
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
  webSocketCalls?.hangUpAll()
  await standIn?.stop()
})

const count = () => page.evaluate(() => window.websocketTransportLab.count())
const until = (type: string, from: number) =>
  page.evaluate(([wanted, start]) => window.websocketTransportLab.until(wanted, start), [
    type,
    from
  ] as const)
let eventIds = 0
const send = (event: object) => {
  eventIds += 1
  return page.evaluate((sent) => window.websocketTransportLab.send(sent), {
    event_id: `t${eventIds}`,
    ...event
  })
}
const typesOf = (seen: readonly { type: string }[]) =>
  seen.map(({ type }) => type).filter((type, index, all) => type !== all[index - 1])

const searchFirst = {
  ...SEARCH_FIRST,
  response: { ...SEARCH_FIRST.response, metadata: { request: 'r1' } }
}
type Event = { type: string; response?: unknown }
type Response = { id: string; output: { call_id?: string }[] }
/** The last response that ended. */
const responseIn = (seen: readonly Event[]): Response => {
  const done = seen.findLast(({ type }) => type === 'response.done')
  if (done === undefined) throw new Error('No response has ended.')
  return done.response as Response
}

/** Answers the model's search and returns the position of the answer's first event. */
const searchAndAnswer = async (from: number): Promise<number> => {
  await send(searchFirst)
  const { output } = responseIn(await until('response.done', from))
  const at = await count()
  await send(toolOutput(output[0]?.call_id ?? ''))
  await send({ type: 'response.create', response: { tool_choice: 'none', metadata: {} } })
  return at
}

const ask = async (): Promise<number> => {
  const from = await count()
  await send({ ...TYPED_QUESTION, item: { id: `q${from}`, ...TYPED_QUESTION.item } })
  return searchAndAnswer(from)
}

test('brings the events of WebRTC in a typed turn, without audio in them', async () => {
  await standIn.injectFaults({ brief: true })
  const from = await ask()
  const seen = await until('output_audio_buffer.stopped', from)
  await standIn.injectFaults({ brief: null })
  const types = typesOf(seen)
  expect(types).not.toContain('response.output_audio.delta')
  expect(types).toContain('response.output_audio_transcript.delta')
  expect(types.indexOf('output_audio_buffer.started')).toBeGreaterThan(
    types.indexOf('response.content_part.added')
  )
  expect(types.slice(-2)).toEqual(['response.done', 'output_audio_buffer.stopped'])
  const { id } = responseIn(seen)
  for (const type of ['output_audio_buffer.started', 'output_audio_buffer.stopped']) {
    expect(seen.find((event) => event.type === type)).toMatchObject({ response_id: id })
  }
})

test('recognises a spoken turn word for word, with the commit after its last chunk', async () => {
  const question = padWithSilence(
    await synthesiseQuestion('How hot does chicken have to be?', RATE_HZ),
    RATE_HZ
  )
  const from = await count()
  await page.evaluate(
    ([samples, size]) => {
      const { send, gate, record } = window.websocketTransportLab
      send({ type: 'input_audio_buffer.clear', event_id: 'c' })
      gate('open')
      for (let at = 0; at < samples.length; at += size) record(1, samples.slice(at, at + size))
      gate('closed')
      send({ type: 'input_audio_buffer.commit', event_id: 'commit-1' })
    },
    [[...question], PIECE_SAMPLES] as const
  )
  await until('input_audio_buffer.committed', from)
  const transcribed = await until('conversation.item.input_audio_transcription.completed', from)
  expect(transcribed.at(-1)).toMatchObject({
    transcript: expect.stringMatching(/how hot does chicken have to be/i)
  })
  const answer = await searchAndAnswer(from)
  await until('output_audio_buffer.stopped', answer)
})

test('truncates a cut answer to its played length', async () => {
  const from = await ask()
  await until('output_audio_buffer.started', from)
  const startedMs = performance.now()
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 600)))
  const playedMs = performance.now() - startedMs
  await page.evaluate(() => {
    const { send } = window.websocketTransportLab
    send({ type: 'response.cancel', event_id: 'x1' })
    send({ type: 'output_audio_buffer.clear', event_id: 'x2' })
  })
  const seen = await until('conversation.item.truncated', from)
  expect(typesOf(seen)).toContain('output_audio_buffer.cleared')
  const endMs = seen.at(-1)?.audio_end_ms
  expect(Math.abs(Number(endMs) - playedMs)).toBeLessThan(200)
})

test('counts received audio while an arrived answer plays', async () => {
  const from = await ask()
  await until('response.done', from)
  const before = await page.evaluate(() => window.websocketTransportLab.received())
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 500)))
  expect(await page.evaluate(() => window.websocketTransportLab.received())).toBeGreaterThan(before)
  await until('output_audio_buffer.stopped', from)
})

test('reports a call that the model drops as lost', async () => {
  await standIn.injectFaults({ closeChannel: true })
  expect(await page.evaluate(() => window.websocketTransportLab.lost())).toMatch(
    /^call_dropped .*1000/
  )
  expect(log.events()).toContain('websocket.closed')
  expect(await send({ type: 'input_audio_buffer.clear' })).toBe(false)
})
