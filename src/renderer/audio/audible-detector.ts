// The moment at which an answer is heard, and the moment at which a cut one is not heard any more, on the clock of
// the turn. Measured at the end of the answer's way to the speaker: after the volume and the cut, before the cues.
import audibleWorkletUrl from './audible-detector.worklet.ts?worker&url'
import {
  AUDIBLE_PROCESSOR,
  type AudibleOrder,
  type AudibleReport
} from './audible-detector-core.ts'

/**
 * @param atMs when it is heard at the speaker, in milliseconds of `performance.now()`
 * @param outputMs the last part of the way, which the system and the device need and the kiosk cannot shorten
 */
export type OnHeard = (atMs: number, outputMs: number) => void

export type AudibleListeners = {
  /** The first 5 ms above -45 dBFS begin. */
  onAudible: OnHeard
  /** 20 ms below -60 dBFS begin. */
  onSilent: OnHeard
  log: (event: string, message: string) => void
}

export type AudibleDetector = {
  /** Reports the next answer, once. For each answer anew. */
  arm: () => void
  /** Reports the silence after a cut, once; silence since before the cut is reported as the moment of the call. */
  armSilence: () => void
  /** Reports nothing that was asked for before. */
  disarm: () => void
  close: () => void
}

/** A time stamp that is older is none: Chromium answers zeros until the speaker has taken its first block. */
const LATEST_STAMP_MS = 1_000

/** When a frame of the context is heard, in milliseconds of `performance.now()`. */
export const frameOutputTimeMs = (
  context: Pick<
    AudioContext,
    'currentTime' | 'outputLatency' | 'sampleRate' | 'getOutputTimestamp'
  >,
  frame: number,
  nowMs: number
): number => {
  const atSeconds = frame / context.sampleRate
  const { contextTime, performanceTime } = context.getOutputTimestamp()
  if (
    contextTime !== undefined &&
    performanceTime !== undefined &&
    Math.abs(nowMs - performanceTime) < LATEST_STAMP_MS
  ) {
    return performanceTime + (atSeconds - contextTime) * 1000
  }
  return nowMs + (atSeconds - context.currentTime + context.outputLatency) * 1000
}

/** What is asked for before the worklet has loaded is asked for when it has. */
export const createAudibleDetector = (
  context: AudioContext,
  answer: AudioNode,
  { onAudible, onSilent, log }: AudibleListeners
): AudibleDetector => {
  let node: AudioWorkletNode | null = null
  let audibleSinceMs: number | null = null
  let silentSinceMs: number | null = null
  let isClosed = false

  const tell = (order: AudibleOrder) => node?.port.postMessage(order)

  const receive = ({ kind, frame }: AudibleReport) => {
    const atMs = frameOutputTimeMs(context, frame, performance.now())
    const outputMs = context.outputLatency * 1000
    switch (kind) {
      case 'audible': {
        if (audibleSinceMs === null) return
        const sinceMs = audibleSinceMs
        audibleSinceMs = null
        onAudible(Math.max(atMs, sinceMs), outputMs)
        return
      }
      case 'silent': {
        if (silentSinceMs === null) return
        const sinceMs = silentSinceMs
        silentSinceMs = null
        onSilent(Math.max(atMs, sinceMs), outputMs)
        return
      }
      default:
        kind satisfies never
    }
  }

  const load = async () => {
    try {
      await context.audioWorklet.addModule(audibleWorkletUrl)
    } catch (error) {
      log('audibleDetector.unavailable', `The answer cannot be timed: ${String(error)}`)
      return
    }
    if (isClosed) return
    node = new AudioWorkletNode(context, AUDIBLE_PROCESSOR, {
      channelCount: 1,
      channelCountMode: 'explicit'
    })
    node.port.onmessage = ({ data }: MessageEvent<AudibleReport>) => receive(data)
    node.onprocessorerror = () =>
      log('audibleDetector.failed', "The detector's worklet has failed.")
    answer.connect(node)
    // Silent; what is connected to nothing is not asked for blocks.
    node.connect(context.destination)
    if (audibleSinceMs !== null) tell({ kind: 'await_audible' })
    if (silentSinceMs !== null) tell({ kind: 'await_silent' })
  }
  void load()

  return {
    arm: () => {
      audibleSinceMs = performance.now()
      tell({ kind: 'await_audible' })
    },
    armSilence: () => {
      silentSinceMs = performance.now()
      tell({ kind: 'await_silent' })
    },
    disarm: () => {
      audibleSinceMs = null
      silentSinceMs = null
    },
    close: () => {
      isClosed = true
      audibleSinceMs = null
      silentSinceMs = null
      if (node === null) return
      answer.disconnect(node)
      node.disconnect()
      node = null
    }
  }
}
