// The answer's path to the speaker: a chain of gains with one connection to the destination, so that a cut
// takes effect within the tick.
import type { DeviceChoice } from '../../shared/settings.ts'
import { type KioskFailure, kioskFailure } from '../call/failures.ts'
import { listDevices, resolveDevice } from './devices.ts'
import { resumeAfterError } from './resume-after-error.ts'

export type Speaker = {
  /** Plays this call's audio instead of the previous call's. */
  play: (stream: MediaStream) => void
  /**
   * Empties the context's input queue, between answers and after a suspension. The queue (100 ms at most)
   * grows whenever the machine is short of time and never shrinks, which delays every later answer.
   */
  dropQueuedAudio: () => void
  /** Silences the answer, which goes on unheard until `restore`. */
  cut: () => void
  restore: () => void
  /** Linear gain of the answer, 0 to 1. */
  setVolume: (volume: number) => void
  /**
   * Chooses the device by id, else by label, else the system's default, again after every change of devices.
   * The choice outlives an unplugged device. Returns a failure.
   */
  choose: (choice: DeviceChoice | null) => Promise<KioskFailure | null>
  /** The answer after volume and cut, for the meter and the audible detector. */
  answer: AudioNode
  /** At the answer's volume, without its cut: for the speaker test. */
  tones: AudioNode
  /** For cues: after the volume and the cut of the answer. */
  cues: AudioNode
}

/** The system's default. */
const DEFAULT_SINK = ''

/**
 * @param pull a muted media element: Chromium decodes a remote track only for a media element, and Web Audio
 * alone stays silent
 */
export const createSpeaker = (
  context: AudioContext,
  pull: HTMLAudioElement,
  devices: MediaDevices,
  log: (event: string, message: string) => void
): Speaker => {
  const volumeGain = context.createGain()
  const cutGain = context.createGain()
  const toneGain = context.createGain()
  const output = context.createGain()
  volumeGain.connect(cutGain)
  cutGain.connect(output)
  toneGain.connect(output)
  output.connect(context.destination)
  let source: MediaStreamAudioSourceNode | null = null
  let played: MediaStream | null = null
  let choice: DeviceChoice | null = null
  /** null: unknown, because the device has failed. */
  let sinkId: string | null = DEFAULT_SINK
  /** One choice at a time: two at once would end with the slower device. */
  let choosing: Promise<KioskFailure | null> = Promise.resolve(null)
  pull.muted = true

  const use = async (wanted: string): Promise<void> => {
    if (wanted === sinkId) return
    await context.setSinkId(wanted)
    const hasFailed = sinkId === null
    sinkId = wanted
    // A context stops when its speaker fails. Not awaited: before the page's first touch it never resolves.
    if (hasFailed) void context.resume()
  }
  const chooseNow = async (): Promise<KioskFailure | null> => {
    const { speakers } = await listDevices(devices)
    const wanted = resolveDevice(choice, speakers)?.id ?? DEFAULT_SINK
    try {
      await use(wanted)
      return null
    } catch (error) {
      log('speaker.setSinkFailed', `The speaker could not be chosen: ${String(error)}`)
    }
    try {
      // Unplugged since the list, or broken: the default is better than silence, and the next change of
      // devices returns to the choice.
      await use(DEFAULT_SINK)
      return null
    } catch (error) {
      return kioskFailure('speaker_failed', `No speaker could be chosen: ${String(error)}`)
    }
  }
  const choose = (): Promise<KioskFailure | null> => {
    choosing = choosing.then(chooseNow)
    return choosing
  }

  resumeAfterError(context, () => {
    log('speaker.lost', 'The speaker in use failed or was unplugged.')
    sinkId = null
    void choose()
  })

  const connect = () => {
    source?.disconnect()
    source = null
    if (played === null) return
    source = context.createMediaStreamSource(played)
    source.connect(volumeGain)
  }

  return {
    play: (stream) => {
      played = stream
      pull.srcObject = stream
      pull.play().catch((error: unknown) => {
        // Another call's stream replaced it before it played: not a refusal.
        if (error instanceof Error && error.name === 'AbortError') return
        log('speaker.playRejected', `play() refused: ${String(error)}`)
      })
      connect()
    },
    dropQueuedAudio: connect,
    cut: () => {
      cutGain.gain.value = 0
    },
    restore: () => {
      cutGain.gain.value = 1
    },
    setVolume: (volume) => {
      volumeGain.gain.value = volume
      toneGain.gain.value = volume
    },
    choose: (wanted) => {
      choice = wanted
      return choose()
    },
    answer: cutGain,
    tones: toneGain,
    cues: output
  }
}
