// The server and main of the turn harness: they answer late, twice, out of order or never.
import type { ToolCall, TurnEffect, TurnEvent } from '../../../../src/renderer/turn/turn-events.ts'
import type { SearchAnswer } from '../../../../src/shared/handbook.ts'
import { type HarnessContext, holds } from './harness-context.ts'

export class HarnessServer {
  readonly #context: HarnessContext
  /** Events to come. */
  #owed: TurnEvent[] = []
  /** Calls whose item is complete, and calls whose response has ended. */
  readonly #completeCalls = new Set<string>()
  readonly #finishedCalls = new Set<string>()
  /** Calls of finished responses without an output, on the call in use. */
  readonly #unansweredCalls = new Set<string>()
  /** Requests without a response, and responses without a `done`. */
  readonly #requested = new Set<string>()
  readonly #active = new Set<string>()
  #responses = 0
  #speeches = 0

  constructor(context: HarnessContext) {
    this.#context = context
  }

  owes(): boolean {
    return this.#owed.length > 0
  }

  hasUnansweredCalls(): boolean {
    return this.#unansweredCalls.size > 0
  }

  /** The old call's requests and calls are gone. */
  forgetCall(): void {
    this.#requested.clear()
    this.#active.clear()
    this.#unansweredCalls.clear()
  }

