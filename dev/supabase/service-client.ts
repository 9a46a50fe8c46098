// A supabase-js client that reaches the database's own APIs without a socket, with the secret key.
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import type { Database as Tables } from '../../supabase/functions/_shared/database.types.ts'
import type { Database } from './database.ts'

/** Never resolved: requests are answered in this process. */
const INNER_URL = 'http://database.internal'

export const serviceClient = (database: Database): SupabaseClient<Tables> =>
  createClient<Tables>(INNER_URL, database.keys.secretKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    global: { fetch: (input, init) => database.fetch(new Request(input, init)) }
  })
