// Reduces the events of one conversation to its turn, its answer and the effects to run, in their order. Pure.
import { type ReportedAnswer, type SearchAnswer, toolOutput } from '../../shared/handbook.ts'
import type { Settings } from '../../shared/settings.ts'
import {
  type CaptionEvent,
  emptyCaptions,
  isTranscriptWhole,
  transcriptIn
} from '../captions/captions.ts'
import type { TurnEffect, TurnEvent } from '../turn/turn-events.ts'
import { initialTurnState, reduceTurn, type TurnState } from '../turn/turn-reducer.ts'
import type { AnswerChecks } from './answer-citations.ts'
import {
  type AnswerState,
  initialAnswerState,
  onAnswerComplete,
  onAnswerReported,
  onCopyAnswered,
  onHandbookAnswered,
  onPassagesWithdrawn,
  onTurnEnded,
  withCaption,
  withTurn,
  withUnassignedItem,
  withView,
  withWords
} from './answer-state.ts'
import type { KioskFailure } from './failures.ts'
import { addExchange, type Exchange } from './history.ts'
import { emptyTurn } from './turn-view.ts'

export type ConversationState = {
  turn: TurnState
  answer: AnswerState
  history: readonly Exchange[]
  /** Clears of the input buffer that the service has not confirmed. */
  clearsInFlight: number
}

type TranscriptEvent = Exclude<
  CaptionEvent,
  { type: 'turn_started' | 'turn_discarded' | 'response_assigned' | 'responses_withdrawn' }
>

export type ConversationEvent =
  | TurnEvent
  | TranscriptEvent
  /** A new call is in use; the replayed items belong to no turn. */
  | { type: 'session_opened'; replay: boolean; replayedItemIds: readonly string[] }
  | { type: 'item_committed'; itemId: string }
  | { type: 'clear_sent' }
  | { type: 'clear_confirmed' }
  /** Hands-free only. */
  | { type: 'speech_stopped'; itemId: string }
  | { type: 'checks_loaded'; checks: AnswerChecks }
  | {
      type: 'handbook_answered'
      turnId: number
      callId: string
      questionId: string
      answer: SearchAnswer
    }
  | { type: 'handbook_failed'; turnId: number; callId: string; failure: KioskFailure }
  /** `answer` is null when the offline copy found nothing. */
  | { type: 'copy_answered'; turnId: number; answer: SearchAnswer | null }
  | { type: 'turn_timed'; turnId: number; timeToFirstAudioMs: number | null }
  | { type: 'failure_dismissed' }
  /** Another restaurant: no word of the last one stays. */
  | { type: 'forgotten' }

export type ConversationEffect =
  | Exclude<TurnEffect, { type: 'answer_reported' | 'answer_complete' | 'turn_committed' }>
  /** The service committed a hands-free question by itself. */
  | { type: 'question_committed' }
  | { type: 'report_answer'; report: ReportedAnswer }

export type ConversationStep = {
  state: ConversationState
  effects: readonly ConversationEffect[]
}

/** @param settings `tailMs`: how long the microphone stays open after a release */
export const initialConversationState = ({
  tailMs,
  talkMode,
  transcriptWaitMs
}: Pick<Settings, 'tailMs' | 'talkMode' | 'transcriptWaitMs'>): ConversationState => ({
  turn: initialTurnState(tailMs, talkMode, transcriptWaitMs),
  answer: initialAnswerState,
  history: [],
  clearsInFlight: 0
})

/** Whether a response belongs to the turn under way: the model goes on for a moment after the end of a turn. */
export const isOwnResponse = ({ turn }: TurnState, responseId: string): boolean =>
  turn?.phase === 'answering' && turn.responses.includes(responseId)

/** The turn that the next confirmed commit belongs to; 0 when it belongs to none. */
export const turnOfCommit = ({ turn, unconfirmedCommits }: TurnState): number =>
  unconfirmedCommits[0] ?? (turn?.phase === 'speech_detected' ? turn.id : 0)

const same = (state: ConversationState): ConversationStep => ({ state, effects: [] })

const withAnswer = (state: ConversationState, answer: AnswerState): ConversationStep =>
  same({ ...state, answer })

const reporting = (report: ReportedAnswer | null): readonly ConversationEffect[] =>
  report === null ? [] : [{ type: 'report_answer', report }]

const transcriptAtStart = (cause: TurnEvent, { view }: AnswerState): string => {
  if (cause.type === 'ask') return cause.text
  return cause.type === 'ask_again' ? view.transcript : ''
}

