// One push-to-talk turn as a pure reducer: what a press, a release, a timer or an event of the model's
// does to the turn, and what has to be done about it. It holds data only: no clock, no microphone, no
// network. The order of the effects it returns is the order in which they are to be run.
import { failedToolOutput, SEARCH_TOOL_NAME } from '../../shared/handbook.ts'
import { CHATTER_MS, MAX_HOLD_MS, MAX_SEARCHES, MIN_HOLD_MS, WATCHDOG_MS } from './limits.ts'

export type PressSource = 'key' | 'button'

/** How a committed question ended. A question has exactly one outcome. */
export type Outcome = 'answered' | 'not_found' | 'failed' | 'cancelled'

export type TimerName =
  | 'chatter'
  | 'tail'
  | 'hold_warning'
  | 'max_hold'
  | 'committed'
  | 'response'
  | 'audio_start'
  | 'audio_stop'

export type HintCode =
  | 'too_short'
  | 'held_too_long'
  | 'hold_ends_soon'
  | 'nothing_heard'
  | 'not_connected'
  | 'no_microphone'

/** `search` forces the handbook tool, `auto` lets the model choose, `none` forbids tools. */
export type ResponseKind = 'search' | 'auto' | 'none'

/** A tool call of a finished response; only items whose status is `completed` become one. */
export type ToolCall = {
  callId: string
  name: string
  /** null when the arguments could not be read. */
  query: string | null
}

export type TurnEvent =
  | { type: 'press'; source: PressSource; atMs: number }
  | { type: 'release'; atMs: number }
  /** Closes the gate at once and drops what was said: nobody is there to ask any more. */
  | { type: 'force_release' }
  /** Ends whatever is under way: sign-out, another restaurant. */
  | { type: 'abandon' }
  | { type: 'ask'; text: string }
  | { type: 'timer'; timer: TimerName; turnId: number }
  | { type: 'call_opened' }
  | { type: 'call_lost' }
  | { type: 'microphone'; available: boolean }
  | { type: 'tail_changed'; tailMs: number }
  | { type: 'committed'; itemId: string }
  | { type: 'commit_refused'; turnId: number; empty: boolean }
  /** `requestId` is null when the server did not say which request the response belongs to. */
  | { type: 'response_created'; responseId: string; requestId: string | null }
  /** The response is still being produced: text arrived. */
  | { type: 'response_progress'; responseId: string }
  | {
      type: 'response_done'
      responseId: string
      status: 'completed' | 'cancelled' | 'incomplete' | 'failed'
      hasAudio: boolean
      calls: readonly ToolCall[]
    }
  | { type: 'response_refused'; requestId: string }
  | { type: 'audio_started'; responseId: string }
  | { type: 'audio_stopped'; responseId: string }
  | { type: 'audio_cleared'; responseId: string }
  | { type: 'searched'; turnId: number; callId: string; found: boolean; output: string }
  | { type: 'search_failed'; turnId: number; callId: string; code: string }

export type TurnEffect =
  | { type: 'open_gate' }
  | { type: 'close_gate' }
  | { type: 'clear_input' }
  | { type: 'commit'; turnId: number }
  | { type: 'send_text'; turnId: number; text: string }
  /** A question that was committed after its turn had ended must not be answered with the next one. */
  | { type: 'delete_item'; itemId: string }
  | { type: 'create_response'; turnId: number; requestId: string; kind: ResponseKind }
  /** Responses that are asked for and not sent yet are not wanted any more. */
  | { type: 'drop_requests' }
  | { type: 'cancel_response'; responseId: string }
  | { type: 'clear_output' }
  | { type: 'cut_speaker' }
  | { type: 'restore_speaker' }
  | { type: 'search'; turnId: number; callId: string; query: string }
  | { type: 'send_tool_output'; callId: string; output: string }
  | { type: 'start_timer'; timer: TimerName; turnId: number; ms: number }
  | { type: 'stop_timer'; timer: TimerName }
  | { type: 'hint'; hint: HintCode }
  | { type: 'turn_started'; turnId: number }
  | { type: 'turn_committed'; turnId: number; itemId: string }
  /** The hold was no question: nothing was committed. */
  | { type: 'turn_discarded'; turnId: number }
  | { type: 'turn_ended'; turnId: number; outcome: Outcome; failure: string | null }

