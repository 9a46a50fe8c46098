// Builds the session of a kiosk's key with text output.
import { readEnvironment } from '../../../supabase/functions/_shared/environment.ts'
import { estimateTokens } from '../../../supabase/functions/_shared/estimate-tokens.ts'
import type { Asker } from '../../../supabase/functions/_shared/instructions.ts'
import {
  type SessionSettings,
  sessionConfig,
  TRANSCRIPTIONS
} from '../../../supabase/functions/_shared/session-config.ts'

/** Required by the edge functions; unused here. */
const UNUSED: Readonly<Record<string, string>> = {
  SUPABASE_URL: 'http://127.0.0.1',
  SUPABASE_ANON_KEY: 'unused'
}

/** @throws Error with the names of all invalid variables */
export const sessionSettings = (
  variables: Readonly<Record<string, string | undefined>>
): SessionSettings => readEnvironment((name) => UNUSED[name] ?? variables[name]).session

export type KioskSession = {
  model: string
  /** For `session.update`, which takes no model and no type. */
  session: object
  /** Estimate for the instructions and tools. */
  tokens: number
}

export const kioskSession = (settings: SessionSettings, asker: Asker): KioskSession => {
  const {
    model,
    type: _type,
    ...shape
  } = sessionConfig({ ...settings, ...asker, transcription: TRANSCRIPTIONS[0] ?? null })
  return {
    model,
    session: { ...shape, output_modalities: ['text'] },
    tokens: estimateTokens(shape.instructions + JSON.stringify(shape.tools))
  }
}
