// The model harness of the reducer's property tests: it runs actions with timers and a server, and checks the
// invariants after each step.
import type { TimerName, TurnEffect, TurnEvent } from '../../../../src/renderer/turn/turn-events.ts'
import {
  isGateOpen,
  reduceTurn,
  type Step,
  type TurnState
} from '../../../../src/renderer/turn/turn-reducer.ts'
import { type HarnessContext, holds, newContext } from './harness-context.ts'
import { HarnessServer } from './harness-server.ts'
import { HoldChecks } from './hold-checks.ts'
import { QuestionChecks } from './question-checks.ts'
import { KEY } from './reduce-events.ts'
import { type Action, type CallEvent, noiseEvent } from './turn-actions.ts'

type Armed = { timer: TimerName; turnId: number; atMs: number }
export type Reduce = (state: TurnState, event: TurnEvent) => Step

export class TurnHarness {
  readonly #reduce: Reduce
  readonly #context: HarnessContext = newContext()
  readonly holdChecks = new HoldChecks(this.#context)
  readonly questionChecks = new QuestionChecks(this.#context, this.holdChecks)
  readonly server = new HarnessServer(this.#context)
  readonly #timers = new Map<TimerName, Armed>()

  constructor(reduce: Reduce = reduceTurn) {
    this.#reduce = reduce
    this.#step({ type: 'call_opened' })
    this.#step({ type: 'microphone', available: true })
  }

  act(action: Action): void {
    switch (action.kind) {
      case 'press':
      case 'release':
        if (action.late) this.#context.nowMs += action.afterMs
        else this.#pass(action.afterMs)
        this.#input(action.kind, action.source)
        return
      case 'tap':
        this.#pass(action.afterMs)
        this.#input('press', action.source)
        this.#pass(action.heldMs)
        this.#input('release', action.source)
        return
      case 'question':
        this.#pass(1_000)
        this.#input('press', KEY)
        this.#pass(1_000)
        this.#input('release', KEY)
        this.#pass(500)
        return
      case 'silence': {
        this.#pass(action.afterMs)
        const awaited = this.holdChecks.awaitedSilences[action.releases]
        if (awaited === undefined) return
        this.#step({ type: 'silence_detected', ...awaited, atMs: this.#context.nowMs })
        return
      }
      case 'hold_lost':
        this.#pass(action.afterMs)
        this.#loseHold(action.reason)
        return
      case 'call':
        this.#call(action.event)
        return
      case 'event':
        this.#step(action.event)
        return
      case 'audio_lost':
        this.#loseAudio()
        return
      case 'speech': {
        const itemId = this.server.speak()
        this.#step({ type: 'speech_started', itemId, atMs: this.#context.nowMs })
        return
      }
      case 'words':
        this.#hear(action)
        return
      case 'time':
        this.#pass(action.afterMs)
        return
      case 'timer':
        this.fireNextTimer()
        return
      case 'deliver':
        this.deliver(action.pick, action.variant)
        return
      case 'noise': {
        const event = noiseEvent(action.variant, action.id)
        // A timer of the current turn is no noise, nor is its answer.
        if ('turnId' in event && event.turnId === this.#context.state.turn?.id) return
        this.#step(event)
        return
      }
      default:
        action satisfies never
    }
  }

  /** Releases every source, switches hands-free off, lets the timers run out, and checks what is left. */
  finish(): void {
    this.#step({ type: 'hands_free_changed', on: false })
    this.#loseHold('blur')
    for (let fired = 0; this.fireNextTimer(); fired += 1) holds(fired < 50, 'timers end')
    const { started, ended } = this.questionChecks
    holds(this.holdChecks.gate === 'closed', 'the gate is closed in the end')
    holds(this.#context.state.turn === null, 'no turn is left in the end')
    holds(!this.server.hasUnansweredCalls(), 'every tool call is answered')
    for (const id of started) holds(ended.has(id), 'every turn has ended')
  }

  fireNextTimer(): boolean {
    const next = this.#nextTimer()
    if (next !== undefined) this.#fire(next)
    return next !== undefined
  }

  /** Delivers one owed event, and owes what a server would send next. */
  deliver(pick: number, variant: number): void {
    const event = this.server.take(pick, variant)
    if (event === undefined) return
    if (event.type === 'call_opened' || event.type === 'call_lost') {
      this.#call(event.type)
      return
    }
    const isMatch = event.type === 'searched' || event.type === 'searched_offline'
    if (isMatch && event.found) this.questionChecks.foundIn.add(event.turnId)
    this.#step(event)
    if (event.type !== 'response_created') return
    const { responseId, requestId } = event
    const { turn } = this.#context.state
    const isTaken = turn?.phase === 'answering' && turn.responses.includes(responseId)
    const isOurs = requestId?.startsWith(`turn-${turn?.id}-`) === true
    holds(!isTaken || isOurs, 'a response belongs to the turn that requested it')
    this.server.oweResponse(responseId, variant)
  }

  #step(event: TurnEvent): void {
    const before = this.#context.state
    const { state, effects } = this.#reduce(before, event)
    this.#context.state = state
    this.#learn(event)
    this.questionChecks.checkEffects(before, event, effects)
    for (const effect of effects) {
      this.holdChecks.run(effect)
      this.questionChecks.run(effect)
      this.server.run(effect)
      this.#runTimer(effect)
    }
    this.holdChecks.afterStep(before, event, effects)
    this.#check()
    const isCleared = effects.some(({ type }) => type === 'clear_input')
    if (isCleared && this.#context.isUp) this.#step({ type: 'input_settled', settled: false })
  }

  /** Learns the facts that follow from an event alone. */
  #learn(event: TurnEvent): void {
    const context = this.#context
    context.isTailOver = event.type === 'timer' && event.timer === 'tail'
    switch (event.type) {
      case 'call_opened':
      case 'call_lost':
      case 'call_expected':
      case 'call_blocked': {
        context.isUp = event.type === 'call_opened'
        context.losses += 1
        this.server.forgetCall()
        const { carrier } = this.questionChecks
        const turnId = context.state.turn?.id
        if (turnId !== undefined && carrier.get(turnId) === 'live') carrier.set(turnId, 'recorded')
        return
      }
      case 'hands_free_changed':
        context.isHandsFree = event.on
        context.isLocked = false
        return
      case 'force_release':
        context.isLocked = true
        return
      case 'press':
        context.isLocked = false
        return
      case 'response_refused':
        this.server.refuse(event.requestId)
        return
      case 'commit_refused':
        if (event.empty) this.questionChecks.forgetLive(event.turnId)
        return
      default:
    }
  }

  #check(): void {
    const { state, nowMs } = this.#context
    const { turn } = state
    this.questionChecks.check()
    this.holdChecks.check([...this.#timers.values()].some(({ atMs }) => atMs <= nowMs))
    for (const { turnId } of this.#timers.values()) {
      holds(turnId === turn?.id, 'a timer belongs to the current turn')
    }
    if (turn !== null) holds(this.#timers.size > 0, 'a timer will end every turn')
  }

  #runTimer(effect: TurnEffect): void {
    if (effect.type === 'stop_timer') this.#timers.delete(effect.timer)
    if (effect.type !== 'start_timer') return
    const { timer, turnId, ms } = effect
    this.#timers.set(timer, { timer, turnId, atMs: this.#context.nowMs + ms })
  }

  #pass(ms: number): void {
    const untilMs = this.#context.nowMs + ms
    for (;;) {
      const next = this.#nextTimer()
      if (next === undefined || next.atMs > untilMs) break
      this.#fire(next)
    }
    this.#context.nowMs = Math.max(this.#context.nowMs, untilMs)
    this.#check()
  }

  #nextTimer(): Armed | undefined {
    let next: Armed | undefined
    for (const armed of this.#timers.values()) {
      if (next === undefined || armed.atMs < next.atMs) next = armed
    }
    return next
  }

  #fire({ timer, turnId, atMs }: Armed): void {
    this.#context.nowMs = Math.max(this.#context.nowMs, atMs)
    this.#timers.delete(timer)
    if (timer === 'max_hold') this.holdChecks.letGo()
    this.#step({ type: 'timer', timer, turnId })
  }

  #input(type: 'press' | 'release', source: string): void {
    const phase = this.#context.state.turn?.phase
    // A press ends a latch; a release ends a hold.
    if (phase === (type === 'press' ? 'latched' : 'held')) this.holdChecks.letGo()
    this.#step({ type, source, atMs: this.#context.nowMs })
  }

  #loseHold(reason: 'blur' | 'hidden' | 'device_removed'): void {
    this.holdChecks.letGo()
    this.#step({ type: 'hold_lost', reason, atMs: this.#context.nowMs })
  }

