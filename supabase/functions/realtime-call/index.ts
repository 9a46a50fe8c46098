// Serves realtime-call.
import { functionParts } from '../_shared/function-parts.ts'
import { CALLS_PER_REQUEST } from '../_shared/rate-limit.ts'
import { createHandler } from './handler.ts'
import { createOpenCall } from './open-call.ts'

const { environment, backend, settings } = functionParts(CALLS_PER_REQUEST)
const { openaiBaseUrl: baseUrl, openaiApiKey: apiKey, session } = environment

Deno.serve(
  createHandler({
    backend,
    openCall: apiKey === undefined ? undefined : createOpenCall({ baseUrl, apiKey, session }),
    ...settings
  })
)
