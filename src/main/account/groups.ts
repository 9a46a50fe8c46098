// The restaurants of an account, as row-level security shows them.
import type { SupabaseClient } from '@supabase/supabase-js'
import { z } from 'zod'
import type { Database } from '../../../supabase/functions/_shared/database.types.ts'
import type { Account, Group } from '../../shared/account.ts'
import { failed, ok, type Result } from '../../shared/failure.ts'

/** For a list of a few rows. */
const GROUPS_DEADLINE_MS = 8_000

const rowsSchema = z.array(
  z.object({
    group_id: z.uuid(),
    role: z.string().min(1),
    // null: the membership can be read and the restaurant cannot.
    groups: z.object({ id: z.uuid(), name: z.string().min(1) }).nullable()
  })
)

/** The restaurant in use. @returns `not_signed_in`, or `not_a_member` for an account without a restaurant */
export const requireGroup = (account: Account): Result<Group> => {
  if (account.status !== 'signed_in') return failed('not_signed_in', 'No account is signed in.')
  if (account.group === null) return failed('not_a_member', 'The account has no restaurant.')
  return ok(account.group)
}

/**
 * Reads the groups of `userId`, sorted by name.
 * @returns `not_signed_in` when the token is refused, `backend_unreachable` or `backend_failed`
 */
export const readGroups = async (
  client: SupabaseClient<Database>,
  userId: string
): Promise<Result<Group[]>> => {
  const { data, error, status } = await client
    .from('group_memberships')
    .select('group_id, role, groups(id,name)')
    .eq('user_id', userId)
    // The caller retries.
    .retry(false)
    .abortSignal(AbortSignal.timeout(GROUPS_DEADLINE_MS))
  if (error !== null) {
    // postgrest-js reports a request without an answer as status 0.
    if (status === 0) return failed('backend_unreachable', 'The restaurants could not be read.')
    if (status === 401) return failed('not_signed_in', 'The restaurants were refused with 401.')
    return failed('backend_failed', `The restaurants were answered with ${status}.`)
  }
  const rows = rowsSchema.safeParse(data)
  if (!rows.success) return failed('backend_failed', 'The list of restaurants is not readable.')
  return ok(
    rows.data
      .flatMap(({ role, groups }) => (groups === null ? [] : [{ ...groups, role }]))
      .sort((a, b) => a.name.localeCompare(b.name))
  )
}
