// Serves realtime-session.
import { functionParts } from '../_shared/function-parts.ts'
import { CALLS_PER_REQUEST } from '../_shared/rate-limit.ts'
import { createHandler } from './handler.ts'
import { createMint } from './mint.ts'

const { environment, backend, settings } = functionParts(CALLS_PER_REQUEST)
const { openaiBaseUrl: baseUrl, openaiApiKey: apiKey, session, keySeconds } = environment

Deno.serve(
  createHandler({
    backend,
    mint: apiKey === undefined ? undefined : createMint({ baseUrl, apiKey, session }),
    keySeconds,
    ...settings
  })
)