/** Applies an effect of the turn to the answer; the effects that only change the answer end here. */
const applyEffect = (
  state: ConversationState,
  effect: TurnEffect,
  cause: TurnEvent
): ConversationStep => {
  const { answer } = state
  const keep = (kept: ConversationEffect, next: AnswerState): ConversationStep => ({
    state: { ...state, answer: next },
    effects: [kept]
  })
  switch (effect.type) {
    case 'turn_started': {
      const { type, turnId } = effect
      const view = { ...emptyTurn(turnId), transcript: transcriptAtStart(cause, answer) }
      return keep(effect, withCaption(withTurn(answer, view), { type, turnId }))
    }
    case 'turn_discarded': {
      const { type, turnId } = effect
      return keep(effect, withCaption(withTurn(answer, emptyTurn(turnId)), { type, turnId }))
    }
    case 'delete_item':
      return keep(effect, withUnassignedItem(answer, effect.itemId))
    case 'give_passages':
      return keep(
        effect,
        withUnassignedItem(onHandbookAnswered(answer, effect.answer, null), effect.itemId)
      )
    case 'withdraw_passages':
      return keep(effect, onPassagesWithdrawn(answer, effect.responses))
    case 'answer_reported':
      return withAnswer(state, onAnswerReported(answer, effect.report))
    case 'answer_complete': {
      const complete = onAnswerComplete(answer)
      return {
        state: { ...state, answer: complete.answer },
        effects: reporting(complete.report)
      }
    }
    case 'turn_committed':
      // `item_committed` has assigned the caption.
      return same(state)
    case 'turn_ended': {
      const ended = onTurnEnded(answer, effect)
      const isExchange = effect.outcome === 'answered' || effect.outcome === 'not_found'
      const { history } = state
      return {
        state: {
          ...state,
          answer: ended.answer,
          history: isExchange ? addExchange(history, ended.answer.view) : history
        },
        effects: [...reporting(ended.report), effect]
      }
    }
    default:
      return keep(effect, answer)
  }
}

const stepTurn = (state: ConversationState, event: TurnEvent): ConversationStep => {
  const step = reduceTurn(state.turn, event)
  let next: ConversationState = { ...state, turn: step.state }
  const effects: ConversationEffect[] = []
  for (const effect of step.effects) {
    const applied = applyEffect(next, effect, event)
    next = applied.state
    effects.push(...applied.effects)
  }
  return { state: next, effects }
}

/** Tells the turn what the captions know of its question. */
const stepWords = (state: ConversationState): ConversationStep => {
  const { turn } = state.turn
  const { captions } = state.answer
  if (turn === null) return same(state)
  const words = transcriptIn(captions, turn.id)
  const isWhole = isTranscriptWhole(captions, turn.id)
  if (words === '' && !isWhole) return same(state)
  return stepTurn(state, { type: 'words_heard', turnId: turn.id, words, isWhole })
}

const andThen = (
  first: ConversationStep,
  next: (state: ConversationState) => ConversationStep
): ConversationStep => {
  const second = next(first.state)
  return { state: second.state, effects: [...first.effects, ...second.effects] }
}

const onItemCommitted = (
  state: ConversationState,
  { itemId }: Extract<ConversationEvent, { type: 'item_committed' }>
): ConversationStep => {
  const turnId = turnOfCommit(state.turn)
  const { turn } = state.turn
  const isHandsFree = turn?.phase === 'speech_detected' && turn.id === turnId
  const answer = withCaption(state.answer, {
    type: 'question_item_assigned',
    turnId,
    itemId,
    text: null
  })
  const step = andThen(stepWords({ ...state, answer }), (next) =>
    stepTurn(next, { type: 'committed', itemId })
  )
  return isHandsFree
    ? { state: step.state, effects: [{ type: 'question_committed' }, ...step.effects] }
    : step
}

const onResponseCreated = (
  state: ConversationState,
  event: Extract<TurnEvent, { type: 'response_created' }>
): ConversationStep => {
  const { responseId } = event
  const step = stepTurn(state, event)
  const { turn, answer } = step.state
  if (turn.turn === null || !isOwnResponse(turn, responseId)) return step
  const assigned: CaptionEvent = { type: 'response_assigned', responseId, turnId: turn.turn.id }
  return { state: { ...step.state, answer: withCaption(answer, assigned) }, effects: step.effects }
}

