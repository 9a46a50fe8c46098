// The state of a turn, the values that are read from it, and the building blocks of the reducer's steps.
import type { SearchAnswer } from '../../shared/handbook.ts'
import { type TalkMode, TRANSCRIPT_WAIT_MS } from '../../shared/settings.ts'
import type {
  Carrier,
  HintCode,
  PressSource,
  Question,
  TimerName,
  TurnEffect
} from './turn-events.ts'
import { MAX_HOLD_MS } from './turn-limits.ts'

/** Fixed from the press to the end of the hold. */
export type Hold = {
  id: number
  carrier: Carrier
  /** The mode at the press; a later change does not affect this hold. */
  mode: TalkMode
  pressedAtMs: number
}
export type Held = Hold & {
  phase: 'held'
  /** Any release ends the hold; a second press of one of these means a lost release. */
  sources: readonly PressSource[]
  /** The press followed a tap: as a tap, it latches. */
  isSecondTap: boolean
}
/** Released: the microphone stays open for the tail, or while a bounce is possible. */
export type Releasing = Hold & {
  phase: 'releasing'
  releasedAtMs: number
  /** From the release to the commit; for a tap, to the end of a possible bounce. */
  tailMs: number
  /** The tap may become a double tap. */
  mayLatch: boolean
}
/** One tap, with the gate closed, before a possible second one. */
export type Tapped = Hold & { phase: 'tapped'; releasedAtMs: number }
/** Listens without a held source. */
export type Latched = Hold & {
  phase: 'latched'
  /** A press soon after this release is a bounce. */
  releasedAtMs: number | null
}
/** Hands-free: speech whose end the service will detect. */
export type SpeechDetected = {
  phase: 'speech_detected'
  id: number
  itemId: string
  startedAtMs: number
}

/** `asks` counts how often it was asked. */
type OnItsWay = { id: number; question: Question; asks: number }
/** There is no call. */
export type Waiting = OnItsWay & { phase: 'waiting' }
/** The offline copy is searched. */
export type Offline = OnItsWay & { phase: 'offline' }
type Asked = {
  id: number
  /** null: hands-free speech has no recording and cannot be asked again. */
  question: Question | null
  asks: number
}
export type Committing = Asked & {
  phase: 'committing'
  carrier: Carrier
  /** Too many packets were lost: its recording replaces it. */
  isDamaged?: true
}
export type PendingCall = { callId: string; output: string | null }
/** How the passages reach the model. */
export type AnswerWay =
  /** The model searches by its tool. */
  | { kind: 'tool' }
  /** No response is requested yet: the transcript or its search is on its way. */
  | { kind: 'words' }
  /** They were given with the request. `isConfirmed`: the whole transcript has these words. */
  | { kind: 'early'; itemId: string; words: string; isConfirmed: boolean }
export type Answering = Asked & {
  phase: 'answering'
  /** The request without a response yet. */
  requestId: string | null
  /** Responses requested so far. */
  requests: number
  /** Oldest first; the last one is the current one. */
  responses: readonly string[]
  /** The current response has no `response.done` yet. */
  active: boolean
  calls: readonly PendingCall[]
  way: AnswerWay
  /** By the model's tool. */
  searches: number
  /** Searches with a match, and searches without. */
  found: number
  empty: number
  /** The model's report; null before it, and on a call without that tool. */
  reported: 'found' | 'not_found' | null
  /** Code of the last failed search. */
  failedCode: string | null
  /** Their sound has ended, perhaps before their `response.done`. */
  playedResponses: readonly string[]
  /** The response without tool calls is done; its sound remains. */
  final: boolean
  /** The last response with words. */
  wordedResponse: string | null
  /** The answer ended at its limit of tokens. */
  isCutOff: boolean
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

/** The words of the question under way, and what was searched for them before the model asked. */
export type EarlySearch = {
  turnId: number
  /** Transcript so far. */
  words: string
  /** The service has sent the whole transcript; empty words could not be transcribed. */
  isWhole: boolean
  /** Searches that are not counted. */
  searches: number
  lastSearched: string
  isPending: boolean
  /** Words of the counted search; null before it. */
  counted: string | null
  /** The last search that found something. */
  result: { words: string; answer: SearchAnswer } | null
}

export type TurnState = {
  /** The current or last turn; 0 before the first. Only grows. */
  lastTurnId: number
  turn: Turn | null
  /** `expected`: a call opens on demand. `blocked`: a person has to act first. */
  call: 'up' | 'expected' | 'blocked'
  microphoneAvailable: boolean
  tailMs: number
  talkMode: TalkMode
  /** Holds in a row that were too short for a foot. */
  pedalTaps: number
  /** Release of the last tap without a second one in time; null before the first. */
  droppedTapAtMs: number | null
  handsFree: boolean
  /** Locked or suspended: it listens again after a press or a new setting. */
  handsFreeSuspended: boolean
  /** The failed question of the last turn; its recording is kept until the next turn. */
  retryable: Question | null
  /** No clear or commit is in flight. */
  isInputSettled: boolean
  /** The response whose audio the server plays. */
  playing: string | null
  /** Turns with an unconfirmed commit, oldest first: the server answers in order. */
  unconfirmedCommits: readonly number[]
  early: EarlySearch | null
  /** The call in use has transcribed words before a commit: not every model does. */
  streamsWords: boolean
  /** Questions in a row whose whole transcript came too late on this call: waiting for it costs more than it saves. */
  lateTranscripts: number
  /** Longest wait for the whole transcript after a commit. */
  transcriptWaitMs: number
}

export type Step = { state: TurnState; effects: readonly TurnEffect[] }

export const initialTurnState = (
  tailMs: number,
  talkMode: TalkMode = 'hold_and_latch',
  transcriptWaitMs: number = TRANSCRIPT_WAIT_MS.default
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
  unconfirmedCommits: [],
  early: null,
  streamsWords: false,
  lateTranscripts: 0,
  transcriptWaitMs
})