  /** The old call's events will never come. */
  forgetEvents(): void {
    this.#owed = this.#owed.filter(
      ({ type }) =>
        type === 'searched' ||
        type === 'early_searched' ||
        type === 'searched_offline' ||
        type === 'call_opened'
    )
  }

  refuse(requestId: string): void {
    this.#requested.delete(requestId)
  }

  /** Begins hands-free speech. @returns its item */
  speak(): string {
    this.#speeches += 1
    const itemId = `speech-${this.#speeches}`
    this.#owed.push({ type: 'committed', itemId })
    return itemId
  }

  run(effect: TurnEffect): void {
    switch (effect.type) {
      case 'commit':
      case 'send_recording':
        this.#owed.push({ type: 'committed', itemId: `item-${effect.turnId}` })
        return
      case 'create_response': {
        holds(this.#requested.size === 0, 'one request at a time')
        holds(this.#active.size === 0, 'one active response at a time')
        this.#requested.add(effect.requestId)
        this.#responses += 1
        const responseId = `r${this.#responses}`
        this.#owed.push({ type: 'response_created', responseId, requestId: effect.requestId })
        return
      }
      case 'drop_requests':
        this.#requested.clear()
        return
      case 'cancel_response': {
        const { responseId } = effect
        this.#active.delete(responseId)
        const done = { type: 'response_done', status: 'cancelled', hasAudio: false } as const
        this.#owed.push({ ...done, responseId, calls: [] })
        return
      }
      case 'search': {
        const { turnId, callId } = effect
        holds(this.#completeCalls.has(callId), 'a search follows its call')
        const found = callId.length % 2 === 0
        this.#owed.push({ type: 'searched', turnId, callId, found, output: '{}' })
        return
      }
      case 'search_early': {
        const { turnId, words, isCounted } = effect
        const answer = answerFor(words)
        this.#owed.push({
          type: 'early_searched',
          turnId,
          words,
          isCounted,
          questionId: `q${turnId}`,
          answer
        })
        return
      }
      case 'search_offline': {
        const { turnId } = effect
        this.#owed.push({ type: 'searched_offline', turnId, found: turnId % 2 === 0 })
        return
      }
      case 'send_tool_output':
      case 'resolve_tool_call':
        holds(this.#finishedCalls.has(effect.callId), 'an output follows response.done')
        holds(this.#unansweredCalls.delete(effect.callId), 'a call is answered once')
        return
      case 'replace_call':
        this.#context.isUp = false
        this.#context.losses += 1
        this.forgetCall()
        this.#owed.push({ type: 'call_lost' })
        return
      case 'wake_call':
        if (!this.#context.isUp) this.#owed.push({ type: 'call_opened' })
        return
      case 'clear_input':
        this.#owed.push({ type: 'input_settled', settled: true })
        return
      default:
    }
  }

  /** Takes one owed event, or what goes wrong in its place. */
  take(pick: number, variant: number): TurnEvent | undefined {
    const index = Math.min(pick, this.#owed.length - 1)
    const [event] = this.#owed.splice(Math.max(0, index), 1)
    switch (event?.type) {
      case 'searched': {
        const { turnId, callId } = event
        return variant === 11
          ? { type: 'search_failed', turnId, callId, code: 'search_timeout' }
          : event
      }
      case 'committed': {
        const [turnId] = this.#context.state.unconfirmedCommits
        return variant === 11 && turnId !== undefined
          ? { type: 'commit_refused', turnId, empty: pick % 2 === 0 }
          : event
      }
      case 'tool_called':
        this.#completeCalls.add(event.call.callId)
        return event
      case 'response_done':
        for (const { callId } of event.calls) {
          this.#completeCalls.add(callId)
          this.#finishedCalls.add(callId)
          this.#unansweredCalls.add(callId)
        }
        this.#active.delete(event.responseId)
        return event
      case 'response_created': {
        const { responseId, requestId } = event
        if (requestId !== null && this.#requested.delete(requestId)) this.#active.add(responseId)
        return event
      }
      default:
        return event
    }
  }

  /** Owes the rest of a response; some variants never come to an end. */
  oweResponse(responseId: string, variant: number): void {
    const done = (calls: number, hasAudio: boolean, status: 'completed' | 'failed' = 'completed') =>
      ({
        type: 'response_done',
        responseId,
        status,
        hasAudio,
        calls: [...searchCalls(responseId, calls, variant), ...reportCalls(responseId, variant)]
      }) as const
    // Every other response announces its searches before it ends.
    const announced = (calls: number) =>
      variant % 2 === 0
        ? []
        : searchCalls(responseId, calls, variant).map(
            (call) => ({ type: 'tool_called', responseId, call }) as const
          )
    const started = { type: 'audio_started', responseId } as const
    const stopped = { type: 'audio_stopped', responseId } as const
    const searches = 1 + (variant % 2)
    if (variant < 4) this.#owed.push(...announced(searches), done(searches, false))
    else if (variant < 7) this.#owed.push(started, ...announced(1), done(1, true), stopped)
    else if (variant < 9) this.#owed.push(started, done(0, true), stopped)
    else if (variant === 9 || variant === 13) this.#owed.push(done(0, false))
    else if (variant === 10) this.#owed.push(done(0, false, 'failed'))
    else if (variant === 12 || variant === 14) this.#owed.push(started, done(0, true), stopped)
  }
}

/** Some words find nothing. */
const answerFor = (words: string): SearchAnswer => ({
  found: words !== 'how long',
  passages: [],
  nearest: [],
  named: 0,
  method: 'hybrid'
})

const searchCalls = (responseId: string, count: number, variant: number): ToolCall[] =>
  Array.from({ length: count }, (_, n) => {
    const callId = `${responseId}-${'c'.repeat(n + 1)}`
    if (variant === 5) return { tool: 'unknown', callId }
    const question = variant === 6 ? null : { question: 'q', sections: [] }
    return { tool: 'search', callId, question }
  })

/** With the answer or with a search, alone, twice, unreadable, or none. */
const reportCalls = (responseId: string, variant: number): ToolCall[] => {
  const count = variant === 3 || variant === 12 || variant === 13 ? 1 : variant === 14 ? 2 : 0
  return Array.from({ length: count }, (_, n) => {
    const report = { found: variant % 2 === 0, sources: [] }
    const isUnreadable = variant === 14 && n === 0
    return {
      tool: 'report',
      callId: `${responseId}-report-${n}`,
      report: isUnreadable ? null : report
    }
  })
}
