// Keeps what the microphone hears during a hold as PCM16 at 24 kHz, the model's own format: for a press before the
// call is up, for a question that has to be asked again, and for the relay.
import recorderWorkletUrl from './recorder.worklet.ts?worker&url'
import {
  RECORDER_PROCESSOR,
  RECORDING_RATE_HZ,
  type RecorderOrder,
  type RecorderReport
} from './recorder-blocks.ts'
import { reviveAfterErrors } from './revival.ts'

export { PRE_ROLL_MS, RECORDING_RATE_HZ } from './recorder-blocks.ts'

export type Recorder = {
  /** A copy of the microphone that no gate silences; null while there is none. */
  setMicrophone: (track: MediaStreamTrack | null) => void
  /** Begins a recording with the pre-roll. One at a time: another one that is under way is ended. */
  start: (recordingId: number) => void
  /** Resolves when the last sample heard before the call is in the recording. */
  stop: (recordingId: number) => Promise<void>
  /** All there is of a recording; null when it is unknown or dropped. Mono. */
  read: (recordingId: number) => Int16Array<ArrayBuffer> | null
  drop: (recordingId: number) => void
  /** Each piece of the recording that is under way, as it is heard, the pre-roll first. */
  onChunk: (listener: (recordingId: number, samples: Int16Array<ArrayBuffer>) => void) => () => void
  close: () => void
}

/**
 * The question that is asked and the one that is spoken over it: 4.8 MB each at the most. A third one takes the
 * place of the oldest.
 */
export const KEPT_RECORDINGS = 2

/**
 * How often the speaker calls for the silence that the recorder plays. It listens all day: four times less often than
 * the shortest halves what it costs, and the microphone's own queue (100 ms) is far from full.
 */
const CALL_EVERY_SECONDS = 0.04

/** The audio thread answers within a block or two; a turn does not wait for one that has died. */
export const STOP_LIMIT_MS = 250

export type RecorderPorts = {
  /** See `createRecorderContext`. */
  context: AudioContext
  schedule: (run: () => void, ms: number) => () => void
  log: (event: string, message: string) => void
}

/**
 * The context that the recorder needs to itself: at the model's rate, to which Chromium resamples the microphone. It
 * says nothing, and yet it runs on the speaker's clock: without one (`sinkId: none`) Chromium counts time by a timer
 * that falls behind on a busy machine, and what the microphone heard meanwhile is lost.
 */
export const createRecorderContext = (): AudioContext =>
  new AudioContext({ sampleRate: RECORDING_RATE_HZ, latencyHint: CALL_EVERY_SECONDS })

type Recording = {
  pieces: Int16Array<ArrayBuffer>[]
  isOver: boolean
  /** Who waits for its end. */
  whenOver: (() => void)[]
}

const joined = (pieces: readonly Int16Array[]): Int16Array<ArrayBuffer> => {
  const all = new Int16Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}

/**
 * Loads its worklet at once. A recording that is started before that begins when it is there; without a microphone,
 * or when the worklet cannot be loaded (which is logged), a recording is empty, and stopping it never waits.
 */
export const createRecorder = ({ context, schedule, log }: RecorderPorts): Recorder => {
  const recordings = new Map<number, Recording>()
  const listeners = new Set<(recordingId: number, samples: Int16Array<ArrayBuffer>) => void>()
  let node: AudioWorkletNode | null = null
  let source: MediaStreamAudioSourceNode | null = null
  let track: MediaStreamTrack | null = null
  let currentId: number | null = null
  let isClosed = false

  const tell = (order: RecorderOrder) => node?.port.postMessage(order)

  const end = (recordingId: number) => {
    if (currentId === recordingId) currentId = null
    const recording = recordings.get(recordingId)
    if (recording === undefined) return
    recording.isOver = true
    for (const resolve of recording.whenOver.splice(0)) resolve()
  }
  const receive = (report: RecorderReport) => {
    switch (report.kind) {
      case 'piece': {
        const recording = recordings.get(report.recordingId)
        // Dropped while its last pieces were on their way.
        if (recording === undefined) return
        recording.pieces.push(report.samples)
        for (const listener of listeners) listener(report.recordingId, report.samples)
        return
      }
      case 'ended':
        end(report.recordingId)
        return
      default:
        report satisfies never
    }
  }

  const connect = () => {
    source?.disconnect()
    source =
      track === null || node === null
        ? null
        : context.createMediaStreamSource(new MediaStream([track]))
    if (node !== null) source?.connect(node)
  }
  const load = async () => {
    try {
      await context.audioWorklet.addModule(recorderWorkletUrl)
    } catch (error) {
      log('recorder.unavailable', `The recorder's worklet could not be loaded: ${String(error)}`)
      return
    }
    if (isClosed) return
    node = new AudioWorkletNode(context, RECORDER_PROCESSOR, {
      channelCount: 1,
      channelCountMode: 'explicit'
    })
    node.port.onmessage = ({ data }: MessageEvent<RecorderReport>) => receive(data)
    node.onprocessorerror = () => log('recorder.failed', "The recorder's worklet has failed.")
    // Silent; what is connected to nothing is not asked for blocks.
    node.connect(context.destination)
    connect()
    if (currentId !== null) tell({ kind: 'start', recordingId: currentId })
  }
  void load()
  reviveAfterErrors(context, () => {
    log('recorder.stalled', 'The speaker that the recorder runs on failed or was unplugged.')
    void context.resume()
  })

  return {
    setMicrophone: (wanted) => {
      if (wanted === track) return
      track = wanted
      connect()
    },
    start: (recordingId) => {
      // Without a worklet there is nobody else to end the one before.
      if (node === null && currentId !== null) end(currentId)
      recordings.delete(recordingId)
      for (const id of recordings.keys()) {
        if (recordings.size < KEPT_RECORDINGS) break
        recordings.delete(id)
      }
      // A page that was not touched yet hears nothing either, unless its shell allows it; a press is a touch.
      if (context.state === 'suspended') void context.resume()
      recordings.set(recordingId, { pieces: [], isOver: false, whenOver: [] })
      currentId = recordingId
      tell({ kind: 'start', recordingId })
    },
    stop: async (recordingId) => {
      const recording = recordings.get(recordingId)
      if (recording === undefined || recording.isOver) return
      if (node === null) {
        end(recordingId)
        return
      }
      await new Promise<void>((resolve) => {
        const giveUp = schedule(() => {
          log('recorder.late', 'The end of a recording was not confirmed.')
          end(recordingId)
        }, STOP_LIMIT_MS)
        recording.whenOver.push(() => {
          giveUp()
          resolve()
        })
        tell({ kind: 'stop', recordingId })
      })
    },
    read: (recordingId) => {
      const recording = recordings.get(recordingId)
      return recording === undefined ? null : joined(recording.pieces)
    },
    drop: (recordingId) => {
      if (currentId === recordingId) tell({ kind: 'stop', recordingId })
      end(recordingId)
      recordings.delete(recordingId)
    },
    onChunk: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => {
      if (isClosed) return
      isClosed = true
      for (const id of [...recordings.keys()]) end(id)
      recordings.clear()
      listeners.clear()
      source?.disconnect()
      node?.disconnect()
      node = null
      void context.close()
    }
  }
}
