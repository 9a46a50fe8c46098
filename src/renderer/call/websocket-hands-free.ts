// Hands-free over the relay: nobody presses, so nobody starts a recording. While the gate is open the microphone is
// recorded in pieces that follow one another, and each recording is dropped when the next one has begun.
import type { Recorder } from '../audio/recorder.ts'
import type { Schedule } from '../schedule.ts'

/** Well before a recording ends by itself (100 s), and no more memory than a question takes. */
export const CONTINUOUS_SEGMENT_MS = 60_000

export type ContinuousRecording = { open: () => void; close: () => void }

/** Recordings of its own have negative numbers: those of turns begin at 1. */
export const createContinuousRecording = (
  recorder: Pick<Recorder, 'start' | 'stop' | 'drop'>,
  schedule: Schedule
): ContinuousRecording => {
  let recordingId = 0
  let stopWaiting: (() => void) | null = null

  const finish = async (id: number) => {
    await recorder.stop(id)
    recorder.drop(id)
  }
  /** Starting one ends the one before, and not a sample is lost in between. */
  const begin = () => {
    const before = recordingId
    recordingId -= 1
    recorder.start(recordingId)
    if (stopWaiting !== null) void finish(before)
    stopWaiting = schedule(begin, CONTINUOUS_SEGMENT_MS)
  }

  return {
    open: () => {
      if (stopWaiting === null) begin()
    },
    close: () => {
      if (stopWaiting === null) return
      stopWaiting()
      stopWaiting = null
      void finish(recordingId)
    }
  }
}
