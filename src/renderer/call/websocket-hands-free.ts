// Records continuously for hands-free over a WebSocket, where no press starts a recording. The recording is cut into
// segments, and each is dropped when the next one has begun.
import type { Recorder } from '../audio/recorder.ts'
import type { Schedule } from '../schedule.ts'

/** Below the recorder's limit of 100 s. */
export const CONTINUOUS_SEGMENT_MS = 60_000

export type ContinuousRecording = { open: () => void; close: () => void }

/** Segments have negative numbers: recordings of turns begin at 1. */
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
  /** A start ends the last recording without losing a sample. */
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
