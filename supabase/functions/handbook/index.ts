// Serves handbook: the handler on the real Supabase and the real OpenAI.
import { embed } from '../_shared/embedding.ts'
import { readEnvironment } from '../_shared/environment.ts'
import { consoleLog } from '../_shared/log.ts'
import { createRateLimit } from '../_shared/rate-limit.ts'
import { supabaseBackend } from '../_shared/supabase-backend.ts'
import { createHandler } from './handler.ts'
import { supabaseHandbook } from './supabase-handbook.ts'

/** A manager saves a page now and then; a section of many passages is a request of some seconds. */
const EMBEDDING_TIMEOUT_MS = 20_000

const environment = readEnvironment((name) => Deno.env.get(name))
const { openaiApiKey, supabaseUrl, publishableKey } = environment

Deno.serve(
  createHandler({
    verify: supabaseBackend(supabaseUrl, publishableKey).verify,
    backend: supabaseHandbook(supabaseUrl, publishableKey),
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