type Held = { phase: 'held'; id: number; pressedAtMs: number }
type Releasing = { phase: 'releasing'; id: number; pressedAtMs: number }
type Committing = { phase: 'committing'; id: number }
type PendingCall = { callId: string; output: string | null }
type Answering = {
  phase: 'answering'
  id: number
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
  /** Code of the last search that failed. */
  failedCode: string | null
  /** Responses whose sound has ended; it may end before `response.done` arrives. */
  heard: readonly string[]
  /** The response without tool calls is done; what is left is to hear it. */
  final: boolean
}
export type Turn = Held | Releasing | Committing | Answering

export type TurnState = {
  /** Number of the current or last turn; 0 before the first. Only ever grows. */
  lastTurnId: number
  turn: Turn | null
  call: 'up' | 'down'
  microphoneAvailable: boolean
  tailMs: number
  /** The response whose audio the server is playing. */
  playing: string | null
  /** Turns whose commit is sent and not yet confirmed, oldest first: the server answers in order. */
  unconfirmedCommits: readonly number[]
}

export type Step = { state: TurnState; effects: readonly TurnEffect[] }

export const initialTurnState = (tailMs: number): TurnState => ({
  lastTurnId: 0,
  turn: null,
  call: 'down',
  microphoneAvailable: false,
  tailMs,
  playing: null,
  unconfirmedCommits: []
})

/** Whether a press would be heard now. */
export const isReady = (state: TurnState): boolean =>
  state.call === 'up' && state.microphoneAvailable

/** Whether the microphone is sending: while it is held, and for the tail. */
export const isGateOpen = (state: TurnState): boolean =>
  state.turn?.phase === 'held' || state.turn?.phase === 'releasing'

const HOLD_TIMERS = ['chatter', 'tail', 'hold_warning', 'max_hold'] as const
const ANSWER_TIMERS = ['committed', 'response', 'audio_start', 'audio_stop'] as const

const stop = (timers: readonly TimerName[]): TurnEffect[] =>
  timers.map((timer) => ({ type: 'stop_timer', timer }))

const start = (timer: TimerName, turnId: number, ms: number): TurnEffect => ({
  type: 'start_timer',
  timer,
  turnId,
  ms
})

const same = (state: TurnState): Step => ({ state, effects: [] })

const currentResponse = (turn: Answering): string | null => turn.responses.at(-1) ?? null

/** Runs a second step on the first one's state. */
const then = (first: Step, next: (state: TurnState) => Step): Step => {
  const second = next(first.state)
  return { state: second.state, effects: [...first.effects, ...second.effects] }
}

/** Stops what the speaker plays. Locally first: the server's own clear takes a round trip. */
const silence = (state: TurnState): Step =>
  state.playing === null
    ? same(state)
    : {
        state: { ...state, playing: null },
        effects: [{ type: 'cut_speaker' }, { type: 'clear_output' }]
      }

/** Gives up the response that is under way or asked for, and its sound. */
const interrupt = (state: TurnState, turn: Answering): Step => {
  if (!turn.active && turn.requestId === null) return silence(state)
  const responseId = turn.active ? currentResponse(turn) : null
  return {
    state: { ...state, playing: null },
    effects: [
      { type: 'cut_speaker' },
      { type: 'drop_requests' },
      ...(responseId === null ? [] : [{ type: 'cancel_response', responseId } as const]),
      { type: 'clear_output' }
    ]
  }
}

