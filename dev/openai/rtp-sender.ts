// The stand-in's mouth on the wire: Opus frames of 20 ms at their due time, from a queue that can be cut off
// in the middle of a word.
import { Encoder } from '@evan/opus'
import { SPEECH_LEVEL_RMS, windowLevels } from './loudness.ts'
import { OUTPUT_RATE_HZ } from './speech-synthesiser.ts'

export const FRAME_MS = 20
const SAMPLES_PER_MS = OUTPUT_RATE_HZ / 1_000
export const FRAME_SAMPLES = SAMPLES_PER_MS * FRAME_MS

/** Silence after the last word, so that the far jitter buffer ends on silence and not on concealment. */
const CLOSING_SILENCE_FRAMES = 10

/** Silence when the line opens: the far side has its decoder and its track ready before the first word. */
const OPENING_SILENCE_FRAMES = 10

/** Frames that may leave in one go when the process was held up; more would flood the far jitter buffer. */
const CATCH_UP_FRAMES = 5

/** A voice that begins is looked for in windows as short as this: half a frame of it is a beginning. */
const ONSET_MS = 5

/** Speech at 32 kbit/s is transparent enough for a synthetic voice. */
const BITRATE = 32_000

export type OutgoingFrame = {
  payload: Buffer
  /** RTP clock, 48 kHz. Runs on through pauses, as RFC 3550 wants. */
  timestamp: number
  /** First frame after a pause (RFC 3551 §4.1). */
  marker: boolean
  /** Part of an answer, not the silence around it. */
  speech: boolean
}

export type RtpSender = {
  /** Queues sound of a response; it starts at once when nothing else is playing. */
  push: (responseId: string, samples: Int16Array) => void
  /** No more sound of this response will come: when its queue is empty it has ended. */
  end: (responseId: string) => void
  /** Silence now. */
  clear: () => void
  /** How much of the response that is playing was sent. */
  playedMs: () => number
  open: () => void
  close: () => void
}

type Utterance = {
  responseId: string
  chunks: Int16Array[]
  offset: number
  ended: boolean
  playedFrames: number
  sounded: boolean
}

/** Whether a voice is in it, however little of it. */
const holdsSound = (frame: Int16Array): boolean => {
  const size = (OUTPUT_RATE_HZ * ONSET_MS) / 1_000
  for (let at = 0; at < frame.length; at += size) {
    const [level = 0] = windowLevels(frame.subarray(at, at + size), OUTPUT_RATE_HZ)
    if (level > SPEECH_LEVEL_RMS) return true
  }
  return false
}

/**
 * @param send writes one frame to the wire.
 * @param onStarted the first frame of a response was sent. @param onSounded the first one that is not its silence
 * was. @param onDrained its last one was.
 */
export const createRtpSender = (
  send: (frame: OutgoingFrame) => void,
  onStarted: (responseId: string) => void,
  onSounded: (responseId: string) => void,
  onDrained: (responseId: string) => void
): RtpSender => {
  const encoder = new Encoder({ channels: 1, sample_rate: OUTPUT_RATE_HZ, application: 'voip' })
  encoder.bitrate = BITRATE
  let queue: Utterance[] = []
  let silenceLeft = 0
  let timer: NodeJS.Timeout | null = null
  let nextDueMs = performance.now()
  let timestamp = 0
  let marker = true
  let closed = false

  const utteranceOf = (responseId: string): Utterance => {
    const known = queue.find((utterance) => utterance.responseId === responseId)
    if (known !== undefined) return known
    const utterance: Utterance = {
      responseId,
      chunks: [],
      offset: 0,
      ended: false,
      playedFrames: 0,
      sounded: false
    }
    queue.push(utterance)
    return utterance
  }

  const available = (utterance: Utterance): number =>
    utterance.chunks.reduce((sum, chunk) => sum + chunk.length, 0) - utterance.offset

  /** Takes up to one frame; the rest of it is silence. */
  const take = (utterance: Utterance): Int16Array => {
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

  const sendFrame = (samples: Int16Array, speech: boolean): void => {
    const payload = Buffer.from(encoder.encode(samples))
    send({ payload, timestamp: timestamp >>> 0, marker, speech })
    marker = false
    timestamp += FRAME_SAMPLES
  }

  /** One frame's worth of work; false when the line can rest. */
  const tick = (): boolean => {
    const playing = queue[0]
    if (playing === undefined) {
      if (silenceLeft === 0) return false
      silenceLeft -= 1
      sendFrame(new Int16Array(FRAME_SAMPLES), false)
      return true
    }
    const left = available(playing)
    // A frame that is not full yet waits for its next words, unless they will not come.
    if (left >= FRAME_SAMPLES || (left > 0 && playing.ended)) {
      const frame = take(playing)
      sendFrame(frame, true)
      playing.playedFrames += 1
      if (playing.playedFrames === 1) onStarted(playing.responseId)
      if (!playing.sounded && holdsSound(frame)) {
        playing.sounded = true
        onSounded(playing.responseId)
      }
    } else if (!playing.ended) sendFrame(new Int16Array(FRAME_SAMPLES), false)
    if (playing.ended && queue[0] === playing && available(playing) <= 0) {
      queue.shift()
      silenceLeft = CLOSING_SILENCE_FRAMES
      if (playing.playedFrames > 0) onDrained(playing.responseId)
    }
    return true
  }

  const run = (): void => {
    timer = null
    if (closed) return
    const nowMs = performance.now()
    let sent = 0
    while (nextDueMs <= nowMs) {
      if (!tick()) return
      nextDueMs += FRAME_MS
      sent += 1
      if (sent >= CATCH_UP_FRAMES) nextDueMs = Math.max(nextDueMs, nowMs + FRAME_MS)
    }
    timer = setTimeout(run, Math.max(1, nextDueMs - performance.now()))
  }

  const wake = (): void => {
    if (timer !== null || closed) return
    const nowMs = performance.now()
    // The clock of the stream ran on while nothing was sent, to the sample: what it is behind its packets is jitter
    // to the far end, which waits longer for the next ones.
    timestamp += Math.round(Math.max(0, nowMs - nextDueMs) * SAMPLES_PER_MS)
    marker = true
    nextDueMs = nowMs
    run()
  }

  return {
    push: (responseId, samples) => {
      utteranceOf(responseId).chunks.push(samples)
      wake()
    },
    end: (responseId) => {
      const utterance = queue.find((queued) => queued.responseId === responseId)
      if (utterance === undefined) return
      utterance.ended = true
      wake()
    },
    clear: () => {
      queue = []
      silenceLeft = CLOSING_SILENCE_FRAMES
    },
    playedMs: () => (queue[0]?.playedFrames ?? 0) * FRAME_MS,
    open: () => {
      silenceLeft = OPENING_SILENCE_FRAMES
      wake()
    },
    close: () => {
      closed = true
      queue = []
      if (timer !== null) clearTimeout(timer)
      timer = null
    }
  }
}
