// `openai`'s own WebSocket client, unmodified, against the stand-in: a typed turn and one of appended audio, and
// everything that is different from a call over WebRTC.
import { connect } from 'node:net'
import OpenAI from 'openai'
import { OpenAIRealtimeWS } from 'openai/realtime/ws'
import type { RealtimeClientEvent, RealtimeServerEvent } from 'openai/resources/realtime/realtime'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { FALSE_FIGURE, FALSE_QUOTE } from '../../dev/openai/answer-fault.ts'
import { hasTools } from './required-tools.ts'
import { padWithSilence, synthesiseQuestion } from './speech-files.ts'
import { CHICKEN_OUTPUT, pushToTalkSession, type StandIn, startStandIn } from './stand-in.ts'

const RATE_HZ = 24_000
const BYTES_PER_MS = (RATE_HZ * 2) / 1_000
/** As a microphone would hand them over. */
const APPEND_SAMPLES = RATE_HZ / 10

const isComplete = hasTools('espeak-ng', 'pocketsphinx')
let standIn: StandIn
beforeAll(async () => {
  if (isComplete) standIn = await startStandIn()
})
afterAll(() => standIn?.stop())

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

/** The client speaks TLS only; the stand-in is on loopback and has none: the socket under it is a plain one. */
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
  const seen: RealtimeServerEvent[] = []
  const arrived = new Set<() => void>()
  // Without a listener the client throws; the error events themselves are read below, as all others.
  client.on('error', () => {})
  client.on('event', (event) => {
    seen.push(event)
    for (const look of arrived) look()
  })
  const line: Line = {
    client,
    seen,
    send: (event) => client.send(event),
    until: (type, from = 0) =>
      new Promise((resolve) => {
        const look = () => {
          const at = seen.findIndex((event, index) => index >= from && event.type === type)
          if (at < 0) return
          arrived.delete(look)
          resolve(seen.slice(from, at + 1))
        }
        arrived.add(look)
        look()
      }),
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

const searchFirst = {
  type: 'response.create',
  response: { tool_choice: { type: 'function', name: 'search_handbook' } }
} as const

/** Answers the tool call of the response that ended last, and asks for the answer itself. */
const answerTool = async (line: Line): Promise<RealtimeServerEvent[]> => {
  const call = line.seen.flatMap((event) =>
    event.type === 'response.done'
      ? (event.response.output ?? []).filter((item) => item.type === 'function_call')
      : []
  )[0]
  const from = line.seen.length
  line.send({
    type: 'conversation.item.create',
    item: {
      type: 'function_call_output',
      call_id: call?.type === 'function_call' ? (call.call_id ?? '') : '',
      output: CHICKEN_OUTPUT
    }
  })
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
  line.send({
    type: 'conversation.item.create',
    item: {
      type: 'message',
      role: 'user',
      content: [{ type: 'input_text', text: 'How hot does chicken have to be?' }]
    }
  })
  line.send(searchFirst)
  await line.until('response.done')
  return answerTool(line)
}

const openWithSession = async (): Promise<Line> => open(await standIn.mint(pushToTalkSession))

describe('a typed turn', () => {
  test('is answered with sound in its events, in the documented order', async () => {
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

  test('is sent faster than it is spoken, and is no silence', async () => {
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

test('a turn of appended audio is heard word for word', async () => {
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
  line.send(searchFirst)
  await line.until('response.done')
  expect(
    line.seen.find(({ type }) => type === 'conversation.item.input_audio_transcription.completed')
  ).toMatchObject({ transcript: expect.stringMatching(/how hot does chicken have to be/i) })
  expect(soundOf(await answerTool(line)).length).toBeGreaterThan(0)
})

describe('an answer that is told to be wrong', () => {
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

  test('has its fault once, and only where it is reported', async () => {
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

describe('an answer that is cut', () => {
  test('is truncated to what was played, and not beyond its length', async () => {
    const line = await openWithSession()
    const answer = await ask(line)
    const item = answer.find((event) => event.type === 'response.output_audio.delta')
    const itemId = item?.type === 'response.output_audio.delta' ? item.item_id : ''
    const totalMs = soundOf(answer).length / BYTES_PER_MS
    const truncate = (audioEndMs: number) =>
      line.send({
        type: 'conversation.item.truncate',
        item_id: itemId,
        content_index: 0,
        audio_end_ms: audioEndMs
      })
    truncate(Math.round(totalMs) + 1_000)
    expect((await line.until('error')).at(-1)).toMatchObject({
      error: { code: 'invalid_value', message: expect.stringContaining('already shorter') }
    })
    truncate(700)
    expect((await line.until('conversation.item.truncated')).at(-1)).toMatchObject({
      item_id: itemId,
      audio_end_ms: 700
    })
  })

  test('cannot be cut with the event of WebRTC', async () => {
    const line = await openWithSession()
    await line.until('session.created')
    line.send({ type: 'output_audio_buffer.clear', event_id: 'mine' })
    expect((await line.until('error')).at(-1)).toMatchObject({
      error: { code: 'invalid_value', param: 'type', event_id: 'mine' }
    })
    expect(line.client.socket.readyState).toBe(WebSocket.OPEN)
  })
})

describe('a connection', () => {
  test('with the standard key takes its model from the address', async () => {
    const line = await open(standIn.apiKey, {}, 'gpt-realtime-2.1-mini')
    expect((await line.until('session.created')).at(-1)).toMatchObject({
      session: { model: 'gpt-realtime-2.1-mini' }
    })
  })

  test('with an ephemeral key has the session of the key', async () => {
    const key = await standIn.mint({ ...pushToTalkSession, model: 'gpt-realtime-2.1-mini' })
    const line = await open(key)
    expect((await line.until('session.created')).at(-1)).toMatchObject({
      session: { model: 'gpt-realtime-2.1-mini', instructions: pushToTalkSession.instructions }
    })
  })

  test('of a browser brings its key as a sub-protocol', async () => {
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
    ['a wrong key', () => open('ek_of_nobody'), 3000, 'invalid_api_key'],
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
  ])('with %s is told why and closed', async (_what, opening, closeCode, code) => {
    const line = await opening()
    expect(await line.closed).toEqual({
      code: closeCode,
      reason: `invalid_request_error.${code}`
    })
    expect(line.seen).toMatchObject([{ type: 'error', error: { code } }])
  })

  test('is refused with the status that was planned', async () => {
    await standIn.injectFaults({ sockets: { status: 503 } })
    await expect(open(standIn.apiKey)).rejects.toThrow('503')
    await open(standIn.apiKey)
  })

  test('is in the state while it lasts, and expires as a call does', async () => {
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

  test('can be dropped in the middle of an answer', async () => {
    await standIn.injectFaults({ dropIntoAnswer: { afterMs: 50 } })
    const line = await openWithSession()
    void ask(line)
    await line.closed
    const types = line.seen.map(({ type }) => type)
    expect(types).toContain('response.output_audio.delta')
    expect(types).not.toContain('response.output_audio.done')
  })
})
