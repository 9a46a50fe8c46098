// Polls the sender's packet count for the first packet of a hold.
import type { Schedule } from '../schedule.ts'

/** A packet leaves every 20 ms. */
const POLL_MS = 5
/** After half a second the network has failed, and there is no latency to measure. */
const POLL_LIMIT = 100

export type FirstPacketPorts = {
  /** Packets sent on the call in use; null without a call. */
  packets: () => Promise<number | null>
  isOpen: () => boolean
  now: () => number
  schedule: Schedule
}

/** Calls `onPacket` when the count grows; never, if the gate closes before. */
export const watchFirstPacket = async (
  ports: FirstPacketPorts,
  onPacket: (atMs: number) => void
): Promise<void> => {
  const before = await ports.packets()
  for (let poll = 0; poll < POLL_LIMIT && before !== null && ports.isOpen(); poll += 1) {
    await new Promise<void>((resolve) => void ports.schedule(resolve, POLL_MS))
    const packets = await ports.packets()
    if (packets === null || !ports.isOpen()) return
    if (packets > before) {
      onPacket(ports.now())
      return
    }
  }
}
