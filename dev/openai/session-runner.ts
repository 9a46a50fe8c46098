// One session, whatever carries it: a conversation, ears and a voice on one clock. Decisions are in
// conversation.ts and answerer.ts; the wire belongs to call.ts (WebRTC) or socket.ts (WebSocket).
import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime'
import { withFault } from './answer-fault.ts'
import { type Pace, type PacedPiece, pacedPieces, truncateAudio } from './answer-pace.ts'
import { type Answer, decide } from './answerer.ts'
import { parseClientEvent } from './client-event-schema.ts'
import {
  type Conversation,
  type Effect,
  type Input,
  newConversation,
  type Recognition,
  step,
  wordsOf
} from './conversation-reducer.ts'
import { type Counters, countEvent } from './counters.ts'
import type { FaultPlan } from './fault-injection.ts'
import { newIdentifier } from './identifier.ts'
import {
  type AudioOrigin,
  base64FromSamples,
  createInputAudioBuffer,
  samplesFromBase64
} from './input-audio-buffer.ts'
import { answerLanguage, modelView } from './model-view.ts'
import { createPartialTranscriber } from './partial-transcripts.ts'
import type { SessionConnection } from './session-connection.ts'
import type { EffectiveSession } from './session-schema.ts'
import type { SpeechRecogniser } from './speech-recogniser.ts'
import { OUTPUT_RATE_HZ, type Speech, type Voice } from './speech-synthesiser.ts'
import { type TurnLog, turnEvents, wallClockMs } from './turn-timeline.ts'
import { createVoiceActivity, prefixPaddingMs, vadSettings } from './voice-activity.ts'

/** Fixed by the service and not extendable. */
export const SESSION_LIMIT_MS = 60 * 60_000

/** The real models write about three times as fast as the voice speaks: a cancel can still find one active. */
const GENERATION_SPEED = 3

/** Text comes at the pace of a fast model: about 100 tokens a second. */
const TEXT_WORD_MS = 10

/** The last event needs this long to leave before the line closes. */
const CLOSE_DELAY_MS = 200

/** Audio of this many items is kept for `conversation.item.retrieve`; older audio is forgotten. */
const KEPT_AUDIO_ITEMS = 32

export type SessionParts = {
  ears: SpeechRecogniser
  voice: Voice
  plan: FaultPlan
  counters: Counters
  turns: TurnLog
  pace: Pace
  log: (event: string, detail: Record<string, string | number | boolean>) => void
}

export type SessionRunner = {
  /** The line was answered: the session's own time limit runs from now. */
  start: () => void
  dispatch: (input: Input) => void
  /** One message of the client's. */
  receive: (text: string) => void
  /** Media of the client's, at 24 kHz, with its arrival on the wall clock. */
  hear: (samples: Int16Array, arrivedAtMs: number) => void
  /** Runs once after `delayMs`, unless the session has ended by then. */
  later: (delayMs: number, action: () => void) => void
  /** Ends everything but the line. False when it has ended already. */
  finish: (reason: string) => boolean
  state: () => {
    model: string
    items: number
    activeResponse: string | null
    bufferedMs: number
    /** When the last media as loud as speech arrived, on the wall clock. */
    lastSpeechAtMs: number | null
  }
}

