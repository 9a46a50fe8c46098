// Serves realtime-search: the handler on the real Supabase and the real OpenAI.
import { embed } from '../_shared/embedding.ts'
import { readEnvironment } from '../_shared/environment.ts'
import { consoleLog } from '../_shared/log.ts'
import { createRateLimit } from '../_shared/rate-limit.ts'
import { supabaseBackend } from '../_shared/supabase-backend.ts'
import { createHandler } from './handler.ts'

/** Of the kiosk's 2.5 s for a search: embeddings that take longer cost more than they add. */
const EMBEDDING_TIMEOUT_MS = 900

const environment = readEnvironment((name) => Deno.env.get(name))
const { openaiApiKey } = environment

Deno.serve(
  createHandler({
    backend: supabaseBackend(environment.supabaseUrl, environment.publishableKey),
    embedTexts:
      openaiApiKey === undefined
        ? undefined
        : (texts, model) =>
            embed(texts, {
              baseUrl: environment.openaiBaseUrl,
              apiKey: openaiApiKey,
              model,
              timeoutMs: EMBEDDING_TIMEOUT_MS
            }),
    embeddingModel: environment.embeddingModel,
    rateLimit: createRateLimit(environment.requestsPerMinute),
    allowedOrigins: environment.allowedOrigins,
    log: consoleLog
  })
)