/** Ends the live turn, whatever its phase. A hold was no question yet, so it has no outcome. */
const endTurn = (state: TurnState, outcome: Outcome, failure: string | null): Step => {
  const { turn } = state
  if (turn === null) return same(state)
  const idle: TurnState = { ...state, turn: null }
  switch (turn.phase) {
    case 'held':
    case 'releasing':
      return {
        state: idle,
        effects: [
          { type: 'close_gate' },
          { type: 'clear_input' },
          ...stop(HOLD_TIMERS),
          { type: 'turn_discarded', turnId: turn.id }
        ]
      }
    case 'committing':
      return {
        state: idle,
        effects: [...stop(ANSWER_TIMERS), { type: 'turn_ended', turnId: turn.id, outcome, failure }]
      }
    case 'answering': {
      const quiet =
        outcome === 'cancelled' || outcome === 'failed' ? interrupt(idle, turn) : same(idle)
      return {
        state: quiet.state,
        effects: [
          ...quiet.effects,
          // A call left without its output would hang over the next question.
          ...turn.calls
            .filter((call) => call.output === null)
            .map(
              (call): TurnEffect => ({
                type: 'send_tool_output',
                callId: call.callId,
                output: failedToolOutput('cancelled')
              })
            ),
          ...stop(ANSWER_TIMERS),
          { type: 'turn_ended', turnId: turn.id, outcome, failure }
        ]
      }
    }
    default:
      return turn satisfies never
  }
}

/** The answer is complete and heard: what it is worth depends on what the handbook said. */
const concludeAnswer = (state: TurnState, turn: Answering): Step => {
  if (turn.found > 0) return endTurn(state, 'answered', null)
  if (turn.empty > 0) return endTurn(state, 'not_found', null)
  // Words without a search behind them are not the handbook's: they are never shown as its answer.
  return endTurn(state, 'failed', turn.failedCode ?? 'answer_failed')
}

const beginTurn = (
  state: TurnState,
  begin: (id: number) => { turn: Turn; effects: readonly TurnEffect[] }
): Step => {
  const quiet = then(endTurn(state, 'cancelled', null), silence)
  const id = quiet.state.lastTurnId + 1
  const begun = begin(id)
  return {
    state: { ...quiet.state, lastTurnId: id, turn: begun.turn },
    effects: [...quiet.effects, ...begun.effects]
  }
}

const newAnswering = (id: number): Answering => ({
  phase: 'answering',
  id,
  requestId: null,
  requests: 0,
  responses: [],
  active: false,
  calls: [],
  searches: 0,
  found: 0,
  empty: 0,
  failedCode: null,
  heard: [],
  final: false
})

const requestResponse = (
  turn: Answering,
  kind: ResponseKind
): { turn: Answering; effects: readonly TurnEffect[] } => {
  const requests = turn.requests + 1
  const requestId = `turn-${turn.id}-${requests}`
  return {
    turn: { ...turn, requests, requestId, active: false },
    effects: [
      { type: 'create_response', turnId: turn.id, requestId, kind },
      start('response', turn.id, WATCHDOG_MS.response)
    ]
  }
}

const holdTimers = (id: number, heldMs: number): TurnEffect[] => [
  start('hold_warning', id, Math.max(0, MAX_HOLD_MS.limit - MAX_HOLD_MS.warning - heldMs)),
  start('max_hold', id, Math.max(0, MAX_HOLD_MS.limit - heldMs))
]

const onPress = (state: TurnState, atMs: number): Step => {
  const { turn } = state
  // A pedal that bounces, a KVM that sends pairs, a foot that slips: until the commit the microphone
  // is still open, and nothing is lost by going on with the same hold.
  if (turn?.phase === 'releasing') {
    // Unless the microphone went in between: what it heard before is sent, and nobody speaks into nothing.
    if (!state.microphoneAvailable) return hinted(same(state), 'no_microphone')
    const { id, pressedAtMs } = turn
    return {
      state: { ...state, turn: { phase: 'held', id, pressedAtMs } },
      effects: [...stop(['chatter', 'tail']), ...holdTimers(id, atMs - pressedAtMs)]
    }
  }
  if (state.call === 'down') return { state, effects: [{ type: 'hint', hint: 'not_connected' }] }
  if (!state.microphoneAvailable) {
    return { state, effects: [{ type: 'hint', hint: 'no_microphone' }] }
  }
  return beginTurn(state, (id) => ({
    turn: { phase: 'held', id, pressedAtMs: atMs },
    effects: [
      // A closed gate sends silence, which the server keeps: without this it would be committed too.
      { type: 'clear_input' },
      { type: 'open_gate' },
      { type: 'turn_started', turnId: id },
      ...holdTimers(id, 0)
    ]
  }))
}

