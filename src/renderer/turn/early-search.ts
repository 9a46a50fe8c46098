// Searches the handbook for the words of a question while it is spoken, so that its passages are there at the commit and
// the model answers in its first response. The words of a partial transcript may change: an answer that was requested for
// them is withdrawn before it is heard when the whole transcript differs.
import type { SearchAnswer } from '../../shared/handbook.ts'
import { requestResponse } from './response-requests.ts'
import type { TurnEffect, TurnEvent } from './turn-events.ts'
import { currentResponse } from './turn-lifecycle.ts'
import { EARLY_SEARCH, WATCHDOG_MS } from './turn-limits.ts'
import {
  type Answering,
  andThen,
  type EarlySearch,
  isListeningHold,
  type Step,
  same,
  start,
  stop,
  type Turn,
  type TurnState
} from './turn-state.ts'

const normalised = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim()

/** Punctuation and case of a partial transcript change until the end. */
export const isSameQuestion = (one: string, other: string): boolean =>
  normalised(one) === normalised(other)

const hasEnoughWords = (text: string): boolean =>
  normalised(text).split(' ').length >= EARLY_SEARCH.leastWords

const noWordsYet = (turnId: number): EarlySearch => ({
  turnId,
  words: '',
  isWhole: false,
  searches: 0,
  lastSearched: '',
  isPending: false,
  counted: null,
  result: null
})

const earlyOf = ({ early, turn }: TurnState): EarlySearch | null =>
  early !== null && early.turnId === turn?.id ? early : null

/** The speech is over, and the question is not with the model yet. */
const isOnItsWay = (turn: Turn | null): boolean =>
  turn?.phase === 'releasing' || turn?.phase === 'committing'

const isSpoken = (turn: Turn | null): boolean =>
  turn?.phase === 'held' || turn?.phase === 'latched' || turn?.phase === 'speech_detected'

/** The whole transcripts of this call come too late to answer with. */
const isTooLate = ({ lateTranscripts }: TurnState): boolean =>
  lateTranscripts >= EARLY_SEARCH.mostLate

/** Searches the words so far, one search at a time; the result is neither counted nor recorded. */
const searchWords = (state: TurnState, most: number): Step => {
  const early = earlyOf(state)
  const isWorthIt =
    early !== null &&
    !isTooLate(state) &&
    !early.isPending &&
    early.searches < most &&
    hasEnoughWords(early.words) &&
    !isSameQuestion(early.words, early.lastSearched)
  if (!isWorthIt) return same(state)
  const { turnId, words } = early
  return {
    state: {
      ...state,
      early: { ...early, isPending: true, searches: early.searches + 1, lastSearched: words }
    },
    effects: [{ type: 'search_early', turnId, words, isCounted: false }]
  }
}

/** A pause in the speech. One search is left for the release. */
export const onWordsStable = (state: TurnState): Step =>
  isSpoken(state.turn) ? searchWords(state, EARLY_SEARCH.most - 1) : same(state)

/** The speech is over: what was heard by now is probably all of it. */
export const followRelease = (before: TurnState, step: Step): Step =>
  isSpoken(before.turn) && isOnItsWay(step.state.turn)
    ? andThen(step, (next) => searchWords(next, EARLY_SEARCH.most))
    : step

export const onWordsHeard = (
  state: TurnState,
  { turnId, words, isWhole }: Extract<TurnEvent, { type: 'words_heard' }>
): Step => {
  const { turn } = state
  if (turn?.id !== turnId) return same(state)
  // The service has a part of this question only: its recording replaces it.
  if (isListeningHold(turn) && turn.carrier === 'recorded') return same(state)
  const known = earlyOf(state) ?? noWordsYet(turnId)
  const early: EarlySearch = { ...known, words, isWhole: known.isWhole || isWhole }
  const isBeforeCommit = isSpoken(turn) || isOnItsWay(turn)
  const next: TurnState = {
    ...state,
    early,
    streamsWords: state.streamsWords || (isBeforeCommit && words !== '')
  }
  if (isSpoken(turn)) {
    return { state: next, effects: [start('words_stable', turnId, EARLY_SEARCH.stableMs)] }
  }
  if (isOnItsWay(turn)) return searchWords(next, EARLY_SEARCH.most)
  return turn.phase === 'answering' ? onWordsInAnswer(next, turn) : same(next)
}

export const onEarlySearched = (
  state: TurnState,
  { turnId, words, answer, isCounted }: Extract<TurnEvent, { type: 'early_searched' }>
): Step => {
  const early = earlyOf(state)
  if (early === null || early.turnId !== turnId) return same(state)
  const next: TurnState = {
    ...state,
    early: {
      ...early,
      isPending: isCounted ? early.isPending : false,
      result: answer?.found === true ? { words, answer } : early.result
    }
  }
  const { turn } = state
  if (isOnItsWay(turn)) return searchWords(next, EARLY_SEARCH.most)
  if (turn?.phase !== 'answering' || turn.way.kind !== 'words') return same(next)
  const isLastResort = isCounted && answer?.found !== true
  return isLastResort ? askToSearch(next, turn) : answerWhenKnown(next, turn)
}

/** The way without an early search: the model has to search first. */
const askToSearch = (state: TurnState, turn: Answering): Step => {
  const requested = requestResponse({ ...turn, way: { kind: 'tool' } }, 'search')
  return {
    state: { ...state, turn: requested.turn },
    effects: [...stop(['words']), ...requested.effects]
  }
}

