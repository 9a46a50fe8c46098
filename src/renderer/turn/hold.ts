// Presses and releases: one hold out of several sources, bounces, taps, latches and the tail. A hold becomes
// a question when its tail is over.

import { routeQuestion } from './fallback.ts'
import type { HintCode, PressSource, TurnEffect } from './turn-events.ts'
import { beginTurn, endTurn, withPendingClear } from './turn-lifecycle.ts'
import {
  CHATTER_MS,
  DOUBLE_TAP_MS,
  MAX_HOLD_MS,
  MIN_HOLD_MS,
  PEDAL_TAP_MS,
  PEDAL_TAPS,
  WATCHDOG_MS
} from './turn-limits.ts'
import {
  andThen,
  type Held,
  HOLD_TIMERS,
  type Hold,
  isHold,
  isListeningHold,
  type Latched,
  type Releasing,
  type Step,
  same,
  start,
  stop,
  type Turn,
  type TurnState,
  withHint
} from './turn-state.ts'

export const holdTimers = (id: number, heldMs: number): TurnEffect[] => [
  start('hold_warning', id, Math.max(0, MAX_HOLD_MS.limit - MAX_HOLD_MS.warning - heldMs)),
  start('max_hold', id, Math.max(0, MAX_HOLD_MS.limit - heldMs))
]

const holdOf = ({ id, carrier, mode, pressedAtMs }: Hold): Hold => ({
  id,
  carrier,
  mode,
  pressedAtMs
})

const hint = (code: HintCode): TurnEffect => ({ type: 'hint', hint: code })

/**
 * Whether sound may go out live. Audio and events travel apart: a clear or commit in flight, for seconds
 * where packets are lost, would take the first words with it. A recording follows it on the events' channel.
 */
const canTalkLive = ({ call, isInputSettled, unconfirmedCommits }: TurnState): boolean =>
  call === 'up' && isInputSettled && unconfirmedCommits.length === 0

/** Live where the call is ready for it; otherwise recorded. */
const beginHold = (
  state: TurnState,
  source: PressSource,
  atMs: number,
  after: { isSecondTap: boolean; hint: HintCode | null }
): Step => {
  const hasCall = state.call === 'up'
  const mode = state.talkMode
  const shownHint = after.hint ?? (hasCall ? null : 'recording')
  return beginTurn(state, (id, quiet): { turn: Turn; effects: readonly TurnEffect[] } => {
    // After the end of the previous turn, which may have sent a clear.
    const carrier = canTalkLive(quiet) ? 'live' : 'recorded'
    const hold = { id, carrier, mode, pressedAtMs: atMs } as const
    return {
      turn:
        mode === 'tap'
          ? { ...hold, phase: 'latched', releasedAtMs: null }
          : { ...hold, phase: 'held', sources: [source], isSecondTap: after.isSecondTap },
      effects: [
        // Nothing to clear: a closed gate sends no audio.
        ...(carrier === 'live' ? [{ type: 'open_gate' } as const] : []),
        { type: 'start_recording', turnId: id },
        { type: 'turn_started', turnId: id, kind: 'spoken', carrier },
        ...holdTimers(id, 0),
        ...(hasCall ? [] : [{ type: 'wake_call' } as const]),
        ...(shownHint === null ? [] : [hint(shownHint)])
      ]
    }
  })
}

/** Resumes the hold during its tail. */
const resumeHold = (state: TurnState, turn: Releasing, source: PressSource, atMs: number): Step => {
  // Without a microphone the recorded part is sent as it is.
  if (!state.microphoneAvailable) return withHint(same(state), 'no_microphone')
  return {
    state: {
      ...state,
      turn: { ...holdOf(turn), phase: 'held', sources: [source], isSecondTap: false }
    },
    effects: [...stop(['chatter', 'tail']), ...holdTimers(turn.id, atMs - turn.pressedAtMs)]
  }
}

const isTap = ({ pressedAtMs }: Hold, releasedAtMs: number): boolean =>
  releasedAtMs - pressedAtMs < MIN_HOLD_MS

