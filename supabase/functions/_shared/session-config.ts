// Builds a session for the GA Realtime API: push-to-talk, one language, the search tool and the report tool.
import { estimateTokens } from './estimate-tokens.ts'
import { type Asker, instructionsFor } from './instructions.ts'
import { inOrder } from './kitchen-words.ts'
import type { ConversationLanguage } from './language.ts'
import { PHRASES } from './languages/phrases-by-language.ts'

/** The kiosk answers this tool with the passages of a handbook search. */
const SEARCH_TOOL_NAME = 'search_handbook'
/** The kiosk acknowledges this tool: it checks the report, shows the sections and records the outcome. */
const REPORT_TOOL_NAME = 'report_answer'
/** The function and the kiosk have the same limit. */
const MOST_NAMED_SECTIONS = 3

/** For instructions and tools; the service refuses a session with more. */
const SESSION_TOKEN_LIMIT = 16_384
/**
 * In estimated tokens (`estimate-tokens.ts`). A table of contents in English or Spanish has up to 1.25 times its
 * estimate in the tokens of o200k_base.
 */
export const SESSION_TOKEN_BUDGET = SESSION_TOKEN_LIMIT / 1.28

/** The first choice, which transcribes while the person speaks, and its replacement for a project without it. */
export const TRANSCRIPTION_MODEL = 'gpt-live-transcribe'
export const FALLBACK_TRANSCRIPTION_MODEL = 'gpt-transcribe'

/** Null: no transcript. `hasKeywords`: with the words of the kitchen. */
export type Transcription = { model: string; hasKeywords: boolean } | null

/** Best first. A call without a transcript is better than none. */
export const TRANSCRIPTIONS: readonly Transcription[] = [
  { model: TRANSCRIPTION_MODEL, hasKeywords: true },
  { model: TRANSCRIPTION_MODEL, hasKeywords: false },
  { model: FALLBACK_TRANSCRIPTION_MODEL, hasKeywords: false },
  null
]

/** The service documents no limit; a short list of words that are rare elsewhere helps most. */
const KEYWORD_LIMIT = 100
/** In characters; a longer title is a sentence. */
const LONGEST_KEYWORD = 60

/** How long a reasoning model thinks before it speaks, the shortest first. */
export const REASONING_EFFORTS = ['minimal', 'low', 'medium', 'high', 'xhigh'] as const
export type ReasoningEffort = (typeof REASONING_EFFORTS)[number]

/** `gpt-realtime-2`, `-2.1`, `-2.1-mini`: the service refuses the two settings for the others, `-2025-08-28` among them. */
const REASONING_MODEL = /^gpt-realtime-2(?!\d)/

/** A project's settings for all its sessions (`environment.ts`). */
export type SessionSettings = {
  model: string
  voice: string
  maxOutputTokens: number | 'inf'
  reasoningEffort: ReasoningEffort
  /** The service drops older turns: kitchen questions stand alone, and each answer pays for the history. */
  historyTokens: number
}

/** Transcription takes ISO 639-1 only: one code for Mandarin and Cantonese, and no regions. */
const TRANSCRIPTION_LANGUAGE: Record<ConversationLanguage, string> = {
  en: 'en',
  es: 'es',
  fr: 'fr',
  'pt-BR': 'pt',
  'zh-CN': 'zh',
  'zh-HK': 'zh',
  vi: 'vi',
  ko: 'ko',
  tl: 'tl',
  ar: 'ar'
}

/** Requires all properties: the kiosk cannot execute a call that lacks one. */
const objectOf = (properties: Record<string, unknown>) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false
})

const toolsIn = (language: ConversationLanguage) => {
  const { search, report } = PHRASES[language]
  return [
    {
      type: 'function',
      name: SEARCH_TOOL_NAME,
      description: search.description,
      parameters: objectOf({
        sections: {
          type: 'array',
          items: { type: 'string' },
          maxItems: MOST_NAMED_SECTIONS,
          description: search.sections
        },
        question: { type: 'string', description: search.question },
        restated: { type: 'string', description: search.restated }
      })
    },
    {
      type: 'function',
      name: REPORT_TOOL_NAME,
      description: report.description,
      parameters: objectOf({
        found: { type: 'boolean', description: report.found },
        sources: {
          type: 'array',
          items: objectOf({
            section: { type: 'string', description: report.section },
            quote: { type: 'string', description: report.quote }
          }),
          description: report.sources
        }
      })
    }
  ]
}

/** Words of the kitchen, then titles of its sections. */
const keywordsOf = ({ kitchenWords = [], contents }: Asker): string[] =>
  [
    ...new Set([
      ...inOrder(kitchenWords).map(({ term }) => term),
      ...(contents?.sections ?? [])
        .map(({ title }) => title)
        .filter((title) => title !== '' && title.length <= LONGEST_KEYWORD)
    ])
  ].slice(0, KEYWORD_LIMIT)

/** One search at a time: the kiosk answers a response's calls together, and the next response waits for the slowest. */
const reasoningOf = (model: string, effort: ReasoningEffort) =>
  REASONING_MODEL.test(model) ? { reasoning: { effort }, parallel_tool_calls: false } : {}

/** Both models take `languages` instead of `language`. */
const transcriptionOf = (transcription: Transcription, asker: Asker) => {
  if (transcription === null) return null
  const { model, hasKeywords } = transcription
  const keywords = hasKeywords ? keywordsOf(asker) : []
  return {
    model,
    languages: [TRANSCRIPTION_LANGUAGE[asker.language]],
    ...(keywords.length > 0 ? { keywords } : {})
  }
}

export const sessionConfig = ({
  model,
  voice,
  maxOutputTokens,
  historyTokens,
  reasoningEffort,
  transcription,
  ...asker
}: SessionSettings & Asker & { transcription: Transcription }) => {
  const tools = toolsIn(asker.language)
  const instructionTokens = SESSION_TOKEN_BUDGET - estimateTokens(JSON.stringify(tools))
  return {
    type: 'realtime',
    model,
    output_modalities: ['audio'],
    instructions: instructionsFor(asker, instructionTokens),
    audio: {
      input: {
        // For audio over the data channel, from a press before the call was connected.
        format: { type: 'audio/pcm', rate: 24_000 },
        // The kiosk's microphone stands on a shelf.
        noise_reduction: { type: 'far_field' },
        transcription: transcriptionOf(transcription, asker),
        // Push-to-talk: only the kiosk's commit ends a turn.
        turn_detection: null
      },
      // The service names its own voices by a word, and a project's voices by an object.
      output: { voice: voice.startsWith('voice_') ? { id: voice } : voice }
    },
    max_output_tokens: maxOutputTokens,
    ...reasoningOf(model, reasoningEffort),
    // Dropping a fifth at a time keeps the prompt cached for longer.
    truncation: {
      type: 'retention_ratio',
      retention_ratio: 0.8,
      token_limits: { post_instructions: historyTokens }
    },
    tools,
    tool_choice: 'auto'
  }
}
