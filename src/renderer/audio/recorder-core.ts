// Cuts the microphone's samples into recordings: PCM16, the pre-roll, the pieces, and the longest recording.

import { createSilenceDetector } from './silence-detector.ts'

/** The rate of `input_audio_buffer.append`. */
export const RECORDING_RATE_HZ = 24_000

/** The first syllable often precedes the pedal's event. */
export const PRE_ROLL_MS = 200

/** WebRTC's packet time. */
export const PIECE_MS = 20

/** A turn ends after 90 s; a recording without a stop ends soon after. */
export const MAX_RECORDING_MS = 100_000

export const RECORDER_PROCESSOR = 'heard-recorder'

/** Full scale of PCM16 without -32768, so that both halves are alike. */
const FULL_SCALE = 32_767

/** Converts samples from -1 to 1; louder ones are clipped. */
export const toPcm16 = (samples: Float32Array): Int16Array<ArrayBuffer> => {
  const pcm = new Int16Array(samples.length)
  for (let at = 0; at < samples.length; at++) {
    pcm[at] = Math.round(Math.max(-1, Math.min(1, samples[at] ?? 0)) * FULL_SCALE)
  }
  return pcm
}

/** Keeps the last samples; each one overwrites the oldest. */
export type Ring = {
  push: (samples: Int16Array) => void
  /** Returns the samples, oldest first, and empties the ring. */
  take: () => Int16Array<ArrayBuffer>
  clear: () => void
}

/** @param capacity samples kept */
export const createRing = (capacity: number): Ring => {
  const kept = new Int16Array(capacity)
  let length = 0
  let next = 0
  const clear = () => {
    kept.fill(0)
    length = 0
    next = 0
  }
  return {
    push: (samples) => {
      const last = samples.subarray(Math.max(0, samples.length - capacity))
      const first = last.subarray(0, capacity - next)
      kept.set(first, next)
      kept.set(last.subarray(first.length), 0)
      next = (next + last.length) % capacity
      length = Math.min(capacity, length + last.length)
    },
    take: () => {
      const taken = new Int16Array(length)
      const oldest = (next - length + capacity) % capacity
      const first = kept.subarray(oldest, Math.min(capacity, oldest + length))
      taken.set(first)
      taken.set(kept.subarray(0, length - first.length), first.length)
      clear()
      return taken
    },
    clear
  }
}

export type RecorderOrder =
  | { kind: 'start'; recordingId: number }
  /** Ends the recording at `atSeconds` on the context's clock; 0 ends it at once. */
  | { kind: 'stop'; recordingId: number; atSeconds: number }

/** `ended` follows the last piece of a recording, however it ended. */
export type RecorderReport =
  | {
      kind: 'piece'
      recordingId: number
      samples: Int16Array<ArrayBuffer>
      /** The end of its last sample's block, on the context's clock. */
      untilSeconds: number
      /** Length of the silence at its end; 0 during speech, or where speech does not stand out from noise. */
      silenceMs: number
    }
  | { kind: 'ended'; recordingId: number }

export type RecorderLimits = {
  rateHz: number
  preRollSamples: number
  pieceSamples: number
  /** A recording of this length ends by itself. */
  longestSamples: number
}

export type RecorderCore = {
  order: (order: RecorderOrder) => void
  /** Takes one block, empty without a microphone, and its end on the context's clock. */
  add: (samples: Float32Array, untilSeconds: number) => void
}

/**
 * Between recordings, samples only go into the ring, which overwrites them: without a press no sound leaves
 * the worklet. A sample is in one recording at most.
 */
export const createRecorderCore = (
  limits: RecorderLimits,
  report: (report: RecorderReport) => void
): RecorderCore => {
  const ring = createRing(limits.preRollSamples)
  const quiet = createSilenceDetector(limits.rateHz)
  let untilSeconds = 0
  let endsAtSeconds = Number.POSITIVE_INFINITY
  let recordingId: number | null = null
  let recordedSamples = 0
  let piece = new Int16Array(limits.pieceSamples)
  let filled = 0

  const reportPiece = (recordingId: number, samples: Int16Array<ArrayBuffer>) =>
    report({ kind: 'piece', recordingId, samples, untilSeconds, silenceMs: quiet.silenceMs() })
  const flush = (id: number) => {
    if (filled === 0) return
    // The piece is transferred with its memory; the next one has its own.
    reportPiece(id, piece.slice(0, filled))
    filled = 0
  }
  const end = () => {
    if (recordingId === null) return
    flush(recordingId)
    report({ kind: 'ended', recordingId })
    recordingId = null
    endsAtSeconds = Number.POSITIVE_INFINITY
  }
  const record = (id: number, samples: Int16Array) => {
    const room = limits.longestSamples - recordedSamples
    const wanted = samples.subarray(0, room)
    for (let at = 0; at < wanted.length; ) {
      const part = wanted.subarray(at, at + limits.pieceSamples - filled)
      piece.set(part, filled)
      filled += part.length
      at += part.length
      if (filled < limits.pieceSamples) continue
      reportPiece(id, piece)
      piece = new Int16Array(limits.pieceSamples)
      filled = 0
    }
    recordedSamples += wanted.length
    if (recordedSamples >= limits.longestSamples) end()
  }

  return {
    order: (order) => {
      switch (order.kind) {
        case 'start':
          end()
          recordingId = order.recordingId
          recordedSamples = 0
          quiet.begin()
          record(order.recordingId, ring.take())
          return
        case 'stop':
          if (recordingId !== order.recordingId) return
          endsAtSeconds = order.atSeconds
          if (untilSeconds >= endsAtSeconds) end()
          return
        default:
          order satisfies never
      }
    },
    add: (samples, blockUntilSeconds) => {
      untilSeconds = blockUntilSeconds
      const isEnding = endsAtSeconds < Number.POSITIVE_INFINITY
      if (samples.length === 0) {
        quiet.forget()
        // The last microphone's sound is no pre-roll of a later press.
        if (recordingId === null) ring.clear()
        if (isEnding) end()
        return
      }
      const pcm = toPcm16(samples)
      quiet.add(pcm)
      if (recordingId === null) ring.push(pcm)
      else record(recordingId, pcm)
      if (untilSeconds >= endsAtSeconds) end()
    }
  }
}
