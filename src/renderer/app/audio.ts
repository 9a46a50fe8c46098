// The audio graph of the app: the speaker with its meter and detector, and the recorder.
import { type AudibleDetector, createAudibleDetector } from '../audio/audible-detector.ts'
import { type Cue, playCue } from '../audio/cues.ts'
import { createMeter, type Meter } from '../audio/level-meter.ts'
import { createRecorder, createRecorderContext, type Recorder } from '../audio/recorder.ts'
import { createSpeaker, type Speaker } from '../audio/speaker.ts'
import { createIdleSuspender, type IdleSuspender } from '../audio/suspend-when-idle.ts'
import type { AppContext } from './app-context.ts'

export type AppAudio = {
  context: AudioContext
  speaker: Speaker
  suspender: IdleSuspender
  meter: Meter
  recorder: Recorder
  /** Expects the next sound of the speaker to be an answer, and reports when it is audible. */
  expectAnswer: () => void
  /** Cuts the answer and logs how long it stays audible. */
  cut: () => void
  cue: (cue: Cue) => void
  /** Chromium plays nothing before the page's first touch, unless its shell allows it. */
  resume: () => void
  onAudible: (listener: (atMs: number) => void) => void
}

export const createAppAudio = ({ page, store, schedule, now, log, warn }: AppContext): AppAudio => {
  const context = new AudioContext({ latencyHint: 'interactive' })
  const recorderContext = createRecorderContext()
  const speaker = createSpeaker(context, new Audio(), page.navigator.mediaDevices, warn)
  const suspender = createIdleSuspender({ context, onResume: speaker.dropQueuedAudio, schedule })
  const meter = createMeter(
    context,
    speaker.answer,
    (run) => page.requestAnimationFrame(run),
    (id) => page.cancelAnimationFrame(id)
  )
  let cutAtMs = 0
  let onAudible: (atMs: number) => void = () => {}
  const detector: AudibleDetector = createAudibleDetector(context, speaker.answer, {
    onAudible: (atMs) => onAudible(atMs),
    onSilent: (atMs, outputMs) =>
      log('info', 'speaker.silenced', { ms: Math.max(0, atMs - outputMs - cutAtMs), outputMs }),
    log: warn
  })
  return {
    context,
    speaker,
    suspender,
    meter,
    recorder: createRecorder({ context: recorderContext, schedule, log: warn }),
    expectAnswer: () => {
      speaker.dropQueuedAudio()
      detector.arm()
    },
    cut: () => {
      cutAtMs = now()
      if (store.get().turn.playing !== null) detector.armSilence()
      speaker.cut()
    },
    cue: (cue) => playCue(context, speaker.cues, cue),
    resume: () => {
      void suspender.ensureRunning().then(() => suspender.use('idle'))
      void recorderContext.resume()
    },
    onAudible: (listener) => {
      onAudible = listener
    }
  }
}
