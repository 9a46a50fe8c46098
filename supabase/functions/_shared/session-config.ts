// The session as the GA Realtime API takes it: push-to-talk, one language, the search and the report of the answer.

import { estimateTokens } from './estimate-tokens.ts'
import { type Asker, instructionsFor } from './instructions.ts'
import type { ConversationLanguage } from './language.ts'
import { PHRASES } from './languages/phrases-by-language.ts'

/** The kiosk answers calls to this name with the passages of the handbook search. */
const SEARCH_TOOL_NAME = 'search_handbook'
/** And to this one with a word of receipt: it checks the report, shows the sections and records the outcome. */
const REPORT_TOOL_NAME = 'report_answer'
/** The function and the kiosk take no more. */
const MOST_NAMED_SECTIONS = 3

/** Instructions and tools together; the service refuses a session with more, and the kiosk would be silent. */
export const SESSION_TOKEN_LIMIT = 16_384
/**
 * The same in estimated tokens (`tokens.ts`). A table of contents in English or Spanish has up to 1.25 times its
 * estimate in the tokens of o200k_base.
 */
export const SESSION_TOKEN_BUDGET = 12_800

/** First choice, and what takes its place where a project does not have it yet. */
export const TRANSCRIPTION_MODEL = 'gpt-live-transcribe'
export const FALLBACK_TRANSCRIPTION_MODEL = 'gpt-transcribe'

/** What a project may set for all its sessions (`environment.ts`). */
export type SessionSettings = {
  model: string
  voice: string
  maxOutputTokens: number | 'inf'
  /** Turns beyond this fall away: a kitchen's questions stand alone, and history is paid for each time. */
  historyTokens: number
}

export type SessionConfigOptions = SessionSettings & Asker & { transcriptionModel: string }

/** ISO 639-1, all that transcription takes: it has one code for Mandarin and Cantonese, and none for regions. */
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

/** All properties of an object are required: a call that lacks one cannot be carried out. */
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

export const sessionConfig = ({
  model,
  voice,
  maxOutputTokens,
  historyTokens,
  transcriptionModel,
  ...asker
}: SessionConfigOptions) => {
  const tools = toolsIn(asker.language)
  const instructionTokens = SESSION_TOKEN_BUDGET - estimateTokens(JSON.stringify(tools))
  return {
    type: 'realtime',
    model,
    output_modalities: ['audio'],
    instructions: instructionsFor(asker, instructionTokens),
    audio: {
      input: {
        // For what is appended over the data channel: a press before the call was up.
        format: { type: 'audio/pcm', rate: 24_000 },
        // The kiosk's microphone stands on a shelf, not at the mouth.
        noise_reduction: { type: 'far_field' },
        transcription: {
          model: transcriptionModel,
          language: TRANSCRIPTION_LANGUAGE[asker.language]
        },
        // Push-to-talk: the kiosk commits, nothing else ends a turn.
        turn_detection: null
      },
      // The service names its own voices by a word and those of a project by an object.
      output: { voice: voice.startsWith('voice_') ? { id: voice } : voice }
    },
    max_output_tokens: maxOutputTokens,
    // Dropping a fifth at a time keeps the rest of the prompt cached for longer.
    truncation: {
      type: 'retention_ratio',
      retention_ratio: 0.8,
      token_limits: { post_instructions: historyTokens }
    },
    tools,
    tool_choice: 'auto'
  }
}
