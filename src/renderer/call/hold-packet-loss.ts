// Detects packet loss during a live hold from the far end's RTCP reports. The model misunderstands a question with
// gaps, while its recording is whole.
import type { Schedule } from '../schedule.ts'

export type SentAudio = {
  /** Since the call began, like `packetsLost`. */
  packetsSent: number
  packetsLost: number
  /** Time of the far end's last report, on its own clock; null before the first. */
  reportAtMs: number | null
}

/** Far ends report about once a second; `getStats()` costs a millisecond. */
export const POLL_MS = 250

/**
 * The loss between two reports that concealment cannot repair. Opus repairs single packets of 20 ms and conceals three
 * or four; ten are 200 ms, a syllable. With 10 % random loss questions are still understood word for word, and one
 * report of a thousand reaches this share by chance.
 */
export const LOSS_LIMIT = { packets: 10, share: 0.25 } as const

export const isLossTooHigh = (before: SentAudio, after: SentAudio): boolean => {
  const sent = after.packetsSent - before.packetsSent
  const lost = after.packetsLost - before.packetsLost
  return lost >= LOSS_LIMIT.packets && lost >= sent * LOSS_LIMIT.share
}

/** The poll to compare the next one with: the first with the newest report. */
const sinceReport = (before: SentAudio | null, now: SentAudio): SentAudio =>
  before === null || before.reportAtMs !== now.reportAtMs ? now : before

export type HoldLossPorts = {
  /** Of the call in use; null without one, or over a WebSocket. */
  sent: () => Promise<SentAudio | null>
  /** False once the commit is confirmed: the recording would come too late. */
  isUnderWay: () => boolean
  schedule: Schedule
}

/**
 * Calls `onLost` once, when too much is lost from now on; never, if the hold ends first. A late report may count loss
 * at the end of the last hold here: this hold is then sent from its recording without need.
 */
export const watchHoldLoss = async (
  ports: HoldLossPorts,
  onLost: (lost: { packets: number; sent: number }) => void
): Promise<void> => {
  let before: SentAudio | null = null
  while (ports.isUnderWay()) {
    const now = await ports.sent()
    if (now === null || !ports.isUnderWay()) return
    if (before !== null && isLossTooHigh(before, now)) {
      onLost({
        packets: now.packetsLost - before.packetsLost,
        sent: now.packetsSent - before.packetsSent
      })
      return
    }
    before = sinceReport(before, now)
    await new Promise<void>((resolve) => void ports.schedule(resolve, POLL_MS))
  }
}