const onClearConfirmed = (state: ConversationState): ConversationStep => {
  const clearsInFlight = Math.max(0, state.clearsInFlight - 1)
  const confirmed = { ...state, clearsInFlight }
  return clearsInFlight === 0
    ? stepTurn(confirmed, { type: 'input_settled', settled: true })
    : same(confirmed)
}

/** A result for a turn that has ended changes nothing. */
const onSearchResult = (
  state: ConversationState,
  event: Extract<
    ConversationEvent,
    { type: 'handbook_answered' | 'handbook_failed' | 'copy_answered' }
  >
): ConversationStep => {
  const { turnId } = event
  if (state.turn.turn?.id !== turnId) return same(state)
  switch (event.type) {
    case 'handbook_answered': {
      const { callId, answer } = event
      return stepTurn(
        { ...state, answer: onHandbookAnswered(state.answer, answer, event.questionId) },
        { type: 'searched', turnId, callId, found: answer.found, output: toolOutput(answer) }
      )
    }
    case 'handbook_failed': {
      const { callId, failure } = event
      return stepTurn(
        { ...state, answer: withView(state.answer, { failure }) },
        { type: 'search_failed', turnId, callId, code: failure.code }
      )
    }
    case 'copy_answered':
      return stepTurn(
        { ...state, answer: onCopyAnswered(state.answer, event.answer) },
        { type: 'searched_offline', turnId, found: event.answer !== null }
      )
    default:
      return event satisfies never
  }
}

/** Only a counted search has an id that the question can be rated by. */
const onEarlySearched = (
  state: ConversationState,
  event: Extract<ConversationEvent, { type: 'early_searched' }>
): ConversationStep => {
  const { answer } = state
  const isRecorded = event.isCounted && event.answer !== null && answer.view.id === event.turnId
  const next = isRecorded ? withView(answer, { questionId: event.questionId }) : answer
  return stepTurn({ ...state, answer: next }, event)
}

const reduceEvent = (state: ConversationState, event: ConversationEvent): ConversationStep => {
  const { answer } = state
  switch (event.type) {
    case 'question_item_assigned':
      return withAnswer(state, withCaption(answer, event))
    case 'transcript_delta':
    case 'transcript_completed':
      return stepWords({ ...state, answer: withCaption(answer, event) })
    case 'early_searched':
      return onEarlySearched(state, event)
    case 'answer_delta':
    case 'answer_done':
      return stepTurn(
        { ...state, answer: withCaption(answer, event) },
        { type: 'response_progress', responseId: event.responseId }
      )
    case 'response_created':
      return onResponseCreated(state, event)
    case 'session_opened': {
      const empty: AnswerState = { ...answer, captions: emptyCaptions }
      return stepTurn(
        {
          ...state,
          answer: event.replayedItemIds.reduce(withUnassignedItem, empty),
          history: event.replay ? state.history : [],
          clearsInFlight: 0
        },
        { type: 'call_opened' }
      )
    }
    case 'call_lost':
      return stepTurn({ ...state, clearsInFlight: 0 }, event)
    case 'item_committed':
      return onItemCommitted(state, event)
    case 'clear_sent':
      return stepTurn(
        { ...state, clearsInFlight: state.clearsInFlight + 1 },
        { type: 'input_settled', settled: false }
      )
    case 'clear_confirmed':
      return onClearConfirmed(state)
    case 'checks_loaded':
      return withAnswer(state, { ...answer, checks: event.checks })
    case 'handbook_answered':
    case 'handbook_failed':
    case 'copy_answered':
      return onSearchResult(state, event)
    case 'turn_timed':
      return answer.view.id === event.turnId
        ? withAnswer(state, withView(answer, { timeToFirstAudioMs: event.timeToFirstAudioMs }))
        : same(state)
    case 'speech_stopped':
      return same(state)
    case 'failure_dismissed':
      return withAnswer(state, withView(answer, { failure: null }))
    case 'forgotten': {
      const empty = withTurn(answer, emptyTurn(answer.view.id))
      return same({ ...state, answer: { ...empty, captions: emptyCaptions }, history: [] })
    }
    default:
      return stepTurn(state, event)
  }
}

export const reduceConversation = (
  state: ConversationState,
  event: ConversationEvent
): ConversationStep => {
  const { state: next, effects } = reduceEvent(state, event)
  return { state: { ...next, answer: withWords(next.answer, next.turn) }, effects }
}
