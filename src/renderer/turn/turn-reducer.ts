// The turn reducer: a pure function from state and event to the next state and effects. It holds no clock, no
// microphone and no network. Effects run in their order.
// Invariants: without a held source the gate is open only in the tail, latched, or hands-free; audio goes out
// live or from its recording, never both in one turn on one call; a question has exactly one outcome; a
// dropped hold has a hint, unless the next press continues it.
import { failedToolOutput } from '../../shared/handbook.ts'
import {
  concludeAnswer,
  isPartlyHeard,
  onAudioEnded,
  onAudioStarted,
  onCommitted,
  onItemRefused,
  onResponseCreated,
  onResponseDone,
  onResponseProgress,
  onResponseRefused
} from './answer.ts'
import { onSearchSettled, onToolCalled } from './answer-calls.ts'
import {
  followRelease,
  onEarlySearched,
  onWordsHeard,
  onWordsLate,
  onWordsStable
} from './early-search.ts'
import {
  isCommitDamaged,
  onAsk,
  onAskAgain,
  onAudioLost,
  onCallLost,
  onCallOpened,
  onCallTimeout,
  onCommitRefused,
  onDamagedCommitted,
  onSearchedOffline,
  replaceCall
} from './fallback.ts'
import {
  commitDetectedSpeech,
  followHandsFree,
  onHandsFreeChanged,
  onHandsFreePress,
  onSpeechStarted
} from './hands-free.ts'
import {
  finishHold,
  onChatterOver,
  onDoubleTapOver,
  onForceRelease,
  onHoldLost,
  onPress,
  onRelease,
  onSilenceDetected
} from './hold.ts'
import type { TimerName, TurnEvent } from './turn-events.ts'
import { dropRetryable, endTurn, stopPlayback } from './turn-lifecycle.ts'
import { andThen, isHold, type Step, same, type TurnState, withHint } from './turn-state.ts'

export {
  canAskAgain,
  holdEndsAtMs,
  initialTurnState,
  isGateOpen,
  isHandsFreeListening,
  isLatched,
  isLiveAudioPending,
  isReady,
  isSending,
  type Step,
  type TurnState
} from './turn-state.ts'

const onTimer = (state: TurnState, timer: TimerName, turnId: number): Step => {
  const { turn } = state
  if (turn === null || turn.id !== turnId) return same(state)
  switch (timer) {
    case 'chatter':
      return onChatterOver(state)
    case 'double_tap':
      return onDoubleTapOver(state)
    case 'tail':
      return turn.phase === 'releasing' ? finishHold(state) : same(state)
    case 'hold_warning':
      return turn.phase === 'held' || turn.phase === 'latched' || turn.phase === 'speech_detected'
        ? withHint(same(state), 'hold_ends_soon')
        : same(state)
    case 'max_hold':
      if (turn.phase === 'speech_detected')
        return withHint(commitDetectedSpeech(state), 'held_too_long')
      return turn.phase === 'held' || turn.phase === 'latched'
        ? withHint(finishHold(state), 'held_too_long')
        : same(state)
    case 'words_stable':
      return onWordsStable(state)
    case 'words':
      return onWordsLate(state)
    case 'call':
      return onCallTimeout(state)
    case 'committed':
      // The question is recorded: another call gets it.
      return turn.phase === 'committing' ? replaceCall(state) : same(state)
    case 'response':
      if (turn.phase === 'offline') return endTurn(state, 'failed', 'no_call')
      // No response has begun: another call may answer the known question.
      if (turn.phase === 'answering' && turn.requestId !== null) return replaceCall(state)
      return turn.phase === 'answering' && !turn.final
        ? andThen(
            endTurn(
              state,
              'failed',
              isPartlyHeard(state, turn) ? 'answer_cut_off' : 'answer_failed'
            ),
            replaceCall
          )
        : same(state)
    case 'audio_start':
    case 'audio_stop':
      // The words are complete; the sound, or the report of its end, is missing.
      return turn.phase === 'answering' && turn.final
        ? concludeAnswer({ ...state, playing: null }, turn)
        : same(state)
    default:
      return timer satisfies never
  }
}

const onMicrophone = (state: TurnState, isAvailable: boolean): Step => {
  const next: TurnState = { ...state, microphoneAvailable: isAvailable }
  const phase = state.turn?.phase
  const isCutOff = phase === 'held' || phase === 'latched' || phase === 'speech_detected'
  return !isAvailable && isCutOff
    ? withHint(endTurn(next, 'cancelled', null), 'no_microphone')
    : same(next)
}

/** Another account or restaurant: drops the previous question and its recording. */
const onAbandon = (state: TurnState): Step => {
  const ended = andThen(andThen(endTurn(state, 'cancelled', null), stopPlayback), dropRetryable)
  return isHold(state.turn) || state.turn?.phase === 'speech_detected'
    ? withHint(ended, 'interrupted')
    : ended
}

