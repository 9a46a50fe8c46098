// Defines the emulated networks. Loss and jitter depend on a seed and the packet's number: two runs lose the same
// packets.
import { seededRandom } from './seeded-random.ts'

export type NetworkProfile = {
  /** Round trip in ms; half of it each way. */
  roundTripMs: number
  /** Share of packets lost, 0 to 1, each way. */
  lossShare: number
  /** Jitter as a share of the delay, longer or shorter. A packet never overtakes another. */
  jitterShare: number
}

/** Jitter of a radio link under load. */
const USUAL_JITTER_SHARE = 0.2

export const NETWORK_PROFILES = {
  /** The emulator without delay or loss. */
  clear: { roundTripMs: 0, lossShare: 0, jitterShare: 0 },
  wifi: { roundTripMs: 40, lossShare: 0.002, jitterShare: USUAL_JITTER_SHARE },
  busy_wifi: { roundTripMs: 40, lossShare: 0.05, jitterShare: USUAL_JITTER_SHARE },
  poor: { roundTripMs: 350, lossShare: 0.05, jitterShare: USUAL_JITTER_SHARE },
  very_bad: { roundTripMs: 500, lossShare: 0.1, jitterShare: USUAL_JITTER_SHARE },
  blocked: { roundTripMs: 0, lossShare: 1, jitterShare: 0 }
} as const satisfies Record<string, NetworkProfile>

export type NetworkName = keyof typeof NETWORK_PROFILES

export const NETWORK_NAMES = Object.keys(NETWORK_PROFILES) as [NetworkName, ...NetworkName[]]

/** `up`: from the client to the stand-in. */
export type Direction = 'up' | 'down'

export type PacketOutcome = {
  /** 0 up to 1; below the profile's share the packet is lost. */
  luck: number
  /** −1 up to 1, times the profile's jitter. */
  jitter: number
}

const DIRECTION_SALT: Record<Direction, number> = { up: 0x51ed_270b, down: 0x9e37_79b9 }

/** Odd, with well-spread bits: every packet number gives another seed. */
const NUMBER_STEP = 0x85eb_ca6b

/** Loss and jitter of packet `number` (0, 1, 2 …), before a profile applies. */
export const packetOutcome = (
  seed: number,
  direction: Direction,
  number: number
): PacketOutcome => {
  const random = seededRandom((seed ^ DIRECTION_SALT[direction]) + Math.imul(number, NUMBER_STEP))
  return { luck: random(), jitter: random() * 2 - 1 }
}

/** The packet's delay in ms; null when it is lost. */
export const transitMs = (
  { roundTripMs, lossShare, jitterShare }: NetworkProfile,
  { luck, jitter }: PacketOutcome
): number | null => (luck < lossShare ? null : (roundTripMs / 2) * (1 + jitterShare * jitter))