const onRelease = (state: TurnState, atMs: number): Step => {
  const { turn } = state
  if (turn?.phase !== 'held') return same(state)
  const { id, pressedAtMs } = turn
  const isShort = atMs - pressedAtMs < MIN_HOLD_MS
  return {
    state: { ...state, turn: { phase: 'releasing', id, pressedAtMs } },
    effects: [
      ...stop(['hold_warning', 'max_hold']),
      isShort
        ? start('chatter', id, CHATTER_MS)
        : start('tail', id, Math.max(state.tailMs, CHATTER_MS))
    ]
  }
}

const commitTurn = (state: TurnState, id: number): Step => ({
  state: {
    ...state,
    turn: { phase: 'committing', id },
    unconfirmedCommits: [...state.unconfirmedCommits, id]
  },
  effects: [
    { type: 'close_gate' },
    { type: 'commit', turnId: id },
    ...stop(HOLD_TIMERS),
    start('committed', id, WATCHDOG_MS.committed)
  ]
})

const onAsk = (state: TurnState, text: string): Step => {
  if (state.call === 'down') return { state, effects: [{ type: 'hint', hint: 'not_connected' }] }
  return beginTurn(state, (id) => {
    const requested = requestResponse(newAnswering(id), 'search')
    return {
      turn: requested.turn,
      effects: [
        { type: 'turn_started', turnId: id },
        { type: 'send_text', turnId: id, text },
        ...requested.effects
      ]
    }
  })
}

const hinted = (step: Step, hint: HintCode): Step => ({
  state: step.state,
  effects: [...step.effects, { type: 'hint', hint }]
})

const onTimer = (state: TurnState, timer: TimerName, turnId: number): Step => {
  const { turn } = state
  if (turn === null || turn.id !== turnId) return same(state)
  switch (timer) {
    case 'chatter':
      return turn.phase === 'releasing'
        ? hinted(endTurn(state, 'cancelled', null), 'too_short')
        : same(state)
    case 'tail':
      return turn.phase === 'releasing' ? commitTurn(state, turn.id) : same(state)
    case 'hold_warning':
      return turn.phase === 'held' ? hinted(same(state), 'hold_ends_soon') : same(state)
    case 'max_hold':
      return turn.phase === 'held'
        ? hinted(commitTurn(state, turn.id), 'held_too_long')
        : same(state)
    case 'committed':
      return turn.phase === 'committing' ? endTurn(state, 'failed', 'answer_failed') : same(state)
    case 'response':
      return turn.phase === 'answering' && !turn.final
        ? endTurn(state, 'failed', 'answer_failed')
        : same(state)
    case 'audio_start':
    case 'audio_stop':
      // The words are there; only the sound is missing, or nobody said that it ended.
      return turn.phase === 'answering' && turn.final
        ? concludeAnswer({ ...state, playing: null }, turn)
        : same(state)
    default:
      return timer satisfies never
  }
}

const onCommitted = (state: TurnState, itemId: string): Step => {
  const [oldest, ...rest] = state.unconfirmedCommits
  if (oldest === undefined) return same(state)
  const next: TurnState = { ...state, unconfirmedCommits: rest }
  if (next.turn?.phase !== 'committing' || next.turn.id !== oldest) {
    return { state: next, effects: [{ type: 'delete_item', itemId }] }
  }
  const requested = requestResponse(newAnswering(oldest), 'search')
  return {
    state: { ...next, turn: requested.turn },
    effects: [
      ...stop(['committed']),
      { type: 'turn_committed', turnId: oldest, itemId },
      ...requested.effects
    ]
  }
}

const onCommitRefused = (state: TurnState, turnId: number, empty: boolean): Step => {
  const next: TurnState = {
    ...state,
    unconfirmedCommits: state.unconfirmedCommits.filter((id) => id !== turnId)
  }
  if (next.turn?.phase !== 'committing' || next.turn.id !== turnId) return same(next)
  return empty
    ? hinted(endTurn(next, 'cancelled', null), 'nothing_heard')
    : endTurn(next, 'failed', 'answer_failed')
}

