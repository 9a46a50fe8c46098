// How loud it is, for the ring on the screen: the microphone while its gate is open or while it is tested, the
// answer while it plays. Nothing is measured, and no frame is asked for, at any other time.

/** `microphone` is silent while the gate is closed; `microphone_test` hears it all the same. */
export type Metered = 'none' | 'microphone' | 'microphone_test' | 'answer'

/** Quieter than this is drawn as nothing; 0 dB as everything. Speech at a kiosk is around -30 dB. */
const FLOOR_DB = -55
const CEILING_DB = -12
/** How much of the last level is kept per frame when it falls: a ring that flickers says nothing. */
const FALL = 0.82

/** Root mean square of samples from -1 to 1, as a level from 0 to 1 over the range above. */
export const meterLevel = (samples: Float32Array): number => {
  let sum = 0
  for (const sample of samples) sum += sample * sample
  const rms = Math.sqrt(sum / Math.max(1, samples.length))
  if (rms === 0) return 0
  const db = 20 * Math.log10(rms)
  return Math.min(1, Math.max(0, (db - FLOOR_DB) / (CEILING_DB - FLOOR_DB)))
}

export type Meter = {
  /**
   * @param metered what obeys the gate
   * @param ungated what hears the microphone even while the gate is closed; connected during a test only
   */
  setMicrophone: (metered: MediaStreamTrack | null, ungated: MediaStreamTrack | null) => void
  watch: (what: Metered) => void
  /** Called once per frame with a level from 0 to 1 while something is watched, and with 0 at its end. */
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

  const tell = () => {
    for (const listener of listeners) listener(level)
  }
  const connected = (track: MediaStreamTrack | null, to: AudioNode) => {
    if (track === null) return null
    const from = context.createMediaStreamSource(new MediaStream([track]))
    from.connect(to)
    return from
  }
  const connectTest = () => {
    testSource?.disconnect()
    testSource = watched === 'microphone_test' ? connected(ungatedTrack, testAnalyser) : null
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
    tell()
    frameId = frame(measure)
  }

  return {
    setMicrophone: (metered, ungated) => {
      source?.disconnect()
      source = connected(metered, microphoneAnalyser)
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
      tell()
    },
    onLevel: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    }
  }
}
