// One session over a WebSocket: the events both ways, and the answer's sound in them, faster than it is spoken.
import type { WebSocket } from 'ws'
import type { SessionTransport } from './conversation-reducer.ts'
import { newIdentifier } from './identifier.ts'
import { base64FromSamples } from './input-audio-buffer.ts'
import { resample } from './resample.ts'
import { INPUT_RATE_HZ } from './rtp-receiver.ts'
import type { OutputAudio } from './session-connection.ts'
import { createSessionRunner, type SessionParts } from './session-runner.ts'
import type { EffectiveSession } from './session-schema.ts'
import { OUTPUT_RATE_HZ } from './speech-synthesiser.ts'
import type { OpenSession } from './webrtc-call.ts'

const TRANSPORT: SessionTransport = 'websocket'

/** The rate of `audio/pcm` in events, both ways. */
const EVENT_RATE_HZ = INPUT_RATE_HZ

/** OutputAudio goes out in pieces of this length: a client that waits for a whole sentence is late. */
const DELTA_MS = 200
const DELTA_SAMPLES = (EVENT_RATE_HZ * DELTA_MS) / 1_000

/** Runs a session on a socket that is open, until either side closes it. @param onEnded is called once. */
export const openSocketSession = (
  socket: WebSocket,
  session: EffectiveSession,
  parts: SessionParts,
  onEnded: (callId: string) => void
): OpenSession => {
  const { counters, log } = parts
  const callId = newIdentifier('sess')
  const send = (text: string): void => {
    if (socket.readyState === socket.OPEN) socket.send(text)
  }

  const runner = createSessionRunner(session, parts, {
    id: callId,
    transport: TRANSPORT,
    tell: (event) => send(JSON.stringify(event)),
    hangUp: (reason) => void hangUp(reason),
    vanish: () => void vanish(),
    sound: ({ dispatch, begun }) =>
      eventSound(
        (responseId, base64) => dispatch({ type: 'audio_delta', responseId, base64 }),
        begun
      )
  })

  const finish = (reason: string): boolean => {
    if (!runner.finish(reason)) return false
    counters.callsClosed += 1
    onEnded(callId)
    return true
  }
  const hangUp = async (reason: string): Promise<void> => {
    if (finish(reason)) socket.close(1000)
  }
  const vanish = async (): Promise<void> => {
    // The line stays up and nothing moves on it any more: no event, no pong.
    if (finish('dropped silently by fault injection')) socket.pause()
  }

  socket.on('message', (data, isBinary) => {
    if (isBinary) socket.close(1003)
    else runner.receive(String(data))
  })
  socket.on('close', () => void finish('the client closed the socket'))
  socket.on('error', (error) => log('websocket.failed', { callId, message: error.message }))

  counters.callsOpened += 1
  counters.socketsOpened += 1
  log('call.opened', { callId, model: session.model, transport: TRANSPORT })
  runner.start()
  runner.dispatch({ type: 'opened' })

  return {
    callId,
    state: () => ({
      callId,
      transport: TRANSPORT,
      ...runner.state(),
      channelOpen: socket.readyState === socket.OPEN,
      lostPackets: 0,
      // A planned network carries UDP only.
      network: null
    }),
    hangUp,
    vanish,
    closeChannel: () => socket.close(1000),
    blip: () => false,
    sendRaw: send,
    expire: () => runner.dispatch({ type: 'expired' })
  }
}

/**
 * OutputAudio as events. There is no output buffer at this end: what is sent is the client's to play, to cut and to
 * report with `conversation.item.truncate`.
 */
const eventSound = (
  tell: (responseId: string, base64: string) => void,
  begun: () => void
): OutputAudio => {
  let lastResponseId: string | null = null
  return {
    // Each word takes its share of the sentence, so that a cut answer is as long as what was sent of it.
    portions: (samples, words) =>
      Array.from({ length: words }, (_, index) =>
        samples.subarray(
          Math.floor((samples.length * index) / words),
          Math.floor((samples.length * (index + 1)) / words)
        )
      ),
    push: (responseId, samples) => {
      const sound = resample(samples, OUTPUT_RATE_HZ, EVENT_RATE_HZ)
      for (let at = 0; at < sound.length; at += DELTA_SAMPLES)
        tell(responseId, base64FromSamples(sound.subarray(at, at + DELTA_SAMPLES)))
      if (lastResponseId === responseId) return
      lastResponseId = responseId
      begun()
    },
    end: () => {},
    clear: () => {},
    playedMs: () => 0,
    close: () => {}
  }
}