/** The search that the backend counts and records: once for each question, for its whole words. */
const countQuestion = (state: TurnState): Step => {
  const early = earlyOf(state)
  if (early === null || !early.isWhole || early.counted !== null) return same(state)
  const { turnId, words } = early
  return {
    // It came in time.
    state: { ...state, lateTranscripts: 0, early: { ...early, counted: words } },
    effects: [{ type: 'search_early', turnId, words, isCounted: true }]
  }
}

const givePassages = (state: TurnState, turn: Answering, answer: SearchAnswer): Step => {
  const early = earlyOf(state)
  if (early === null) return same(state)
  const itemId = `passages-${turn.id}-${turn.requests + 1}`
  const way: Answering['way'] = {
    kind: 'early',
    itemId,
    words: early.words,
    isConfirmed: early.isWhole
  }
  const requested = requestResponse({ ...turn, way, found: turn.found + 1 }, 'auto')
  return andThen(
    {
      state: { ...state, turn: requested.turn },
      effects: [
        ...stop(['words']),
        { type: 'give_passages', turnId: turn.id, itemId, answer },
        ...requested.effects
      ]
    },
    countQuestion
  )
}

/** Gives the passages of the words that are known; waits while their transcript or their search is on its way. */
const answerWhenKnown = (state: TurnState, turn: Answering): Step => {
  const early = earlyOf(state)
  if (early === null) return same(state)
  const { result, words, isWhole } = early
  if (result !== null && isSameQuestion(result.words, words)) {
    return givePassages(state, turn, result.answer)
  }
  if (!isWhole) return same(state)
  return hasEnoughWords(words) ? countQuestion(state) : askToSearch(state, turn)
}

/** The question is committed. Where the call transcribes during the hold, its words are awaited for a moment. */
export const beginAnswer = (state: TurnState, answering: Answering): Step => {
  if (!state.streamsWords || isTooLate(state) || answering.question?.kind === 'typed') {
    const requested = requestResponse(answering, 'search')
    return { state: { ...state, turn: requested.turn }, effects: requested.effects }
  }
  const turn: Answering = { ...answering, way: { kind: 'words' } }
  return andThen(
    {
      state: { ...state, turn },
      effects: [
        start('words', turn.id, state.transcriptWaitMs),
        start('response', turn.id, WATCHDOG_MS.created)
      ]
    },
    (next) => answerWhenKnown(next, turn)
  )
}

/** No whole transcript came in time. A counted search that runs ends by itself. */
export const onWordsLate = (state: TurnState): Step => {
  const { turn } = state
  return turn?.phase === 'answering' &&
    turn.way.kind === 'words' &&
    earlyOf(state)?.isWhole !== true
    ? askToSearch(late(state), turn)
    : same(state)
}

const late = (state: TurnState): TurnState => ({
  ...state,
  lateTranscripts: state.lateTranscripts + 1
})

/** Takes back the passages of other words and their response, of which no sound was heard. */
const withdrawPassages = (
  state: TurnState,
  turn: Answering,
  itemId: string
): { state: TurnState; turn: Answering; effects: TurnEffect[] } => {
  const responseId = turn.active ? currentResponse(turn) : null
  const withdrawn: Answering = {
    ...turn,
    way: { kind: 'words' },
    requestId: null,
    responses: [],
    active: false,
    found: 0,
    reported: null,
    final: false
  }
  return {
    state: { ...state, turn: withdrawn },
    turn: withdrawn,
    effects: [
      { type: 'cut_speaker' },
      { type: 'drop_requests' },
      ...(responseId === null ? [] : [{ type: 'cancel_response', responseId } as const]),
      ...stop(['audio_start']),
      { type: 'withdraw_passages', turnId: turn.id, itemId, responses: turn.responses },
      start('response', turn.id, WATCHDOG_MS.created)
    ]
  }
}

const onWordsInAnswer = (state: TurnState, turn: Answering): Step => {
  const early = earlyOf(state)
  const { way } = turn
  if (early === null) return same(state)
  if (way.kind === 'words') return answerWhenKnown(state, turn)
  if (way.kind === 'tool' || way.isConfirmed || !early.isWhole) return same(state)
  if (isSameQuestion(early.words, way.words)) {
    return countQuestion({ ...state, turn: { ...turn, way: { ...way, isConfirmed: true } } })
  }
  // The model searches by what it heard itself.
  if (turn.searches > 0) {
    return countQuestion({ ...state, turn: { ...turn, way: { kind: 'tool' } } })
  }
  const { effects, ...withdrawn } = withdrawPassages(state, turn, way.itemId)
  return andThen({ state: withdrawn.state, effects }, (next) =>
    answerWhenKnown(next, withdrawn.turn)
  )
}

/** The service refused the item of the passages: the model has to search. Null for a question without one. */
export const onPassagesRefused = (state: TurnState, turn: Answering): Step | null => {
  if (turn.way.kind !== 'early' || turn.searches > 0) return null
  const { effects, ...withdrawn } = withdrawPassages(state, turn, turn.way.itemId)
  return andThen({ state: withdrawn.state, effects }, (next) => askToSearch(next, withdrawn.turn))
}

/** The sound of an answer to words that are not confirmed begins: the model has to search instead. */
export const onUnconfirmedAudio = (state: TurnState, turn: Answering): Step | null => {
  const { way } = turn
  if (way.kind !== 'early' || way.isConfirmed || turn.searches > 0) return null
  const { effects, ...withdrawn } = withdrawPassages(state, turn, way.itemId)
  return andThen(
    { state: withdrawn.state, effects: [...effects, { type: 'clear_output' }] },
    (next) => askToSearch(late(next), withdrawn.turn)
  )
}
