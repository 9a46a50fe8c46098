// Reports an answer whose audio packets stop arriving. Calls have stayed silent for an hour with every state in order.
import type { Schedule } from '../schedule.ts'

export const POLL_MS = 1_000

/** The model sends an answer without a gap; a longer gap is no jitter. */
export const STALL_LIMIT_MS = 2_000

export type AnswerAudioWatchdog = {
  /** From the model's `output_audio_buffer.started` to its `stopped`. */
  playing: (isPlaying: boolean) => void
}

export type AnswerAudioWatchdogPorts = {
  /** Packets received on the call in use; null without a call. */
  packets: () => Promise<number | null>
  /** Monotonic milliseconds. */
  now: () => number
  schedule: Schedule
  /** Called once for an answer. */
  onStalled: () => void
}

export type PacketProgress = { packets: number; sinceMs: number }

/** A smaller count belongs to another call and is progress. */
export const progressAt = (
  last: PacketProgress | null,
  packets: number,
  nowMs: number
): PacketProgress =>
  last === null || packets !== last.packets ? { packets, sinceMs: nowMs } : last

export const isStalled = ({ sinceMs }: PacketProgress, nowMs: number): boolean =>
  nowMs - sinceMs >= STALL_LIMIT_MS

export const createAnswerAudioWatchdog = (ports: AnswerAudioWatchdogPorts): AnswerAudioWatchdog => {
  /** Grows with every answer: a poll of the last answer is ignored. */
  let answerId = 0
  let isWatching = false
  let progress: PacketProgress | null = null
  let stopWaiting: (() => void) | null = null

  const stop = () => {
    answerId += 1
    isWatching = false
    progress = null
    stopWaiting?.()
    stopWaiting = null
  }

  const poll = async () => {
    const id = answerId
    const packets = await ports.packets()
    if (id !== answerId) return
    const nowMs = ports.now()
    progress = packets === null ? null : progressAt(progress, packets, nowMs)
    if (progress !== null && isStalled(progress, nowMs)) {
      stop()
      ports.onStalled()
    } else stopWaiting = ports.schedule(() => void poll(), POLL_MS)
  }

  return {
    playing: (isPlaying) => {
      if (isPlaying === isWatching) return
      stop()
      if (!isPlaying) return
      isWatching = true
      void poll()
    }
  }
}
