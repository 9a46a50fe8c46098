// Opens the microphone long before a press, keeps it open, and replaces it between questions. A microphone that opens
// at the press clips the first word.
import type { DeviceChoice } from '../../shared/settings.ts'
import type { KioskFailure } from '../call/failures.ts'
import { createTimer, type Schedule } from '../schedule.ts'
import { acquireMicrophone, microphoneFailureOf } from './acquire-microphone.ts'
import { type AudioProcessing, isSameAudioProcessing } from './audio-processing.ts'
import { type Device, listDevices, resolveDevice } from './devices.ts'
import {
  createMicrophoneTracks,
  type Gate,
  isUnplugged,
  type MicrophoneRequest,
  type OnTrack,
  type OpenedMicrophone
} from './microphone-tracks.ts'

/** After a failure that may pass. */
export const REOPEN_MS = 5_000
/** The wait doubles up to this while another program holds the microphone. */
const REOPEN_LIMIT_MS = 60_000

/**
 * A replacement opens within a few hundred milliseconds, and a hold goes on with it. A slower one (Windows has needed
 * 15 s) is shown as opening.
 */
export const REPLACE_MS = 1_500

export type MicrophoneState =
  | { status: 'opening' }
  | { status: 'ready'; label: string }
  | { status: 'failed'; failure: KioskFailure }

type Use = 'in_use' | 'idle'

export type Microphone = {
  /**
   * Opens the chosen device, or the default in its place. Call it again for another choice or processing; during a
   * question the change waits for its end.
   */
  open: (choice: DeviceChoice | null, processing: AudioProcessing) => Promise<void>
  /** Gives up a device that is gone, and returns to the chosen one when it is back. */
  devicesChanged: () => Promise<void>
  setGate: (gate: Gate) => void
  /** `in_use`: a question is recorded behind a closed gate. Like an open gate it prevents a replacement. */
  setUse: (use: Use) => void
  /** The track to send; null without a microphone. */
  track: () => MediaStreamTrack | null
  close: () => void
}

export type MicrophonePorts = {
  devices: MediaDevices
  schedule: Schedule
  onState: (state: MicrophoneState) => void
  onTrack: OnTrack
}

const isSameChoice = (a: DeviceChoice | null, b: DeviceChoice | null): boolean =>
  a?.id === b?.id && a?.label === b?.label

const isSameRequest = (a: MicrophoneRequest, b: MicrophoneRequest): boolean =>
  isSameChoice(a.choice, b.choice) && isSameAudioProcessing(a.processing, b.processing)

const DEFAULT_REQUEST: MicrophoneRequest = {
  choice: null,
  processing: { echoCancellation: true, noiseSuppression: true, autoGainControl: true }
}

/** Decides what a change of the request or of the devices asks for. `postpone`: until the question's end. */
const nextStep = (
  opened: OpenedMicrophone | null,
  wanted: MicrophoneRequest,
  microphones: readonly Device[],
  isAsking: boolean
): 'open' | 'replace' | 'postpone' | 'keep' => {
  if (opened === null) return 'open'
  const { sent, openedFor } = opened
  if (isUnplugged(sent, microphones)) return 'replace'
  if (isAsking) return 'postpone'
  // Chromium opens a device in one way at a time and refuses `applyConstraints`: other processing of the same device
  // needs its old tracks gone.
  if (!isSameAudioProcessing(openedFor.processing, wanted.processing)) return 'replace'
  const preferred = resolveDevice(wanted.choice, microphones)
  const isBest = preferred === null || preferred.id === sent.getSettings().deviceId
  return isBest && isSameChoice(openedFor.choice, wanted.choice) ? 'keep' : 'open'
}

export const createMicrophone = ({
  devices,
  schedule,
  onState,
  onTrack
}: MicrophonePorts): Microphone => {
  const tracks = createMicrophoneTracks(onTrack)
  const wait = createTimer(schedule)
  let wanted = DEFAULT_REQUEST
  let use: Use = 'idle'
  /** Grows with every opening: an older one that finishes late is thrown away. */
  let openingId = 0
  /** Consecutive failures to open a device that is there. */
  let failures = 0
  /** A change came during a question: it is reviewed at its end. */
  let reviewPending = false

  const isAsking = (): boolean => tracks.gate() === 'open' || use === 'in_use'

  const fail = (error: unknown) => {
    const failure = microphoneFailureOf(error)
    if (failure.code === 'microphone_missing' && tracks.opened() === null) {
      // Asks for any microphone: each list of the devices would start Chromium's process for cameras.
      wait.start(() => void acquireAndTake({ ...wanted, choice: null }), REOPEN_MS)
    } else if (failure.code !== 'microphone_denied') {
      // Only a person can lift a denial; every other failure may pass.
      wait.start(() => void review(), Math.min(REOPEN_MS * 2 ** failures, REOPEN_LIMIT_MS))
      failures += 1
    }
    // The microphone that could not be replaced still works.
    if (tracks.opened() === null) onState({ status: 'failed', failure })
  }

  /** The microphone in use stays until the new one is open. */
  const acquireAndTake = async (openedFor = wanted): Promise<void> => {
    const id = ++openingId
    try {
      const track = await acquireMicrophone(devices, openedFor.choice, openedFor.processing)
      if (id !== openingId) {
        track.stop()
        return
      }
      wait.stop()
      failures = 0
      // A press during the opening: the question goes on with the microphone that it began with.
      if (tracks.opened() !== null && isAsking()) {
        track.stop()
        reviewPending = true
        return
      }
      tracks.replace(track, openedFor, () => void replace())
      onState({ status: 'ready', label: track.label })
      if (!isSameRequest(openedFor, wanted)) void review()
    } catch (error) {
      if (id !== openingId) return
      wait.stop()
      fail(error)
    }
  }

  const openNow = (): Promise<void> => {
    wait.stop()
    if (tracks.opened() === null) onState({ status: 'opening' })
    return acquireAndTake()
  }

  /** Drops the microphone first, also during a hold, which goes on with the next one. */
  const replace = (): Promise<void> => {
    tracks.drop()
    wait.start(() => onState({ status: 'opening' }), REPLACE_MS)
    return acquireAndTake()
  }

  /** Brings the open microphone in line with the request and the plugged-in devices. */
  const review = async (): Promise<void> => {
    const id = openingId
    const { microphones } = await listDevices(devices)
    // Opened or closed meanwhile.
    if (id !== openingId) return
    const next = nextStep(tracks.opened(), wanted, microphones, isAsking())
    if (next !== 'replace') reviewPending = next === 'postpone'
    if (next === 'open') return openNow()
    if (next === 'replace') return replace()
  }

  const reviewIfPending = () => {
    if (reviewPending && !isAsking()) void review()
  }

  return {
    open: (choice, processing) => {
      const request = { choice, processing }
      const isChanged = !isSameRequest(wanted, request)
      wanted = request
      if (tracks.opened() === null) return openNow()
      if (isAsking()) {
        reviewPending = true
        return Promise.resolve()
      }
      // The same request again reopens a microphone that has gone mute.
      return isChanged ? review() : replace()
    },
    devicesChanged: review,
    setGate: (gate) => {
      tracks.setGate(gate)
      reviewIfPending()
    },
    setUse: (next) => {
      use = next
      reviewIfPending()
    },
    track: () => tracks.opened()?.sent ?? null,
    close: () => {
      openingId += 1
      reviewPending = false
      wait.stop()
      tracks.drop()
    }
  }
}
