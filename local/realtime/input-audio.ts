// The input audio buffer: what has arrived since the last commit or clear, in the order in which it arrived.
import { INPUT_RATE_HZ } from './listener.ts'

const SAMPLES_PER_MS = INPUT_RATE_HZ / 1_000

/**
 * Under push-to-talk a silent track is buffered until the next clear. Ten minutes is far more than any
 * question and keeps an idle call at 29 MB.
 */
const LONGEST_BUFFER_MS = 600_000

export type InputAudio = {
  add: (samples: Int16Array) => void
  durationMs: () => number
  /** Keeps only the newest part: what voice activity detection puts before the speech it found. */
  keepNewest: (durationMs: number) => void
  take: () => Int16Array
  drop: () => void
}

export const createInputAudio = (): InputAudio => {
  let chunks: Int16Array[] = []
  let length = 0
  const keepNewest = (durationMs: number): void => {
    const limit = durationMs * SAMPLES_PER_MS
    let first = chunks[0]
    while (first !== undefined && length - first.length >= limit) {
      chunks.shift()
      length -= first.length
      first = chunks[0]
    }
  }
  return {
    add: (samples) => {
      chunks.push(samples)
      length += samples.length
      keepNewest(LONGEST_BUFFER_MS)
    },
    durationMs: () => length / SAMPLES_PER_MS,
    keepNewest,
    take: () => {
      const all = new Int16Array(length)
      let at = 0
      for (const chunk of chunks) {
        all.set(chunk, at)
        at += chunk.length
      }
      chunks = []
      length = 0
      return all
    },
    drop: () => {
      chunks = []
      length = 0
    }
  }
}

/** PCM16 little endian in base64, as the API carries audio in events; an odd last byte is dropped. */
export const samplesFromBase64 = (base64: string): Int16Array => {
  const bytes = Buffer.from(base64, 'base64')
  const samples = new Int16Array(Math.floor(bytes.length / 2))
  for (let index = 0; index < samples.length; index += 1)
    samples[index] = bytes.readInt16LE(index * 2)
  return samples
}

export const base64FromSamples = (samples: Int16Array): string =>
  Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength).toString('base64')
