// Lifts the limits of a local restaurant: a bench asks and calls more in an hour than a kiosk may in a day.
import { createClient } from '@supabase/supabase-js'
import type { StackAddress } from '../dev/local-stack.ts'
import { CommandError } from '../dev/run-command.ts'

/** @throws CommandError with the database's reason */
export const liftLimits = async (stack: StackAddress): Promise<void> => {
  const client = createClient(stack.supabaseUrl, stack.secretKey, {
    auth: { persistSession: false, autoRefreshToken: false }
  })
  const groupId = stack.accounts[0]?.groupId
  const questions = await client
    .from('role_policies')
    .update({ daily_limit: null, monthly_limit: null })
    .eq('group_id', groupId)
  const money = await client.from('groups').update({ daily_cost_limit: null }).eq('id', groupId)
  const calls = await client.from('usage_limits').update({ most: null }).is('group_id', null)
  const error = questions.error ?? money.error ?? calls.error
  if (error !== null) throw new CommandError(`The limits could not be lifted: ${error.message}`)
}
