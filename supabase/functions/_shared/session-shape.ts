// The session as the GA Realtime API takes it: push-to-talk, one language, the search, and the
// report of the answer for kiosks that understand it.
import { type Asker, instructionsFor } from './instructions.ts'
import type { ConversationLanguage } from './language.ts'
import { PHRASES } from './languages/phrases-of.ts'

/** The kiosk answers calls to this name with the handbook search. */
const SEARCH_TOOL_NAME = 'search_handbook'
/** And to this one with a word of receipt; what was reported is for its screen and the manager. */
export const REPORT_TOOL_NAME = 'report_answer'

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

export type SessionChoice = SessionSettings & Asker & { transcriptionModel: string }

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

export const sessionShape = ({
  model,
  voice,
  maxOutputTokens,
  historyTokens,
  transcriptionModel,
  ...asker
}: SessionChoice) => {
  const { tool, report } = PHRASES[asker.language]
  const search = {
    type: 'function',
    name: SEARCH_TOOL_NAME,
    description: tool.description,
    parameters: {
      type: 'object',
      properties: { query: { type: 'string', description: tool.query } },
      required: ['query'],
      additionalProperties: false
    }
  }
  const reportAnswer = {
    type: 'function',
    name: REPORT_TOOL_NAME,
    description: report.description,
    parameters: {
      type: 'object',
      properties: {
        found: { type: 'boolean', description: report.found },
        sections: { type: 'array', items: { type: 'string' }, description: report.sections }
      },
      required: ['found', 'sections'],
      additionalProperties: false
    }
  }
  return {
    type: 'realtime',
    model,
    output_modalities: ['audio'],
    instructions: instructionsFor(asker),
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
    tools: asker.reportsAnswer === true ? [search, reportAnswer] : [search],
    tool_choice: 'auto'
  }
}