/** Every source is released: the hold becomes a question after its tail, or is a tap. */
const letGo = (state: TurnState, turn: Held | Latched, atMs: number, mayLatch: boolean): Step => {
  const { id } = turn
  const isShort = isTap(turn, atMs)
  const tailMs = isShort ? CHATTER_MS : Math.max(state.tailMs, CHATTER_MS)
  return {
    state: {
      ...state,
      turn: { ...holdOf(turn), phase: 'releasing', releasedAtMs: atMs, tailMs, mayLatch }
    },
    effects: [
      ...stop(['hold_warning', 'max_hold']),
      start(isShort ? 'chatter' : 'tail', id, tailMs),
      ...(tailMs > CHATTER_MS
        ? [{ type: 'await_silence', turnId: id, releasedAtMs: atMs } as const]
        : [])
    ]
  }
}

/**
 * The tail exists for a word that goes on after the release: in silence it ends once a bounce is excluded.
 * The silence of another release does not count.
 */
export const onSilenceDetected = (state: TurnState, releasedAtMs: number, atMs: number): Step => {
  const { turn } = state
  if (turn?.phase !== 'releasing' || turn.releasedAtMs !== releasedAtMs) return same(state)
  const tailMs = Math.max(CHATTER_MS, atMs - releasedAtMs)
  if (isTap(turn, releasedAtMs) || tailMs >= turn.tailMs) return same(state)
  return {
    state: { ...state, turn: { ...turn, tailMs } },
    effects: [start('tail', turn.id, Math.max(0, releasedAtMs + tailMs - atMs))]
  }
}

/** A press ends the latch, from any source; its own release has no effect. */
const pressLatched = (state: TurnState, turn: Latched, source: PressSource, atMs: number): Step => {
  const isBounce = turn.releasedAtMs !== null && atMs - turn.releasedAtMs < CHATTER_MS
  if (!isBounce) return letGo(state, turn, atMs, false)
  return same({
    ...state,
    turn:
      turn.mode === 'tap'
        ? { ...turn, releasedAtMs: null }
        : // The second tap is not over: it may yet turn out to be a long hold.
          { ...holdOf(turn), phase: 'held', sources: [source], isSecondTap: true }
  })
}

/**
 * Whether this press, by its own time stamp, is the second of a double tap. A busy machine may deliver it
 * after the timer that dropped the first tap. Closer than a bounce it is the same tap.
 */
const followsTap = ({ turn, droppedTapAtMs }: TurnState, atMs: number): boolean => {
  const tappedAtMs =
    turn?.phase === 'tapped' ? turn.releasedAtMs : turn === null ? droppedTapAtMs : null
  if (tappedAtMs === null) return false
  const sinceTapMs = atMs - tappedAtMs
  return sinceTapMs >= CHATTER_MS && sinceTapMs <= DOUBLE_TAP_MS
}

/** By the press's time stamp the tap is over, and only its timer is late. */
const isTapOver = ({ pressedAtMs, releasedAtMs }: Releasing, atMs: number): boolean =>
  releasedAtMs - pressedAtMs < MIN_HOLD_MS && atMs - releasedAtMs >= CHATTER_MS

export const onPress = (state: TurnState, source: PressSource, atMs: number): Step => {
  const { turn } = state
  // A bouncing pedal, a KVM that sends pairs, a slipping foot: the microphone is still open until the commit.
  if (turn?.phase === 'releasing') {
    return isTapOver(turn, atMs)
      ? andThen(onChatterOver(state), (next) => onPress(next, source, atMs))
      : resumeHold(state, turn, source, atMs)
  }
  if (turn?.phase === 'latched') return pressLatched(state, turn, source, atMs)
  // A second source joins: it neither restarts the hold nor keeps it after the first release.
  if (turn?.phase === 'held' && !turn.sources.includes(source)) {
    return same({ ...state, turn: { ...turn, sources: [...turn.sources, source] } })
  }
  const isRepeated = turn?.phase === 'held'
  if (!state.microphoneAvailable) return withHint(same(state), 'no_microphone')
  if (state.call === 'blocked' && !isRepeated) {
    // A press asks for a call: the next press may find one.
    return { state, effects: [{ type: 'wake_call' }, hint('not_connected')] }
  }
  const isSecondTap = state.talkMode === 'hold_and_latch' && followsTap(state, atMs)
  return beginHold(state, source, atMs, { isSecondTap, hint: isRepeated ? 'started_over' : null })
}

