// What is known of a turn, what can be read from it, and the few words that every part of the reducer is
// written in.
import type { TalkMode } from '../../shared/settings.ts'
import type {
  Carrier,
  HintCode,
  PressSource,
  Question,
  TimerName,
  TurnEffect
} from './turn-events.ts'
import { MAX_HOLD_MS } from './turn-limits.ts'

/** What a hold keeps from its press to its end. */
export type Hold = {
  id: number
  carrier: Carrier
  /** How it began; changing the mode does not change a hold that is under way. */
  mode: TalkMode
  pressedAtMs: number
}
export type Held = Hold & {
  phase: 'held'
  /** Who presses. Any release ends the hold; a press of one of these means that its release was lost. */
  sources: readonly PressSource[]
  /** The press that followed a tap: when it is a tap as well, it latches. */
  isSecondTap: boolean
}
/** Let go: the microphone stays open for the tail, or for the moment in which it could be a bounce. */
export type Releasing = Hold & {
  phase: 'releasing'
  releasedAtMs: number
  /** From the release to the moment at which it is a question; for a tap, to the one at which it is no bounce. */
  tailMs: number
  /** A tap that may become a double tap. */
  mayLatch: boolean
}
/** One tap: nothing is heard until the second one comes, or does not. */
export type Tapped = Hold & { phase: 'tapped'; releasedAtMs: number }
/** Listens with nobody holding. */
export type Latched = Hold & {
  phase: 'latched'
  /** The release that a press may follow as a bounce of the same tap. */
  releasedAtMs: number | null
}
/** Hands-free: somebody speaks, and the model will say when it ends. */
export type SpeechDetected = {
  phase: 'speech_detected'
  id: number
  itemId: string
  startedAtMs: number
}

/** A question on its way to an answer, and how often it was asked so far. */
type OnItsWay = { id: number; question: Question; asks: number }
/** There is no call to ask it on. */
export type Waiting = OnItsWay & { phase: 'waiting' }
/** The copy of the handbook is looking for it. */
export type Offline = OnItsWay & { phase: 'offline' }
type Asked = {
  id: number
  /** null: it was said hands-free, nothing was recorded, and it cannot be asked again. */
  question: Question | null
  asks: number
}
export type Committing = Asked & {
  phase: 'committing'
  /** How it was said this time. */
  carrier: Carrier
  /** Too much of it was lost on the way: what is committed now is no question, its recording is. */
  isDamaged?: true
}
export type PendingCall = { callId: string; output: string | null }
export type Answering = Asked & {
  phase: 'answering'
  /** The request that has no response yet. */
  requestId: string | null
  /** Responses asked for so far. */
  requests: number
  /** Responses of this turn, oldest first; the last one is the current one. */
  responses: readonly string[]
  /** Whether the current response still has to send its `response.done`. */
  active: boolean
  calls: readonly PendingCall[]
  searches: number
  /** Searches that found something, and searches that worked and found nothing. */
  found: number
  empty: number
  /** What the model said of its answer; null while it has not, and for a call without that tool. */
  reported: 'found' | 'not_found' | null
  /** Code of the last search that failed. */
  failedCode: string | null
  /** Responses whose sound has ended; it may end before `response.done` arrives. */
  playedResponses: readonly string[]
  /** The response without tool calls is done; what is left is to hear it. */
  final: boolean
}
export type Turn =
  | Held
  | Releasing
  | Tapped
  | Latched
  | SpeechDetected
  | Committing
  | Waiting
  | Offline
  | Answering

export type TurnState = {
  /** Number of the current or last turn; 0 before the first. Only ever grows. */
  lastTurnId: number
  turn: Turn | null
  /** `expected`: there is none, and one comes when it is wanted. `blocked`: a person has to do something first. */
  call: 'up' | 'expected' | 'blocked'
  microphoneAvailable: boolean
  tailMs: number
  talkMode: TalkMode
  /** Holds in a row that were too short for a foot: a pedal that sends press and release together. */
  pedalTaps: number
  /** When the last tap was let go that no second one followed in time; null before the first. */
  droppedTapAtMs: number | null
  handsFree: boolean
  /** Hands-free, but somebody locked the screen or the machine slept: it listens again when told to, or pressed. */
  handsFreeSuspended: boolean
  /** The question of the last turn, which failed; its recording is kept until the next turn starts. */
  retryable: Question | null
  /** Nothing is on its way to the input buffer that could meet the words of the next hold there. */
  isInputSettled: boolean
  /** The response whose audio the server is playing. */
  playing: string | null
  /** Turns whose commit is sent and not yet confirmed, oldest first: the server answers in order. */
  unconfirmedCommits: readonly number[]
}