/** Whether a press would be taken: live or recorded. */
export const isReady = (state: TurnState): boolean =>
  state.call !== 'blocked' && state.microphoneAvailable

/** Whether the microphone is used for a question, live or recorded. */
export const isGateOpen = (state: TurnState): boolean =>
  isListeningHold(state.turn) || state.turn?.phase === 'speech_detected'

/** Whether it listens without a held source. */
export const isLatched = (state: TurnState): boolean => state.turn?.phase === 'latched'

/**
 * Whether the service hears the room. Half duplex: never during a question or an answer, or the kiosk would
 * answer itself.
 */
export const isHandsFreeListening = (state: TurnState): boolean =>
  state.handsFree &&
  !state.handsFreeSuspended &&
  state.call === 'up' &&
  state.microphoneAvailable &&
  state.playing === null &&
  (state.turn === null || state.turn.phase === 'speech_detected')

/** Whether audio goes out live. */
export const isSending = (state: TurnState): boolean =>
  isHandsFreeListening(state) || (isListeningHold(state.turn) && state.turn.carrier === 'live')

/** Whether this turn's live audio is unconfirmed. */
export const isLiveAudioPending = ({ turn }: TurnState, turnId: number): boolean =>
  turn?.id === turnId &&
  (isListeningHold(turn) || turn.phase === 'committing') &&
  turn.carrier === 'live'

export const canAskAgain = (state: TurnState): boolean => state.retryable !== null

/** End of the longest hold, on the presses' clock; null without a hold. */
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

/** A hold with a running recording. */
export const isListeningHold = (turn: Turn | null): turn is Held | Releasing | Latched =>
  turn?.phase === 'held' || turn?.phase === 'releasing' || turn?.phase === 'latched'

/** A hold that is no question yet. */
export const isHold = (turn: Turn | null): turn is Held | Releasing | Latched | Tapped =>
  isListeningHold(turn) || turn?.phase === 'tapped'

export const HOLD_TIMERS = [
  'chatter',
  'double_tap',
  'tail',
  'hold_warning',
  'max_hold',
  'words_stable'
] as const
export const ANSWER_TIMERS = [
  'call',
  'committed',
  'words',
  'response',
  'audio_start',
  'audio_stop'
] as const

export const stop = (timers: readonly TimerName[]): TurnEffect[] =>
  timers.map((timer) => ({ type: 'stop_timer', timer }))

export const start = (timer: TimerName, turnId: number, ms: number): TurnEffect => ({
  type: 'start_timer',
  timer,
  turnId,
  ms
})

export const same = (state: TurnState): Step => ({ state, effects: [] })

export const andThen = (first: Step, next: (state: TurnState) => Step): Step => {
  const second = next(first.state)
  return { state: second.state, effects: [...first.effects, ...second.effects] }
}

/** The hint comes last: an opening gate removes the previous one. */
export const withHint = (step: Step, hint: HintCode): Step => ({
  state: step.state,
  effects: [...step.effects, { type: 'hint', hint }]
})
