// Serves realtime-call: the handler on the real Supabase and the real OpenAI.
import { readEnvironment } from '../_shared/environment.ts'
import { consoleLog } from '../_shared/log.ts'
import { CALLS_PER_REQUEST, createRateLimit } from '../_shared/rate-limit.ts'
import { supabaseBackend } from '../_shared/supabase-backend.ts'
import { createHandler } from './handler.ts'
import { createOpenCall } from './open-call.ts'

const environment = readEnvironment((name) => Deno.env.get(name))

Deno.serve(
  createHandler({
    backend: supabaseBackend(environment.supabaseUrl, environment.publishableKey),
    openCall:
      environment.openaiApiKey === undefined
        ? undefined
        : createOpenCall({
            baseUrl: environment.openaiBaseUrl,
            apiKey: environment.openaiApiKey,
            session: environment.session
          }),
    rateLimit: createRateLimit(environment.requestsPerMinute * CALLS_PER_REQUEST),
    allowedOrigins: environment.allowedOrigins,
    log: consoleLog
  })
)
