// Reads and writes PCM16 WAV.

/** Mono samples of 16 bits. */
export type Sound = { samples: Int16Array; rateHz: number }

export type ReadSound = { ok: true; sound: Sound } | { ok: false; problem: string }

const RIFF_HEADER_BYTES = 12
const CHUNK_HEADER_BYTES = 8
const FILE_HEADER_BYTES = 44
const PCM = 1

type Format = { rateHz: number; channels: number }

/**
 * Reads a WAV and mixes its channels to one. A length beyond the end means "to the end": a speech program cannot fill it
 * in on a pipe.
 */
export const readWav = (bytes: Buffer): ReadSound => {
  if (bytes.length < RIFF_HEADER_BYTES || bytes.toString('latin1', 0, 4) !== 'RIFF') {
    return { ok: false, problem: 'not a WAV file (no RIFF header)' }
  }
  let format: Format | null = null
  let at = RIFF_HEADER_BYTES
  while (at + CHUNK_HEADER_BYTES <= bytes.length) {
    const name = bytes.toString('latin1', at, at + 4)
    const start = at + CHUNK_HEADER_BYTES
    const length = Math.min(bytes.readUInt32LE(at + 4), bytes.length - start)
    if (name === 'fmt ' && length >= 16) {
      const kind = bytes.readUInt16LE(start)
      const bits = bytes.readUInt16LE(start + 14)
      if (kind !== PCM || bits !== 16) {
        return { ok: false, problem: `not PCM of 16 bits (format ${kind}, ${bits} bits)` }
      }
      format = { channels: bytes.readUInt16LE(start + 2), rateHz: bytes.readUInt32LE(start + 4) }
      if (format.channels === 0 || format.rateHz === 0) {
        return { ok: false, problem: 'a format without channels or without a rate' }
      }
    }
    if (name === 'data') {
      if (format === null) return { ok: false, problem: 'the sound comes before its format' }
      return { ok: true, sound: mixed(bytes.subarray(start, start + length), format) }
    }
    at = start + length + (length % 2)
  }
  return { ok: false, problem: 'no sound in the file' }
}

const mixed = (data: Buffer, { channels, rateHz }: Format): Sound => {
  const samples = new Int16Array(Math.floor(data.length / 2 / channels))
  for (let frame = 0; frame < samples.length; frame++) {
    let sum = 0
    for (let channel = 0; channel < channels; channel++) {
      sum += data.readInt16LE((frame * channels + channel) * 2)
    }
    samples[frame] = Math.round(sum / channels)
  }
  return { samples, rateHz }
}

export const writeWav = ({ samples, rateHz }: Sound): Buffer => {
  const header = Buffer.alloc(FILE_HEADER_BYTES)
  header.write('RIFF', 0, 'latin1')
  header.writeUInt32LE(FILE_HEADER_BYTES - 8 + samples.length * 2, 4)
  header.write('WAVEfmt ', 8, 'latin1')
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(PCM, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(rateHz, 24)
  header.writeUInt32LE(rateHz * 2, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36, 'latin1')
  header.writeUInt32LE(samples.length * 2, 40)
  return Buffer.concat([
    header,
    Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)
  ])
}
