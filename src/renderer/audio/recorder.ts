// Records holds as PCM16 at 24 kHz, the model's format: for a press before the call is open, for asking a question
// again, and for the WebSocket transport.

import { loadListeningWorklet } from './listening-worklet.ts'
import recorderWorkletUrl from './recorder.worklet.ts?worker&url'
import {
  RECORDER_PROCESSOR,
  RECORDING_RATE_HZ,
  type RecorderOrder,
  type RecorderReport
} from './recorder-core.ts'
import { CAPTURE_LAG_MS, createRecordings } from './recordings.ts'
import { resumeAfterError } from './resume-after-error.ts'

export type Recorder = {
  /** A copy of the microphone without a gate; null without a microphone. */
  setMicrophone: (track: MediaStreamTrack | null) => void
  /** Begins a recording with the pre-roll, and ends the one before. */
  start: (recordingId: number) => void
  /** Resolves when the recording holds every sound from before the call, those in flight included. */
  stop: (recordingId: number) => Promise<void>
  /**
   * Resolves with true once a silence of `SILENCE_MS` ends at `atMs` (of `performance.now()`) or later; with false when
   * the recording ends first.
   */
  silenceAt: (recordingId: number, atMs: number) => Promise<boolean>
  /** The whole recording so far, mono; null when it is unknown or dropped. */
  read: (recordingId: number) => Int16Array<ArrayBuffer> | null
  drop: (recordingId: number) => void
  /** Each piece of the running recording, the pre-roll first. */
  onChunk: (listener: (recordingId: number, samples: Int16Array<ArrayBuffer>) => void) => () => void
  close: () => void
}

/**
 * How often the speaker asks for the recorder's silence. It runs all day: four times less often than the shortest
 * halves its cost, and the microphone's own queue (100 ms) is far from full.
 */
const RENDER_EVERY_SECONDS = 0.04

/** A stop is confirmed after a render or two. A turn does not wait for an audio thread that has died. */
const STOP_LIMIT_MS = 250

/**
 * A context of its own: at the model's rate, to which Chromium resamples the microphone. It plays nothing, and still
 * runs on the speaker's clock. Without one (`sinkId: none`) Chromium's timer falls behind on a busy machine, and
 * sound of the microphone is lost.
 */
export const createRecorderContext = (): AudioContext =>
  new AudioContext({ sampleRate: RECORDING_RATE_HZ, latencyHint: RENDER_EVERY_SECONDS })

type RecorderPorts = {
  /** See `createRecorderContext`. */
  context: AudioContext
  schedule: (run: () => void, ms: number) => () => void
  log: (event: string, message: string) => void
}

/** The context's time at which the recorder will hold the sound of this moment. */
const recordedAtSeconds = (context: AudioContext, clockZeroMs: number | null): number => {
  // Without sound there is nothing to wait for.
  if (context.state !== 'running') return 0
  const nowSeconds =
    clockZeroMs === null
      ? context.currentTime + context.baseLatency
      : (performance.now() - clockZeroMs) / 1000
  return nowSeconds + CAPTURE_LAG_MS / 1000
}

/**
 * Loads its worklet at once. A recording that starts earlier begins with the worklet. Without a microphone or a worklet
 * (which is logged) a recording is empty, and its stop never waits.
 */
export const createRecorder = ({ context, schedule, log }: RecorderPorts): Recorder => {
  const recordings = createRecordings()
  const listeners = new Set<(recordingId: number, samples: Int16Array<ArrayBuffer>) => void>()
  let node: AudioWorkletNode | null = null
  let source: MediaStreamAudioSourceNode | null = null
  let track: MediaStreamTrack | null = null
  let currentId: number | null = null
  let isClosed = false

  const send = (order: RecorderOrder) => node?.port.postMessage(order)

  const end = (recordingId: number) => {
    if (currentId === recordingId) currentId = null
    recordings.end(recordingId)
  }
  const receive = (report: RecorderReport) => {
    if (report.kind === 'ended') end(report.recordingId)
    else if (recordings.add(report)) {
      for (const listener of listeners) listener(report.recordingId, report.samples)
    }
  }

  const connect = () => {
    source?.disconnect()
    source = null
    if (track === null || node === null) return
    source = context.createMediaStreamSource(new MediaStream([track]))
    source.connect(node)
  }
  const load = async () => {
    const loaded = await loadListeningWorklet<RecorderReport>(context, {
      name: 'recorder',
      moduleUrl: recorderWorkletUrl,
      processor: RECORDER_PROCESSOR,
      onReport: receive,
      log
    })
    if (isClosed || loaded === null) return
    node = loaded
    connect()
    if (currentId !== null) send({ kind: 'start', recordingId: currentId })
  }
  void load()
  // The microphone's queue fills up while the context is suspended, and stays full afterwards.
  context.addEventListener('statechange', () => {
    if (context.state === 'running') connect()
  })
  resumeAfterError(context, () => {
    log('recorder.speakerLost', 'The speaker that the recorder runs on failed or was unplugged.')
    void context.resume()
  })

  return {
    setMicrophone: (wanted) => {
      if (wanted === track) return
      track = wanted
      connect()
    },
    start: (recordingId) => {
      // Only the worklet would end the one before.
      if (node === null && currentId !== null) end(currentId)
      recordings.begin(recordingId)
      // Chromium suspends a context until the page is touched; a press is a touch.
      if (context.state === 'suspended') void context.resume()
      currentId = recordingId
      send({ kind: 'start', recordingId })
    },
    stop: async (recordingId) => {
      if (!recordings.isRunning(recordingId)) return
      if (node === null) {
        end(recordingId)
        return
      }
      await new Promise<void>((resolve) => {
        const giveUp = schedule(() => {
          log('recorder.stopTimeout', 'The end of a recording was not confirmed.')
          end(recordingId)
        }, STOP_LIMIT_MS)
        const waiting = recordings.whenOver(recordingId, () => {
          giveUp()
          resolve()
        })
        // A second stop keeps the end of the first.
        if (waiting > 1) return
        const atSeconds = recordedAtSeconds(context, recordings.clockZeroMs(recordingId))
        send({ kind: 'stop', recordingId, atSeconds })
      })
    },
    silenceAt: recordings.silenceAt,
    read: recordings.read,
    drop: (recordingId) => {
      if (currentId === recordingId) send({ kind: 'stop', recordingId, atSeconds: 0 })
      end(recordingId)
      recordings.drop(recordingId)
    },
    onChunk: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => {
      if (isClosed) return
      isClosed = true
      for (const id of recordings.ids()) {
        end(id)
        recordings.drop(id)
      }
      listeners.clear()
      source?.disconnect()
      node?.disconnect()
      node = null
      void context.close()
    }
  }
}
