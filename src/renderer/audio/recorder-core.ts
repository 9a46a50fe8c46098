// What the recorder does with samples, without a worklet around it: floats to PCM16, the ring before a press, the
// pieces of a recording, and where it ends by itself.

import { createSilenceDetector } from './silence-detector.ts'

/** What the model takes in `input_audio_buffer.append`. */
export const RECORDING_RATE_HZ = 24_000

/** Kept from before the press: the first syllable is often there already when the pedal arrives. */
export const PRE_ROLL_MS = 200

/** One piece of a recording: as often as WebRTC sends a packet. */
export const PIECE_MS = 20

/** A turn ends after 90 s; a recording that nobody ends is over soon after. */
export const MAX_RECORDING_MS = 100_000

/** The name under which the worklet registers itself. */
export const RECORDER_PROCESSOR = 'heard-recorder'

/** Full scale of PCM16. The lowest value, -32768, is left out: so the positive and the negative half are alike. */
const FULL_SCALE = 32_767

/** Samples from -1 to 1 as PCM16; what is louder is cut off rather than wrapped around. */
export const toPcm16 = (samples: Float32Array): Int16Array<ArrayBuffer> => {
  const pcm = new Int16Array(samples.length)
  for (let at = 0; at < samples.length; at++) {
    pcm[at] = Math.round(Math.max(-1, Math.min(1, samples[at] ?? 0)) * FULL_SCALE)
  }
  return pcm
}

/** The last samples heard, and no others: each one overwrites the oldest. */
export type Ring = {
  push: (samples: Int16Array) => void
  /** What is in it, oldest first, and empties it. */
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
      for (const sample of samples.subarray(Math.max(0, samples.length - capacity))) {
        kept[next] = sample
        next = (next + 1) % capacity
        length = Math.min(capacity, length + 1)
      }
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

/** What the page tells the worklet. */
export type RecorderOrder =
  | { kind: 'start'; recordingId: number }
  /** `atSeconds` on the context's clock: what is heard up to there belongs to it. 0: it ends at once. */
  | { kind: 'stop'; recordingId: number; atSeconds: number }

/** What the worklet tells the page. `ended` follows the last piece of a recording, however it ended. */
export type RecorderReport =
  | {
      kind: 'piece'
      recordingId: number
      samples: Int16Array<ArrayBuffer>
      /** The end of the block that its last sample came with, on the context's clock. */
      untilSeconds: number
      /** For how long nobody has spoken at its end; 0 while somebody does, or when it cannot be told. */
      silenceMs: number
    }
  | { kind: 'ended'; recordingId: number }

export type RecorderLimits = {
  rateHz: number
  preRollSamples: number
  pieceSamples: number
  /** A recording that reaches this ends by itself. */
  longestSamples: number
}

export type RecorderCore = {
  order: (order: RecorderOrder) => void
  /** One block of the microphone, empty while there is none, and its end on the context's clock. */
  heard: (samples: Float32Array, untilSeconds: number) => void
}

/**
 * Between recordings samples go into the ring only, where the next ones overwrite them: nothing that was said
 * without a press leaves the worklet, except the last moment before one. A sample is in one recording at most.
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

  const hand = (recordingId: number, samples: Int16Array<ArrayBuffer>) =>
    report({ kind: 'piece', recordingId, samples, untilSeconds, silenceMs: quiet.silenceMs() })
  const flush = (id: number) => {
    if (filled === 0) return
    // The piece is given away with its memory; the next one has its own.
    hand(id, piece.slice(0, filled))
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
      hand(id, piece)
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
    heard: (samples, blockUntilSeconds) => {
      untilSeconds = blockUntilSeconds
      const isEnding = endsAtSeconds < Number.POSITIVE_INFINITY
      if (samples.length === 0) {
        quiet.forget()
        // Without a microphone: what the last one heard is no pre-roll of a press that comes later.
        if (recordingId === null) ring.clear()
        if (isEnding) end()
        return
      }
      const pcm = toPcm16(samples)
      quiet.heard(pcm)
      if (recordingId === null) ring.push(pcm)
      else record(recordingId, pcm)
      if (untilSeconds >= endsAtSeconds) end()
    }
  }
}