/** A session on a line that is not answered yet. */
export const createSessionRunner = (
  session: EffectiveSession,
  parts: SessionParts,
  line: SessionConnection
): SessionRunner => {
  const { counters, plan, log } = parts
  let conversation: Conversation = newConversation(
    session,
    { sessionId: newIdentifier('sess'), conversationId: newIdentifier('conv') },
    Math.floor((Date.now() + SESSION_LIMIT_MS) / 1_000),
    line.transport
  )
  const input = createInputAudioBuffer()
  const storedAudio = new Map<string, Int16Array>()
  const recognitions = new Map<string, Promise<void>>()
  const generating = new Map<string, AbortController>()
  /** Responses whose sound was cut off while they were still being written. */
  const muted = new Set<string>()
  const timers = new Set<NodeJS.Timeout>()
  let speechHeard = false
  let ended = false

  const later = (delayMs: number, action: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      action()
    }, delayMs)
    timers.add(timer)
  }
  const pause = (delayMs: number): Promise<void> =>
    new Promise((resolve) => later(delayMs, resolve))

  const activity = createVoiceActivity(() =>
    vadSettings(conversation.session.audio.input.turn_detection)
  )

  const spokenLanguage = () =>
    answerLanguage(
      conversation.session.audio.input.transcription?.language,
      conversation.session.instructions
    )

  const partialTranscriber = createPartialTranscriber(
    input,
    (samples) => parts.ears.recognisePartial(samples, spokenLanguage()),
    (text) => dispatch({ type: 'partial_transcript', text }),
    plan.liveTranscripts
  )

  const arrived = (samples: Int16Array, origin: AudioOrigin, arrivedAtMs: number): void => {
    input.add(samples, origin, arrivedAtMs)
    partialTranscriber.grown()
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
    if (!speechHeard) input.keepNewest(prefixPaddingMs(detection))
  }

  const note = (event: RealtimeServerEvent): void => {
    countEvent(counters, event)
    if (event.type === 'error')
      log('event.rejected', {
        callId: line.id,
        code: event.error.code ?? '',
        message: event.error.message
      })
  }

  const dispatch = (event: Input): void => {
    if (ended) return
    const receivedAtMs = wallClockMs()
    const { state, events, effects } = step(conversation, event, {
      facts: { bufferedMs: input.durationMs(), playedMs: sound.playedMs() },
      newId: newIdentifier,
      audioOf: (itemId) => {
        const samples = storedAudio.get(itemId)
        return samples === undefined ? null : base64FromSamples(samples)
      }
    })
    conversation = state
    for (const told of events) {
      note(told)
      line.tell(told)
    }
    const times = { receivedAtMs, sentAtMs: wallClockMs() }
    for (const noted of turnEvents(event, events, times, input.contents))
      parts.turns.note(line.id, noted)
    for (const effect of effects) carryOut(effect)
  }

  const sound = line.sound({
    dispatch,
    begun: () => {
      const drop = plan.takeDropIntoAnswer()
      if (drop === null) return
      later(drop.afterMs, () =>
        drop.silently ? line.vanish() : line.hangUp('dropped by fault injection')
      )
    }
  })

  const carryOut = (effect: Effect) => {
    switch (effect.type) {
      case 'append_audio':
        return arrived(samplesFromBase64(effect.base64), 'append', wallClockMs())
      case 'drop_audio':
        partialTranscriber.restart()
        return input.drop()
      case 'take_audio':
        partialTranscriber.restart()
        return recognise(effect.itemId, input.take())
      case 'store_audio':
        return recognise(effect.itemId, samplesFromBase64(effect.base64))
      case 'generate':
        void generate(effect.responseId)
        return
      case 'stop_generating':
        generating.get(effect.responseId)?.abort()
        generating.delete(effect.responseId)
        return sound.end(effect.responseId)
      case 'stop_playing':
        for (const responseId of generating.keys()) muted.add(responseId)
        return sound.clear()
      case 'hang_up':
        later(CLOSE_DELAY_MS, () => line.hangUp('session expired'))
        return
    }
  }

  const recognise = (itemId: string, samples: Int16Array): void => {
    storedAudio.set(itemId, samples)
    for (const oldest of storedAudio.keys()) {
      if (storedAudio.size <= KEPT_AUDIO_ITEMS) break
      storedAudio.delete(oldest)
    }
    const language = spokenLanguage()
    const work = async (): Promise<void> => {
      const startedMs = performance.now()
      const hearing: Exclude<Recognition, { kind: 'pending' }> = await parts.ears.listen(
        samples,
        language
      )
      log('audio.recognised', {
        callId: line.id,
        kind: hearing.kind,
        text: hearing.kind === 'heard' ? hearing.text : '',
        audioMs: Math.round(samples.length / 24),
        ms: Math.round(performance.now() - startedMs)
      })
      await noteRecognition(itemId, hearing)
    }
    recognitions.set(itemId, work())
  }

  /** The model hears at once; its transcript may be told to come late. */
  const noteRecognition = async (
    itemId: string,
    hearing: Exclude<Recognition, { kind: 'pending' }>
  ): Promise<void> => {
    parts.turns.note(line.id, { type: 'heard', atMs: wallClockMs(), itemId, hearing })
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
    // The ears work within the time that the model is told to think.
    const { decisionDelayMs } = parts.pace
    const thinking = decisionDelayMs > 0 ? pause(decisionDelayMs) : undefined
    await Promise.all([thinking, ...waiting.map(({ item }) => recognitions.get(item.id ?? ''))])
    const response = responseOf(responseId)
    if (abort.signal.aborted || ended || response === undefined) return
    const decision = decide(modelView(conversation, response))
    if (decision.kind === 'call') dispatch({ type: 'decided', responseId, decision })
    else {
      const answer = asTold(decision)
      if (response.modality === 'audio') await speakAnswer(responseId, answer, abort.signal)
      else await writeAnswer(responseId, answer, abort.signal)
    }
    generating.delete(responseId)
    muted.delete(responseId)
  }

  const asTold = (answer: Answer): Answer => {
    const fault = answer.call === null ? null : plan.takeAnswerFault()
    return fault === null ? answer : withFault(answer, fault)
  }

  const writeAnswer = async (
    responseId: string,
    { pieces, call }: Answer,
    signal: AbortSignal
  ): Promise<void> => {
    dispatch({ type: 'decided', responseId, decision: { kind: 'message' } })
    for (const word of wordsOf(pieces.map(({ text }) => text).join(' '))) {
      if (signal.aborted || ended) return
      dispatch({ type: 'text_delta', responseId, delta: word, audioMs: 0 })
      await pause(TEXT_WORD_MS)
    }
    if (!signal.aborted)
      dispatch({ type: 'finished', responseId, ...(call === null ? {} : { call }) })
  }

  const speechOf = async ({ spoken, language }: PacedPiece): Promise<Speech> =>
    spoken === null
      ? { ok: true, samples: new Int16Array(0) }
      : parts.voice.speak(spoken, language, conversation.session.audio.output.speed)

  const speakAnswer = async (
    responseId: string,
    { pieces, call }: Answer,
    signal: AbortSignal
  ): Promise<void> => {
    let begun = false
    const pace: Pace = { ...parts.pace, brief: plan.brief() ?? parts.pace.brief }
    for (const piece of pacedPieces(pieces, pace)) {
      const speech = await speechOf(piece)
      if (signal.aborted || ended) return
      if (!speech.ok) {
        log('voice.failed', { callId: line.id, message: speech.message })
        dispatch({
          type: 'decided',
          responseId,
          decision: { kind: 'failed', code: 'server_error', message: speech.message }
        })
        return sound.end(responseId)
      }
      if (!begun) dispatch({ type: 'decided', responseId, decision: { kind: 'message' } })
      const audible = !muted.has(responseId)
      const samples = truncateAudio(speech.samples, piece.longestMs)
      const audioMs = durationMs(samples)
      const words = wordsOf(begun ? ` ${piece.text}` : piece.text)
      begun = true
      const portions = audible && samples.length > 0 ? sound.portions(samples, words.length) : []
      for (const [index, word] of words.entries()) {
        if (signal.aborted || ended) return
        const portion = portions[index] ?? null
        dispatch({
          type: 'text_delta',
          responseId,
          delta: word,
          audioMs: portion === null ? 0 : durationMs(portion)
        })
        if (portion !== null) sound.push(responseId, portion)
        await pause(audioMs / GENERATION_SPEED / words.length)
      }
    }
    if (signal.aborted || ended) return
    dispatch({ type: 'finished', responseId, ...(call === null ? {} : { call }) })
    sound.end(responseId)
  }

  return {
    start: () => later(SESSION_LIMIT_MS, () => dispatch({ type: 'expired' })),
    dispatch,
    receive: (text) => {
      const parsed = parseClientEvent(text)
      dispatch(
        parsed.ok
          ? { type: 'client', event: parsed.event }
          : { type: 'refused', refusal: parsed.refusal, eventId: parsed.eventId }
      )
    },
    hear: (samples, arrivedAtMs) => arrived(samples, 'rtp', arrivedAtMs),
    later,
    finish: (reason) => {
      if (ended) return false
      ended = true
      for (const timer of timers) clearTimeout(timer)
      for (const abort of generating.values()) abort.abort()
      sound.close()
      parts.turns.note(line.id, { type: 'call_ended', atMs: wallClockMs() })
      log('call.ended', { callId: line.id, reason })
      return true
    },
    state: () => ({
      model: session.model,
      items: conversation.items.length,
      activeResponse: conversation.active?.id ?? null,
      bufferedMs: Math.round(input.durationMs()),
      lastSpeechAtMs: input.lastSpeechAtMs()
    })
  }
}

const durationMs = (samples: Int16Array): number => (samples.length / OUTPUT_RATE_HZ) * 1_000
