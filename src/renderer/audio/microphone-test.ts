// Listens to the microphone for a few seconds and decides whether it heard a voice. The gate stays closed.
import type { MicrophoneVerdict } from '../app/kiosk-actions.ts'

/** Long enough to read the screen, draw breath and say a sentence. */
export const LISTEN_MS = 4_000

/** A syllable or two. */
export const WINDOW_MS = 100

/** The model still understands this well; speech at a kiosk is around -30 dBFS. */
const VOICE_DB = -45
/** A voice lasts longer than a knock on the table. */
const VOICE_WINDOWS = 3
/** Below this there is only electronic noise: the microphone is off, muted or unplugged. */
const SILENT_DB = -70
/** Stands for digital silence, whose logarithm is not finite. */
export const FLOOR_DB = -100

/** Root mean square of samples from -1 to 1, in dB below full scale, at least -100. */
export const rmsDbfs = (samples: Float32Array): number => {
  let squares = 0
  for (const sample of samples) squares += sample * sample
  const rms = Math.sqrt(squares / Math.max(1, samples.length))
  return rms === 0 ? FLOOR_DB : Math.max(FLOOR_DB, 20 * Math.log10(rms))
}

/** @param levelsDb level of each tenth of a second, in dB below full scale */
export const microphoneVerdict = (levelsDb: readonly number[]): MicrophoneVerdict => {
  const peakDb = Math.max(FLOOR_DB, ...levelsDb)
  if (peakDb < SILENT_DB) return { verdict: 'silent', peakDb }
  const voiced = levelsDb.filter((levelDb) => levelDb >= VOICE_DB).length
  return { verdict: voiced >= VOICE_WINDOWS ? 'heard' : 'too_quiet', peakDb }
}

export type MicrophoneTestPorts = {
  context: AudioContext
  /** A copy of the microphone without a gate; null without a microphone. */
  track: MediaStreamTrack | null
  schedule: (run: () => void, ms: number) => () => void
  /** Ends the test early, with the levels so far: a press. */
  signal: AbortSignal
}

/** Without a microphone the verdict is `silent`, at once. */
export const runMicrophoneTest = ({
  context,
  track,
  schedule,
  signal
}: MicrophoneTestPorts): Promise<MicrophoneVerdict> => {
  if (track === null || signal.aborted) return Promise.resolve(microphoneVerdict([]))
  if (context.state !== 'running') void context.resume()
  const source = context.createMediaStreamSource(new MediaStream([track]))
  const analyser = context.createAnalyser()
  const windowSamples = Math.round((WINDOW_MS / 1000) * context.sampleRate)
  // A power of two that holds a window at any rate.
  analyser.fftSize = 2 ** Math.ceil(Math.log2(windowSamples))
  source.connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  const levelsDb: number[] = []

  return new Promise((resolve) => {
    let stopWaiting = () => {}
    const end = () => {
      stopWaiting()
      signal.removeEventListener('abort', end)
      source.disconnect()
      resolve(microphoneVerdict(levelsDb))
    }
    const listen = () => {
      analyser.getFloatTimeDomainData(samples)
      levelsDb.push(rmsDbfs(samples.subarray(samples.length - windowSamples)))
      if (levelsDb.length * WINDOW_MS >= LISTEN_MS) end()
      else stopWaiting = schedule(listen, WINDOW_MS)
    }
    signal.addEventListener('abort', end)
    stopWaiting = schedule(listen, WINDOW_MS)
  })
}
