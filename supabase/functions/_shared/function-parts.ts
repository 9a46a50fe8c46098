// Reads the environment of a function for signed-in callers, and creates its parts.

import type { Backend } from './backend.ts'
import type { EndpointSettings } from './endpoint.ts'
import { type Environment, readEnvironment } from './environment.ts'
import { consoleLog } from './log.ts'
import { CALLERS_PER_ADDRESS, createRateLimit } from './rate-limit.ts'
import { supabaseBackend } from './supabase-backend.ts'

/**
 * @param rateShare of the project's requests per minute that this function allows a caller
 * @throws Error naming every variable that is missing or invalid
 */
export const functionParts = (
  rateShare = 1
): { environment: Environment; backend: Backend; settings: EndpointSettings } => {
  const environment = readEnvironment((name) => Deno.env.get(name))
  const { supabaseUrl, publishableKey, allowedOrigins } = environment
  const perMinute = environment.requestsPerMinute * rateShare
  return {
    environment,
    backend: supabaseBackend(supabaseUrl, publishableKey),
    settings: {
      rateLimit: createRateLimit(perMinute),
      addressLimit: createRateLimit(perMinute * CALLERS_PER_ADDRESS),
      allowedOrigins,
      log: consoleLog
    }
  }
}
