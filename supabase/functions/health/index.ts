// Serves health. Starts with an invalid environment, and reports its problems.
import { tryEnvironment } from '../_shared/environment.ts'
import { consoleLog } from '../_shared/log.ts'
import { CALLERS_PER_ADDRESS, createRateLimit } from '../_shared/rate-limit.ts'
import { supabaseBackend } from '../_shared/supabase-backend.ts'
import { createHandler } from './handler.ts'

/** Each detailed answer sends four requests; the limit suits a monitor per kiosk. */
const REQUESTS_PER_MINUTE = 12

const reading = tryEnvironment((name) => Deno.env.get(name))

Deno.serve(
  createHandler({
    reading,
    backend:
      reading.project === undefined
        ? undefined
        : supabaseBackend(reading.project.supabaseUrl, reading.project.publishableKey),
    rateLimit: createRateLimit(REQUESTS_PER_MINUTE),
    addressLimit: createRateLimit(REQUESTS_PER_MINUTE * CALLERS_PER_ADDRESS),
    log: consoleLog
  })
)
