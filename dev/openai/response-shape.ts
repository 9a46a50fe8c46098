// Shapes of a response that the service's models use now and then, and that a test can ask for. Pure.
import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime'
import type { Answer } from './answerer.ts'
import type { ToolCall } from './conversation/responses.ts'
import { wordsOf } from './conversation/transcripts.ts'
import type { AnswerLanguage } from './model-view.ts'
import { PHRASES } from './phrases.ts'

export const RESPONSE_SHAPES = ['preamble', 'several_messages', 'parallel_calls'] as const
/** Words before a call, an answer in several messages, or two calls; each in one response. */
export type ResponseShape = (typeof RESPONSE_SHAPES)[number]

/** Announces the call before it is made. */
export const withPreamble = (call: ToolCall, language: AnswerLanguage): Answer => ({
  kind: 'say',
  pieces: [{ text: PHRASES[language].searching, language }],
  call
})

export const inSeveralMessages = (answer: Answer): Answer => ({
  ...answer,
  pieces: answer.pieces.flatMap(({ text, language }) => {
    const words = wordsOf(text)
    const half = Math.ceil(words.length / 2)
    return [words.slice(0, half), words.slice(half)]
      .map((some) => some.join('').trim())
      .filter((some) => some !== '')
      .map((some) => ({ text: some, language, isMessage: true as const }))
  })
})

const withoutStatus = <T>(item: T): T =>
  typeof item === 'object' && item !== null
    ? (Object.fromEntries(Object.entries(item).filter(([name]) => name !== 'status')) as T)
    : item

/** The event with items that lack their status, which is optional. */
export const withoutItemStatuses = (event: RealtimeServerEvent): RealtimeServerEvent => {
  if ('item' in event) return { ...event, item: withoutStatus(event.item) } as RealtimeServerEvent
  if (event.type !== 'response.done') return event
  const { response } = event
  return {
    ...event,
    response: { ...response, output: (response.output ?? []).map(withoutStatus) }
  }
}
