// The state that the screens are drawn from, and pure functions that derive the screen's parts from it.
import type { Account } from '../../shared/account.ts'
import type { CallOutput } from '../../shared/contract.ts'
import type { FailureCode } from '../../shared/failure.ts'
import type { Maintenance } from '../../shared/maintenance.ts'
import type { NetworkProblem } from '../../shared/network.ts'
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

/** The notices with this one added or removed. */
export const withNotice = (
  notices: readonly Notice[],
  notice: Notice,
  isShown: boolean
): readonly Notice[] => [
  ...notices.filter((other) => other !== notice),
  ...(isShown ? [notice] : [])
]

export type GivenThumb = {
  questionId: string
  thumb: Thumb
  /** `kept`: main's outbox sends it once the backend answers. */
  state: 'sending' | 'sent' | 'kept' | 'refused'
}

export type KioskState = {
  version: string
  account: Account
  settings: Settings
  maintenance: Maintenance
  /** Of the backend's or the model's address, as main sees it. */
  networkProblem: NetworkProblem | null
  openDialog: null | 'pin' | 'settings'
  /** A pedal opened the dialog, and moves its focus until it is closed. */
  isOpenedByPedal: boolean
  notices: readonly Notice[]
  devices: Devices
  connection: ConnectionStatus
  turn: TurnState
  view: TurnView
  microphone: MicrophoneState
  speakerFailure: KioskFailure | null
  /** A failure outside calls and turns: sign-in, settings, the bridge. */
  appFailure: KioskFailure | null
  signIn: 'idle' | 'under_way'
  hint: HintCode | null
  /** When the hold reaches its limit, on `performance.now()`'s clock; null before the warning. */
  holdEndsAtMs: number | null
  openedSection: OpenedSection | null
  /** The last thumb, perhaps of an earlier question: see `thumbOf`. */
  thumb: GivenThumb | null
  /** Names of the WebHID pedals that are plugged in. */
  pedals: readonly string[]
}

/** @param loaded main's answer to `kiosk.initialState` */
export const initialKioskState = ({
  version,
  account,
  settings,
  maintenance,
  networkProblem,
  notices
}: CallOutput<'kiosk.initialState'>): KioskState => ({
  version,
  account,
  settings,
  maintenance,
  networkProblem,
  notices,
  openDialog: null,
  isOpenedByPedal: false,
  devices: { microphones: [], speakers: [] },
  connection: { state: 'stopped' },
  turn: initialTurnState(settings.tailMs, settings.talkMode, settings.transcriptWaitMs),
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

export type KioskPhase =
  | 'disconnected'
  /** Idle without a call; a touch or a press opens one. */
  | 'asleep'
  | 'connecting'
  | 'connected'
  | 'listening'
  | 'processing'
  | 'speaking'

export const phaseOf = ({ connection, turn }: KioskState): KioskPhase => {
  // A question may be recorded or wait while there is no call.
  if (isGateOpen(turn)) return 'listening'
  // A tap is no question yet: a second tap or a hint follows.
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

/** Whether a press is asked at once. */
export const isKioskReady = ({ connection, turn }: KioskState): boolean =>
  connection.state === 'connected' && turn.microphoneAvailable

/** Whether a press is asked, now or as soon as there is a call. */
export const isPressAccepted = ({ connection, turn }: KioskState): boolean =>
  turn.microphoneAvailable && connection.state !== 'stopped' && connection.state !== 'blocked'

/**
 * The place for the thumbs: `open` from the end of an answer to the next press; `reserved` before, so that the layout
 * does not move; `none` when the backend does not know the question.
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

/** The failure to show: one that stops the kiosk comes before one that stops a question. */
export const shownFailure = (state: KioskState): KioskFailure | null => {
  if (state.appFailure !== null) return state.appFailure
  const { connection } = state
  // A question under way may still be answered, on the next call or from the offline copy.
  if (state.turn.turn === null) {
    if (connection.state === 'waiting' || connection.state === 'blocked') return connection.failure
    if (connection.state === 'connecting' && connection.failure !== null) return connection.failure
  }
  if (state.view.failure !== null) return state.view.failure
  if (state.microphone.status === 'failed') return state.microphone.failure
  return state.speakerFailure
}

const NETWORK_FAILURES: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'backend_unreachable',
  'model_unreachable',
  'offline'
])

const HANDBOOK_FAILURES: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'backend_unreachable',
  'backend_failed',
  'search_timeout',
  'no_offline_copy'
])

/** Whether the last question found no handbook to ask: the kiosk is connected and still not ready. */
export const isHandbookOutOfReach = (state: KioskState): boolean => {
  const failure = shownFailure(state)
  const phase = phaseOf(state)
  return (
    (phase === 'connected' || phase === 'asleep') &&
    failure !== null &&
    HANDBOOK_FAILURES.has(failure.code)
  )
}

/** Whether there is a question on its way, or an answer, that can be stopped. */
export const isStoppable = (state: KioskState): boolean => {
  const phase = phaseOf(state)
  return phase === 'processing' || phase === 'speaking'
}

/** The network problem that explains the shown failure; null: the failure has its own sentence. */
export const shownNetworkProblem = (state: KioskState): NetworkProblem | null => {
  const failure = shownFailure(state)
  return failure !== null && NETWORK_FAILURES.has(failure.code) ? state.networkProblem : null
}
