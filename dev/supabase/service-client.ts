// Creates a supabase-js client with the secret key that calls the database's APIs without a socket.
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import type { Database as Tables } from '../../supabase/functions/_shared/database.types.ts'
import { INNER_ORIGIN } from './accounts.ts'
import type { Database } from './database.ts'

export const serviceClient = (database: Database): SupabaseClient<Tables> =>
  createClient<Tables>(INNER_ORIGIN, database.keys.secretKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    global: { fetch: (input, init) => database.fetch(new Request(input, init)) }
  })
