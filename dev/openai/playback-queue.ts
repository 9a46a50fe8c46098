// Queues the audio of responses and cuts it into frames of 20 ms.
import { SPEECH_LEVEL_RMS, windowLevels } from './loudness.ts'
import { OUTPUT_RATE_HZ } from './speech-synthesiser.ts'

export const FRAME_MS = 20
const SAMPLES_PER_MS = OUTPUT_RATE_HZ / 1_000
export const FRAME_SAMPLES = SAMPLES_PER_MS * FRAME_MS

/** Silence after the last word: the client's jitter buffer ends on silence instead of concealment. */
const CLOSING_SILENCE_FRAMES = 10

/** Silence after opening: the client has its decoder and its track ready before the first word. */
const OPENING_SILENCE_FRAMES = 10

/** Window of the search for a voice's beginning, which may be in the last half of a frame. */
const ONSET_SAMPLES = 5 * SAMPLES_PER_MS

export type PlaybackEvent = {
  /** `sounded`: the first frame that is louder than silence. */
  type: 'started' | 'sounded' | 'drained'
  responseId: string
}

export type PlaybackFrame = {
  /** Null where a response ends without a frame of its own. */
  samples: Int16Array | null
  /** Part of an answer, not the silence around it. */
  isSpeech: boolean
  events: readonly PlaybackEvent[]
}

type Utterance = {
  responseId: string
  chunks: Int16Array[]
  offset: number
  ended: boolean
  playedFrames: number
  sounded: boolean
}

const hasSound = (frame: Int16Array): boolean => {
  for (let at = 0; at < frame.length; at += ONSET_SAMPLES) {
    const [level = 0] = windowLevels(frame.subarray(at, at + ONSET_SAMPLES), OUTPUT_RATE_HZ)
    if (level > SPEECH_LEVEL_RMS) return true
  }
  return false
}

const available = ({ chunks, offset }: Utterance): number =>
  chunks.reduce((sum, chunk) => sum + chunk.length, 0) - offset

/** Takes up to one frame; silence fills the rest. */
const takeFrame = (utterance: Utterance): Int16Array => {
  const frame = new Int16Array(FRAME_SAMPLES)
  let filled = 0
  let chunk = utterance.chunks[0]
  while (filled < FRAME_SAMPLES && chunk !== undefined) {
    const part = chunk.subarray(utterance.offset, utterance.offset + FRAME_SAMPLES - filled)
    frame.set(part, filled)
    filled += part.length
    utterance.offset += part.length
    if (utterance.offset >= chunk.length) {
      utterance.chunks.shift()
      utterance.offset = 0
    }
    chunk = utterance.chunks[0]
  }
  return frame
}

export const createPlaybackQueue = () => {
  let queue: Utterance[] = []
  let silentFrames = 0

  const utteranceOf = (responseId: string): Utterance | undefined =>
    queue.find((utterance) => utterance.responseId === responseId)

  const nextOf = (playing: Utterance): PlaybackFrame => {
    const events: PlaybackEvent[] = []
    const { responseId, ended } = playing
    const left = available(playing)
    let samples: Int16Array | null = ended ? null : new Int16Array(FRAME_SAMPLES)
    // A frame that is not full waits for more words, unless the response is complete.
    const isSpeech = left >= FRAME_SAMPLES || (left > 0 && ended)
    if (isSpeech) {
      samples = takeFrame(playing)
      playing.playedFrames += 1
      if (playing.playedFrames === 1) events.push({ type: 'started', responseId })
      if (!playing.sounded && hasSound(samples)) {
        playing.sounded = true
        events.push({ type: 'sounded', responseId })
      }
    }
    if (ended && available(playing) <= 0) {
      queue.shift()
      silentFrames = CLOSING_SILENCE_FRAMES
      if (playing.playedFrames > 0) events.push({ type: 'drained', responseId })
    }
    return { samples, isSpeech, events }
  }

  return {
    open: () => {
      silentFrames = OPENING_SILENCE_FRAMES
    },
    push: (responseId: string, samples: Int16Array): void => {
      const known = utteranceOf(responseId)
      if (known !== undefined) known.chunks.push(samples)
      else
        queue.push({
          responseId,
          chunks: [samples],
          offset: 0,
          ended: false,
          playedFrames: 0,
          sounded: false
        })
    },
    /** Marks a response as complete. False when it is not queued. */
    end: (responseId: string): boolean => {
      const utterance = utteranceOf(responseId)
      if (utterance === undefined) return false
      utterance.ended = true
      return true
    },
    clear: () => {
      queue = []
      silentFrames = CLOSING_SILENCE_FRAMES
    },
    /** Length of the playing response's audio that has left the queue. */
    playedMs: () => (queue[0]?.playedFrames ?? 0) * FRAME_MS,
    /** The next frame; null when the queue is empty. */
    next: (): PlaybackFrame | null => {
      const playing = queue[0]
      if (playing !== undefined) return nextOf(playing)
      if (silentFrames === 0) return null
      silentFrames -= 1
      return { samples: new Int16Array(FRAME_SAMPLES), isSpeech: false, events: [] }
    }
  }
}
