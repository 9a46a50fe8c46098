// Runs the kiosk's own conversation in Node against the stand-in, over WebRTC and over a WebSocket, with typed questions.
import { RTCPeerConnection } from 'werift'
import { WebSocket } from 'ws'
import type { ClientEvent } from '../../src/renderer/call/client-events.ts'
import { createConversation } from '../../src/renderer/call/conversation.ts'
import type { TurnView } from '../../src/renderer/call/turn-view.ts'
import { createOutputAudio } from '../../src/renderer/call/websocket-output-audio.ts'
import { schedule } from '../../src/renderer/schedule.ts'
import * as answerChecks from '../../src/shared/answer-check.ts'
import type { Bridge } from '../../src/shared/contract.ts'
import { ok } from '../../src/shared/failure.ts'
import type { SearchAnswer } from '../../src/shared/handbook.ts'
import type { StandIn } from './stand-in.ts'

export type Transport = 'webrtc' | 'websocket'

type Line = { send: (text: string) => void; close: () => void }
type OpenLine = (standIn: StandIn, key: string, receive: (text: string) => void) => Promise<Line>

const openPeer: OpenLine = async ({ url }, key, receive) => {
  const connection = new RTCPeerConnection({
    iceServers: [],
    iceUseIpv6: false,
    iceAdditionalHostAddresses: ['127.0.0.1']
  })
  connection.addTransceiver('audio', { direction: 'sendrecv' })
  const channel = connection.createDataChannel('oai-events')
  channel.onMessage.subscribe((data) => receive(String(data)))
  const opened = new Promise<void>((resolve) => {
    channel.stateChanged.subscribe((state) => state === 'open' && resolve())
  })
  await connection.setLocalDescription(await connection.createOffer())
  const response = await fetch(`${url}/realtime/calls`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/sdp' },
    body: connection.localDescription?.sdp ?? ''
  })
  await connection.setRemoteDescription({ type: 'answer', sdp: await response.text() })
  await opened
  return { send: (text) => channel.send(text), close: () => void connection.close() }
}

const openSocket: OpenLine = async ({ url }, key, receive) => {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/realtime`, {
    headers: { Authorization: `Bearer ${key}` }
  })
  // A player that has played each piece of an answer once it has arrived.
  const output = createOutputAudio({
    player: {
      push: (segment) => queueMicrotask(() => output.played({ kind: 'started', segment })),
      end: (segment) => queueMicrotask(() => output.played({ kind: 'drained', segment })),
      flush: async () => []
    },
    emit: (event) => receive(JSON.stringify(event))
  })
  socket.on('message', (data) => {
    const text = String(data)
    if (!output.receive(text)) receive(text)
  })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  return { send: (text) => socket.send(text), close: () => socket.terminate() }
}

const LINES: Record<Transport, OpenLine> = { webrtc: openPeer, websocket: openSocket }

type ResponseItem = { type: string; status?: string }

export type Answered = {
  view: TurnView
  /** Questions that the model searched for. */
  searches: string[]
  sent: ClientEvent[]
  /** The items of each response. */
  responses: ResponseItem[][]
  /** Events of the log that say that something was wrong. */
  warnings: string[]
}

/** Asks one typed question on a new call, and returns what the screen shows when it has ended. */
export const askKiosk = async (
  standIn: StandIn,
  transport: Transport,
  session: object,
  found: SearchAnswer,
  question: string
): Promise<Answered> => {
  const searches: string[] = []
  const sent: ClientEvent[] = []
  const responses: ResponseItem[][] = []
  const warnings: string[] = []
  let line: Line | null = null
  let shown: TurnView | null = null
  let ids = 0
  const bridge: Bridge = {
    call: (async (name: string, input: { question: string }) => {
      if (name !== 'handbook.search') return ok({})
      searches.push(input.question)
      return ok(found)
    }) as unknown as Bridge['call'],
    on: () => () => {}
  }
  const ended = Promise.withResolvers<TurnView>()
  const conversation = createConversation(
    {
      bridge,
      call: () => ({ path: transport, callId: 'rtc_1' }),
      send: (event) => {
        sent.push(event)
        const isOwnOutput = transport === 'websocket' && event.type === 'output_audio_buffer.clear'
        if (!isOwnOutput) line?.send(JSON.stringify(event))
        return true
      },
      wakeCall: () => {},
      replaceCall: (reason) => ended.reject(new Error(`The call was replaced: ${reason}`)),
      inputSettings: () => ({ modelNoiseReduction: 'far', handsFree: false }),
      gate: { open: () => {}, close: () => {} },
      onQuestionSent: () => {},
      recorder: {
        start: () => {},
        stop: async () => {},
        silenceAt: async () => false,
        read: () => null,
        drop: () => {}
      },
      speaker: { cut: () => {}, restore: () => {} },
      loadChecks: async () => answerChecks,
      language: () => 'en',
      newId: () => {
        ids += 1
        return `00000000-0000-4000-8000-${String(ids).padStart(12, '0')}`
      },
      now: () => performance.now(),
      wallClock: () => Date.now(),
      schedule,
      onChange: (_turn, view) => {
        shown = view
        if (view.outcome !== null) ended.resolve(view)
      },
      onHint: () => {},
      log: (level, event) => {
        if (level !== 'info') warnings.push(event)
      }
    },
    { tailMs: 0, talkMode: 'hold', transcriptWaitMs: 300 }
  )
  const receive = (text: string) => {
    const event = JSON.parse(text)
    if (event.type === 'response.done') responses.push(event.response.output)
    conversation.receive(text)
  }
  line = await LINES[transport](standIn, await standIn.mint(session), receive)
  try {
    conversation.opened({ replay: false })
    conversation.dispatch({ type: 'ask', text: question })
    await ended.promise
    if (shown === null) throw new Error('The screen shows nothing.')
    return { view: shown, searches, sent, responses, warnings }
  } finally {
    line.close()
  }
}
