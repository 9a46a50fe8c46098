// Buffers the input audio since the last commit or clear, with its origin and arrival.
import { loudMs } from './loudness.ts'
import { INPUT_RATE_HZ } from './rtp-receiver.ts'

const SAMPLES_PER_MS = INPUT_RATE_HZ / 1_000

/** Push-to-talk buffers a silent track until the next clear: ten minutes of an idle call are 29 MB. */
const LONGEST_BUFFER_MS = 600_000

export type AudioOrigin = 'append' | 'rtp'

export type BufferContents = {
  appendedMs: number
  rtpMs: number
  /** Arrival of the first audio, and of the first and the last that is as loud as speech; null for none. */
  firstPacketAtMs: number | null
  firstSpeechAtMs: number | null
  lastSpeechAtMs: number | null
}

type Chunk = { samples: Int16Array; origin: AudioOrigin; arrivedAtMs: number; isSpeech: boolean }

const lengthOf = (chunks: readonly Chunk[], origin: AudioOrigin): number =>
  chunks.reduce((sum, chunk) => sum + (chunk.origin === origin ? chunk.samples.length : 0), 0)

export const createInputAudioBuffer = () => {
  let chunks: Chunk[] = []
  let length = 0
  let lastSpeechAtMs: number | null = null
  /** Drops all but the newest part, the padding of voice activity detection before speech. */
  const keepNewest = (durationMs: number): void => {
    const limit = durationMs * SAMPLES_PER_MS
    let first = chunks[0]
    while (first !== undefined && length - first.samples.length >= limit) {
      chunks.shift()
      length -= first.samples.length
      first = chunks[0]
    }
  }
  const drop = (): void => {
    chunks = []
    length = 0
  }
  const copy = (): Int16Array => {
    const all = new Int16Array(length)
    let at = 0
    for (const { samples } of chunks) {
      all.set(samples, at)
      at += samples.length
    }
    return all
  }
  return {
    /** @param arrivedAtMs on the wall clock. */
    add: (samples: Int16Array, origin: AudioOrigin, arrivedAtMs: number): void => {
      const isSpeech = loudMs(samples, INPUT_RATE_HZ) > 0
      if (isSpeech && origin === 'rtp') lastSpeechAtMs = arrivedAtMs
      chunks.push({ samples, origin, arrivedAtMs, isSpeech })
      length += samples.length
      keepNewest(LONGEST_BUFFER_MS)
    },
    durationMs: () => length / SAMPLES_PER_MS,
    /** Arrival of the last media as loud as speech, committed or not; null before the first. */
    lastSpeechAtMs: () => lastSpeechAtMs,
    contents: (): BufferContents => ({
      appendedMs: lengthOf(chunks, 'append') / SAMPLES_PER_MS,
      rtpMs: lengthOf(chunks, 'rtp') / SAMPLES_PER_MS,
      firstPacketAtMs: chunks[0]?.arrivedAtMs ?? null,
      firstSpeechAtMs: chunks.find(({ isSpeech }) => isSpeech)?.arrivedAtMs ?? null,
      lastSpeechAtMs: chunks.findLast(({ isSpeech }) => isSpeech)?.arrivedAtMs ?? null
    }),
    keepNewest,
    copy,
    take: () => {
      const all = copy()
      drop()
      return all
    },
    drop
  }
}
export type InputAudioBuffer = ReturnType<typeof createInputAudioBuffer>

/** Reads PCM16 little endian from base64, as events carry it; drops an odd last byte. */
export const samplesFromBase64 = (base64: string): Int16Array => {
  const bytes = Buffer.from(base64, 'base64')
  const samples = new Int16Array(Math.floor(bytes.length / 2))
  for (let index = 0; index < samples.length; index += 1)
    samples[index] = bytes.readInt16LE(index * 2)
  return samples
}

export const base64FromSamples = (samples: Int16Array): string =>
  Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength).toString('base64')