const onResponseCreated = (
  state: TurnState,
  responseId: string,
  requestId: string | null
): Step => {
  const { turn } = state
  if (turn?.phase === 'answering' && turn.responses.includes(responseId)) return same(state)
  const isOurs =
    turn?.phase === 'answering' &&
    turn.requestId !== null &&
    (requestId === null || requestId === turn.requestId)
  // Asked for by a turn that has ended since: it must not talk over the one that is held now.
  if (!isOurs) return { state, effects: [{ type: 'cancel_response', responseId }] }
  return {
    state: {
      ...state,
      turn: {
        ...turn,
        requestId: null,
        responses: [...turn.responses, responseId],
        active: true
      }
    },
    effects: [start('response', turn.id, WATCHDOG_MS.response)]
  }
}

/** All outputs are in: they go out together, followed by one request (realtime-api.md §5). */
const answerCalls = (state: TurnState, turn: Answering): Step => {
  if (turn.calls.length === 0 || turn.calls.some((call) => call.output === null)) {
    return same({ ...state, turn })
  }
  const outputs = turn.calls.map(
    (call): TurnEffect => ({
      type: 'send_tool_output',
      callId: call.callId,
      output: call.output ?? ''
    })
  )
  const isLast = turn.searches >= MAX_SEARCHES || turn.requests >= MAX_SEARCHES
  const requested = requestResponse({ ...turn, calls: [] }, isLast ? 'none' : 'auto')
  return {
    state: { ...state, turn: requested.turn },
    effects: [...outputs, ...requested.effects]
  }
}

const onToolCalls = (state: TurnState, turn: Answering, calls: readonly ToolCall[]): Step => {
  const pending: PendingCall[] = []
  const effects: TurnEffect[] = []
  let searches = turn.searches
  for (const call of calls) {
    if (call.name !== SEARCH_TOOL_NAME || call.query === null) {
      pending.push({ callId: call.callId, output: failedToolOutput('bad_request') })
    } else if (searches >= MAX_SEARCHES) {
      pending.push({ callId: call.callId, output: failedToolOutput('search_limit') })
    } else {
      searches += 1
      pending.push({ callId: call.callId, output: null })
      effects.push({ type: 'search', turnId: turn.id, callId: call.callId, query: call.query })
    }
  }
  effects.push(start('response', turn.id, WATCHDOG_MS.response))
  return then(
    { state, effects },
    (next): Step => answerCalls(next, { ...turn, calls: pending, searches })
  )
}

const onResponseDone = (
  state: TurnState,
  event: Extract<TurnEvent, { type: 'response_done' }>
): Step => {
  const { turn } = state
  if (turn?.phase !== 'answering' || !turn.active) return same(state)
  if (currentResponse(turn) !== event.responseId) return same(state)
  const settled: Answering = { ...turn, active: false }
  const next: TurnState = { ...state, turn: settled }
  if (event.status === 'failed') return endTurn(next, 'failed', 'answer_failed')
  if (event.status === 'cancelled') return endTurn(next, 'cancelled', null)
  if (event.calls.length > 0 && turn.requests <= MAX_SEARCHES) {
    return onToolCalls(next, settled, event.calls)
  }
  const final: Answering = { ...settled, final: true }
  const done: TurnState = { ...state, turn: final }
  if (!event.hasAudio || turn.heard.includes(event.responseId)) return concludeAnswer(done, final)
  return {
    state: done,
    effects: [
      ...stop(['response']),
      state.playing === event.responseId
        ? start('audio_stop', turn.id, WATCHDOG_MS.audioStop)
        : start('audio_start', turn.id, WATCHDOG_MS.audioStart)
    ]
  }
}

