// The actions of the screens.
import type { Credentials } from '../../shared/account.ts'
import type { Citation } from '../../shared/handbook.ts'
import type { ExitMode } from '../../shared/maintenance.ts'
import type { Thumb } from '../../shared/rating.ts'
import type { SettingsPatch } from '../../shared/settings.ts'
import type { KeptTurn } from '../../shared/turn-timing.ts'
import type { LearnStep } from '../turn/learn-binding.ts'

/** The result of the microphone's test. */
export type MicrophoneVerdict = {
  verdict: 'heard' | 'too_quiet' | 'silent'
  /** Loudest tenth of a second, in dB below full scale. */
  peakDb: number
}

export type PinAnswer =
  | { kind: 'right' }
  | { kind: 'wrong' }
  /** After too many wrong PINs. */
  | { kind: 'paused'; seconds: number }
  | { kind: 'failed' }

export type KioskActions = {
  signIn: (credentials: Credentials) => Promise<void>
  signOut: () => Promise<void>
  /** Asks a typed question. Returns false when it cannot be asked; the input then keeps its text. */
  ask: (text: string) => boolean
  /** Rates the answer on the screen. Idempotent; the last thumb wins. */
  rate: (thumb: Thumb) => Promise<void>
  /** Opens the text of a section at the citation, with the quotes marked. */
  openSection: (citation: Citation, quotes?: readonly string[]) => void
  closeSection: () => void
  changeSettings: (patch: SettingsPatch) => Promise<void>
  /** Ends the question under way and its answer. */
  stop: () => void
  /** Asks the failed question again, or opens the call. */
  retry: () => void
  reopenMicrophone: () => void
  dismissFailure: () => void
  dismissNotices: () => void
  reload: () => void
  /** Opens the settings, behind the PIN when there is one. */
  openSettings: () => void
  /** Closes and locks the settings. */
  closeSettings: () => void
  unlock: (pin: string) => Promise<PinAnswer>
  /** Returns false when main rejects the PIN. */
  setPin: (pin: string) => Promise<boolean>
  /** Closes or restarts the kiosk. */
  leave: (how: ExitMode) => void
  /** Listens on an element for the gesture that opens the settings. Returns what stops it. */
  watchGesture: (element: HTMLElement) => () => void
  /** Makes an element the button to hold and talk. Returns what stops it. */
  holdToTalk: (button: HTMLElement) => () => void
  /** Calls back with a level from 0 to 1, once per frame while there is sound. Returns what stops it. */
  onLevel: (listener: (level: number) => void) => () => void
  /** Waits for a key or a pedal and binds it. Returns what cancels that. */
  learnBinding: (onStep: (step: LearnStep) => void) => () => void
  /** Opens Chromium's list of WebHID pedals; requires a click. */
  choosePedal: () => Promise<void>
  /** Plays a tone at the volume of an answer. Resolves when it has ended. */
  testSpeaker: () => Promise<void>
  /** Listens for some seconds, with the level on `onLevel`. Sends nothing. */
  testMicrophone: () => Promise<MicrophoneVerdict>
  /** Timings of the last turns, oldest first; empty when main does not answer. */
  recentTurns: () => Promise<readonly KeptTurn[]>
}
