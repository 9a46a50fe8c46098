// The open microphone's tracks and their gate. The gate is the sent track's `enabled`: closed, it sends silence.
import type { DeviceChoice } from '../../shared/settings.ts'
import type { AudioProcessing } from './audio-processing.ts'
import { type Device, isAlias } from './devices.ts'

export type Gate = 'open' | 'closed'

/** The choice and the processing that a microphone was opened for. */
export type MicrophoneRequest = { choice: DeviceChoice | null; processing: AudioProcessing }

/**
 * The track to send, a copy for the meter behind the same gate, and a copy for the recorder without a gate; all null
 * without a microphone.
 */
export type OnTrack = (
  sent: MediaStreamTrack | null,
  metered: MediaStreamTrack | null,
  recorded: MediaStreamTrack | null
) => void

export type OpenedMicrophone = { sent: MediaStreamTrack; openedFor: MicrophoneRequest }

type Tracks = OpenedMicrophone & { metered: MediaStreamTrack; recorded: MediaStreamTrack }

/** Whether the list lacks the track's device: a device may go without its track's `ended`. */
export const isUnplugged = (track: MediaStreamTrack, microphones: readonly Device[]): boolean => {
  const { deviceId } = track.getSettings()
  if (deviceId === undefined || isAlias(deviceId)) return false
  return microphones.every(({ id }) => id !== deviceId)
}

export const createMicrophoneTracks = (onTrack: OnTrack) => {
  let tracks: Tracks | null = null
  let gate: Gate = 'closed'

  const applyGate = () => {
    if (tracks === null) return
    // `enabled` silences every user of a track: the recorder has a copy of its own.
    tracks.sent.enabled = gate === 'open'
    tracks.metered.enabled = gate === 'open'
  }
  const stop = () => {
    if (tracks === null) return
    for (const track of [tracks.sent, tracks.metered, tracks.recorded]) {
      track.onended = null
      track.stop()
    }
    tracks = null
  }

  return {
    gate: (): Gate => gate,
    opened: (): OpenedMicrophone | null => tracks,
    setGate: (next: Gate) => {
      gate = next
      applyGate()
    },
    replace: (sent: MediaStreamTrack, openedFor: MicrophoneRequest, onEnded: () => void) => {
      stop()
      tracks = { sent, metered: sent.clone(), recorded: sent.clone(), openedFor }
      applyGate()
      sent.onended = onEnded
      onTrack(tracks.sent, tracks.metered, tracks.recorded)
    },
    drop: () => {
      stop()
      onTrack(null, null, null)
    }
  }
}