  #call(type: CallEvent): void {
    this.server.forgetEvents()
    this.#step({ type })
  }

  #hear({ words, isWhole }: Extract<Action, { kind: 'words' }>): void {
    const { turn } = this.#context.state
    if (turn === null || this.questionChecks.isTyped(turn.id)) return
    // A partial transcript has words, and nothing follows a whole one.
    const isPossible = (isWhole || words !== '') && !this.questionChecks.isHeardWhole(turn.id)
    if (!isPossible) return
    if (isWhole) this.questionChecks.heardWhole(turn.id, words)
    this.#step({ type: 'words_heard', turnId: turn.id, words, isWhole })
  }

  #loseAudio(): void {
    const { state, isHandsFree } = this.#context
    const { turn } = state
    if (turn === null) return
    const { carrier } = this.questionChecks
    const isCommitted = turn.phase === 'committing' && turn.question !== null
    if (isCommitted) this.questionChecks.forgetLive(turn.id)
    else if (isGateOpen(state) && carrier.get(turn.id) === 'live' && !isHandsFree) {
      carrier.set(turn.id, 'recorded')
    }
    this.#step({ type: 'audio_lost', turnId: turn.id })
  }
}

/** Runs one random sequence of actions, checked at every step. */
export const runActions = (actions: readonly Action[], reduce?: Reduce): void => {
  const harness = new TurnHarness(reduce)
  for (const action of actions) harness.act(action)
  harness.finish()
}
