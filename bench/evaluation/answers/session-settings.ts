// The session that a kiosk's key has, in text.

import { readEnvironment } from '../../../supabase/functions/_shared/environment.ts'
import { estimateTokens } from '../../../supabase/functions/_shared/estimate-tokens.ts'
import type { Asker } from '../../../supabase/functions/_shared/instructions.ts'
import {
  type SessionSettings,
  sessionConfig,
  TRANSCRIPTION_MODEL
} from '../../../supabase/functions/_shared/session-config.ts'

/** A function reads these two; here they have no use. */
const UNUSED: Readonly<Record<string, string>> = {
  SUPABASE_URL: 'http://127.0.0.1',
  SUPABASE_ANON_KEY: 'unused'
}

/** As the functions read them from their environment. @throws Error naming every variable that is wrong. */
export const sessionSettings = (
  variables: Readonly<Record<string, string | undefined>>
): SessionSettings => readEnvironment((name) => UNUSED[name] ?? variables[name]).session

export type KioskSession = {
  model: string
  /** For `session.update`: a session's model and type are set when it is opened. */
  session: object
  /** Of the instructions and tools, estimated. */
  tokens: number
}

export const kioskSession = (settings: SessionSettings, asker: Asker): KioskSession => {
  const {
    model,
    type: _type,
    ...shape
  } = sessionConfig({ ...settings, ...asker, transcriptionModel: TRANSCRIPTION_MODEL })
  return {
    model,
    session: { ...shape, output_modalities: ['text'] },
    tokens: estimateTokens(shape.instructions + JSON.stringify(shape.tools))
  }
}
