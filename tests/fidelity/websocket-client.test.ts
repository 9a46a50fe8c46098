// Proves the stand-in with `openai`'s own WebSocket client, unmodified.
import { connect } from 'node:net'
import OpenAI from 'openai'
import { OpenAIRealtimeWS } from 'openai/realtime/ws'
import type { RealtimeClientEvent, RealtimeServerEvent } from 'openai/resources/realtime/realtime'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { FALSE_FIGURE, FALSE_QUOTE } from '../../dev/openai/answer-fault.ts'
import { newWatch } from './page/watch.ts'
import { hasTools } from './required-tools.ts'
import { padWithSilence, synthesiseQuestion } from './speech-files.ts'
import {
  pushToTalkSession,
  SEARCH_FIRST,
  setUpStandIn,
  TYPED_QUESTION,
  toolOutput
} from './stand-in.ts'

const RATE_HZ = 24_000
const BYTES_PER_MS = (RATE_HZ * 2) / 1_000
const APPEND_SAMPLES = RATE_HZ / 10

const isComplete = hasTools('espeak-ng', 'pocketsphinx')
const standIn = setUpStandIn(isComplete)

type Line = {
  client: OpenAIRealtimeWS
  seen: RealtimeServerEvent[]
  send: (event: RealtimeClientEvent) => void
  /** Everything from `from` up to and including the first event of this type. */
  until: (type: string, from?: number) => Promise<RealtimeServerEvent[]>
  closed: Promise<{ code: number; reason: string }>
}
const lines: Line[] = []
afterEach(() => {
  for (const { client } of lines.splice(0)) client.socket.terminate()
})

/** The client uses TLS only; the stand-in has none: the client gets a plain socket. */
const open = async (
  apiKey: string,
  headers: Record<string, string> = {},
  model = 'gpt-realtime-2.1'
): Promise<Line> => {
  const { hostname, port } = new URL(standIn.url)
  const client = new OpenAIRealtimeWS(
    {
      model,
      options: { headers, createConnection: () => connect({ host: hostname, port: Number(port) }) }
    },
    new OpenAI({ apiKey, baseURL: standIn.url })
  )
  const { seen, add, until } = newWatch<RealtimeServerEvent>()
  // The client throws without a listener; error events are in `seen` too.
  client.on('error', () => {})
  client.on('event', add)
  const line: Line = {
    client,
    seen,
    send: (event) => client.send(event),
    until: (type, from) => until((event) => event.type === type, from),
    closed: new Promise((resolve) =>
      client.socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }))
    )
  }
  lines.push(line)
  await new Promise((resolve, reject) => {
    client.socket.once('open', resolve)
    client.socket.once('error', reject)
  })
  return line
}

const ordered = (seen: readonly RealtimeServerEvent[]): string[] =>
  seen.map(({ type }) => type).filter((type, index, all) => type !== all[index - 1])

/** Answers the tool call of the last response and asks for the answer. */
const answerTool = async (line: Line): Promise<RealtimeServerEvent[]> => {
  const call = line.seen.flatMap((event) =>
    event.type === 'response.done'
      ? (event.response.output ?? []).filter((item) => item.type === 'function_call')
      : []
  )[0]
  const from = line.seen.length
  line.send(toolOutput(call?.type === 'function_call' ? (call.call_id ?? '') : ''))
  line.send({ type: 'response.create' })
  return line.until('response.done', from)
}

const soundOf = (seen: readonly RealtimeServerEvent[]): Buffer =>
  Buffer.concat(
    seen.flatMap((event) =>
      event.type === 'response.output_audio.delta' ? [Buffer.from(event.delta, 'base64')] : []
    )
  )

const ask = async (line: Line): Promise<RealtimeServerEvent[]> => {
  line.send(TYPED_QUESTION)
  line.send(SEARCH_FIRST)
  await line.until('response.done')
  return answerTool(line)
}

const openWithSession = async (): Promise<Line> => open(await standIn.mint(pushToTalkSession))

