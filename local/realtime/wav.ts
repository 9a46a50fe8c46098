// Reads the WAV that speech programs write to a pipe, whose lengths are not filled in.

export type Sound = { samples: Int16Array; rateHz: number }

const CHUNK_HEADER_BYTES = 8
const RIFF_HEADER_BYTES = 12

/** 16-bit mono PCM from a WAV; null when it is something else. A length of more than there is means "to the end". */
export const readWav = (bytes: Buffer): Sound | null => {
  if (bytes.length < RIFF_HEADER_BYTES || bytes.toString('latin1', 0, 4) !== 'RIFF') return null
  let at = RIFF_HEADER_BYTES
  let rateHz = 0
  while (at + CHUNK_HEADER_BYTES <= bytes.length) {
    const name = bytes.toString('latin1', at, at + 4)
    const length = bytes.readUInt32LE(at + 4)
    const start = at + CHUNK_HEADER_BYTES
    if (name === 'fmt ') {
      const isMono16 = bytes.readUInt16LE(start + 2) === 1 && bytes.readUInt16LE(start + 14) === 16
      if (!isMono16) return null
      rateHz = bytes.readUInt32LE(start + 4)
    }
    if (name === 'data') {
      const end = Math.min(bytes.length, start + length)
      const count = Math.floor((end - start) / 2)
      const samples = new Int16Array(count)
      for (let index = 0; index < count; index += 1)
        samples[index] = bytes.readInt16LE(start + index * 2)
      return rateHz === 0 ? null : { samples, rateHz }
    }
    at = start + length + (length % 2)
  }
  return null
}

/** A WAV of 16-bit mono samples, for a program that wants a file. */
export const writeWav = ({ samples, rateHz }: Sound): Buffer => {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0, 'latin1')
  header.writeUInt32LE(36 + samples.length * 2, 4)
  header.write('WAVEfmt ', 8, 'latin1')
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
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
