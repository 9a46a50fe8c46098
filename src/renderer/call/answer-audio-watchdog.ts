// Notices an answer that plays without a sound: the model says that audio flows, and no packet of it arrives. Calls
// have gone on like that for an hour with every state in order.
import type { Schedule } from '../schedule.ts'

/** Often enough to notice within the limit, seldom enough to cost nothing. */
export const POLL_MS = 1_000

/** The model sends an answer without a gap; this long without a packet is no jitter. */
export const STALL_LIMIT_MS = 2_000

export type AnswerAudioWatchdog = {
  /** Between the model's words that its audio has started and has stopped. */
  playing: (isPlaying: boolean) => void
}

export type AnswerAudioWatchdogPorts = {
  /** Packets of the answer received so far on the call in use; null while there is no call. */
  packets: () => Promise<number | null>
  /** Milliseconds that only grow. */
  now: () => number
  /** Schedules `run` and returns what stops it. */
  schedule: Schedule
  /** Once for an answer. */
  onStalled: () => void
}

export type PacketProgress = { packets: number; sinceMs: number }

/**
 * What is known after another look at the packets. Fewer than before is another call, and counts as growth.
 * @returns the growth to compare the next look with, and whether the answer is dead
 */
export const judgeGrowth = (
  known: PacketProgress | null,
  packets: number,
  nowMs: number
): { growth: PacketProgress; isDead: boolean } => {
  if (known === null || packets !== known.packets) {
    return { growth: { packets, sinceMs: nowMs }, isDead: false }
  }
  return { growth: known, isDead: nowMs - known.sinceMs >= STALL_LIMIT_MS }
}

export const createAnswerAudioWatchdog = (ports: AnswerAudioWatchdogPorts): AnswerAudioWatchdog => {
  /** Grows with every answer: a look that began during another one says nothing. */
  let answerId = 0
  let isWatching = false
  let growth: PacketProgress | null = null
  let stopWaiting: (() => void) | null = null

  const stop = () => {
    answerId += 1
    isWatching = false
    growth = null
    stopWaiting?.()
    stopWaiting = null
  }

  const look = async () => {
    const id = answerId
    const packets = await ports.packets()
    if (id !== answerId) return
    if (packets === null) growth = null
    else {
      const judged = judgeGrowth(growth, packets, ports.now())
      growth = judged.growth
      if (judged.isDead) {
        stop()
        ports.onStalled()
        return
      }
    }
    stopWaiting = ports.schedule(() => void look(), POLL_MS)
  }

  return {
    playing: (isPlaying) => {
      if (isPlaying === isWatching) return
      stop()
      if (!isPlaying) return
      isWatching = true
      void look()
    }
  }
}
