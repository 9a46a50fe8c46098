// Adds up the tokens and transcribed seconds of each turn, and reports them when the turn has ended.
import { NO_COUNTS, type TurnCost, type TurnCounts } from '../../shared/turn-cost.ts'
import type { ServerEvent } from './server-events.ts'

/** The turns whose usage may still arrive: the service ends a cancelled response after the next turn began. */
const REMEMBERED_TURNS = 4

export type TurnCosts = {
  turnStarted: (questionId: string) => void
  turnEnded: () => void
  observe: (event: ServerEvent) => void
}

const countsOf = (event: ServerEvent): Partial<TurnCounts> | null => {
  switch (event.type) {
    case 'response.done': {
      const { usage } = event.response
      if (usage == null) return null
      const { input_token_details: input, output_token_details: output } = usage
      const { cached_tokens_details: cached } = input
      return {
        textInput: input.text_tokens,
        // Never more than came in, which the backend would refuse.
        textCached: Math.min(cached.text_tokens, input.text_tokens),
        textOutput: output.text_tokens,
        audioInput: input.audio_tokens,
        audioCached: Math.min(cached.audio_tokens, input.audio_tokens),
        audioOutput: output.audio_tokens
      }
    }
    case 'conversation.item.input_audio_transcription.completed':
      return { transcriptionSeconds: event.usage }
    default:
      return null
  }
}

/** The response or item that an event is about; null for other events. */
const subjectOf = (event: ServerEvent): string | null => {
  switch (event.type) {
    case 'response.created':
    case 'response.done':
      return event.response.id
    case 'input_audio_buffer.committed':
    case 'conversation.item.input_audio_transcription.completed':
      return event.item_id
    default:
      return null
  }
}

/** @param report gets the sum of a turn until now, again when more of it arrives */
export const createTurnCosts = (report: (cost: TurnCost) => void): TurnCosts => {
  /** By question, the oldest first. Seconds have fractions here; the report rounds them up, as the service bills. */
  const turns = new Map<string, { counts: TurnCounts; subjects: Set<string> }>()
  let underWay: string | null = null

  const reportTurn = (questionId: string) => {
    const counts = turns.get(questionId)?.counts
    if (counts === undefined || Object.values(counts).every((count) => count === 0)) return
    const transcriptionSeconds = Math.ceil(counts.transcriptionSeconds)
    report({ questionId, ...counts, transcriptionSeconds })
  }

  /** The turn that began the response or item, or else the last one. */
  const turnOf = (subject: string): string | undefined => {
    const ids = [...turns.keys()].reverse()
    return ids.find((id) => turns.get(id)?.subjects.has(subject)) ?? ids[0]
  }

  const turnEnded = () => {
    if (underWay !== null) reportTurn(underWay)
    underWay = null
  }

  return {
    turnStarted: (questionId) => {
      turnEnded()
      underWay = questionId
      turns.set(questionId, { counts: NO_COUNTS, subjects: new Set() })
      const [oldest] = turns.keys()
      if (turns.size > REMEMBERED_TURNS && oldest !== undefined) turns.delete(oldest)
    },
    turnEnded,
    observe: (event) => {
      const subject = subjectOf(event)
      const questionId = subject === null ? undefined : turnOf(subject)
      const turn = questionId === undefined ? undefined : turns.get(questionId)
      if (subject === null || questionId === undefined || turn === undefined) return
      turn.subjects.add(subject)
      const counts = countsOf(event)
      if (counts === null) return
      const sum = { ...turn.counts }
      for (const key of Object.keys(NO_COUNTS) as (keyof TurnCounts)[]) sum[key] += counts[key] ?? 0
      turn.counts = sum
      if (questionId !== underWay) reportTurn(questionId)
    }
  }
}
