// The networks that a call can be put on, and which packets they lose. Loss and jitter come from a seed by the
// packet's number, so that two runs lose the same packets.
import { seededRandom } from './seeded-random.ts'

export type NetworkProfile = {
  /** Round trip in ms; half of it each way. */
  roundTripMs: number
  /** Share of packets lost, 0 to 1, each way. */
  lossShare: number
  /** How much longer or shorter a packet may take, as a share of the way's delay. It never overtakes another. */
  jitterShare: number
}

/** What a delay varies by on a radio link under load; none where there is no delay to vary. */
const USUAL_JITTER_SHARE = 0.2

export const NETWORK_PROFILES = {
  /** The relay and nothing else. */
  clear: { roundTripMs: 0, lossShare: 0, jitterShare: 0 },
  wifi: { roundTripMs: 40, lossShare: 0.002, jitterShare: USUAL_JITTER_SHARE },
  busy_wifi: { roundTripMs: 40, lossShare: 0.05, jitterShare: USUAL_JITTER_SHARE },
  poor: { roundTripMs: 350, lossShare: 0.05, jitterShare: USUAL_JITTER_SHARE },
  very_bad: { roundTripMs: 500, lossShare: 0.1, jitterShare: USUAL_JITTER_SHARE },
  /** Lets no UDP through. */
  blocked: { roundTripMs: 0, lossShare: 1, jitterShare: 0 }
} as const satisfies Record<string, NetworkProfile>

export type NetworkName = keyof typeof NETWORK_PROFILES

export const NETWORK_NAMES = Object.keys(NETWORK_PROFILES) as [NetworkName, ...NetworkName[]]

/** `up`: from the client to the model. */
export type Direction = 'up' | 'down'

export type PacketOutcome = {
  /** 0 up to 1: the packet is lost where this is under the profile's share. */
  luck: number
  /** −1 up to 1, times the profile's jitter. */
  jitter: number
}

const DIRECTION_SALT: Record<Direction, number> = { up: 0x51ed_270b, down: 0x9e37_79b9 }

/** Odd, so that every packet number gives another start; its bits are well spread. */
const NUMBER_STEP = 0x85eb_ca6b

/** What happens to packet `number` (0, 1, 2 …) of a direction under this seed, whatever the profile makes of it. */
export const packetOutcome = (
  seed: number,
  direction: Direction,
  number: number
): PacketOutcome => {
  const random = seededRandom((seed ^ DIRECTION_SALT[direction]) + Math.imul(number, NUMBER_STEP))
  return { luck: random(), jitter: random() * 2 - 1 }
}

/** Milliseconds that the packet is under way, or null when it is lost. */
export const transitMs = (
  { roundTripMs, lossShare, jitterShare }: NetworkProfile,
  { luck, jitter }: PacketOutcome
): number | null => (luck < lossShare ? null : (roundTripMs / 2) * (1 + jitterShare * jitter))
