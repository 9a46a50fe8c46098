// Everything the screen is drawn from, in one observable value, and the pure functions that turn it into
// what a person sees. Knows nothing of React.
import type { Account } from '../../shared/account.ts'
import type { CallOutput } from '../../shared/contract.ts'
import type { Maintenance } from '../../shared/maintenance.ts'
import type { Thumb } from '../../shared/rating.ts'
import type { Settings } from '../../shared/settings.ts'
import type { Devices } from '../audio/devices.ts'
import type { MicrophoneState } from '../audio/microphone.ts'
import type { ConnectionStatus } from '../call/call-state.ts'
import type { KioskFailure } from '../call/failures.ts'
import { emptyTurn, type TurnView } from '../call/turn-view.ts'
import type { OpenedSection } from '../section-reader/opened-section.ts'
import type { HintCode } from '../turn/turn-events.ts'
import { initialTurnState, isGateOpen, type TurnState } from '../turn/turn-reducer.ts'

export type Notice = CallOutput<'kiosk.initialState'>['notices'][number]

/** A thumb that was pressed, and what became of it. */
export type GivenThumb = {
  questionId: string
  thumb: Thumb
  /** `kept`: it goes out as soon as the backend can be asked. */
  state: 'sending' | 'sent' | 'kept' | 'refused'
}

export type KioskState = {
  version: string
  account: Account
  settings: Settings
  maintenance: Maintenance
  /** What is open above the screen: nothing, the question for the PIN, or the settings. */
  openDialog: null | 'pin' | 'settings'
  /** It was opened with a pedal, which moves about in it until it is closed. */
  isOpenedByPedal: boolean
  notices: readonly Notice[]
  devices: Devices
  connection: ConnectionStatus
  turn: TurnState
  view: TurnView
  microphone: MicrophoneState
  speakerFailure: KioskFailure | null
  /** What went wrong outside a call and a turn: sign-in, settings, the bridge. */
  appFailure: KioskFailure | null
  signIn: 'idle' | 'under_way'
  hint: HintCode | null
  /** When the hold under way ends by itself, on `performance.now()`'s clock; null while that is far. */
  holdEndsAtMs: number | null
  /** The section that is open above the answer. */
  openedSection: OpenedSection | null
  /** The last one; of the answer on the screen when the question is the same. */
  thumb: GivenThumb | null
  /** Names of the pedals that are no keyboards and are plugged in. */
  pedals: readonly string[]
}

/** @param loaded main's answer to `kiosk.initialState` */
export const initialKioskState = ({
  version,
  account,
  settings,
  maintenance,
  notices
}: CallOutput<'kiosk.initialState'>): KioskState => ({
  version,
  account,
  settings,
  maintenance,
  notices,
  openDialog: null,
  isOpenedByPedal: false,
  devices: { microphones: [], speakers: [] },
  connection: { state: 'stopped' },
  turn: initialTurnState(settings.tailMs, settings.talkMode),
  view: emptyTurn(0),
  microphone: { status: 'opening' },
  speakerFailure: null,
  appFailure: null,
  signIn: 'idle',
  hint: null,
  holdEndsAtMs: null,
  openedSection: null,
  thumb: null,
  pedals: []
})

/** The states of the kiosk, under the names of the product's first plan. */
export type KioskPhase =
  | 'disconnected'
  /** Put down for idleness; a touch or a press opens the call again. */
  | 'asleep'
  | 'connecting'
  | 'connected'
  | 'listening'
  | 'processing'
  | 'speaking'

export const phaseOf = ({ connection, turn }: KioskState): KioskPhase => {
  // A question that is recorded or waits for its call is under way, whatever the call does.
  if (isGateOpen(turn)) return 'listening'
  // One tap is no question, and nothing is looked up: the second one comes, or a hint does.
  if (turn.turn !== null && turn.turn.phase !== 'tapped') {
    return turn.playing === null ? 'processing' : 'speaking'
  }
  switch (connection.state) {
    case 'stopped':
    case 'waiting':
    case 'blocked':
      return 'disconnected'
    case 'asleep':
    case 'connecting':
    case 'connected':
      return connection.state
    default:
      return connection satisfies never
  }
}

/** Whether a press would be asked now, without waiting for a call. */
export const isKioskReady = ({ connection, turn }: KioskState): boolean =>
  connection.state === 'connected' && turn.microphoneAvailable

/** Whether a press would be kept and asked as soon as there is a call. */
export const isPressAccepted = ({ connection, turn }: KioskState): boolean =>
  turn.microphoneAvailable &&
  (connection.state === 'connected' ||
    connection.state === 'asleep' ||
    connection.state === 'connecting' ||
    connection.state === 'waiting')

/**
 * Whether the answer on the screen can be rated: `open` once it is finished and until the next press; `reserved` before,
 * so that nothing moves when the thumbs come; `none` when the backend has no such question.
 */
export const ratingPlaceOf = ({ view, turn }: KioskState): 'none' | 'reserved' | 'open' => {
  if (view.questionId === null) return 'none'
  if (view.outcome === null) return 'reserved'
  if (view.outcome !== 'answered' && view.outcome !== 'not_found') return 'none'
  return turn.turn === null ? 'open' : 'reserved'
}

/** The thumb that was pressed for the answer on the screen. */
export const thumbOf = ({ view, thumb }: KioskState): GivenThumb | null =>
  thumb !== null && thumb.questionId === view.questionId ? thumb : null

/** The one failure that is shown: what stops everything before what stops this question. */
export const shownFailure = (state: KioskState): KioskFailure | null => {
  if (state.appFailure !== null) return state.appFailure
  const { connection } = state
  // While a question is being answered, by whatever is left, the call's trouble is not the news.
  if (state.turn.turn === null) {
    if (connection.state === 'waiting' || connection.state === 'blocked') return connection.failure
    if (connection.state === 'connecting' && connection.failure !== null) return connection.failure
  }
  if (state.view.failure !== null) return state.view.failure
  if (state.microphone.status === 'failed') return state.microphone.failure
  return state.speakerFailure
}
