// Whether what is said live arrives. A blink of the network during a hold leaves the model with pieces of a question,
// which it would understand wrongly, while the recording of it is whole: the far end's own reports tell the difference.
// They come over the call as it is (RTCP), so that looking at them costs the person who speaks nothing.
import type { Schedule } from '../schedule.ts'

export type SentAudio = {
  /** Since the call began, as are the lost ones. */
  packetsSent: number
  /** As the far end last reported. */
  packetsLost: number
  /** When its last report came, on a clock of its own; null: it has reported nothing yet. */
  reportAtMs: number | null
}

/** Far ends report about once a second; a look costs a millisecond. */
export const LOOK_EVERY_MS = 250

/**
 * What concealment cannot bear, in the time between two reports. Opus repairs single packets of 20 ms and blurs over
 * three or four; ten of them are 200 ms, a syllable of unhurried speech. And a share that a network which loses one in
 * ten, on which questions are still understood word for word, reaches by chance in one report of a thousand: packets
 * that are lost here and there are no reason to send everything again over the same network.
 */
export const LOSS_LIMIT = { packets: 10, share: 0.25 } as const

/** @returns whether too much was lost between two reports of the far end */
export const isTooMuchLost = (before: SentAudio, after: SentAudio): boolean => {
  const sent = after.packetsSent - before.packetsSent
  const lost = after.packetsLost - before.packetsLost
  return lost >= LOSS_LIMIT.packets && lost >= sent * LOSS_LIMIT.share
}

/** The look to compare the next one with: the one at which the newest report was first seen. */
export const sinceReport = (before: SentAudio | null, now: SentAudio): SentAudio =>
  before === null || before.reportAtMs !== now.reportAtMs ? now : before

export type HoldLossPorts = {
  /** Of the call in use; null while there is none, or where nothing can get lost. */
  sent: () => Promise<SentAudio | null>
  /** False when the hold is over and its commit confirmed: nothing can be made good any more. */
  isUnderWay: () => boolean
  schedule: Schedule
}

/**
 * Calls `onLost` once, when too much was lost of what is said from now on; never, if it ends before that is known.
 * What was lost at the very end of the hold before, and is reported only with the first packets of this one, counts
 * here: this one is then sent from its recording without need, and whole.
 */
export const watchHoldLoss = async (
  ports: HoldLossPorts,
  onLost: (lost: { packets: number; sent: number }) => void
): Promise<void> => {
  let before: SentAudio | null = null
  while (ports.isUnderWay()) {
    const now = await ports.sent()
    if (now === null || !ports.isUnderWay()) return
    if (before !== null && isTooMuchLost(before, now)) {
      onLost({
        packets: now.packetsLost - before.packetsLost,
        sent: now.packetsSent - before.packetsSent
      })
      return
    }
    before = sinceReport(before, now)
    await new Promise<void>((resolve) => void ports.schedule(resolve, LOOK_EVERY_MS))
  }
}
