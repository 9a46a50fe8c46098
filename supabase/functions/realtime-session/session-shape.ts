// The session as the GA Realtime API takes it: push-to-talk, one tool, one language.
import type { Language } from '../_shared/language.ts'
import { instructionsFor } from './instructions.ts'

/** The kiosk answers calls to this name with the handbook search. */
const SEARCH_TOOL_NAME = 'search_handbook'
/** Three sentences are about 100 tokens of text and 400 of audio; this leaves room and stops a monologue. */
const LONGEST_RESPONSE_TOKENS = 1_200
/** Turns older than this fall away: a kitchen's questions stand alone, and history is paid for each time. */
const HISTORY_TOKENS = 8_000

/** First choice, and what takes its place where a project does not have it yet. */
export const TRANSCRIPTION_MODEL = 'gpt-live-transcribe'
export const FALLBACK_TRANSCRIPTION_MODEL = 'gpt-transcribe'

export type SessionChoice = {
  model: string
  voice: string
  language: Language
  transcriptionModel: string
}

const SEARCH_TOOL = {
  en: {
    description:
      "Searches this restaurant's handbook. Call it for every question before answering: food safety, temperatures, cleaning, allergens, uniforms, schedules, opening, closing and anything else about working here.",
    query: "The person's question in their own words, complete, with numbers and names."
  },
  es: {
    description:
      'Busca en el manual de este restaurante. Llámala para cada pregunta antes de responder: seguridad de alimentos, temperaturas, limpieza, alérgenos, uniformes, horarios, apertura, cierre y todo lo demás sobre el trabajo aquí.',
    query: 'La pregunta de la persona con sus palabras, completa, con números y nombres.'
  }
} as const

export const sessionShape = ({ model, voice, language, transcriptionModel }: SessionChoice) => ({
  type: 'realtime',
  model,
  output_modalities: ['audio'],
  instructions: instructionsFor(language),
  audio: {
    input: {
      // For what is appended over the data channel: a press before the call was up.
      format: { type: 'audio/pcm', rate: 24_000 },
      // The kiosk's microphone stands on a shelf, not at the mouth.
      noise_reduction: { type: 'far_field' },
      transcription: { model: transcriptionModel, language },
      // Push-to-talk: the kiosk commits, nothing else ends a turn.
      turn_detection: null
    },
    output: { voice }
  },
  max_output_tokens: LONGEST_RESPONSE_TOKENS,
  // Dropping a fifth at a time keeps the rest of the prompt cached for longer.
  truncation: {
    type: 'retention_ratio',
    retention_ratio: 0.8,
    token_limits: { post_instructions: HISTORY_TOKENS }
  },
  tools: [
    {
      type: 'function',
      name: SEARCH_TOOL_NAME,
      description: SEARCH_TOOL[language].description,
      parameters: {
        type: 'object',
        properties: { query: { type: 'string', description: SEARCH_TOOL[language].query } },
        required: ['query'],
        additionalProperties: false
      }
    }
  ],
  tool_choice: 'auto'
})
