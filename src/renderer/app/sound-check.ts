// The tests of the speaker and the microphone in the settings.
import { runMicrophoneTest } from '../audio/microphone-test.ts'
import { playTestTone } from '../audio/test-tone.ts'
import type { AppContext } from './app-context.ts'
import type { AppAudio } from './audio.ts'
import type { AppDevices } from './devices.ts'
import type { KioskActions } from './kiosk-actions.ts'
import type { Level } from './level.ts'

export type SoundCheck = Pick<KioskActions, 'testSpeaker' | 'testMicrophone'> & {
  /** Ends the microphone's test for a press. */
  end: () => void
}

export const createSoundCheck = (
  { schedule }: AppContext,
  { context, speaker, suspender }: AppAudio,
  { ungatedTrack }: AppDevices,
  level: Level
): SoundCheck => {
  let running: AbortController | null = null
  return {
    end: () => running?.abort(),
    testSpeaker: async () => {
      await suspender.ensureRunning()
      await playTestTone(context, speaker.tones, schedule)
      suspender.use('idle')
    },
    testMicrophone: async () => {
      running?.abort()
      const aborter = new AbortController()
      running = aborter
      await suspender.ensureRunning()
      level.startTest()
      const verdict = await runMicrophoneTest({
        context,
        track: ungatedTrack(),
        schedule,
        signal: aborter.signal
      })
      if (running === aborter) {
        running = null
        level.endTest()
      }
      suspender.use('idle')
      return verdict
    }
  }
}
