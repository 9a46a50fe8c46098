// Checks the gate, the recordings and the presses of every step.
import type { TurnEffect, TurnEvent } from '../../../../src/renderer/turn/turn-events.ts'
import { CHATTER_MS, MIN_HOLD_MS } from '../../../../src/renderer/turn/turn-limits.ts'
import {
  isGateOpen,
  isSending,
  type TurnState
} from '../../../../src/renderer/turn/turn-reducer.ts'
import { type HarnessContext, holds } from './harness-context.ts'

export class HoldChecks {
  gate: 'open' | 'closed' = 'closed'
  /** Releases that await silence, the newest first. */
  readonly awaitedSilences: { turnId: number; releasedAtMs: number }[] = []
  readonly #context: HarnessContext
  readonly #recordings = new Map<number, 'on' | 'stopped'>()
  readonly #dropped = new Set<number>()
  /** The sources that press, as far as the kiosk can know. */
  readonly #pressing = new Set<string>()
  /** The latest end of listening; null during a press or a latch. */
  #mustCloseByMs: number | null = null
  #pressedAtMs = 0
  #releasedAtMs = 0

  constructor(context: HarnessContext) {
    this.#context = context
  }

  isStopped(recordingId: number): boolean {
    return this.#recordings.get(recordingId) === 'stopped'
  }

  /** A release counts for the current hold; a second one does not. */
  letGo(): void {
    const phase = this.#context.state.turn?.phase
    if (phase === 'held' || phase === 'latched') this.#releasedAtMs = this.#context.nowMs
  }

  /** A question's hold was long enough; only the last hold is known. */
  checkLength(recordingId: number): void {
    const { state, isHandsFree, isTailOver, nowMs } = this.#context
    if (recordingId !== state.lastTurnId || isHandsFree) return
    holds(this.#releasedAtMs - this.#pressedAtMs >= MIN_HOLD_MS, 'a question is no slip')
    if (!isTailOver) return
    holds(nowMs - this.#releasedAtMs >= CHATTER_MS, 'a release may be a bounce for a while')
  }

  run(effect: TurnEffect): void {
    switch (effect.type) {
      case 'open_gate':
        holds(this.gate === 'closed', 'an open gate is not opened')
        this.gate = 'open'
        return
      case 'close_gate':
        holds(this.gate === 'open', 'a closed gate is not closed')
        this.gate = 'closed'
        return
      case 'start_recording': {
        const { turnId } = effect
        const isNew = !this.#recordings.has(turnId) && !this.#dropped.has(turnId)
        holds(isNew, 'a recording is started once')
        holds(!this.#isRecording(), 'one recording at a time')
        this.#recordings.set(turnId, 'on')
        this.#pressedAtMs = this.#context.nowMs
        this.#releasedAtMs = Number.NEGATIVE_INFINITY
        return
      }
      case 'stop_recording':
        holds(this.#recordings.get(effect.turnId) === 'on', 'only a running recording is stopped')
        this.#recordings.set(effect.turnId, 'stopped')
        return
      case 'await_silence': {
        const { turnId, releasedAtMs } = effect
        holds(this.#recordings.get(turnId) === 'on', 'silence is awaited in a recording')
        this.awaitedSilences.unshift({ turnId, releasedAtMs })
        return
      }
      case 'drop_recording':
        holds(this.isStopped(effect.recordingId), 'a stopped recording is dropped, once')
        this.#recordings.delete(effect.recordingId)
        this.#dropped.add(effect.recordingId)
        return
      case 'hint':
        if (effect.hint === 'too_short' || effect.hint === 'pedal_taps') {
          holds(this.#releasedAtMs - this.#pressedAtMs < MIN_HOLD_MS, 'only a tap is too short')
        }
        return
      default:
    }
  }

  afterStep(before: TurnState, event: TurnEvent, effects: readonly TurnEffect[]): void {
    const { state, nowMs, isHandsFree } = this.#context
    const was = before.turn?.phase
    const is = state.turn?.phase
    const starts = effects.some(({ type }) => type === 'turn_started')
    const closesByMs = nowMs + Math.max(state.tailMs, CHATTER_MS)
    const isHeld = is === 'held' || is === 'latched'
    if (event.type === 'press' && !isHandsFree) {
      if (was === 'held') {
        const isSame = this.#pressing.has(event.source)
        holds(starts === isSame, 'a second press of the same source starts over')
      }
      if (starts || was !== 'held') this.#pressing.clear()
      this.#pressing.add(event.source)
      if (isHeld) this.#mustCloseByMs = null
      else if (was === 'latched') this.#mustCloseByMs = closesByMs
      holds(effects.length > 0 || isHeld, 'a press does something')
    }
    if (event.type === 'release') {
      this.#pressing.clear()
      if (is === 'latched') this.#mustCloseByMs = null
      else this.#mustCloseByMs ??= closesByMs
    }
    if (event.type === 'hold_lost') {
      this.#pressing.clear()
      this.#mustCloseByMs ??= closesByMs
    }
    if (event.type === 'force_release') {
      const isSilent = this.gate === 'closed' && !this.#isRecording()
      holds(isSilent, 'a forced release closes the gate and the recording')
    }
  }

  /** @param isTimerLate a due timer has not fired */
  check(isTimerLate: boolean): void {
    const { state, nowMs, isUp, isHandsFree, isLocked } = this.#context
    const { turn } = state
    const isRecording = this.#isRecording()
    holds((this.gate === 'open') === isSending(state), 'the gate follows the state')
    const isHold = isGateOpen(state) && turn?.phase !== 'speech_detected'
    holds(isRecording === isHold, 'a hold is recorded')
    if (this.gate === 'open') {
      holds(isUp, 'the gate is open on a call only')
      holds(turn !== null || isHandsFree, 'the gate is open for a turn')
      if (!isRecording) holds(isHandsFree && !isLocked, 'only hands-free listens by itself')
    }
    if (isRecording) {
      holds(this.#recordings.get(turn?.id ?? 0) === 'on', 'the current turn is recorded')
    }
    // Without a held source it listens for the tail at most, unless a timer is late.
    if (this.#mustCloseByMs !== null && nowMs > this.#mustCloseByMs) {
      holds(isTimerLate || !isRecording, 'it listens without a held source')
    }
    const kept = [...this.#recordings.keys()]
    holds(kept.length <= 1, 'one recording is kept at most')
    if (turn === null) {
      const { retryable } = state
      const recordingId = retryable?.kind === 'spoken' ? retryable.recordingId : undefined
      holds(kept[0] === recordingId, 'a kept recording can be asked again')
    } else holds(state.retryable === null, 'a current turn ends the previous question')
    if (turn?.phase === 'held' || turn?.phase === 'latched') {
      holds(state.microphoneAvailable, 'a hold has a microphone')
    }
    if (turn?.phase === 'latched') holds(turn.mode !== 'hold', 'the mode "hold" does not latch')
  }

  #isRecording(): boolean {
    for (const recording of this.#recordings.values()) if (recording === 'on') return true
    return false
  }
}
