// The microphone: opened once, long before a press, and kept. The gate is the sent track's `enabled`:
// closed it sends silence, open it sends at once. A cold microphone is what clips first words.
import type { DeviceChoice, Settings } from '../../shared/settings.ts'
import { type KioskFailure, kioskFailure } from '../call/failures.ts'
import { type Device, isAlias, listDevices, resolveDevice } from './devices.ts'

/** After a failure that may pass by itself, such as a microphone another program holds. */
export const REOPEN_MS = 5_000

/**
 * A microphone that takes another's place is there within a few hundred milliseconds, and a hold goes on with it.
 * One that takes longer (Windows has been seen to need 15 s) is said to be opening.
 */
export const REPLACE_MS = 1_500

export type MicrophoneState =
  | { status: 'opening' }
  | { status: 'ready'; label: string }
  | { status: 'failed'; failure: KioskFailure }

/** What Chromium does to the sound before anybody gets it. */
export type AudioProcessing = Pick<
  Settings,
  'echoCancellation' | 'noiseSuppression' | 'autoGainControl'
>

/**
 * What is asked of Chromium. Hands-free listens where the speaker has just played: there the echo is always taken
 * out. Held to talk, the speaker is silent while the microphone is heard.
 */
export const audioProcessingOf = (
  settings: AudioProcessing & Pick<Settings, 'handsFree'>
): AudioProcessing => ({
  echoCancellation: settings.echoCancellation || settings.handsFree,
  noiseSuppression: settings.noiseSuppression,
  autoGainControl: settings.autoGainControl
})

export const isSameAudioProcessing = (a: AudioProcessing, b: AudioProcessing): boolean =>
  a.echoCancellation === b.echoCancellation &&
  a.noiseSuppression === b.noiseSuppression &&
  a.autoGainControl === b.autoGainControl

export type Microphone = {
  /**
   * Opens the chosen device, or what takes its place; again when the choice or the processing changes. In the
   * middle of a question a change waits for its end.
   */
  open: (choice: DeviceChoice | null, processing: AudioProcessing) => Promise<void>
  /** A device came or went: gives up one that is gone, and returns to the chosen one when it is back. */
  devicesChanged: () => Promise<void>
  setGate: (gate: 'open' | 'closed') => void
  /**
   * `in_use`: somebody speaks, though the gate may be closed because the question is only recorded. Like an open
   * gate it keeps the microphone from being exchanged.
   */
  setUse: (use: 'in_use' | 'idle') => void
  /** What is sent to the model; null while there is none. */
  track: () => MediaStreamTrack | null
  close: () => void
}

