// Serves health. It starts with any environment, since what is wrong with it is what it is asked about.
import { tryEnvironment } from '../_shared/environment.ts'
import { consoleLog } from '../_shared/log.ts'
import { createRateLimit } from '../_shared/rate-limit.ts'
import { supabaseBackend } from '../_shared/supabase-backend.ts'
import { createHandler } from './handler.ts'

/** Each look at the details asks everybody else: often enough for a monitor of each kiosk. */
const LOOKS_PER_MINUTE = 12

const reading = tryEnvironment((name) => Deno.env.get(name))

Deno.serve(
  createHandler({
    reading,
    backend:
      reading.project === undefined
        ? undefined
        : supabaseBackend(reading.project.supabaseUrl, reading.project.publishableKey),
    rateLimit: createRateLimit(LOOKS_PER_MINUTE),
    log: consoleLog
  })
)
