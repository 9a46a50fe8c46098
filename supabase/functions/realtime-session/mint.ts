// Mints the ephemeral key of one voice session at OpenAI.
import { z } from 'zod'
import type { Asker } from '../_shared/instructions.ts'
import {
  createTranscriptionChoice,
  failureIn,
  type ModelFailure,
  modelFailed,
  type OnBehalfOf,
  openaiHeaders,
  readJson
} from '../_shared/openai.ts'
import { send } from '../_shared/outbound-request.ts'
import { type SessionSettings, sessionConfig } from '../_shared/session-config.ts'

/** Minting takes 0.2 to 0.85 s; past this the kiosk is better told to try again. */
const MINT_TIMEOUT_MS = 5_000

const secretSchema = z.object({
  value: z.string().min(1),
  expires_at: z.int().positive(),
  session: z.object({ model: z.string().min(1) }).optional()
})

export type Minted =
  | { ok: true; ephemeralKey: string; expiresAt: number; model: string }
  | ModelFailure

export type MintOptions = {
  baseUrl: string
  apiKey: string
  session: SessionSettings
  keySeconds: number
  /** For tests that do not wait. */
  timeoutMs?: number
}
export type MintRequest = OnBehalfOf & { asker: Asker }
export type Mint = (request: MintRequest) => Promise<Minted>

/** Never throws for what the network or the service does. */
export const createMint = ({
  baseUrl,
  apiKey,
  session,
  keySeconds,
  timeoutMs = MINT_TIMEOUT_MS
}: MintOptions): Mint => {
  const withTranscription = createTranscriptionChoice()

  return async ({ asker, ...onBehalfOf }) => {
    const headers = await openaiHeaders(apiKey, onBehalfOf)
    const answer = await withTranscription((transcriptionModel) =>
      send({
        url: `${baseUrl}/realtime/client_secrets`,
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({
          expires_after: { anchor: 'created_at', seconds: keySeconds },
          session: sessionConfig({ ...session, ...asker, transcriptionModel })
        }),
        timeoutMs,
        // A key that nobody got costs nothing and expires by itself.
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
      model: secret.data.session?.model ?? session.model
    }
  }
}
