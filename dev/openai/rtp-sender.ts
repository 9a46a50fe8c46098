// Sends queued audio as Opus frames, each at its due time.
import { Encoder } from '@evan/opus'
import {
  createPlaybackQueue,
  FRAME_MS,
  FRAME_SAMPLES,
  type PlaybackEvent
} from './playback-queue.ts'
import type { OutputAudio } from './session-connection.ts'
import { OUTPUT_RATE_HZ } from './speech-synthesiser.ts'

const SAMPLES_PER_MS = OUTPUT_RATE_HZ / 1_000

/** Frames that a late process may send in one go; more would flood the client's jitter buffer. */
const CATCH_UP_FRAMES = 5

/** Speech at 32 kbit/s is transparent enough for a synthetic voice. */
const BITRATE = 32_000

export type OutgoingFrame = {
  payload: Buffer
  /** RTP clock, 48 kHz. It continues through pauses (RFC 3550). */
  timestamp: number
  /** First frame after a pause (RFC 3551 §4.1). */
  marker: boolean
  /** Part of an answer, not the silence around it. */
  isSpeech: boolean
}

export type RtpSender = Omit<OutputAudio, 'portions'> & { open: () => void }

/** @param onPlayback is called when a response's first frame, first sound and last frame were sent. */
export const createRtpSender = (
  send: (frame: OutgoingFrame) => void,
  onPlayback: (event: PlaybackEvent) => void
): RtpSender => {
  const encoder = new Encoder({ channels: 1, sample_rate: OUTPUT_RATE_HZ, application: 'voip' })
  encoder.bitrate = BITRATE
  const queue = createPlaybackQueue()
  let timer: NodeJS.Timeout | null = null
  let nextDueMs = performance.now()
  let timestamp = 0
  let marker = true
  let closed = false

  /** Sends one frame; false when the queue is empty. */
  const sendNext = (): boolean => {
    const frame = queue.next()
    if (frame === null) return false
    const { samples, isSpeech, events } = frame
    if (samples !== null) {
      const payload = Buffer.from(encoder.encode(samples))
      send({ payload, timestamp: timestamp >>> 0, marker, isSpeech })
      marker = false
      timestamp += FRAME_SAMPLES
    }
    for (const event of events) onPlayback(event)
    return true
  }

  const run = (): void => {
    timer = null
    if (closed) return
    const nowMs = performance.now()
    let sent = 0
    while (nextDueMs <= nowMs) {
      if (!sendNext()) return
      nextDueMs += FRAME_MS
      sent += 1
      if (sent >= CATCH_UP_FRAMES) nextDueMs = Math.max(nextDueMs, nowMs + FRAME_MS)
    }
    timer = setTimeout(run, Math.max(1, nextDueMs - performance.now()))
  }

  const wake = (): void => {
    if (timer !== null || closed) return
    const nowMs = performance.now()
    // The timestamp follows the pause to the sample: a client takes a difference for jitter and waits longer.
    timestamp += Math.round(Math.max(0, nowMs - nextDueMs) * SAMPLES_PER_MS)
    marker = true
    nextDueMs = nowMs
    run()
  }

  return {
    push: (responseId, samples) => {
      queue.push(responseId, samples)
      wake()
    },
    end: (responseId) => {
      if (queue.end(responseId)) wake()
    },
    clear: queue.clear,
    playedMs: queue.playedMs,
    open: () => {
      queue.open()
      wake()
    },
    close: () => {
      closed = true
      if (timer !== null) clearTimeout(timer)
      timer = null
    }
  }
}
