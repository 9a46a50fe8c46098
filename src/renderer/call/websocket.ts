// Opens a call over a WebSocket, for networks that block UDP: events on a message port to main's socket, the microphone
// as recorded pieces, the answer through the page's own player.
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

/** The audio in one packet of WebRTC. */
const PACKET_MS = 20

export type WebSocketTransportPorts = {
  bridge: Bridge
  language: () => Language
  ports: Pick<WebSocketPortRegistry, 'claim'>
  recorder: Pick<Recorder, 'onChunk' | 'start' | 'stop' | 'drop'>
  handsFree: () => boolean
  openPlayer: OpenPlayer
  schedule: Schedule
}

type OpenSocket = { webSocketId: string; port: WebSocketPort }

/**
 * Fails with main's codes, `call_timeout` when the port does not arrive, or `internal` without a player. The recorder has
 * the microphone, and the gate decides what is sent of it.
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
    const port = await ports.ports.claim(answer.value.webSocketId)
    if (port === null) {
      return giveUp(
        kioskFailure('call_timeout', 'The message port of the WebSocket did not arrive in time.')
      )
    }
    if (signal.aborted) {
      port.close()
      return giveUp(kioskFailure('call_dropped', 'Opening the call was aborted.'))
    }
    const made = transportOver({ ...answer.value, port }, player.value, events, ports)
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
  { webSocketId, port }: OpenSocket,
  player: Player,
  events: TransportEvents,
  { recorder, handsFree, schedule }: WebSocketTransportPorts
): { transport: Transport; answers: OutputAudio } => {
  let isClosed = false
  let eventCount = 0
  let piecesSent = 0
  const nextEventId = () => {
    eventCount += 1
    return `websocket-${eventCount}`
  }

  const sendQueue = createSendQueue({
    post: port.post,
    recordingOver: recorder.stop,
    schedule
  })
  const answers = createOutputAudio({
    player,
    emit: (event) => {
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

  /** Silences the player, and sends the model the truncations before any later event. */
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
    port.close()
    player.close()
  }

  port.listen(
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
      send: (event) => {
        if (isClosed) return false
        // Over a WebSocket the output buffer is the player.
        if (event.type === 'output_audio_buffer.clear') void clearOutput()
        else sendQueue.send(JSON.stringify(event))
        return true
      },
      setMicrophone: async () => {
        // The recorder has its own copy of the microphone.
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
      // TCP loses no packets.
      sentAudio: async () => null,
      close
    }
  }
}
