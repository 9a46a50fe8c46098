// One call over the relay, for networks that let no UDP through: the same events as over WebRTC on a message port
// that main's WebSocket is behind, the microphone as recorded pieces, the answer through a player of our own.
import type { Bridge } from '../../shared/contract.ts'
import type { Language } from '../../shared/language.ts'
import type { OpenPlayer, Player } from '../audio/player.ts'
import type { Recorder } from '../audio/recorder.ts'
import type { Schedule } from '../schedule.ts'
import { appendPieces, type ClientEvent } from './client-events.ts'
import { type Attempt, failureFromMain, type KioskFailure, kioskFailure } from './failures.ts'
import type { OpenTransport, Transport, TransportEvents } from './transport.ts'
import { createContinuousRecording } from './websocket-hands-free.ts'
import { createOutputAudio, type OutputAudio } from './websocket-output-audio.ts'
import type { WebSocketPort, WebSocketPortRegistry } from './websocket-port.ts'
import { createSendQueue } from './websocket-send-queue.ts'

/** Sound that counts as one packet: what WebRTC puts into one. */
const PACKET_MS = 20

export type WebSocketTransportPorts = {
  bridge: Bridge
  /** The language in use when the call is made. */
  language: () => Language
  ports: Pick<WebSocketPortRegistry, 'claim'>
  recorder: Pick<Recorder, 'onChunk' | 'start' | 'stop' | 'drop'>
  /** Whether the gate is opened by nobody's press. */
  handsFree: () => boolean
  openPlayer: OpenPlayer
  schedule: Schedule
}

type Relay = { webSocketId: string; model: string; line: WebSocketPort }

/**
 * Opens calls over the relay. Failures are values: main's own codes, `call_timeout` when the port does not arrive,
 * `internal` when there is no player. The microphone is the recorder's: the gate alone decides what is sent of it.
 */
export const webSocketTransport =
  (ports: WebSocketTransportPorts): OpenTransport =>
  async (_microphone, events, signal): Promise<Attempt<Transport>> => {
    let answers: OutputAudio | null = null
    const [player, answer] = await Promise.all([
      openPlayer(ports.openPlayer, (event) => answers?.played(event)),
      ports.bridge.call('calls.openWebSocket', { language: ports.language() })
    ])
    const giveUp = (failure: KioskFailure): Attempt<Transport> => {
      if (player.ok) player.value.close()
      if (answer.ok) void ports.bridge.call('calls.hangUp', { callId: answer.value.webSocketId })
      return { ok: false, failure }
    }
    if (!answer.ok) return giveUp(failureFromMain(answer.error))
    if (!player.ok) return giveUp(player.failure)
    const line = await ports.ports.claim(answer.value.webSocketId)
    if (line === null) {
      return giveUp(
        kioskFailure('call_timeout', 'The message port of the WebSocket did not arrive in time.')
      )
    }
    if (signal.aborted) {
      line.close()
      return giveUp(kioskFailure('call_dropped', 'Opening the call was aborted.'))
    }
    const made = transportOver({ ...answer.value, line }, player.value, events, ports)
    answers = made.answers
    return { ok: true, value: made.transport }
  }

const openPlayer = async (
  open: OpenPlayer,
  onEvent: Parameters<OpenPlayer>[0]
): Promise<Attempt<Player>> => {
  try {
    return { ok: true, value: await open(onEvent) }
  } catch (error) {
    const failure = kioskFailure('internal', `The player could not be loaded: ${String(error)}`)
    return { ok: false, failure }
  }
}

const transportOver = (
  { webSocketId, model, line }: Relay,
  player: Player,
  events: TransportEvents,
  { recorder, handsFree, schedule }: WebSocketTransportPorts
): { transport: Transport; answers: OutputAudio } => {
  let isClosed = false
  let eventCount = 0
  let piecesSent = 0
  const nextEventId = () => {
    eventCount += 1
    return `relay-${eventCount}`
  }

  const sendQueue = createSendQueue({
    post: line.post,
    recordingOver: recorder.stop,
    schedule
  })
  const answers = createOutputAudio({
    player,
    tell: (event) => {
      if (!isClosed) events.onMessage(JSON.stringify({ ...event, event_id: nextEventId() }))
    }
  })
  const appends = function* (samples: Int16Array) {
    for (const audio of appendPieces(samples)) {
      yield JSON.stringify({
        type: 'input_audio_buffer.append',
        event_id: nextEventId(),
        audio
      } satisfies ClientEvent)
    }
  }
  const stopListening = recorder.onChunk((recordingId, samples) => {
    if (sendQueue.piece(recordingId, () => appends(samples))) piecesSent += 1
  })

  const openMicrophone = createContinuousRecording(recorder, schedule)

  /** The player falls silent now; the model is told what was heard before anything that is said from now on. */
  const clearOutput = async () => {
    const release = sendQueue.hold()
    const truncations = await answers.clear()
    release(
      truncations.map(({ itemId, contentIndex, audioEndMs }) =>
        JSON.stringify({
          type: 'conversation.item.truncate',
          event_id: nextEventId(),
          item_id: itemId,
          content_index: contentIndex,
          audio_end_ms: audioEndMs
        } satisfies ClientEvent)
      )
    )
  }

  const close = () => {
    if (isClosed) return
    isClosed = true
    openMicrophone.close()
    stopListening()
    line.close()
    player.close()
  }

  line.listen(
    (text) => {
      if (!answers.receive(text)) events.onMessage(text)
    },
    (reason) => {
      if (isClosed) return
      close()
      events.onLost(kioskFailure('call_dropped', `The WebSocket closed: ${reason}`))
    }
  )
  events.onRemoteStream(player.stream)

  return {
    answers,
    transport: {
      path: 'websocket',
      callId: webSocketId,
      model,
      send: (event) => {
        if (isClosed) return false
        // The model has no output buffer to clear: the player is here.
        if (event.type === 'output_audio_buffer.clear') void clearOutput()
        else sendQueue.send(JSON.stringify(event))
        return true
      },
      setMicrophone: async () => {
        // The recorder has its own copy, and follows the devices by itself.
      },
      setGate: (gate) => {
        if (isClosed) return
        if (gate === 'open') {
          sendQueue.openGate()
          if (handsFree()) openMicrophone.open()
        } else {
          sendQueue.closeGate()
          openMicrophone.close()
        }
      },
      audioPacketsReceived: async () =>
        answers.deltas() + Math.floor(player.playedMs() / PACKET_MS),
      audioPacketsSent: async () => piecesSent,
      // One line, in order and whole, or it is lost altogether.
      sentAudio: async () => null,
      close
    }
  }
}