export type MicrophonePorts = {
  devices: MediaDevices
  schedule: (run: () => void, ms: number) => () => void
  onState: (state: MicrophoneState) => void
  /**
   * Another sent track, a copy of it for the meter, silent like it while the gate is closed, and a copy for the
   * recorder that no gate silences. All null when there is none.
   */
  onTrack: (
    sent: MediaStreamTrack | null,
    metered: MediaStreamTrack | null,
    recorded: MediaStreamTrack | null
  ) => void
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

const isOverconstrained = (error: unknown): boolean =>
  error instanceof Error && error.name === 'OverconstrainedError'

type Tracks = {
  sent: MediaStreamTrack
  metered: MediaStreamTrack
  recorded: MediaStreamTrack
  /** What they were opened for. */
  choice: DeviceChoice | null
  processing: AudioProcessing
}

const isSameChoice = (a: DeviceChoice | null, b: DeviceChoice | null): boolean =>
  a?.id === b?.id && a?.label === b?.label

/**
 * Said explicitly: what Chromium does by itself differs per platform and per release. And exactly: a mere wish
 * gives way to how the device is open already.
 */
const exactly = (processing: AudioProcessing): MediaTrackConstraints => ({
  echoCancellation: { exact: processing.echoCancellation },
  noiseSuppression: { exact: processing.noiseSuppression },
  autoGainControl: { exact: processing.autoGainControl },
  channelCount: 1
})

/** For a platform that cannot do what is wanted: a microphone that sounds otherwise is better than none. */
const preferably = ({
  echoCancellation,
  noiseSuppression,
  autoGainControl
}: AudioProcessing): MediaTrackConstraints => ({
  echoCancellation,
  noiseSuppression,
  autoGainControl,
  channelCount: 1
})

/** A device may go without its track's `ended`. `default` and its like are whatever the system has. */
const isGone = (track: MediaStreamTrack, microphones: readonly Device[]): boolean => {
  const { deviceId } = track.getSettings()
  if (deviceId === undefined || isAlias(deviceId)) return false
  return microphones.every(({ id }) => id !== deviceId)
}

export const createMicrophone = (ports: MicrophonePorts): Microphone => {
  let choice: DeviceChoice | null = null
  let processing: AudioProcessing = {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true
  }
  let tracks: Tracks | null = null
  let gate: 'open' | 'closed' = 'closed'
  let use: 'in_use' | 'idle' = 'idle'
  /** Grows with every opening: an older one that finishes late is thrown away. */
  let openingId = 0
  /** Something changed in the middle of a question: looked at again at its end. */
  let isReviewOwed = false
  let stopWaiting: (() => void) | null = null

  const isAsking = (): boolean => gate === 'open' || use === 'in_use'

  const wait = (run: () => void, ms: number) => {
    stopWaiting?.()
    stopWaiting = ports.schedule(run, ms)
  }
  const stopWait = () => {
    stopWaiting?.()
    stopWaiting = null
  }

  const applyGate = () => {
    if (tracks === null) return
    // A disabled track is silent for everyone who has it: the meter and the recorder have their own.
    tracks.sent.enabled = gate === 'open'
    tracks.metered.enabled = gate === 'open'
  }

  const drop = () => {
    if (tracks === null) return
    for (const track of [tracks.sent, tracks.metered, tracks.recorded]) {
      track.onended = null
      track.stop()
    }
    tracks = null
  }

  const acquire = async (
    device: DeviceChoice | null,
    asked: AudioProcessing
  ): Promise<MediaStreamTrack> => {
    const { microphones } = await listDevices(ports.devices)
    const present = resolveDevice(device, microphones)
    const get = async (audio: MediaTrackConstraints) => {
      const stream = await ports.devices.getUserMedia({ audio })
      const [track] = stream.getAudioTracks()
      if (track === undefined) throw new DOMException('no audio track', 'NotFoundError')
      return track
    }
    const ask = async (of: MediaTrackConstraints) => {
      try {
        return await get({ ...exactly(asked), ...of })
      } catch (error) {
        if (!isOverconstrained(error)) throw error
        return get({ ...preferably(asked), ...of })
      }
    }
    if (present === null) return ask({})
    try {
      return await ask({ deviceId: { exact: present.id } })
    } catch (error) {
      // Gone between the list and the opening, or held by another program: the default one will do,
      // and the choice stays what it was.
      if (failureOf(error).code === 'microphone_denied') throw error
      return ask({})
    }
  }

  const take = (sent: MediaStreamTrack, openedFor: Pick<Tracks, 'choice' | 'processing'>) => {
    drop()
    tracks = { sent, metered: sent.clone(), recorded: sent.clone(), ...openedFor }
    applyGate()
    sent.onended = () => void replace()
    ports.onTrack(tracks.sent, tracks.metered, tracks.recorded)
    ports.onState({ status: 'ready', label: sent.label })
  }

  const fail = (error: unknown) => {
    const failure = failureOf(error)
    // A refusal is a person's to take back; everything else may pass.
    if (failure.code !== 'microphone_denied') wait(() => void review(), REOPEN_MS)
    // What could not be exchanged still hears.
    if (tracks === null) ports.onState({ status: 'failed', failure })
  }

  /** The microphone in use stays until the new one is there. */
  const acquireAndTake = async (): Promise<void> => {
    const id = ++openingId
    const openedFor = { choice, processing }
    try {
      const track = await acquire(choice, processing)
      if (id !== openingId) {
        track.stop()
        return
      }
      stopWait()
      // Pressed while it opened: the question goes on with the microphone that it began with.
      if (tracks !== null && isAsking()) {
        track.stop()
        isReviewOwed = true
        return
      }
      take(track, openedFor)
      // Changed while it opened.
      if (
        !isSameChoice(openedFor.choice, choice) ||
        !isSameAudioProcessing(openedFor.processing, processing)
      ) {
        void review()
      }
    } catch (error) {
      if (id !== openingId) return
      stopWait()
      fail(error)
    }
  }

  const openNow = (): Promise<void> => {
    stopWait()
    if (tracks === null) ports.onState({ status: 'opening' })
    return acquireAndTake()
  }

  /**
   * Lets go of the microphone, or it is gone, perhaps in the middle of a hold: what is there takes its place at
   * once, and whoever presses or holds meanwhile goes on with that.
   */
  const replace = (): Promise<void> => {
    drop()
    ports.onTrack(null, null, null)
    wait(() => ports.onState({ status: 'opening' }), REPLACE_MS)
    return acquireAndTake()
  }

  /** Brings what is used in line with what is wanted and what is plugged in, in the gap between two questions. */
  const review = async (): Promise<void> => {
    const id = openingId
    const { microphones } = await listDevices(ports.devices)
    // Opened or closed meanwhile by somebody who knew as much.
    if (id !== openingId) return
    if (tracks === null) return openNow()
    if (isGone(tracks.sent, microphones)) return replace()
    if (isAsking()) {
      isReviewOwed = true
      return
    }
    isReviewOwed = false
    const preferred = resolveDevice(choice, microphones)
    const isBest = preferred === null || preferred.id === tracks.sent.getSettings().deviceId
    // Chromium has a device open in one way at a time, and refuses `applyConstraints` on it: the new processing
    // is had, and on the same device, only once the old tracks are gone.
    if (!isSameAudioProcessing(tracks.processing, processing)) return replace()
    if (!isBest || !isSameChoice(tracks.choice, choice)) return openNow()
  }

  const reviewIfOwed = () => {
    if (isReviewOwed && !isAsking()) void review()
  }

  return {
    open: (wantedChoice, wantedProcessing) => {
      const isChanged =
        !isSameChoice(choice, wantedChoice) || !isSameAudioProcessing(processing, wantedProcessing)
      choice = wantedChoice
      processing = wantedProcessing
      if (tracks === null) return openNow()
      if (isAsking()) {
        isReviewOwed = true
        return Promise.resolve()
      }
      // Asked for again as it is: a microphone that has gone mute is opened anew.
      return isChanged ? review() : replace()
    },
    devicesChanged: review,
    setGate: (next) => {
      gate = next
      applyGate()
      reviewIfOwed()
    },
    setUse: (next) => {
      use = next
      reviewIfOwed()
    },
    track: () => tracks?.sent ?? null,
    close: () => {
      openingId += 1
      isReviewOwed = false
      stopWait()
      drop()
      ports.onTrack(null, null, null)
    }
  }
}
