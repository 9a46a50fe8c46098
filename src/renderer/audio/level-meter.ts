// Measures the level for the ring on the screen: of the open or tested microphone, or of the playing answer.
// It requests frames at no other time.
import { rmsDbfs } from './microphone-test.ts'

/** `microphone` is silent behind a closed gate; `microphone_test` is not. */
type Metered = 'none' | 'microphone' | 'microphone_test' | 'answer'

/** Drawn as 0 and as 1. Speech at a kiosk is around -30 dB. */
const FLOOR_DB = -55
const CEILING_DB = -12
/** Share of the last level per frame when it falls: a flickering ring tells nothing. */
const FALL = 0.82

/** Level from 0 to 1 over the range above, of samples from -1 to 1. */
export const meterLevel = (samples: Float32Array): number =>
  Math.min(1, Math.max(0, (rmsDbfs(samples) - FLOOR_DB) / (CEILING_DB - FLOOR_DB)))

export type Meter = {
  /**
   * @param metered behind the gate
   * @param ungated without a gate; connected during a test only
   */
  setMicrophone: (metered: MediaStreamTrack | null, ungated: MediaStreamTrack | null) => void
  watch: (what: Metered) => void
  /** Called once per frame with a level from 0 to 1 while a source is watched, and with 0 at its end. */
  onLevel: (listener: (level: number) => void) => () => void
}

export const createMeter = (
  context: AudioContext,
  answer: AudioNode,
  frame: (run: () => void) => number,
  cancelFrame: (id: number) => void
): Meter => {
  const analyser = () => {
    const node = context.createAnalyser()
    node.fftSize = 1024
    return node
  }
  const answerAnalyser = analyser()
  const microphoneAnalyser = analyser()
  const testAnalyser = analyser()
  answer.connect(answerAnalyser)
  const samples = new Float32Array(answerAnalyser.fftSize)
  const listeners = new Set<(level: number) => void>()
  let source: MediaStreamAudioSourceNode | null = null
  let testSource: MediaStreamAudioSourceNode | null = null
  let ungatedTrack: MediaStreamTrack | null = null
  let watched: Metered = 'none'
  let frameId: number | null = null
  let level = 0

  const publish = () => {
    for (const listener of listeners) listener(level)
  }
  const connect = (track: MediaStreamTrack | null, to: AudioNode) => {
    if (track === null) return null
    const from = context.createMediaStreamSource(new MediaStream([track]))
    from.connect(to)
    return from
  }
  const connectTest = () => {
    testSource?.disconnect()
    testSource = watched === 'microphone_test' ? connect(ungatedTrack, testAnalyser) : null
  }
  const analysers: Record<Exclude<Metered, 'none'>, AnalyserNode> = {
    microphone: microphoneAnalyser,
    microphone_test: testAnalyser,
    answer: answerAnalyser
  }
  const measure = () => {
    if (watched === 'none') return
    analysers[watched].getFloatTimeDomainData(samples)
    level = Math.max(meterLevel(samples), level * FALL)
    publish()
    frameId = frame(measure)
  }

  return {
    setMicrophone: (metered, ungated) => {
      source?.disconnect()
      source = connect(metered, microphoneAnalyser)
      ungatedTrack = ungated
      connectTest()
    },
    watch: (what) => {
      if (what === watched) return
      watched = what
      connectTest()
      if (what !== 'none') {
        frameId ??= frame(measure)
        return
      }
      if (frameId !== null) cancelFrame(frameId)
      frameId = null
      level = 0
      publish()
    },
    onLevel: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    }
  }
}
