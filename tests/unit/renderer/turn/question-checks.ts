// Checks that every question is asked as it may be, and ends in one outcome.
import { isSameQuestion } from '../../../../src/renderer/turn/early-search.ts'
import type { Carrier, TurnEffect, TurnEvent } from '../../../../src/renderer/turn/turn-events.ts'
import { EARLY_SEARCH, MAX_ASKS } from '../../../../src/renderer/turn/turn-limits.ts'
import type { TurnState } from '../../../../src/renderer/turn/turn-reducer.ts'
import { type HarnessContext, holds } from './harness-context.ts'
import type { HoldChecks } from './hold-checks.ts'

/** The events that may cancel a question. */
const CANCELLING: readonly TurnEvent['type'][] = [
  'press',
  'ask',
  'abandon',
  'stop',
  'commit_refused',
  'response_done'
]

type Ask = { kind: 'live' | 'recording' | 'text'; atLosses: number; count: number }

export class QuestionChecks {
  readonly started: number[] = []
  readonly ended = new Map<number, string>()
  /** Turns whose search found something. */
  readonly foundIn = new Set<number>()
  readonly carrier = new Map<number, Carrier>()
  readonly #context: HarnessContext
  readonly #holdChecks: HoldChecks
  readonly #current = new Set<number>()
  readonly #asks = new Map<number, Ask>()
  /** Turns whose question was asked, or waits for a call. */
  readonly #asked = new Set<number>()
  readonly #committed = new Set<number>()
  readonly #typed = new Set<number>()
  /** The whole transcript of a turn. */
  readonly #words = new Map<number, string>()
  readonly #early = new Map<number, { free: number; counted: number }>()
  readonly #reportedIn = new Map<number, boolean>()
  /** Turns whose answer is complete, or comes from the offline copy. */
  readonly #completeIn = new Set<number>()

  constructor(context: HarnessContext, holdChecks: HoldChecks) {
    this.#context = context
    this.#holdChecks = holdChecks
  }

  /** The live audio has not arrived: the recording is still to be asked. */
  forgetLive(turnId: number): void {
    const last = this.#asks.get(turnId)
    if (last?.kind !== 'live') return
    this.#asks.set(turnId, { ...last, atLosses: -1 })
    this.carrier.set(turnId, 'recorded')
  }

  isTyped(turnId: number): boolean {
    return this.#typed.has(turnId)
  }

  isHeardWhole(turnId: number): boolean {
    return this.#words.has(turnId)
  }

  heardWhole(turnId: number, words: string): void {
    this.#words.set(turnId, words)
  }

