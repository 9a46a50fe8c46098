// The answer's way to the speaker: one chain of gains with one connection to the destination, so that
// a cut is a number set within the tick and whoever listens at the end hears all there is.
import type { DeviceChoice } from '../../shared/settings.ts'
import { type KioskFailure, kioskFailure } from '../call/failures.ts'
import { listDevices, resolveDevice } from './devices.ts'

export type Speaker = {
  /** Plays the audio of a call, instead of that of the call before. */
  play: (stream: MediaStream) => void
  /** Silence at once; what is played goes on unheard until `restore`. */
  cut: () => void
  restore: () => void
  /** Linear gain of the answer, 0 to 1. */
  setVolume: (volume: number) => void
  /** Chooses the device by id, else by name, else the system's default. A failure is returned. */
  choose: (choice: DeviceChoice | null) => Promise<KioskFailure | null>
  /** The answer as it is played, for the meter. */
  answer: AudioNode
  /** Where short cues go: they join after the volume and the cut of the answer. */
  cues: AudioNode
}

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
  const output = context.createGain()
  volumeGain.connect(cutGain)
  cutGain.connect(output)
  output.connect(context.destination)
  let source: MediaStreamAudioSourceNode | null = null
  let sinkId = ''
  pull.muted = true

  return {
    play: (stream) => {
      source?.disconnect()
      pull.srcObject = stream
      pull
        .play()
        .catch((error: unknown) => log('speaker.pullRefused', `play() refused: ${String(error)}`))
      source = context.createMediaStreamSource(stream)
      source.connect(volumeGain)
    },
    cut: () => {
      cutGain.gain.value = 0
    },
    restore: () => {
      cutGain.gain.value = 1
    },
    setVolume: (volume) => {
      volumeGain.gain.value = volume
    },
    choose: async (choice) => {
      const { speakers } = await listDevices(devices)
      const wanted = resolveDevice(choice, speakers)?.id ?? ''
      if (wanted === sinkId) return null
      try {
        await context.setSinkId(wanted)
        sinkId = wanted
        return null
      } catch (error) {
        return kioskFailure('speaker_failed', `The speaker could not be chosen: ${String(error)}`)
      }
    },
    answer: cutGain,
    cues: output
  }
}
