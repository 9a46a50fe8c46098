// Reads what the local kiosk's account and restaurant used, with their limits, from the health function.
import { createClient } from '@supabase/supabase-js'
import { z } from 'zod'
import { type UsageCount, usageCountSchema } from '../supabase/functions/_shared/usage.ts'
import type { LocalAccount, StackAddress } from './local-stack.ts'
import { CommandError } from './run-command.ts'

const DEADLINE_MS = 10_000

const healthSchema = z.object({ usage: z.array(usageCountSchema) })

/** @throws CommandError when the account or the function is refused */
export const readUsage = async (
  { supabaseUrl, publishableKey }: StackAddress,
  { email, password, groupId }: LocalAccount
): Promise<UsageCount[]> => {
  const { auth } = createClient(supabaseUrl, publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false }
  })
  const { data, error } = await auth.signInWithPassword({ email, password })
  if (error !== null) throw new CommandError(`The kiosk's account is refused: ${error.message}`)
  const answer = await fetch(`${supabaseUrl}/functions/v1/health?groupId=${groupId}`, {
    headers: { apikey: publishableKey, authorization: `Bearer ${data.session.access_token}` },
    signal: AbortSignal.timeout(DEADLINE_MS)
  })
  const health = healthSchema.safeParse(await answer.json())
  if (!health.success) throw new CommandError(`The health function answered ${answer.status}.`)
  return health.data.usage
}