describe('a typed turn', () => {
  test('is answered with audio in its events, in the documented order', async () => {
    const line = await openWithSession()
    const answer = await ask(line)
    expect(line.seen[0]).toMatchObject({
      type: 'session.created',
      session: { model: 'gpt-realtime-2.1', audio: { input: { turn_detection: null } } }
    })
    const types = ordered(answer)
    expect(types.slice(0, 8)).toEqual([
      'conversation.item.added',
      'conversation.item.done',
      'response.created',
      'rate_limits.updated',
      'response.output_item.added',
      'conversation.item.added',
      'response.content_part.added',
      'response.output_audio_transcript.delta'
    ])
    expect(types.slice(-6)).toEqual([
      'response.output_audio.done',
      'response.output_audio_transcript.done',
      'response.content_part.done',
      'response.output_item.done',
      'conversation.item.done',
      'response.done'
    ])
    expect(types.filter((type) => type.startsWith('output_audio_buffer'))).toEqual([])
    const transcript = answer.find(({ type }) => type === 'response.output_audio_transcript.done')
    expect(transcript).toHaveProperty('transcript', expect.stringContaining('165'))
  })

  test('is answered faster than speech, with audible sound', async () => {
    const line = await openWithSession()
    const asked = ask(line)
    await line.until('response.output_audio.delta')
    const startedMs = performance.now()
    const sound = soundOf(await asked)
    const tookMs = performance.now() - startedMs
    expect(sound.length / BYTES_PER_MS).toBeGreaterThan(tookMs)
    let loudest = 0
    for (let at = 0; at + 1 < sound.length; at += 2)
      loudest = Math.max(loudest, Math.abs(sound.readInt16LE(at)))
    expect(loudest).toBeGreaterThan(3_000)
    expect((await standIn.state()).counters.audioDeltasOut).toBeGreaterThan(0)
  })
})

test('recognises a turn of appended audio word for word', async () => {
  const line = await openWithSession()
  await line.until('session.created')
  const question = padWithSilence(
    await synthesiseQuestion('How hot does chicken have to be?', RATE_HZ),
    RATE_HZ
  )
  line.send({ type: 'input_audio_buffer.clear' })
  for (let at = 0; at < question.length; at += APPEND_SAMPLES) {
    const piece = question.subarray(at, at + APPEND_SAMPLES)
    line.send({
      type: 'input_audio_buffer.append',
      audio: Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString('base64')
    })
  }
  line.send({ type: 'input_audio_buffer.commit' })
  await line.until('input_audio_buffer.committed')
  line.send(SEARCH_FIRST)
  await line.until('response.done')
  expect(
    line.seen.find(({ type }) => type === 'conversation.item.input_audio_transcription.completed')
  ).toMatchObject({ transcript: expect.stringMatching(/how hot does chicken have to be/i) })
  expect(soundOf(await answerTool(line)).length).toBeGreaterThan(0)
})

describe('an answer fault', () => {
  const reportTool = {
    type: 'function',
    name: 'report_answer',
    parameters: { type: 'object', properties: { sources: { type: 'array' } } }
  } as const
  const session = {
    ...pushToTalkSession,
    output_modalities: ['text'],
    tools: [...pushToTalkSession.tools, reportTool]
  }
  const written = (seen: readonly RealtimeServerEvent[]): string =>
    seen.flatMap((event) => (event.type === 'response.output_text.done' ? [event.text] : [])).join()
  const reported = (seen: readonly RealtimeServerEvent[]): unknown =>
    seen.flatMap((event) =>
      event.type === 'response.function_call_arguments.done' ? [JSON.parse(event.arguments)] : []
    )[0]

  test('appears once, in an answer with a report', async () => {
    const line = await open(await standIn.mint(session))
    const right = reported(await ask(line))
    expect(right).toEqual({
      found: true,
      sources: [
        {
          section: 'cooking-temperatures',
          quote: 'Cook chicken and turkey to 165 °F for at least 15 seconds.'
        }
      ]
    })
    const wrong = async (answer: string) => {
      await standIn.injectFaults({ answer })
      return ask(await open(await standIn.mint(session)))
    }
    expect(written(await wrong('false_figure'))).toContain(FALSE_FIGURE)
    expect(reported(await wrong('false_quote'))).toMatchObject({
      sources: [{ section: 'cooking-temperatures', quote: FALSE_QUOTE }]
    })
    expect(reported(await wrong('no_report'))).toBeUndefined()
    expect(reported(await ask(await open(await standIn.mint(session))))).toEqual(right)
  })
})