  run(effect: TurnEffect): void {
    const { isUp, state } = this.#context
    switch (effect.type) {
      case 'turn_started':
        holds(effect.turnId > (this.started.at(-1) ?? 0), 'turn numbers grow')
        this.started.push(effect.turnId)
        this.#current.add(effect.turnId)
        this.carrier.set(effect.turnId, effect.carrier)
        if (effect.kind === 'typed') this.#typed.add(effect.turnId)
        return
      case 'turn_discarded':
        holds(!this.#asked.has(effect.turnId), 'an asked question is not discarded')
        holds(this.#searches(effect.turnId).counted === 0, 'a discarded hold is not counted')
        this.#end(effect.turnId, 'discarded')
        return
      case 'turn_ended': {
        const { turnId, outcome, failure, asks } = effect
        holds(this.#asked.has(turnId) || state.handsFree, 'an outcome belongs to a question')
        holds(asks === (this.#asks.get(turnId)?.count ?? 0), 'asks are counted')
        if (outcome === 'answered') {
          holds(this.foundIn.has(turnId), 'an answer is from the handbook')
          holds(this.#completeIn.has(turnId), 'an answer is complete')
          holds(this.#reportedIn.get(turnId) !== false, 'a reported miss is no answer')
        }
        holds((failure === null) === (outcome !== 'failed'), 'a failure has a code')
        this.#end(turnId, outcome)
        return
      }
      case 'commit':
        holds(isUp, 'a commit needs a call')
        holds(this.carrier.get(effect.turnId) === 'live', 'only live audio is committed')
        this.#holdChecks.checkLength(effect.turnId)
        this.#ask(effect.turnId, 'live')
        return
      case 'send_recording':
        holds(isUp, 'a recording is sent on a call')
        holds(this.#holdChecks.isStopped(effect.recordingId), 'a sent recording is complete')
        holds(this.carrier.get(effect.turnId) === 'recorded', 'live audio is not sent twice')
        this.#holdChecks.checkLength(effect.recordingId)
        this.#ask(effect.turnId, 'recording')
        return
      case 'send_text':
        holds(isUp, 'a text is sent on a call')
        this.#ask(effect.turnId, 'text')
        this.#committed.add(effect.turnId)
        return
      case 'turn_committed':
        if (!this.#asks.has(effect.turnId)) this.#ask(effect.turnId, 'live')
        this.#committed.add(effect.turnId)
        return
      case 'create_response':
        holds(this.#committed.has(effect.turnId), 'a response has a question')
        holds(this.#holdChecks.gate === 'closed', 'the gate is closed during an answer')
        return
      case 'search_early': {
        const { turnId, isCounted } = effect
        const searches = this.#searches(turnId)
        holds(this.#current.has(turnId), 'only the current question is searched early')
        if (isCounted) searches.counted += 1
        else searches.free += 1
        const asks = this.#asks.get(turnId)?.count ?? 1
        holds(searches.free <= EARLY_SEARCH.most * asks, 'early searches are few')
        holds(searches.counted <= asks, 'a question is counted once')
        holds(!isCounted || this.#words.has(turnId), 'whole words are counted')
        return
      }
      case 'give_passages':
        holds(this.#committed.has(effect.turnId), 'passages follow the commit')
        holds(effect.answer.found, 'given passages were found')
        this.foundIn.add(effect.turnId)
        return
      case 'withdraw_passages':
        this.foundIn.delete(effect.turnId)
        this.#reportedIn.delete(effect.turnId)
        this.#completeIn.delete(effect.turnId)
        return
      case 'search_offline':
        this.#reportedIn.delete(effect.turnId)
        this.#completeIn.add(effect.turnId)
        return
      case 'answer_reported':
        holds(this.#current.has(effect.turnId), 'a report is of the current turn')
        holds(!this.#reportedIn.has(effect.turnId), 'an answer is reported once')
        this.#reportedIn.set(effect.turnId, effect.report.found)
        return
      case 'answer_complete':
        holds(this.#current.has(effect.turnId), 'only the current turn completes')
        holds(!this.#completeIn.has(effect.turnId), 'an answer completes once')
        this.#completeIn.add(effect.turnId)
        return
      default:
    }
  }

  checkEffects(before: TurnState, event: TurnEvent, effects: readonly TurnEffect[]): void {
    const { isHandsFree } = this.#context
    const order = effects.map(({ type }) => type)
    if (order.includes('open_gate')) {
      const isSettled = before.isInputSettled && before.unconfirmedCommits.length === 0
      holds(isHandsFree || isSettled, 'no clear or commit is in flight at an open gate')
      holds(isHandsFree || !order.includes('clear_input'), 'nor sent in the same step')
      if (before.playing !== null && event.type === 'press') {
        holds(order[0] === 'cut_speaker', 'the speaker is cut first')
      }
      const isLive = effects.some(
        (effect) => effect.type === 'turn_started' && effect.carrier === 'live'
      )
      holds(isLive || isHandsFree, 'the gate opens for a live turn only')
    }
    const cancelled = order.indexOf('cancel_response')
    if (cancelled >= 0 && event.type !== 'response_created') {
      holds(order.indexOf('cut_speaker') < cancelled, 'the cut precedes the cancel')
    }
    for (const effect of effects) {
      if (effect.type === 'turn_discarded') {
        holds(order.includes('hint') || event.type === 'press', 'a dropped hold has a hint')
      }
      if (effect.type === 'turn_ended' && effect.outcome === 'cancelled') {
        holds(CANCELLING.includes(event.type), 'an event cancels a question')
      }
    }
  }

  check(): void {
    const { state, isUp } = this.#context
    const { turn, lastTurnId } = state
    if (turn?.phase === 'waiting' || turn?.phase === 'offline') this.#asked.add(turn.id)
    if (this.#holdChecks.gate === 'open' && turn !== null && turn.phase !== 'speech_detected') {
      holds(this.carrier.get(turn.id) === 'live', 'a recorded hold is not live')
    }
    if (turn?.phase === 'committing' || turn?.phase === 'answering') {
      holds(isUp, 'a question is asked on a call')
    }
    if (state.playing !== null && turn?.phase === 'answering' && turn.way.kind === 'early') {
      const words = this.#words.get(turn.id)
      const isCertain = words !== undefined && isSameQuestion(words, turn.way.words)
      holds(isCertain || turn.searches > 0, 'an answer is heard once its words are certain')
    }
    holds(this.#current.size === (turn === null ? 0 : 1), 'one current turn')
    if (turn !== null) holds(this.#current.has(turn.id), 'the current turn is in the state')
    holds(lastTurnId === (this.started.at(-1) ?? 0), 'turns are numbered as they start')
  }

  #searches(turnId: number): { free: number; counted: number } {
    const known = this.#early.get(turnId) ?? { free: 0, counted: 0 }
    this.#early.set(turnId, known)
    return known
  }

  #ask(turnId: number, kind: Ask['kind']): void {
    const { losses } = this.#context
    const last = this.#asks.get(turnId)
    if (last !== undefined) {
      holds(last.atLosses < losses, 'a question is asked again after a lost call only')
      holds(kind !== 'live', 'a question is not asked live twice')
    }
    // The next answer may be reported anew.
    this.#reportedIn.delete(turnId)
    this.#completeIn.delete(turnId)
    const count = (last?.count ?? 0) + 1
    holds(count <= MAX_ASKS, 'a question is asked a few times at most')
    this.#asks.set(turnId, { kind, atLosses: losses, count })
    this.#asked.add(turnId)
  }

  #end(turnId: number, outcome: string): void {
    holds(!this.ended.has(turnId), `turn ${turnId} ends once`)
    this.ended.set(turnId, outcome)
    this.#current.delete(turnId)
  }
}
