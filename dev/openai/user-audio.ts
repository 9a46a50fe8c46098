// Takes in a user's audio: buffers it, detects speech in it and recognises it.
import type { Input } from './conversation/reducer.ts'
import type { RecognisedSpeech } from './conversation/state.ts'
import {
  type AudioOrigin,
  type BufferContents,
  base64FromSamples,
  createInputAudioBuffer
} from './input-audio-buffer.ts'
import { spokenLanguages } from './model-view.ts'
import { createPartialTranscriber } from './partial-transcripts.ts'
import type { EffectiveSession } from './session-schema.ts'
import type { SpeechRecogniser } from './speech-recogniser.ts'
import { createVoiceActivity, prefixPaddingMs, vadSettings } from './voice-activity.ts'

/** Audio of this many items stays for `conversation.item.retrieve`. */
const STORED_AUDIO_ITEMS = 32

/** One recognition of pocketsphinx takes a few hundred milliseconds, one by loudness none. */
const PARTIAL_EVERY_MS = { pocketsphinx: 400, loudness: 100, none: 400 } as const

/** Between the words of a question are shorter gaps. */
const PAUSE_MS = 150

export type RecognisedItem = {
  itemId: string
  recognition: RecognisedSpeech
  audioMs: number
  tookMs: number
}

export type UserAudioPorts = {
  recogniser: SpeechRecogniser
  session: () => EffectiveSession
  dispatch: (input: Input) => void
  sendsPartialTranscripts: () => boolean
  /** Resolves when the transcript of a recognition that took this long is due. */
  transcriptDue: (tookMs: number) => Promise<void>
  onRecognised: (item: RecognisedItem) => void
}

export type UserAudio = {
  /** @param arrivedAtMs on the wall clock. */
  add: (samples: Int16Array, origin: AudioOrigin, arrivedAtMs: number) => void
  drop: () => void
  /** Moves the buffer's audio to an item and recognises it. */
  take: (itemId: string) => void
  /** Recognises audio that came inside an item. */
  store: (itemId: string, samples: Int16Array) => void
  /** Resolves when an item's audio is recognised; undefined for an item without audio. */
  recognised: (itemId: string) => Promise<void> | undefined
  bufferedMs: () => number
  lastSpeechAtMs: () => number | null
  contents: () => BufferContents
  /** PCM16 of an item in base64; null when it has none. */
  base64Of: (itemId: string) => string | null
}

export const createUserAudio = (ports: UserAudioPorts): UserAudio => {
  const { recogniser, session, dispatch } = ports
  const buffer = createInputAudioBuffer()
  const stored = new Map<string, Int16Array>()
  const recognitions = new Map<string, Promise<void>>()
  const turnDetection = () => session().audio.input.turn_detection
  const activity = createVoiceActivity(() => vadSettings(turnDetection()))
  let isSpeaking = false

  const partialTranscriber = createPartialTranscriber(
    buffer,
    PARTIAL_EVERY_MS[recogniser.kind],
    (samples) => recogniser.recognisePartial(samples, spokenLanguages(session())),
    ports.transcriptDue,
    (text) => dispatch({ type: 'partial_transcript', text }),
    ports.sendsPartialTranscripts
  )

  /** The recognition of all words up to a pause, for a commit that follows it. */
  let paused: { speechAtMs: number; recognition: Promise<RecognisedSpeech> } | null = null
  let isPauseBusy = false
  /** Speech that was committed or dropped. */
  let doneSpeechAtMs = -1
  const forgetPause = () => {
    paused = null
    doneSpeechAtMs = buffer.lastSpeechAtMs() ?? -1
  }

  const recogniseInPause = (nowMs: number): void => {
    const speechAtMs = buffer.lastSpeechAtMs()
    const isPause =
      speechAtMs !== null && speechAtMs > doneSpeechAtMs && nowMs - speechAtMs >= PAUSE_MS
    if (!isPause || isPauseBusy || paused?.speechAtMs === speechAtMs) return
    if (turnDetection() !== null || !ports.sendsPartialTranscripts()) return
    // The loudness recogniser takes no time, and hears the next question at each call.
    if (recogniser.kind !== 'pocketsphinx') return
    isPauseBusy = true
    const recognition = recogniser.recognise(buffer.copy(), spokenLanguages(session()))
    paused = { speechAtMs, recognition }
    void Promise.all([recognition, ports.transcriptDue(0)]).then(([recognised]) => {
      isPauseBusy = false
      const isCurrent = paused?.recognition === recognition
      if (isCurrent && recognised.kind === 'recognised') {
        dispatch({ type: 'partial_transcript', text: recognised.text })
      }
    })
  }

  /** The recognition of the buffer, where nothing was said since the pause that it was made in. */
  const takePaused = (): Promise<RecognisedSpeech> | null => {
    const known = paused?.speechAtMs === buffer.lastSpeechAtMs() ? paused : null
    forgetPause()
    return known?.recognition ?? null
  }

  const store = (
    itemId: string,
    samples: Int16Array,
    known: Promise<RecognisedSpeech> | null = null
  ): void => {
    stored.set(itemId, samples)
    for (const oldest of stored.keys()) {
      if (stored.size <= STORED_AUDIO_ITEMS) break
      stored.delete(oldest)
    }
    const startedMs = performance.now()
    const recognised = known ?? recogniser.recognise(samples, spokenLanguages(session()))
    const done = recognised.then((recognition) =>
      ports.onRecognised({
        itemId,
        recognition,
        audioMs: Math.round(samples.length / 24),
        tookMs: Math.round(performance.now() - startedMs)
      })
    )
    recognitions.set(itemId, done)
  }

  return {
    add: (samples, origin, arrivedAtMs) => {
      buffer.add(samples, origin, arrivedAtMs)
      partialTranscriber.grown()
      if (origin === 'rtp') recogniseInPause(arrivedAtMs)
      else forgetPause()
      const detection = turnDetection()
      if (detection === null) return
      for (const { type, atMs } of activity.detect(samples)) {
        isSpeaking = type === 'speech_started'
        dispatch({ type, atMs })
      }
      if (!isSpeaking) buffer.keepNewest(prefixPaddingMs(detection))
    },
    drop: () => {
      partialTranscriber.restart()
      forgetPause()
      buffer.drop()
    },
    take: (itemId) => {
      partialTranscriber.restart()
      const known = takePaused()
      store(itemId, buffer.take(), known)
    },
    store,
    recognised: (itemId) => recognitions.get(itemId),
    bufferedMs: buffer.durationMs,
    lastSpeechAtMs: buffer.lastSpeechAtMs,
    contents: buffer.contents,
    base64Of: (itemId) => {
      const samples = stored.get(itemId)
      return samples === undefined ? null : base64FromSamples(samples)
    }
  }
}
