// One call: a peer, a conversation, ears and a voice, wired together. Decisions are in conversation.ts and
// answerer.ts; here is only what touches the wire and the clock.
import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime'
import { type AnswererDecision, decide } from './answerer.ts'
import type { Refusal } from './api-error.ts'
import { parseClientEvent } from './client-event-schema.ts'
import {
  type Conversation,
  type Effect,
  type Hearing,
  type Input,
  newConversation,
  step,
  wordsOf
} from './conversation.ts'
import type { Counters } from './counters.ts'
import type { Ears } from './ears.ts'
import { newIdentifier } from './identifier.ts'
import { base64FromSamples, createInputAudio, samplesFromBase64 } from './input-audio.ts'
import { createListener } from './listener.ts'
import type { Plan } from './misbehaviour.ts'
import { answerLanguage, modelView } from './model-view.ts'
import { answerOffer, type Peer } from './peer.ts'
import { seededRandom } from './randomness.ts'
import type { EffectiveSession, TurnDetection } from './session-schema.ts'
import { createSpeaker } from './speaker.ts'
import { OUTPUT_RATE_HZ, type Voice } from './voice.ts'
import { createVoiceActivity } from './voice-activity.ts'

/** Fixed by the service and not extendable. */
export const SESSION_LIMIT_MS = 60 * 60_000

/** A caller whose channel is not open by then will not come. */
const CHANNEL_OPEN_LIMIT_MS = 30_000

/** The real models write about three times as fast as the voice speaks: a cancel can still find one active. */
const GENERATION_SPEED = 3

/** Text comes at the pace of a fast model: about 100 tokens a second. */
const TEXT_WORD_MS = 10

/** The last event needs this long to leave before the channel closes. */
const FAREWELL_MS = 200

/** Audio of this many items is kept for `conversation.item.retrieve`; older audio is forgotten. */
const KEPT_AUDIO_ITEMS = 32

/** How long silence ends a turn under semantic detection, which here listens to energy only. */
const SEMANTIC_SILENCE_MS = { low: 1_200, medium: 700, high: 400, auto: 700 } as const
const DEFAULT_SILENCE_MS = 500
const DEFAULT_PREFIX_PADDING_MS = 300
const DEFAULT_THRESHOLD = 0.5

export type CallParts = {
  ears: Ears
  voice: Voice
  plan: Plan
  counters: Counters
  log: (event: string, detail: Record<string, string | number | boolean>) => void
}

export type CallState = {
  callId: string
  model: string
  channelOpen: boolean
  items: number
  activeResponse: string | null
  bufferedMs: number
  lostPackets: number
}

export type Call = {
  callId: string
  answerSdp: string
  state: () => CallState
  hangUp: (reason: string) => Promise<void>
  vanish: () => Promise<void>
  closeChannel: () => void
  sendRaw: (text: string) => void
  expire: () => void
}

export type OpenedCall = { ok: true; call: Call } | { ok: false; refusal: Refusal }

const vadSettings = (detection: TurnDetection | null) => {
  if (detection?.type === 'server_vad')
    return {
      threshold: detection.threshold ?? DEFAULT_THRESHOLD,
      silenceMs: detection.silence_duration_ms ?? DEFAULT_SILENCE_MS
    }
  return {
    threshold: DEFAULT_THRESHOLD,
    silenceMs: SEMANTIC_SILENCE_MS[detection?.eagerness ?? 'auto']
  }
}

