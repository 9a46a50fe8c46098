// The microphone: opened once, long before a press, and kept. The gate is the sent track's `enabled`:
// closed it sends silence, open it sends at once. A cold microphone is what clips first words.
import type { DeviceChoice } from '../../shared/settings.ts'
import { type KioskFailure, kioskFailure } from '../call/failures.ts'
import { listDevices, resolveDevice } from './devices.ts'

/** After a failure that may pass by itself, such as a microphone another program holds. */
export const REOPEN_MS = 5_000

export type MicrophoneState =
  | { status: 'opening' }
  | { status: 'ready'; label: string }
  | { status: 'failed'; failure: KioskFailure }

export type Microphone = {
  /** Opens the chosen device, or what takes its place; again when the choice changes. */
  open: (choice: DeviceChoice | null) => Promise<void>
  /** A device came or went: returns to the chosen one when it is back. */
  devicesChanged: () => Promise<void>
  setGate: (gate: 'open' | 'closed') => void
  /** What is sent to the model; null while there is none. */
  track: () => MediaStreamTrack | null
  close: () => void
}

export type MicrophonePorts = {
  devices: MediaDevices
  schedule: (run: () => void, ms: number) => () => void
  onState: (state: MicrophoneState) => void
  /** Another sent track, and a copy of it for the meter; both null when there is none. */
  onTrack: (sent: MediaStreamTrack | null, metered: MediaStreamTrack | null) => void
}

/** Said explicitly: what Chromium does by itself differs per platform and per release. */
const CONSTRAINTS: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
  channelCount: 1
}

/** A missing exact device rejects with an empty message: the name of the error is all there is. */
const failureOf = (error: unknown): KioskFailure => {
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

export const createMicrophone = (ports: MicrophonePorts): Microphone => {
  let choice: DeviceChoice | null = null
  let sent: MediaStreamTrack | null = null
  let metered: MediaStreamTrack | null = null
  let gate: 'open' | 'closed' = 'closed'
  /** Grows with every opening: an older one that finishes late is thrown away. */
  let openingId = 0
  let failure: KioskFailure | null = null
  let stopWaiting: (() => void) | null = null

  const applyGate = () => {
    // A disabled track is silent for everyone who has it, so the meter has its own; both obey the gate.
    if (sent !== null) sent.enabled = gate === 'open'
    if (metered !== null) metered.enabled = gate === 'open'
  }

  const drop = () => {
    for (const track of [sent, metered]) {
      if (track === null) continue
      track.onended = null
      track.stop()
    }
    sent = null
    metered = null
  }

  const acquire = async (): Promise<MediaStreamTrack> => {
    const { microphones } = await listDevices(ports.devices)
    const device = resolveDevice(choice, microphones)
    const ask = async (audio: MediaTrackConstraints) => {
      const stream = await ports.devices.getUserMedia({ audio })
      const [track] = stream.getAudioTracks()
      if (track === undefined) throw new DOMException('no audio track', 'NotFoundError')
      return track
    }
    if (device === null) return ask(CONSTRAINTS)
    try {
      return await ask({ ...CONSTRAINTS, deviceId: { exact: device.id } })
    } catch (error) {
      // Gone between the list and the opening, or held by another program: the default one will do,
      // and the choice stays what it was.
      if (failureOf(error).code === 'microphone_denied') throw error
      return ask(CONSTRAINTS)
    }
  }

  const openNow = async (): Promise<void> => {
    const id = ++openingId
    stopWaiting?.()
    stopWaiting = null
    if (sent === null) ports.onState({ status: 'opening' })
    try {
      const track = await acquire()
      if (id !== openingId) {
        track.stop()
        return
      }
      drop()
      failure = null
      sent = track
      metered = track.clone()
      applyGate()
      track.onended = () => {
        drop()
        ports.onTrack(null, null)
        void openNow()
      }
      ports.onTrack(sent, metered)
      ports.onState({ status: 'ready', label: track.label })
    } catch (error) {
      if (id !== openingId) return
      const hadTrack = sent !== null
      drop()
      failure = failureOf(error)
      if (hadTrack) ports.onTrack(null, null)
      ports.onState({ status: 'failed', failure })
      // A refusal is a person's to take back; everything else may pass.
      if (failure.code !== 'microphone_denied') {
        stopWaiting = ports.schedule(() => void openNow(), REOPEN_MS)
      }
    }
  }

  return {
    open: (wanted) => {
      choice = wanted
      return openNow()
    },
    devicesChanged: async () => {
      if (sent === null || failure !== null) return openNow()
      const { microphones } = await listDevices(ports.devices)
      const preferred = resolveDevice(choice, microphones)
      const usedId = sent?.getSettings().deviceId
      // Opening takes the microphone away for a moment: not in the middle of a question.
      if (preferred !== null && preferred.id !== usedId && gate === 'closed') return openNow()
    },
    setGate: (wanted) => {
      gate = wanted
      applyGate()
    },
    track: () => sent,
    close: () => {
      openingId += 1
      stopWaiting?.()
      stopWaiting = null
      drop()
      ports.onTrack(null, null)
    }
  }
}