const onAudioStarted = (state: TurnState, responseId: string): Step => {
  const { turn } = state
  if (turn?.phase !== 'answering' || !turn.responses.includes(responseId)) {
    // The speaker stays cut, and the server is told once more unless that would cut the right answer.
    return state.playing === null ? { state, effects: [{ type: 'clear_output' }] } : same(state)
  }
  return {
    state: { ...state, playing: responseId },
    effects: [
      { type: 'restore_speaker' },
      ...stop(['audio_start']),
      turn.final
        ? start('audio_stop', turn.id, WATCHDOG_MS.audioStop)
        : start('response', turn.id, WATCHDOG_MS.response)
    ]
  }
}

const onAudioEnded = (state: TurnState, responseId: string): Step => {
  const next: TurnState = state.playing === responseId ? { ...state, playing: null } : state
  const { turn } = next
  if (turn?.phase !== 'answering' || !turn.responses.includes(responseId)) return same(next)
  const heard: Answering = { ...turn, heard: [...turn.heard, responseId] }
  return turn.final && currentResponse(turn) === responseId
    ? concludeAnswer({ ...next, turn: heard }, heard)
    : same({ ...next, turn: heard })
}

const onSearchSettled = (
  state: TurnState,
  turnId: number,
  callId: string,
  settle: (turn: Answering) => Answering,
  output: string
): Step => {
  const { turn } = state
  if (turn?.phase !== 'answering' || turn.id !== turnId) return same(state)
  const isPending = turn.calls.some((call) => call.callId === callId && call.output === null)
  if (!isPending) return same(state)
  const calls = turn.calls.map((call) => (call.callId === callId ? { callId, output } : call))
  return answerCalls(state, { ...settle(turn), calls })
}

const onCallLost = (state: TurnState): Step => {
  const { turn } = state
  const ended =
    turn?.phase === 'answering' && turn.final
      ? // Every word of the answer is on the screen; only its sound was cut short.
        concludeAnswer(state, turn)
      : endTurn(state, 'failed', 'call_dropped')
  const isHeldAway = turn?.phase === 'held' || turn?.phase === 'releasing'
  const down: Step = {
    state: { ...ended.state, call: 'down', playing: null, unconfirmedCommits: [] },
    effects: ended.effects
  }
  return isHeldAway ? hinted(down, 'not_connected') : down
}

/** What `event` does to the turn, and what is to be done about it. Pure. */
export const stepTurn = (state: TurnState, event: TurnEvent): Step => {
  switch (event.type) {
    case 'press':
      return onPress(state, event.atMs)
    case 'release':
      return onRelease(state, event.atMs)
    case 'force_release':
      return isGateOpen(state) ? endTurn(state, 'cancelled', null) : same(state)
    case 'abandon':
      return then(endTurn(state, 'cancelled', null), silence)
    case 'ask':
      return onAsk(state, event.text)
    case 'timer':
      return onTimer(state, event.timer, event.turnId)
    case 'call_opened':
      return {
        state: { ...state, call: 'up', playing: null, unconfirmedCommits: [] },
        effects: [{ type: 'restore_speaker' }]
      }
    case 'call_lost':
      return onCallLost(state)
    case 'microphone': {
      const next: TurnState = { ...state, microphoneAvailable: event.available }
      return !event.available && state.turn?.phase === 'held'
        ? hinted(endTurn(next, 'cancelled', null), 'no_microphone')
        : same(next)
    }
    case 'tail_changed':
      return same({ ...state, tailMs: event.tailMs })
    case 'committed':
      return onCommitted(state, event.itemId)
    case 'commit_refused':
      return onCommitRefused(state, event.turnId, event.empty)
    case 'response_created':
      return onResponseCreated(state, event.responseId, event.requestId)
    case 'response_progress': {
      const { turn } = state
      const isOurs =
        turn?.phase === 'answering' && turn.active && currentResponse(turn) === event.responseId
      return isOurs
        ? { state, effects: [start('response', turn.id, WATCHDOG_MS.response)] }
        : same(state)
    }
    case 'response_done':
      return onResponseDone(state, event)
    case 'response_refused': {
      const { turn } = state
      return turn?.phase === 'answering' && turn.requestId === event.requestId
        ? endTurn({ ...state, turn: { ...turn, requestId: null } }, 'failed', 'answer_failed')
        : same(state)
    }
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
    default:
      return event satisfies never
  }
}
