// Opens a microphone: the chosen device, else the system's default, with the wanted processing.
import type { DeviceChoice } from '../../shared/settings.ts'
import { type KioskFailure, kioskFailure } from '../call/failures.ts'
import { type AudioProcessing, constraintsOf } from './audio-processing.ts'
import { listDevices, resolveDevice } from './devices.ts'

/** Maps an error of `getUserMedia` by its name: a missing exact device rejects with an empty message. */
export const microphoneFailureOf = (error: unknown): KioskFailure => {
  const name = error instanceof Error ? error.name : 'Error'
  const message = `getUserMedia failed: ${name}`
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return kioskFailure('microphone_denied', message)
    case 'NotFoundError':
    case 'OverconstrainedError':
      return kioskFailure('microphone_missing', message)
    default:
      return kioskFailure('microphone_in_use', message)
  }
}

const isOverconstrained = (error: unknown): boolean =>
  error instanceof Error && error.name === 'OverconstrainedError'

const getTrack = async (
  devices: MediaDevices,
  audio: MediaTrackConstraints
): Promise<MediaStreamTrack> => {
  const [track] = (await devices.getUserMedia({ audio })).getAudioTracks()
  if (track === undefined) throw new DOMException('no audio track', 'NotFoundError')
  return track
}

/** @throws DOMException of `getUserMedia`; see `microphoneFailureOf` */
export const acquireMicrophone = async (
  devices: MediaDevices,
  choice: DeviceChoice | null,
  processing: AudioProcessing
): Promise<MediaStreamTrack> => {
  const get = async (device: MediaTrackConstraints) => {
    try {
      return await getTrack(devices, { ...constraintsOf(processing, 'exact'), ...device })
    } catch (error) {
      if (!isOverconstrained(error)) throw error
      return getTrack(devices, { ...constraintsOf(processing, 'ideal'), ...device })
    }
  }
  const chosen =
    choice === null ? null : resolveDevice(choice, (await listDevices(devices)).microphones)
  if (chosen === null) return get({})
  try {
    return await get({ deviceId: { exact: chosen.id } })
  } catch (error) {
    // Unplugged since the list, or held by another program: the default will do, and the choice stays.
    if (microphoneFailureOf(error).code === 'microphone_denied') throw error
    return get({})
  }
}