describe('a connection', () => {
  test('takes its model from the URL with the standard key', async () => {
    const line = await open(standIn.apiKey, {}, 'gpt-realtime-2.1-mini')
    expect((await line.until('session.created')).at(-1)).toMatchObject({
      session: { model: 'gpt-realtime-2.1-mini' }
    })
  })

  test('has the session of its ephemeral key', async () => {
    const key = await standIn.mint({ ...pushToTalkSession, model: 'gpt-realtime-2.1-mini' })
    const line = await open(key)
    expect((await line.until('session.created')).at(-1)).toMatchObject({
      session: { model: 'gpt-realtime-2.1-mini', instructions: pushToTalkSession.instructions }
    })
  })

  test('accepts the key of a browser as a sub-protocol', async () => {
    const key = await standIn.mint(pushToTalkSession)
    const socket = new WebSocket(`${standIn.url.replace('http', 'ws')}/realtime`, [
      'realtime',
      `openai-insecure-api-key.${key}`
    ])
    const first = await new Promise((resolve) => socket.once('message', resolve))
    expect(socket.protocol).toBe('realtime')
    expect(JSON.parse(String(first))).toMatchObject({ type: 'session.created' })
    socket.terminate()
  })

  test.each([
    ['a wrong key', () => open('ek_unknown'), 3000, 'invalid_api_key'],
    [
      "the beta's header",
      () => open(standIn.apiKey, { 'OpenAI-Beta': 'realtime=v1' }),
      4000,
      'beta_api_shape_disabled'
    ],
    [
      'a model that was removed',
      () => open(standIn.apiKey, {}, 'gpt-4o-realtime-preview'),
      4000,
      'model_not_found'
    ]
  ])('closes with the reason for %s', async (_what, opening, closeCode, code) => {
    const line = await opening()
    expect(await line.closed).toEqual({
      code: closeCode,
      reason: `invalid_request_error.${code}`
    })
    expect(line.seen).toMatchObject([{ type: 'error', error: { code } }])
  })

  test('is refused with an injected status', async () => {
    await standIn.injectFaults({ sockets: { status: 503 } })
    await expect(open(standIn.apiKey)).rejects.toThrow('503')
    await open(standIn.apiKey)
  })

  test('is in the state until it expires', async () => {
    const before = (await standIn.state()).counters
    const line = await openWithSession()
    await line.until('session.created')
    const { calls, counters } = await standIn.state()
    expect(calls.filter(({ transport }) => transport === 'websocket')).not.toEqual([])
    expect(counters.socketsOpened).toBe(before.socketsOpened + 1)
    await standIn.injectFaults({ expireSessions: true })
    expect((await line.until('error')).at(-1)).toMatchObject({ error: { code: 'session_expired' } })
    expect((await line.closed).code).toBe(1000)
    expect((await standIn.state()).counters.callsClosed).toBeGreaterThan(before.callsClosed)
  })

  test('drops in the middle of an answer', async () => {
    await standIn.injectFaults({ dropIntoAnswer: { afterMs: 50 } })
    const line = await openWithSession()
    void ask(line)
    await line.closed
    const types = line.seen.map(({ type }) => type)
    expect(types).toContain('response.output_audio.delta')
    expect(types).not.toContain('response.output_audio.done')
  })
})
