// PCM16 WAV files: read, written, measured.

export type Sound = {
  /** Mono samples, -1 to 1. */
  samples: Float32Array
  sampleRate: number
}

const HEADER_BYTES = 44
const PCM = 1

/**
 * Reads a PCM16 WAV file, mixing channels to one.
 * @throws Error with what is wrong with the file.
 */
export const readWav = (file: Buffer): Sound => {
  if (file.length < 12 || file.toString('latin1', 0, 4) !== 'RIFF') {
    throw new Error('not a WAV file (no RIFF header)')
  }
  let sampleRate = 0
  let channels = 0
  let at = 12
  while (at + 8 <= file.length) {
    const name = file.toString('latin1', at, at + 4)
    // espeak-ng writes to a pipe and cannot go back to fill in the size: 0x7fffffff means "to the end".
    const size = Math.min(file.readUInt32LE(at + 4), file.length - at - 8)
    const start = at + 8
    if (name === 'fmt ') {
      const format = file.readUInt16LE(start)
      const bits = file.readUInt16LE(start + 14)
      if (format !== PCM || bits !== 16) {
        throw new Error(`not PCM16 (format ${format}, ${bits} bits)`)
      }
      channels = file.readUInt16LE(start + 2)
      sampleRate = file.readUInt32LE(start + 4)
    } else if (name === 'data') {
      if (channels === 0) throw new Error('the data comes before the format')
      const frames = Math.floor(size / 2 / channels)
      const samples = new Float32Array(frames)
      for (let frame = 0; frame < frames; frame++) {
        let sum = 0
        for (let channel = 0; channel < channels; channel++) {
          sum += file.readInt16LE(start + (frame * channels + channel) * 2)
        }
        samples[frame] = sum / channels / 32_768
      }
      return { samples, sampleRate }
    }
    at = start + size + (size % 2)
  }
  throw new Error('no sound in the file')
}

export const writeWav = ({ samples, sampleRate }: Sound): Buffer => {
  const file = Buffer.alloc(HEADER_BYTES + samples.length * 2)
  file.write('RIFF', 0, 'latin1')
  file.writeUInt32LE(file.length - 8, 4)
  file.write('WAVEfmt ', 8, 'latin1')
  file.writeUInt32LE(16, 16)
  file.writeUInt16LE(PCM, 20)
  file.writeUInt16LE(1, 22)
  file.writeUInt32LE(sampleRate, 24)
  file.writeUInt32LE(sampleRate * 2, 28)
  file.writeUInt16LE(2, 32)
  file.writeUInt16LE(16, 34)
  file.write('data', 36, 'latin1')
  file.writeUInt32LE(samples.length * 2, 40)
  samples.forEach((sample, i) => {
    const clipped = Math.max(-1, Math.min(1, sample))
    file.writeInt16LE(Math.round(clipped * 32_767), HEADER_BYTES + i * 2)
  })
  return file
}

/** Peak level in dB below full scale; -Infinity for silence. */
export const peakDb = (samples: Float32Array): number => {
  let peak = 0
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample))
  return 20 * Math.log10(peak)
}

/** Index of the first sample above `levelDb`, or -1. */
export const firstAbove = (samples: Float32Array, levelDb: number): number => {
  const level = 10 ** (levelDb / 20)
  return samples.findIndex((sample) => Math.abs(sample) > level)
}
