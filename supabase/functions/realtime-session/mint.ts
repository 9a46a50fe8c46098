// Mints the ephemeral key of a voice session at OpenAI.
import { z } from 'zod'
import type { Asker } from '../_shared/instructions.ts'
import {
  createTranscriptionChoice,
  failureIn,
  type ModelFailure,
  modelFailed,
  type OnBehalfOf,
  openaiHeaders
} from '../_shared/openai.ts'
import { send } from '../_shared/outbound-request.ts'
import { readJson } from '../_shared/read-json.ts'
import {
  type SessionSettings,
  sessionConfig,
  TRANSCRIPTION_MODEL
} from '../_shared/session-config.ts'

/** Minting takes 0.2 to 0.85 s; a kiosk can try again. */
const MINT_TIMEOUT_MS = 5_000

const secretSchema = z.object({
  value: z.string().min(1),
  expires_at: z.int().positive(),
  session: z
    .object({
      model: z.string().min(1),
      audio: z.object({
        input: z.object({ transcription: z.object({ model: z.string().min(1) }).nullish() })
      })
    })
    .partial()
    .catch({})
    .optional()
})

type Minted =
  | {
      ok: true
      ephemeralKey: string
      expiresAt: number
      model: string
      transcriptionModel: string
    }
  | ModelFailure

type MintOptions = {
  baseUrl: string
  apiKey: string
  session: SessionSettings
  timeoutMs?: number
}
/** `seconds`: life of the key. */
export type Mint = (request: OnBehalfOf & { asker: Asker; seconds: number }) => Promise<Minted>

/** Does not throw: a failed request is a value. */
export const createMint = ({
  baseUrl,
  apiKey,
  session,
  timeoutMs = MINT_TIMEOUT_MS
}: MintOptions): Mint => {
  const withTranscription = createTranscriptionChoice()

  return async ({ asker, seconds, ...onBehalfOf }) => {
    const headers = await openaiHeaders(apiKey, onBehalfOf)
    const answer = await withTranscription((transcription) =>
      send({
        url: `${baseUrl}/realtime/client_secrets`,
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({
          expires_after: { anchor: 'created_at', seconds },
          session: sessionConfig({ ...session, ...asker, transcription })
        }),
        timeoutMs,
        // A lost key costs nothing and expires by itself.
        repeat: 'safe'
      })
    )
    const failure = failureIn(answer)
    if (failure !== null || !answer.ok) return failure ?? modelFailed('no answer')
    const secret = secretSchema.safeParse(readJson(answer.text))
    if (!secret.success) return modelFailed('unreadable answer')
    return {
      ok: true,
      ephemeralKey: secret.data.value,
      expiresAt: secret.data.expires_at,
      model: secret.data.session?.model ?? session.model,
      transcriptionModel:
        secret.data.session?.audio?.input.transcription?.model ?? TRANSCRIPTION_MODEL
    }
  }
}
