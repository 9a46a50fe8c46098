// Opens the chosen microphone and speaker, follows changes of the devices, and lists them.

import type { FailureCode } from '../../shared/failure.ts'
import { audioProcessingOf } from '../audio/audio-processing.ts'
import { listDevices, watchDevices } from '../audio/devices.ts'
import { createMicrophone, type Microphone, type MicrophoneState } from '../audio/microphone.ts'
import type { AppContext } from './app-context.ts'
import type { AppAudio } from './audio.ts'

export type DevicesListener = {
  onAvailable: (isAvailable: boolean) => void
  /** The track for the call; null without a microphone. */
  onTrack: (track: MediaStreamTrack | null) => void
}

export type AppDevices = {
  microphone: Microphone
  /** A copy of the microphone that no gate silences; null without a microphone. */
  ungatedTrack: () => MediaStreamTrack | null
  openMicrophone: () => void
  chooseSpeaker: () => void
  /** Set once, before `start`. */
  listen: (listener: DevicesListener) => void
  start: () => void
}

export const createAppDevices = (
  { page, store, settings, schedule, log, warn }: AppContext,
  { speaker, meter, recorder }: AppAudio
): AppDevices => {
  const { mediaDevices } = page.navigator
  let listener: DevicesListener | null = null
  let ungated: MediaStreamTrack | null = null
  let loggedCode: FailureCode | null = null

  const refreshList = async () => {
    store.set({ devices: await listDevices(mediaDevices) })
  }

  const onState = (state: MicrophoneState) => {
    store.set({ microphone: state })
    listener?.onAvailable(state.status === 'ready')
    // A failed microphone is tried again every few seconds and logged once.
    if (state.status === 'failed' && state.failure.code !== loggedCode) {
      const { code, message } = state.failure
      loggedCode = code
      log('warn', 'microphone.failed', { code, message })
    }
    if (state.status === 'ready') {
      loggedCode = null
      // Chromium names the devices once the microphone may be used.
      void refreshList()
    }
  }

  const microphone = createMicrophone({
    devices: mediaDevices,
    schedule,
    onState,
    onTrack: (sent, metered, recorded) => {
      ungated = recorded
      meter.setMicrophone(metered, recorded)
      recorder.setMicrophone(recorded)
      listener?.onTrack(sent)
    }
  })

  const openMicrophone = () =>
    void microphone.open(settings().microphone, audioProcessingOf(settings()))

  const chooseSpeaker = async () => {
    const failure = await speaker.choose(settings().speaker)
    store.set({ speakerFailure: failure })
    if (failure !== null) warn('speaker.failed', failure.message)
  }

  return {
    microphone,
    ungatedTrack: () => ungated,
    openMicrophone,
    chooseSpeaker: () => void chooseSpeaker(),
    listen: (given) => {
      listener = given
    },
    start: () => {
      watchDevices(mediaDevices, schedule, () => {
        void refreshList()
        void microphone.devicesChanged()
        void chooseSpeaker()
      })
      openMicrophone()
      void chooseSpeaker()
      void refreshList()
    }
  }
}