const countTap = (state: TurnState, heldMs: number): TurnState => ({
  ...state,
  pedalTaps: heldMs <= PEDAL_TAP_MS ? state.pedalTaps + 1 : 0
})

/** A release ends the hold, whichever source began it. */
export const onRelease = (state: TurnState, atMs: number): Step => {
  const { turn } = state
  if (turn?.phase === 'latched') {
    // Tells a bounce from the tap that ends the hold.
    return turn.mode === 'tap'
      ? same({ ...state, turn: { ...turn, releasedAtMs: atMs } })
      : same(state)
  }
  if (turn?.phase !== 'held') return same(state)
  const heldMs = atMs - turn.pressedAtMs
  if (turn.isSecondTap && heldMs < MIN_HOLD_MS) {
    return {
      state: {
        ...countTap(state, heldMs),
        turn: { ...holdOf(turn), phase: 'latched', releasedAtMs: atMs }
      },
      effects: [hint('latched')]
    }
  }
  return letGo(state, turn, atMs, turn.mode === 'hold_and_latch')
}

/** The window or the device is gone: released by every source, and asked. */
export const onHoldLost = (state: TurnState, atMs: number): Step => {
  const { turn } = state
  return turn?.phase === 'held' || turn?.phase === 'latched'
    ? letGo(state, turn, atMs, false)
    : same(state)
}

/** The kiosk is unattended: closes the gate at once and drops the hold with a hint. */
export const onForceRelease = (state: TurnState): Step => {
  const suspended: TurnState = { ...state, handsFreeSuspended: state.handsFree }
  return isHold(state.turn) || state.turn?.phase === 'speech_detected'
    ? withHint(endTurn(suspended, 'cancelled', null), 'interrupted')
    : same(suspended)
}

/** The hold is a question. */
export const finishHold = (state: TurnState): Step => {
  const { turn } = state
  if (!isListeningHold(turn)) return same(state)
  const { id } = turn
  const question = { kind: 'spoken', recordingId: id } as const
  const next: TurnState = { ...state, pedalTaps: 0 }
  if (turn.carrier === 'recorded') {
    return andThen(
      { state: next, effects: [{ type: 'stop_recording', turnId: id }, ...stop(HOLD_TIMERS)] },
      (recorded) => routeQuestion(recorded, { id, question, asks: 0 })
    )
  }
  return {
    state: {
      ...next,
      turn: { phase: 'committing', id, question, asks: 1, carrier: 'live' },
      unconfirmedCommits: [...state.unconfirmedCommits, id]
    },
    effects: [
      { type: 'close_gate' },
      { type: 'commit', turnId: id },
      { type: 'stop_recording', turnId: id },
      ...stop(HOLD_TIMERS),
      start('committed', id, WATCHDOG_MS.committed)
    ]
  }
}

const discardTap = (state: TurnState): Step => {
  const isPedal = state.pedalTaps >= PEDAL_TAPS && state.talkMode !== 'tap'
  return withHint(endTurn(state, 'cancelled', null), isPedal ? 'pedal_taps' : 'too_short')
}

/** A bounce is excluded: the tap is dropped, or waits for the second one behind a closed gate. */
export const onChatterOver = (state: TurnState): Step => {
  const { turn } = state
  if (turn?.phase !== 'releasing') return same(state)
  const { id, carrier, releasedAtMs } = turn
  const counted = countTap(state, releasedAtMs - turn.pressedAtMs)
  if (!turn.mayLatch) return discardTap(counted)
  return {
    state: {
      ...withPendingClear(turn, counted),
      turn: { ...holdOf(turn), phase: 'tapped', releasedAtMs }
    },
    effects: [
      ...(carrier === 'live' ? ([{ type: 'close_gate' }, { type: 'clear_input' }] as const) : []),
      { type: 'stop_recording', turnId: id },
      start('double_tap', id, DOUBLE_TAP_MS - CHATTER_MS)
    ]
  }
}

/** No second tap came, or its event is late. */
export const onDoubleTapOver = (state: TurnState): Step =>
  state.turn?.phase === 'tapped'
    ? discardTap({ ...state, droppedTapAtMs: state.turn.releasedAtMs })
    : same(state)
