// Everything a screen can ask the kiosk to do.
import type { Credentials } from '../../shared/account.ts'
import type { Citation } from '../../shared/handbook.ts'
import type { ExitMode } from '../../shared/maintenance.ts'
import type { Thumb } from '../../shared/rating.ts'
import type { SettingsPatch } from '../../shared/settings.ts'
import type { TurnTiming } from '../../shared/turn-timing.ts'
import type { LearnStep } from '../turn/learn-binding.ts'

/** What "say something" found: whether the microphone heard a voice, and how loud. */
export type MicrophoneVerdict = {
  verdict: 'heard' | 'too_quiet' | 'silent'
  /** Loudest tenth of a second, in dB below full scale. */
  peakDb: number
}

export type PinAnswer =
  | { kind: 'right' }
  | { kind: 'wrong' }
  /** Too many wrong ones. */
  | { kind: 'paused'; seconds: number }
  | { kind: 'failed' }

export type KioskActions = {
  signIn: (credentials: Credentials) => Promise<void>
  signOut: () => Promise<void>
  /** Types a question. Returns false when it cannot be asked at all; the text is then kept. */
  ask: (text: string) => boolean
  /** A thumb for the answer on the screen; the same again is sent again, the other one takes its place. */
  rate: (thumb: Thumb) => Promise<void>
  /** Opens the text of a section, at the place that was cited. */
  openSection: (citation: Citation) => void
  closeSection: () => void
  changeSettings: (patch: SettingsPatch) => Promise<void>
  /** Asks a question that failed again, or opens the call again. */
  retry: () => void
  reopenMicrophone: () => void
  dismissFailure: () => void
  dismissNotices: () => void
  reload: () => void
  /** Opens the settings, or asks for the PIN first. */
  openSettings: () => void
  /** Closes them, and whoever opens them next needs the PIN again. */
  closeSettings: () => void
  unlock: (pin: string) => Promise<PinAnswer>
  /** Returns false when it was not set. */
  setPin: (pin: string) => Promise<boolean>
  /** Closes the kiosk, or starts it again. */
  leave: (how: ExitMode) => void
  /** Makes an element a place for the gesture that opens the settings. Returns what stops that. */
  watchGesture: (element: HTMLElement) => () => void
  /** Makes an element the button that is held to talk. Returns what stops it. */
  holdToTalk: (button: HTMLElement) => () => void
  /** Level of what is heard now, 0 to 1, once per frame while there is something. */
  onLevel: (listener: (level: number) => void) => () => void
  /** Waits for a key or a pedal and adds it to the bindings. Returns what gives up. */
  learnBinding: (onStep: (step: LearnStep) => void) => () => void
  /** Opens Chromium's list of pedals that are no keyboards; has to be called from a click. */
  choosePedal: () => Promise<void>
  /** A short tone on the chosen speaker, at the volume of an answer. Resolves when it has ended. */
  testSpeaker: () => Promise<void>
  /** Listens for some seconds, with the level on `onLevel`, and says what it heard. Sends nothing. */
  testMicrophone: () => Promise<MicrophoneVerdict>
  /** Timings of the last turns, oldest first; empty when they cannot be had. */
  recentTurns: () => Promise<readonly TurnTiming[]>
}
