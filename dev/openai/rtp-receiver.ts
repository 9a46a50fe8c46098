// Decodes RTP packets to PCM at 24 kHz, the rate of the API's input audio.
import { Decoder } from '@evan/opus'

export const INPUT_RATE_HZ = 24_000
const SAMPLES_PER_MS = INPUT_RATE_HZ / 1_000

/** After this many later packets a missing one counts as lost: 60 ms, a usual jitter buffer. */
const REORDER_PACKETS = 3

/** Silence in place of a lost packet: Chromium's Opus frames are 20 ms. */
const LOST_PACKET_SAMPLES = 20 * SAMPLES_PER_MS

const SEQUENCE_NUMBERS = 65_536

export type IncomingPacket = {
  sequenceNumber: number
  payload: Buffer
  /** On the wall clock. */
  arrivedAtMs: number
}

/** The lead of `a` over `b`, across the wrap of 16 bits. */
const ahead = (a: number, b: number): number => {
  const distance = (a - b + SEQUENCE_NUMBERS) % SEQUENCE_NUMBERS
  return distance >= SEQUENCE_NUMBERS / 2 ? distance - SEQUENCE_NUMBERS : distance
}

/**
 * @param onSamples gets the decoded audio in order, with the arrival of its packet. A lost packet is silence, with the
 * arrival of the packet that revealed its loss.
 */
export const createRtpReceiver = (
  onSamples: (samples: Int16Array, arrivedAtMs: number) => void
) => {
  // libopus decodes any input to 24 kHz and one channel.
  const decoder = new Decoder({ channels: 1, sample_rate: INPUT_RATE_HZ })
  const waiting = new Map<number, IncomingPacket>()
  let expected: number | null = null
  let lost = 0

  const decode = ({ payload, arrivedAtMs }: IncomingPacket): void => {
    if (payload.length === 0) return
    const bytes = decoder.decode(payload)
    onSamples(new Int16Array(bytes.slice().buffer), arrivedAtMs)
  }

  return {
    receive: (packet: IncomingPacket): void => {
      const { sequenceNumber } = packet
      expected ??= sequenceNumber
      if (ahead(sequenceNumber, expected) < 0) return
      waiting.set(sequenceNumber, packet)
      while (waiting.size > 0) {
        const next = waiting.get(expected)
        if (next !== undefined) {
          waiting.delete(expected)
          decode(next)
        } else if (waiting.size > REORDER_PACKETS) {
          lost += 1
          onSamples(new Int16Array(LOST_PACKET_SAMPLES), packet.arrivedAtMs)
        } else return
        expected = (expected + 1) % SEQUENCE_NUMBERS
      }
    },
    lostPackets: () => lost
  }
}
