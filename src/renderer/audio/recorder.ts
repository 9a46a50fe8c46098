// Keeps what the microphone hears during a hold as PCM16 at 24 kHz, the model's own format: for a press before the
// call is up, for a question that has to be asked again, and for the relay.
import recorderWorkletUrl from './recorder.worklet.ts?worker&url'
import {
  RECORDER_PROCESSOR,
  RECORDING_RATE_HZ,
  type RecorderOrder,
  type RecorderReport
} from './recorder-core.ts'
import { resumeAfterError } from './resume-after-error.ts'

export { PRE_ROLL_MS, RECORDING_RATE_HZ } from './recorder-core.ts'

export type Recorder = {
  /** A copy of the microphone that no gate silences; null while there is none. */
  setMicrophone: (track: MediaStreamTrack | null) => void
  /** Begins a recording with the pre-roll. One at a time: another one that is under way is ended. */
  start: (recordingId: number) => void
  /** Resolves when everything that was said before the call is in the recording, also what is still on its way. */
  stop: (recordingId: number) => Promise<void>
  /**
   * Resolves with true once what the microphone heard at `atMs` (of `performance.now()`), or at a later moment,
   * ends a silence in which nobody goes on with a word; with false when the recording is over before.
   */
  silenceAt: (recordingId: number, atMs: number) => Promise<boolean>
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

/**
 * From the sound in the room to the block in which the recorder has it: 10 ms of the device's, the processing of
 * Chromium's, and what queues between the two clocks.
 */
export const CAPTURE_LAG_MS = 30

/**
 * The breath before the release of a "t" or a "k" is 100 ms at the longest: a silence that lasts longer is not
 * within a word.
 */
export const SILENCE_MS = 150

/** The rest of a recording is there after a call or two; a turn does not wait for an audio thread that has died. */
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
  /** Milliseconds of `performance.now()` at which the context's clock stood at 0; as late as it was seen so far. */
  clockZeroMs: number
  whenQuiet: { atMs: number; resolve: (isQuiet: boolean) => void }[]
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
    for (const { resolve } of recording.whenQuiet.splice(0)) resolve(false)
  }
  /** Moves the clocks nearer to each other: a message comes late, and never early. */
  const judgeQuiet = (
    recording: Recording,
    { untilSeconds, silenceMs }: Extract<RecorderReport, { kind: 'piece' }>
  ) => {
    const untilMs = untilSeconds * 1000
    recording.clockZeroMs = Math.min(recording.clockZeroMs, performance.now() - untilMs)
    if (silenceMs < SILENCE_MS) return
    const heardUntilMs = recording.clockZeroMs + untilMs - CAPTURE_LAG_MS
    const isHeard = ({ atMs }: { atMs: number }) => atMs <= heardUntilMs
    const quiet = recording.whenQuiet.filter(isHeard)
    recording.whenQuiet = recording.whenQuiet.filter((waiting) => !isHeard(waiting))
    for (const { resolve } of quiet) resolve(true)
  }
  const receive = (report: RecorderReport) => {
    switch (report.kind) {
      case 'piece': {
        const recording = recordings.get(report.recordingId)
        // Dropped while its last pieces were on their way.
        if (recording === undefined) return
        recording.pieces.push(report.samples)
        judgeQuiet(recording, report)
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

  /** When on the context's clock the recorder will have had what is said now. */
  const whenHeardSeconds = ({ clockZeroMs }: Recording): number => {
    // Nothing is heard, and nothing will be.
    if (context.state !== 'running') return 0
    const nowSeconds =
      clockZeroMs === Number.POSITIVE_INFINITY
        ? context.currentTime + context.baseLatency
        : (performance.now() - clockZeroMs) / 1000
    return nowSeconds + CAPTURE_LAG_MS / 1000
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
  // While a context rests, the microphone's queue fills up with what was said then, and stays full afterwards.
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
      // Without a worklet there is nobody else to end the one before.
      if (node === null && currentId !== null) end(currentId)
      recordings.delete(recordingId)
      for (const id of recordings.keys()) {
        if (recordings.size < KEPT_RECORDINGS) break
        recordings.delete(id)
      }
      // A page that was not touched yet hears nothing either, unless its shell allows it; a press is a touch.
      if (context.state === 'suspended') void context.resume()
      recordings.set(recordingId, {
        pieces: [],
        isOver: false,
        whenOver: [],
        clockZeroMs: Number.POSITIVE_INFINITY,
        whenQuiet: []
      })
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
          log('recorder.stopTimeout', 'The end of a recording was not confirmed.')
          end(recordingId)
        }, STOP_LIMIT_MS)
        recording.whenOver.push(() => {
          giveUp()
          resolve()
        })
        // Asked for again, it ends where it was to end.
        if (recording.whenOver.length > 1) return
        tell({ kind: 'stop', recordingId, atSeconds: whenHeardSeconds(recording) })
      })
    },
    silenceAt: (recordingId, atMs) =>
      new Promise((resolve) => {
        const recording = recordings.get(recordingId)
        if (recording === undefined || recording.isOver) resolve(false)
        else recording.whenQuiet.push({ atMs, resolve })
      }),
    read: (recordingId) => {
      const recording = recordings.get(recordingId)
      return recording === undefined ? null : joined(recording.pieces)
    },
    drop: (recordingId) => {
      if (currentId === recordingId) tell({ kind: 'stop', recordingId, atSeconds: 0 })
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
