// Reports an answer whose audio packets stop arriving. Calls have stayed silent for an hour with every state in order.
import { createTimer, type Schedule } from '../schedule.ts'

export const POLL_MS = 1_000

/** The model sends an answer without a gap; a longer gap is no jitter. */
const STALL_LIMIT_MS = 2_000

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

export const createAnswerAudioWatchdog = (ports: AnswerAudioWatchdogPorts): AnswerAudioWatchdog => {
  /** Grows with every answer: a poll of the last answer is ignored. */
  let answerId = 0
  let isWatching = false
  let progress: { packets: number; sinceMs: number } | null = null
  const timer = createTimer(ports.schedule)

  const stop = () => {
    answerId += 1
    isWatching = false
    progress = null
    timer.stop()
  }

  const poll = async () => {
    const id = answerId
    const packets = await ports.packets()
    if (id !== answerId) return
    const nowMs = ports.now()
    // A smaller count belongs to another call and is progress.
    if (packets === null) progress = null
    else if (packets !== progress?.packets) progress = { packets, sinceMs: nowMs }
    if (progress !== null && nowMs - progress.sinceMs >= STALL_LIMIT_MS) {
      stop()
      ports.onStalled()
    } else timer.start(() => void poll(), POLL_MS)
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
