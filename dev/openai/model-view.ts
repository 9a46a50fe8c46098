// Gives the answerer its view of a response: the tools and the conversation in order.
import {
  type ActiveResponse,
  type Conversation,
  type Recognition,
  type StoredItem,
  toolChoiceOf
} from './conversation/state.ts'
import type { EffectiveSession, FunctionTool, ToolChoice } from './session-schema.ts'

export type AnswerLanguage = 'en' | 'es'

export type ViewItem =
  /** `text` is null when the words were not recognised. */
  | { kind: 'user'; text: string | null; recognition: Recognition['kind'] | 'typed' }
  | { kind: 'assistant'; text: string }
  | { kind: 'call'; callId: string; name: string }
  | { kind: 'output'; callId: string; output: string }
  /** Passages that the client searched for by itself, as the JSON of a search's output. */
  | { kind: 'passages'; output: string }

export type ModelView = {
  language: AnswerLanguage
  tools: readonly FunctionTool[]
  toolChoice: ToolChoice
  items: readonly ViewItem[]
}

/** A client's own item that begins with this is data for the question before it, and no question. */
export const PASSAGES_MARK = 'handbook_passages: '

const SPANISH_MARKS = /\b(español|spanish|responde|contesta|pregunta|eres|siempre|manual)\b/giu
const ENGLISH_MARKS = /\b(english|inglés|answer|always|handbook|question|you are)\b/giu

/** The languages of the transcription; with several, that of the instructions is first, as without any. */
export const spokenLanguages = ({
  audio,
  instructions
}: Pick<EffectiveSession, 'audio' | 'instructions'>): [AnswerLanguage, ...AnswerLanguage[]] => {
  const { languages, language } = audio.input.transcription ?? {}
  const given = (languages ?? (language === undefined ? [] : [language])).map((tag) =>
    tag.toLowerCase().startsWith('es') ? 'es' : 'en'
  )
  const [only, ...others] = new Set(given)
  if (only !== undefined && others.length === 0) return [only]
  const written = instructionsLanguage(instructions)
  return others.length === 0 ? [written] : [written, written === 'es' ? 'en' : 'es']
}

const instructionsLanguage = (instructions: string): AnswerLanguage => {
  const spanish = instructions.match(SPANISH_MARKS)?.length ?? 0
  const english = instructions.match(ENGLISH_MARKS)?.length ?? 0
  return spanish > english ? 'es' : 'en'
}

const viewItem = ({ item, recognition }: StoredItem): ViewItem[] => {
  switch (item.type) {
    case 'message': {
      const written = item.content
        .map((part) => part.text ?? ('transcript' in part ? part.transcript : '') ?? '')
        .join(' ')
        .trim()
      if (item.role === 'assistant') return [{ kind: 'assistant', text: written }]
      if (item.role === 'system') return []
      if (recognition === null && written.startsWith(PASSAGES_MARK)) {
        return [{ kind: 'passages', output: written.slice(PASSAGES_MARK.length) }]
      }
      if (recognition === null) return [{ kind: 'user', text: written, recognition: 'typed' }]
      return [
        {
          kind: 'user',
          text: recognition.kind === 'recognised' ? recognition.text : null,
          recognition: recognition.kind
        }
      ]
    }
    case 'function_call':
      return [{ kind: 'call', callId: item.call_id ?? '', name: item.name }]
    case 'function_call_output':
      return [{ kind: 'output', callId: item.call_id, output: item.output }]
    default:
      return []
  }
}

export const modelView = (state: Conversation, response: ActiveResponse): ModelView => {
  // The response's input is from its creation; later recognitions are in the state.
  const current = new Map(state.items.map((stored) => [stored.item.id, stored]))
  const items = response.input.map((stored) => current.get(stored.item.id) ?? stored)
  return {
    language: spokenLanguages({
      audio: state.session.audio,
      instructions: response.request.instructions ?? state.session.instructions
    })[0],
    tools: response.request.tools ?? state.session.tools,
    toolChoice: toolChoiceOf(state, response),
    items: items.flatMap(viewItem)
  }
}