/** Answers the offer and runs the call until it is hung up. @param onEnded is called once, when it is over. */
export const openCall = async (
  offerSdp: string,
  session: EffectiveSession,
  parts: CallParts,
  onEnded: (callId: string) => void
): Promise<OpenedCall> => {
  const { counters, plan, log } = parts
  const callId = newIdentifier('rtc')
  let conversation: Conversation = newConversation(
    session,
    { sessionId: newIdentifier('sess'), conversationId: newIdentifier('conv') },
    Math.floor((Date.now() + SESSION_LIMIT_MS) / 1_000)
  )
  const input = createInputAudio()
  const storedAudio = new Map<string, Int16Array>()
  const hearings = new Map<string, Promise<void>>()
  const generating = new Map<string, AbortController>()
  /** Responses whose sound was cut off while they were still being written. */
  const muted = new Set<string>()
  const timers = new Set<NodeJS.Timeout>()
  let speechHeard = false
  let channelOpen = false
  let ended = false
  let peer: Peer | null = null

  const loss = plan.packetLoss()
  const chance = seededRandom(loss?.seed ?? 0)
  const isLost = (direction: 'in' | 'out'): boolean => {
    if (loss === null || (loss.direction !== 'both' && loss.direction !== direction)) return false
    const lost = chance() < loss.share
    if (lost) counters.packetsLostOnPurpose += 1
    return lost
  }

  const later = (delayMs: number, action: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      action()
    }, delayMs)
    timers.add(timer)
  }
  const pause = (delayMs: number): Promise<void> =>
    new Promise((resolve) => later(delayMs, resolve))

  const speaker = createSpeaker(
    (frame) => {
      counters.packetsOut += 1
      if (frame.speech) counters.speechPacketsOut += 1
      if (!isLost('out')) peer?.sendFrame(frame)
    },
    (responseId) => {
      dispatch({ type: 'playback_started', responseId })
      const drop = plan.takeDropIntoAnswer()
      if (drop !== null)
        later(drop.afterMs, () => void (drop.silently ? vanish() : hangUp('dropped as told')))
    },
    (responseId) => dispatch({ type: 'playback_drained', responseId })
  )

  const activity = createVoiceActivity(() =>
    vadSettings(conversation.session.audio.input.turn_detection)
  )

  const listener = createListener((samples) => arrived(samples))

  const arrived = (samples: Int16Array): void => {
    input.add(samples)
    const detection = conversation.session.audio.input.turn_detection
    if (detection === null) return
    for (const event of activity.hear(samples)) {
      speechHeard = event.type === 'started'
      dispatch(
        event.type === 'started'
          ? { type: 'speech_started', atMs: event.atMs }
          : { type: 'speech_stopped', atMs: event.atMs }
      )
    }
    if (!speechHeard)
      input.keepNewest(
        detection.type === 'server_vad'
          ? (detection.prefix_padding_ms ?? DEFAULT_PREFIX_PADDING_MS)
          : DEFAULT_PREFIX_PADDING_MS
      )
  }

  const count = (event: RealtimeServerEvent): void => {
    if (event.type === 'response.created') counters.responses += 1
    if (event.type === 'session.updated') counters.sessionUpdates += 1
    if (event.type === 'input_audio_buffer.committed') counters.committed += 1
    if (event.type === 'response.function_call_arguments.done') counters.toolCalls += 1
    if (event.type === 'response.done' && event.response.status === 'cancelled')
      counters.responsesCancelled += 1
    if (event.type === 'error') {
      counters.refusedEvents += 1
      if (event.error.code === 'input_audio_buffer_commit_empty') counters.emptyCommits += 1
      log('event.refused', { callId, code: event.error.code ?? '', message: event.error.message })
    }
  }

  const dispatch = (event: Input): void => {
    if (ended) return
    const { state, events, effects } = step(conversation, event, {
      facts: { bufferedMs: input.durationMs(), playedMs: speaker.playedMs() },
      newId: newIdentifier,
      audioOf: (itemId) => {
        const samples = storedAudio.get(itemId)
        return samples === undefined ? null : base64FromSamples(samples)
      }
    })
    conversation = state
    for (const told of events) {
      count(told)
      peer?.send(JSON.stringify(told))
    }
    for (const effect of effects) carryOut(effect)
  }

  const carryOut = (effect: Effect) => {
    switch (effect.type) {
      case 'append_audio':
        return arrived(samplesFromBase64(effect.base64))
      case 'drop_audio':
        return input.drop()
      case 'take_audio':
        return recognise(effect.itemId, input.take())
      case 'store_audio':
        return recognise(effect.itemId, samplesFromBase64(effect.base64))
      case 'generate':
        void generate(effect.responseId)
        return
      case 'stop_generating':
        generating.get(effect.responseId)?.abort()
        generating.delete(effect.responseId)
        return speaker.end(effect.responseId)
      case 'stop_playing':
        for (const responseId of generating.keys()) muted.add(responseId)
        return speaker.clear()
      case 'hang_up':
        later(FAREWELL_MS, () => void hangUp('session expired'))
        return
    }
  }

  const recognise = (itemId: string, samples: Int16Array): void => {
    storedAudio.set(itemId, samples)
    for (const oldest of storedAudio.keys()) {
      if (storedAudio.size <= KEPT_AUDIO_ITEMS) break
      storedAudio.delete(oldest)
    }
    const language = answerLanguage(
      conversation.session.audio.input.transcription?.language,
      conversation.session.instructions
    )
    const work = async (): Promise<void> => {
      const startedMs = performance.now()
      const hearing: Exclude<Hearing, { kind: 'pending' }> = await parts.ears.listen(
        samples,
        language
      )
      log('audio.heard', {
        callId,
        kind: hearing.kind,
        text: hearing.kind === 'heard' ? hearing.text : '',
        audioMs: Math.round(samples.length / 24),
        ms: Math.round(performance.now() - startedMs)
      })
      await noteHearing(itemId, hearing)
    }
    hearings.set(itemId, work())
  }

  /** The model hears at once; its transcript may be told to come late. */
  const noteHearing = async (
    itemId: string,
    hearing: Exclude<Hearing, { kind: 'pending' }>
  ): Promise<void> => {
    const delayMs = plan.transcriptionDelayMs()
    if (delayMs === 0) return dispatch({ type: 'transcribed', itemId, hearing })
    conversation = {
      ...conversation,
      items: conversation.items.map((stored) =>
        stored.item.id === itemId ? { ...stored, hearing } : stored
      )
    }
    later(delayMs, () => dispatch({ type: 'transcribed', itemId, hearing }))
  }

  const responseOf = (responseId: string) =>
    conversation.active?.id === responseId
      ? conversation.active
      : conversation.outOfBand.find(({ id }) => id === responseId)

  const generate = async (responseId: string): Promise<void> => {
    const abort = new AbortController()
    generating.set(responseId, abort)
    const stallMs = plan.takeStallMs()
    if (stallMs !== null) await pause(stallMs)
    const waiting = responseOf(responseId)?.input ?? []
    await Promise.all(waiting.map(({ item }) => hearings.get(item.id ?? '')))
    const response = responseOf(responseId)
    if (abort.signal.aborted || ended || response === undefined) return
    const decision = decide(modelView(conversation, response))
    if (decision.kind === 'call') dispatch({ type: 'decided', responseId, decision })
    else if (response.modality === 'audio') await speakAnswer(responseId, decision, abort.signal)
    else await writeAnswer(responseId, decision, abort.signal)
    generating.delete(responseId)
    muted.delete(responseId)
  }

  type Answer = Extract<AnswererDecision, { kind: 'say' }>

  const writeAnswer = async (
    responseId: string,
    { pieces }: Answer,
    signal: AbortSignal
  ): Promise<void> => {
    dispatch({ type: 'decided', responseId, decision: { kind: 'message' } })
    for (const word of wordsOf(pieces.map(({ text }) => text).join(' '))) {
      if (signal.aborted || ended) return
      dispatch({ type: 'worded', responseId, delta: word, audioMs: 0 })
      await pause(TEXT_WORD_MS)
    }
    if (!signal.aborted) dispatch({ type: 'finished', responseId })
  }

  const speakAnswer = async (
    responseId: string,
    { pieces }: Answer,
    signal: AbortSignal
  ): Promise<void> => {
    let begun = false
    for (const piece of pieces) {
      const speech = await parts.voice.speak(
        piece.text,
        piece.language,
        conversation.session.audio.output.speed
      )
      if (signal.aborted || ended) return
      if (!speech.ok) {
        log('voice.failed', { callId, message: speech.message })
        dispatch({
          type: 'decided',
          responseId,
          decision: { kind: 'failed', code: 'server_error', message: speech.message }
        })
        return speaker.end(responseId)
      }
      if (!begun) dispatch({ type: 'decided', responseId, decision: { kind: 'message' } })
      const audible = !muted.has(responseId)
      const audioMs = (speech.samples.length / OUTPUT_RATE_HZ) * 1_000
      const words = wordsOf(begun ? ` ${piece.text}` : piece.text)
      begun = true
      for (const [index, word] of words.entries()) {
        if (signal.aborted || ended) return
        const first = index === 0
        dispatch({
          type: 'worded',
          responseId,
          delta: word,
          audioMs: first && audible ? audioMs : 0
        })
        if (first && audible) speaker.push(responseId, speech.samples)
        await pause(audioMs / GENERATION_SPEED / words.length)
      }
    }
    if (signal.aborted || ended) return
    dispatch({ type: 'finished', responseId })
    speaker.end(responseId)
  }

  const finish = (reason: string): boolean => {
    if (ended) return false
    ended = true
    for (const timer of timers) clearTimeout(timer)
    for (const abort of generating.values()) abort.abort()
    speaker.close()
    counters.callsClosed += 1
    log('call.ended', { callId, reason })
    onEnded(callId)
    return true
  }

  const hangUp = async (reason: string): Promise<void> => {
    if (finish(reason)) await peer?.close()
  }

  const vanish = async (): Promise<void> => {
    if (finish('vanished as told')) await peer?.vanish()
  }

  const answered = await answerOffer(offerSdp, {
    onChannelOpen: () => {
      channelOpen = true
      dispatch({ type: 'opened' })
      speaker.open()
    },
    onMessage: (text) => {
      const parsed = parseClientEvent(text)
      dispatch(
        parsed.ok
          ? { type: 'client', event: parsed.event }
          : { type: 'refused', refusal: parsed.refusal, eventId: parsed.eventId }
      )
    },
    onPacket: (packet) => {
      counters.packetsIn += 1
      if (!isLost('in')) listener.receive(packet)
    },
    onGone: (reason) => void hangUp(reason)
  })
  if (!answered.ok) {
    speaker.close()
    ended = true
    return answered
  }
  peer = answered.peer
  counters.callsOpened += 1
  log('call.opened', { callId, model: session.model })
  later(SESSION_LIMIT_MS, () => dispatch({ type: 'expired' }))
  later(CHANNEL_OPEN_LIMIT_MS, () => {
    if (!channelOpen) void hangUp('the data channel was never opened')
  })

  return {
    ok: true,
    call: {
      callId,
      answerSdp: answered.peer.answerSdp,
      state: () => ({
        callId,
        model: session.model,
        channelOpen,
        items: conversation.items.length,
        activeResponse: conversation.active?.id ?? null,
        bufferedMs: Math.round(input.durationMs()),
        lostPackets: listener.lostPackets()
      }),
      hangUp,
      vanish,
      closeChannel: () => answered.peer.closeChannel(),
      sendRaw: (text) => void answered.peer.send(text),
      expire: () => dispatch({ type: 'expired' })
    }
  }
}
