// Runs one session over a WebSocket: events both ways, with the answer's audio in them.
import type { WebSocket } from 'ws'
import { newIdentifier } from './identifier.ts'
import { base64FromSamples } from './input-audio-buffer.ts'
import { resample } from './resample.ts'
import { INPUT_RATE_HZ } from './rtp-receiver.ts'
import type { OpenSession, OutputAudio, OutputAudioEvents } from './session-connection.ts'
import { createSessionRunner, type SessionParts } from './session-runner.ts'
import type { EffectiveSession } from './session-schema.ts'
import { OUTPUT_RATE_HZ } from './speech-synthesiser.ts'

/** The rate of `audio/pcm` in events, both ways. */
const EVENT_RATE_HZ = INPUT_RATE_HZ

/** Length of one audio event: a client that waits for a whole sentence is late. */
const DELTA_SAMPLES = (EVENT_RATE_HZ * 200) / 1_000

/** Runs a session until either side closes the socket. @param onEnded is called once, at its end. */
export const openSocketSession = (
  socket: WebSocket,
  session: EffectiveSession,
  parts: SessionParts,
  onEnded: (callId: string) => void
): OpenSession => {
  const callId = newIdentifier('sess')
  const send = (text: string): void => {
    if (socket.readyState === socket.OPEN) socket.send(text)
  }

  const runner = createSessionRunner(session, parts, {
    id: callId,
    transport: 'websocket',
    openOutput: openEventOutput,
    send: (event) => send(JSON.stringify(event)),
    hangUp: (reason) => void hangUp(reason),
    vanish: () => void vanish(),
    onEnded: () => onEnded(callId)
  })

  const hangUp = async (reason: string): Promise<void> => {
    if (runner.finish(reason)) socket.close(1000)
  }
  const vanish = async (): Promise<void> => {
    // The connection stays open without any event or pong.
    if (runner.finish('dropped silently by fault injection')) socket.pause()
  }

  socket.on('message', (data, isBinary) => {
    if (isBinary) socket.close(1003)
    else runner.receive(String(data))
  })
  socket.on('close', () => void runner.finish('the client closed the socket'))
  socket.on('error', ({ message }) => parts.log('websocket.failed', { callId, message }))

  parts.counters.socketsOpened += 1
  runner.start()
  runner.dispatch({ type: 'opened' })

  return {
    callId,
    state: () => ({
      callId,
      transport: 'websocket',
      ...runner.state(),
      channelOpen: socket.readyState === socket.OPEN,
      lostPackets: 0,
      // The network emulator carries UDP only.
      network: null
    }),
    hangUp,
    vanish,
    closeChannel: () => socket.close(1000),
    blip: () => {},
    sendRaw: send,
    expire: () => runner.dispatch({ type: 'expired' })
  }
}

/** Sends audio as events. The client plays and cuts it, and reports a cut with `conversation.item.truncate`. */
const openEventOutput = ({ dispatch, onFirstAudio }: OutputAudioEvents): OutputAudio => {
  let lastResponseId: string | null = null
  return {
    // Each word takes its share of the sentence, so that a cut answer is as long as its sent audio.
    portions: (samples, words) =>
      Array.from({ length: words }, (_, index) =>
        samples.subarray(
          Math.floor((samples.length * index) / words),
          Math.floor((samples.length * (index + 1)) / words)
        )
      ),
    push: (responseId, samples) => {
      const audio = resample(samples, OUTPUT_RATE_HZ, EVENT_RATE_HZ)
      for (let at = 0; at < audio.length; at += DELTA_SAMPLES) {
        const base64 = base64FromSamples(audio.subarray(at, at + DELTA_SAMPLES))
        dispatch({ type: 'audio_delta', responseId, base64 })
      }
      if (lastResponseId === responseId) return
      lastResponseId = responseId
      onFirstAudio()
    },
    end: () => {},
    clear: () => {},
    playedMs: () => 0,
    close: () => {}
  }
}
