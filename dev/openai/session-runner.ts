// Runs one session over WebRTC or a WebSocket: steps its conversation and carries out the effects.
import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime'
import type { Pace } from './answer-pace.ts'
import { type AnswerWriter, createAnswerWriter } from './answer-writer.ts'
import { parseClientEvent } from './client-event-schema.ts'
import type { Effect } from './conversation/draft.ts'
import { type Input, step } from './conversation/reducer.ts'
import { newConversation } from './conversation/state.ts'
import { type Counters, countEvent } from './counters.ts'
import type { FaultPlan } from './fault-injection.ts'
import { newIdentifier } from './identifier.ts'
import { samplesFromBase64 } from './input-audio-buffer.ts'
import { withoutItemStatuses } from './response-shape.ts'
import type { SessionConnection } from './session-connection.ts'
import type { EffectiveSession } from './session-schema.ts'
import type { SpeechRecogniser } from './speech-recogniser.ts'
import type { Voice } from './speech-synthesiser.ts'
import type { NoteTraffic } from './traffic.ts'
import { turnEvents } from './turn-events.ts'
import { type TurnLog, wallClockMs } from './turn-timeline.ts'
import { createUserAudio, type RecognisedItem, type UserAudio } from './user-audio.ts'

/** Fixed by the service; a session cannot extend it. */
const SESSION_LIMIT_MS = 60 * 60_000

/** The last event needs this long to leave before the connection closes. */
const CLOSE_DELAY_MS = 200

export type SessionParts = {
  recogniser: SpeechRecogniser
  voice: Voice
  plan: FaultPlan
  counters: Counters
  turns: TurnLog
  pace: Pace
  traffic: NoteTraffic
  log: (event: string, detail: Record<string, string | number | boolean>) => void
}

/** The timers of a session, which end with it. */
const createTimers = () => {
  const timers = new Set<NodeJS.Timeout>()
  const later = (delayMs: number, action: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      action()
    }, delayMs)
    timers.add(timer)
  }
  return {
    later,
    pause: (delayMs: number) => new Promise<void>((resolve) => later(delayMs, resolve)),
    clear: () => {
      for (const timer of timers) clearTimeout(timer)
    }
  }
}

const inputOf = (message: string, traffic: NoteTraffic): Input => {
  const parsed = parseClientEvent(message)
  if (parsed.ok) traffic({ kind: 'client_event', body: JSON.parse(message) })
  return parsed.ok
    ? { type: 'client', event: parsed.event }
    : { type: 'refused', refusal: parsed.refusal, eventId: parsed.eventId }
}

/** The event of a client, unless it is to be refused. */
const withRefusal = (input: Input, plan: FaultPlan): Input => {
  const refusal = input.type === 'client' ? plan.takeRefusal(input.event) : null
  return input.type !== 'client' || refusal === null
    ? input
    : { type: 'refused', refusal, eventId: input.event.event_id ?? null }
}

const carryOut = (
  effect: Effect,
  userAudio: UserAudio,
  writer: AnswerWriter,
  hangUpSoon: () => void
) => {
  switch (effect.type) {
    case 'append_audio':
      return userAudio.add(samplesFromBase64(effect.base64), 'append', wallClockMs())
    case 'drop_audio':
      return userAudio.drop()
    case 'take_audio':
      return userAudio.take(effect.itemId)
    case 'store_audio':
      return userAudio.store(effect.itemId, samplesFromBase64(effect.base64))
    case 'generate':
      return void writer.generate(effect.responseId)
    case 'stop_generating':
      return writer.stop(effect.responseId)
    case 'stop_playing':
      return writer.mute()
    case 'hang_up':
      return hangUpSoon()
    default:
      return effect satisfies never
  }
}