const onStop = (state: TurnState): Step => {
  const isSpoken = isHold(state.turn) || state.turn?.phase === 'speech_detected'
  return isSpoken ? same(state) : andThen(endTurn(state, 'cancelled', null), stopPlayback)
}

type AnswerEvent = Extract<
  TurnEvent,
  {
    type:
      | 'response_created'
      | 'response_progress'
      | 'tool_called'
      | 'response_done'
      | 'response_refused'
      | 'item_refused'
      | 'hands_free_refused'
      | 'audio_started'
      | 'audio_stopped'
      | 'audio_cleared'
      | 'searched'
      | 'search_failed'
      | 'words_heard'
      | 'early_searched'
      | 'transcript_wait_changed'
      | 'searched_offline'
  }
>

/** Events of an answer and of its searches. */
const reduceAnswerEvent = (state: TurnState, event: AnswerEvent): Step => {
  switch (event.type) {
    case 'response_created':
      return onResponseCreated(state, event.responseId, event.requestId)
    case 'response_progress':
      return onResponseProgress(state, event.responseId)
    case 'tool_called':
      return onToolCalled(state, event.responseId, event.call)
    case 'response_done':
      return onResponseDone(state, event)
    case 'response_refused':
      return onResponseRefused(state, event.requestId, event.failure)
    case 'item_refused':
      return onItemRefused(state, event.turnId)
    case 'hands_free_refused':
      return withHint(onHandsFreeChanged(state, false), 'hands_free_refused')
    case 'audio_started':
      return onAudioStarted(state, event.responseId)
    case 'audio_stopped':
    case 'audio_cleared':
      return onAudioEnded(state, event.responseId)
    case 'searched':
      return onSearchSettled(
        state,
        event.turnId,
        event.callId,
        (turn) =>
          event.found ? { ...turn, found: turn.found + 1 } : { ...turn, empty: turn.empty + 1 },
        event.output
      )
    case 'search_failed':
      return onSearchSettled(
        state,
        event.turnId,
        event.callId,
        (turn) => ({ ...turn, failedCode: event.code }),
        failedToolOutput(event.code)
      )
    case 'words_heard':
      return onWordsHeard(state, event)
    case 'early_searched':
      return onEarlySearched(state, event)
    case 'transcript_wait_changed':
      return same({ ...state, transcriptWaitMs: event.transcriptWaitMs })
    case 'searched_offline':
      return onSearchedOffline(state, event.turnId, event.found)
    default:
      return event satisfies never
  }
}

const reduceEvent = (state: TurnState, event: TurnEvent): Step => {
  switch (event.type) {
    case 'press':
      return state.handsFree ? onHandsFreePress(state) : onPress(state, event.source, event.atMs)
    case 'release':
      return onRelease(state, event.atMs)
    case 'hold_lost':
      return onHoldLost(state, event.atMs)
    case 'force_release':
      return onForceRelease(state)
    case 'abandon':
      return onAbandon(state)
    case 'stop':
      return onStop(state)
    case 'ask':
      return onAsk(state, event.text)
    case 'ask_again':
      return onAskAgain(state)
    case 'timer':
      return onTimer(state, event.timer, event.turnId)
    case 'call_opened':
      return onCallOpened(state)
    case 'call_lost':
    case 'call_expected':
      return onCallLost(state, 'expected')
    case 'call_blocked':
      return onCallLost(state, 'blocked')
    case 'microphone':
      return onMicrophone(state, event.available)
    case 'input_settled':
      return same({ ...state, isInputSettled: event.settled })
    case 'tail_changed':
      return same({ ...state, tailMs: event.tailMs })
    case 'silence_detected':
      return state.turn?.id === event.turnId
        ? onSilenceDetected(state, event.releasedAtMs, event.atMs)
        : same(state)
    case 'talk_mode_changed':
      return same({ ...state, talkMode: event.talkMode, pedalTaps: 0 })
    case 'hands_free_changed':
      return onHandsFreeChanged(state, event.on)
    case 'speech_started':
      return onSpeechStarted(state, event.itemId, event.atMs)
    case 'committed':
      return isCommitDamaged(state)
        ? onDamagedCommitted(state, event.itemId)
        : onCommitted(state, event.itemId)
    case 'audio_lost':
      return onAudioLost(state, event.turnId)
    case 'commit_refused':
      return onCommitRefused(state, event.turnId, event.empty)
    default:
      return reduceAnswerEvent(state, event)
  }
}

export const reduceTurn = (state: TurnState, event: TurnEvent): Step =>
  event.type === 'call_opened' && state.call === 'up'
    ? // Swapped without a word about the old one: it is gone all the same.
      andThen(reduceTurn(state, { type: 'call_lost' }), (next) => reduceTurn(next, event))
    : followHandsFree(state, followRelease(state, reduceEvent(state, event)))
