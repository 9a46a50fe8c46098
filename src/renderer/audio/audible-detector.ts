// Times the first sound of an answer, and the silence after a cut. It listens at the end of the answer's path to the
// speaker: after the volume and the cut, before the cues.
import audibleWorkletUrl from './audible-detector.worklet.ts?worker&url'
import {
  AUDIBLE_PROCESSOR,
  type AudibleOrder,
  type AudibleReport
} from './audible-detector-core.ts'
import { loadListeningWorklet } from './listening-worklet.ts'

/**
 * @param atMs of the sound at the speaker, on `performance.now()`'s clock
 * @param outputMs latency of the system and the device, which the kiosk cannot shorten
 */
type OnDetected = (atMs: number, outputMs: number) => void

type AudibleListeners = {
  /** The first 5 ms above -45 dBFS begin. */
  onAudible: OnDetected
  /** 20 ms below -60 dBFS begin. */
  onSilent: OnDetected
  log: (event: string, message: string) => void
}

export type AudibleDetector = {
  /** Reports the next answer, once. */
  arm: () => void
  /** Reports the next silence, once; an earlier silence counts from this call. */
  armSilence: () => void
  close: () => void
}

/** An older time stamp is invalid: Chromium answers zeros until the speaker has taken its first block. */
const LATEST_STAMP_MS = 1_000

/** The moment at which a frame is audible, in milliseconds of `performance.now()`. */
const frameOutputTimeMs = (context: AudioContext, frame: number, nowMs: number): number => {
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

const ORDERS: Record<AudibleReport['kind'], AudibleOrder> = {
  audible: { kind: 'await_audible' },
  silent: { kind: 'await_silent' }
}

/** Orders from before the worklet has loaded are sent once it has. */
export const createAudibleDetector = (
  context: AudioContext,
  answer: AudioNode,
  { onAudible, onSilent, log }: AudibleListeners
): AudibleDetector => {
  const listeners = { audible: onAudible, silent: onSilent }
  /** The moment at which each report was ordered. */
  const orderedAtMs = new Map<AudibleReport['kind'], number>()
  let node: AudioWorkletNode | null = null
  let isClosed = false

  const order = (kind: AudibleReport['kind']) => {
    orderedAtMs.set(kind, performance.now())
    node?.port.postMessage(ORDERS[kind])
  }
  const receive = ({ kind, frame }: AudibleReport) => {
    const sinceMs = orderedAtMs.get(kind)
    if (sinceMs === undefined) return
    orderedAtMs.delete(kind)
    const atMs = frameOutputTimeMs(context, frame, performance.now())
    listeners[kind](Math.max(atMs, sinceMs), context.outputLatency * 1000)
  }

  const load = async () => {
    const loaded = await loadListeningWorklet<AudibleReport>(context, {
      name: 'audibleDetector',
      moduleUrl: audibleWorkletUrl,
      processor: AUDIBLE_PROCESSOR,
      onReport: receive,
      log
    })
    if (isClosed) loaded?.disconnect()
    if (isClosed || loaded === null) return
    node = loaded
    answer.connect(node)
    for (const kind of orderedAtMs.keys()) node.port.postMessage(ORDERS[kind])
  }
  void load()

  return {
    arm: () => order('audible'),
    armSilence: () => order('silent'),
    close: () => {
      isClosed = true
      orderedAtMs.clear()
      if (node === null) return
      answer.disconnect(node)
      node.disconnect()
      node = null
    }
  }
}