export type Step = { state: TurnState; effects: readonly TurnEffect[] }

/**
 * @param tailMs how long the microphone stays open after a release
 * @param talkMode what a press does
 */
export const initialTurnState = (
  tailMs: number,
  talkMode: TalkMode = 'hold_and_latch'
): TurnState => ({
  lastTurnId: 0,
  turn: null,
  call: 'blocked',
  microphoneAvailable: false,
  tailMs,
  talkMode,
  pedalTaps: 0,
  droppedTapAtMs: null,
  handsFree: false,
  handsFreeSuspended: false,
  retryable: null,
  isInputSettled: true,
  playing: null,
  unconfirmedCommits: []
})

/** Whether a press would be heard now: live, or recorded for the call that is to come. */
export const isReady = (state: TurnState): boolean =>
  state.call !== 'blocked' && state.microphoneAvailable

/**
 * Whether the microphone is listened to for a question, live or recorded: while it is held or latched, for the
 * tail, and hands-free while somebody speaks.
 */
export const isGateOpen = (state: TurnState): boolean =>
  isListeningHold(state.turn) || state.turn?.phase === 'speech_detected'

/** Whether it listens with nobody holding, until the next press. */
export const isLatched = (state: TurnState): boolean => state.turn?.phase === 'latched'

/**
 * Hands-free: whether the model hears the room. Half duplex: never while a question is under way or an answer
 * plays, or the kiosk would answer itself.
 */
export const isHandsFreeListening = (state: TurnState): boolean =>
  state.handsFree &&
  !state.handsFreeSuspended &&
  state.call === 'up' &&
  state.microphoneAvailable &&
  state.playing === null &&
  (state.turn === null || state.turn.phase === 'speech_detected')

/**
 * Whether what the microphone hears goes to the model while it is spoken. Without anybody holding only in the
 * tail, latched, or hands-free.
 */
export const isSending = (state: TurnState): boolean =>
  isHandsFreeListening(state) || (isListeningHold(state.turn) && state.turn.carrier === 'live')

/** Whether this turn's words go out while they are said, or have and are not confirmed yet. */
export const isLiveAudioPending = ({ turn }: TurnState, turnId: number): boolean =>
  turn?.id === turnId &&
  (isListeningHold(turn) || turn.phase === 'committing') &&
  turn.carrier === 'live'

/** Whether `ask_again` would ask something. */
export const canAskAgain = (state: TurnState): boolean => state.retryable !== null

/** When the hold under way ends by itself, on the clock of the presses; null when nothing is held. */
export const holdEndsAtMs = (state: TurnState): number | null => {
  const { turn } = state
  switch (turn?.phase) {
    case 'held':
    case 'latched':
      return turn.pressedAtMs + MAX_HOLD_MS.limit
    case 'speech_detected':
      return turn.startedAtMs + MAX_HOLD_MS.limit
    default:
      return null
  }
}

/** A hold whose words are being kept. */
export const isListeningHold = (turn: Turn | null): turn is Held | Releasing | Latched =>
  turn?.phase === 'held' || turn?.phase === 'releasing' || turn?.phase === 'latched'

/** A hold that is no question yet. */
export const isHold = (turn: Turn | null): turn is Held | Releasing | Latched | Tapped =>
  isListeningHold(turn) || turn?.phase === 'tapped'

export const HOLD_TIMERS = ['chatter', 'double_tap', 'tail', 'hold_warning', 'max_hold'] as const
export const ANSWER_TIMERS = ['call', 'committed', 'response', 'audio_start', 'audio_stop'] as const

export const stop = (timers: readonly TimerName[]): TurnEffect[] =>
  timers.map((timer) => ({ type: 'stop_timer', timer }))

export const start = (timer: TimerName, turnId: number, ms: number): TurnEffect => ({
  type: 'start_timer',
  timer,
  turnId,
  ms
})

export const same = (state: TurnState): Step => ({ state, effects: [] })

/** Runs a second step on the first one's state. */
export const andThen = (first: Step, next: (state: TurnState) => Step): Step => {
  const second = next(first.state)
  return { state: second.state, effects: [...first.effects, ...second.effects] }
}

/** The hint comes last: opening the gate takes the one before it off the screen. */
export const withHint = (step: Step, hint: HintCode): Step => ({
  state: step.state,
  effects: [...step.effects, { type: 'hint', hint }]
})
