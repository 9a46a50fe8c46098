// The answer's way to the speaker: one chain of gains with one connection to the destination, so that
// a cut is a number set within the tick and whoever listens at the end hears all there is.
import type { DeviceChoice } from '../../shared/settings.ts'
import { type KioskFailure, kioskFailure } from '../call/failures.ts'
import { listDevices, resolveDevice } from './devices.ts'
import { resumeAfterError } from './resume-after-error.ts'

export type Speaker = {
  /** Plays the audio of a call, instead of that of the call before. */
  play: (stream: MediaStream) => void
  /**
   * Between two answers, and when the context has rested: what queues in front of it, 100 ms at the most, grows with
   * every moment in which the machine is short of time, and never gets less. Every answer after that would be heard
   * so much later.
   */
  dropQueuedAudio: () => void
  /** Silence at once; what is played goes on unheard until `restore`. */
  cut: () => void
  restore: () => void
  /** Linear gain of the answer, 0 to 1. */
  setVolume: (volume: number) => void
  /**
   * Chooses the device by id, else by name, else the system's default, and again whenever a device came or went:
   * one that is gone gives way without being forgotten. A failure is returned.
   */
  choose: (choice: DeviceChoice | null) => Promise<KioskFailure | null>
  /** The answer as it is played, for the meter and for whoever times it. */
  answer: AudioNode
  /** As loud as the answer, and not cut with it: for a test of the speaker. */
  tones: AudioNode
  /** Where short cues go: they join after the volume and the cut of the answer. */
  cues: AudioNode
}

/** The system's own choice. */
const DEFAULT_SINK = ''

/**
 * @param pull a media element that is never heard: Chromium decodes a remote track only while a media
 *   element has it, and Web Audio alone stays silent
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
  /** null: not known any more, because the device has failed under it. */
  let sinkId: string | null = DEFAULT_SINK
  /** One choice at a time: two at once would end with whichever device answers last. */
  let choosing: Promise<KioskFailure | null> = Promise.resolve(null)
  pull.muted = true

  const use = async (wanted: string): Promise<void> => {
    if (wanted === sinkId) return
    await context.setSinkId(wanted)
    const hasFailed = sinkId === null
    sinkId = wanted
    // A context stands still when its speaker fails. Not waited for: before the page's first touch it never ends.
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
      // Gone between the list and the choice, or broken: heard somewhere is better than not at all. The next
      // change of devices comes back to what was chosen.
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
        // Given another call before it played: that is no refusal.
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
