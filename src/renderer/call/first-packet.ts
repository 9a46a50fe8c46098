// When the first packet of a hold leaves this machine: the sender's own count, looked at until it grows.
import type { Schedule } from '../schedule.ts'

/** A packet leaves every 20 ms. */
const LOOK_EVERY_MS = 5
/** Past this the network is the news, not the latency. */
const LOOKS = 100

export type FirstPacketPorts = {
  /** Packets sent so far on the call in use; null while there is none. */
  packets: () => Promise<number | null>
  /** False when the gate has closed again. */
  isOpen: () => boolean
  now: () => number
  schedule: Schedule
}

/** Calls `onPacket` with the moment at which the count was seen to grow; never, if the gate closes before. */
export const watchFirstPacket = async (
  ports: FirstPacketPorts,
  onPacket: (atMs: number) => void
): Promise<void> => {
  const before = await ports.packets()
  for (let look = 0; look < LOOKS && before !== null && ports.isOpen(); look += 1) {
    await new Promise<void>((resolve) => void ports.schedule(resolve, LOOK_EVERY_MS))
    const packets = await ports.packets()
    if (packets === null || !ports.isOpen()) return
    if (packets > before) {
      onPacket(ports.now())
      return
    }
  }
}