export const createSessionRunner = (
  session: EffectiveSession,
  parts: SessionParts,
  connection: SessionConnection
) => {
  const { counters, plan, turns } = parts
  const { id: callId } = connection
  const timers = createTimers()
  let conversation = newConversation(
    session,
    { sessionId: newIdentifier('sess'), conversationId: newIdentifier('conv') },
    Math.floor((Date.now() + SESSION_LIMIT_MS) / 1_000),
    connection.transport
  )
  let started = false
  let ended = false

  const log = (event: string, detail: Record<string, string | number>): void =>
    parts.log(event, { callId, ...detail })

  const send = (whole: RealtimeServerEvent): void => {
    const event = plan.itemStatuses() ? whole : withoutItemStatuses(whole)
    countEvent(counters, event)
    parts.traffic({ kind: 'server_event', body: event })
    if (event.type === 'error')
      log('event.rejected', { code: event.error.code ?? '', message: event.error.message })
    connection.send(event)
  }

  const isUnannounced = ({ type }: RealtimeServerEvent): boolean =>
    type === 'output_audio_buffer.started' && plan.takeUnannouncedAudio()

  const dispatch = (input: Input): void => {
    if (ended) return
    const receivedAtMs = wallClockMs()
    const { state, events, effects } = step(conversation, input, {
      bufferedMs: userAudio.bufferedMs(),
      playedMs: output.playedMs(),
      newId: newIdentifier,
      audioOf: userAudio.base64Of
    })
    conversation = state
    for (const event of events) if (!isUnannounced(event)) send(event)
    const times = { receivedAtMs, sentAtMs: wallClockMs() }
    for (const event of turnEvents(input, events, times, userAudio.contents))
      turns.note(callId, event)
    for (const effect of effects) carryOut(effect, userAudio, writer, hangUpSoon)
  }

  const onRecognised = ({ itemId, recognition, audioMs, tookMs }: RecognisedItem): void => {
    log('audio.recognised', { text: '', ...recognition, audioMs, ms: tookMs })
    dispatch({ type: 'recognised', itemId, recognition })
    const delayMs = Math.max(plan.transcriptionDelayMs(), parts.pace.times.transcriptMs - tookMs)
    const transcribe = () => dispatch({ type: 'transcribed', itemId })
    if (delayMs <= 0) transcribe()
    else timers.later(delayMs, transcribe)
  }

  const hangUpSoon = () => timers.later(CLOSE_DELAY_MS, () => connection.hangUp('session expired'))

  const userAudio = createUserAudio({
    recogniser: parts.recogniser,
    session: () => conversation.session,
    dispatch,
    sendsPartialTranscripts: plan.liveTranscripts,
    transcriptDue: async (tookMs) => {
      const leftMs = parts.pace.times.transcriptMs - tookMs
      if (leftMs > 0) await timers.pause(leftMs)
    },
    onRecognised
  })

  const output = connection.openOutput({
    dispatch,
    onFirstAudio: () => {
      const drop = plan.takeDropIntoAnswer()
      if (drop === null) return
      timers.later(drop.afterMs, () =>
        drop.silently ? connection.vanish() : connection.hangUp('dropped by fault injection')
      )
    }
  })

  const writer = createAnswerWriter({
    voice: parts.voice,
    pace: parts.pace,
    plan,
    output,
    conversation: () => conversation,
    dispatch,
    recognised: userAudio.recognised,
    pause: timers.pause,
    onVoiceFailed: (message) => log('voice.failed', { message }),
    onUnfounded: () => {
      counters.answersWithoutPassages += 1
      log('answer.unfounded', {})
    }
  })

  return {
    /** Starts the session's time limit. */
    start: (): void => {
      started = true
      counters.callsOpened += 1
      log('call.opened', { model: session.model, transport: connection.transport })
      timers.later(SESSION_LIMIT_MS, () => dispatch({ type: 'expired' }))
    },
    dispatch,
    /** Reads one message of the client. */
    receive: (text: string): void => dispatch(withRefusal(inputOf(text, parts.traffic), plan)),
    /** Takes media of the client, at 24 kHz, with its arrival on the wall clock. */
    receiveAudio: (samples: Int16Array, arrivedAtMs: number): void =>
      userAudio.add(samples, 'rtp', arrivedAtMs),
    /** Runs once after a delay, unless the session has ended by then. */
    later: timers.later,
    /** Ends everything but the connection. False when it has ended already. */
    finish: (reason: string): boolean => {
      if (ended) return false
      ended = true
      timers.clear()
      writer.stopAll()
      output.close()
      turns.note(callId, { type: 'call_ended', atMs: wallClockMs() })
      log('call.ended', { reason })
      if (started) {
        counters.callsClosed += 1
        connection.onEnded()
      }
      return true
    },
    state: () => ({
      model: session.model,
      items: conversation.items.length,
      activeResponse: conversation.active?.id ?? null,
      bufferedMs: Math.round(userAudio.bufferedMs()),
      /** Arrival of the last media as loud as speech, on the wall clock. */
      lastSpeechAtMs: userAudio.lastSpeechAtMs()
    })
  }
}
