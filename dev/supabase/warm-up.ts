// Runs a search when a backend starts. The first search compiles functions, makes plans and reads the vector index, and
// would exceed a search's time.
import { randomUUID } from 'node:crypto'
import { EMBEDDING_DIMENSIONS } from '../../supabase/functions/_shared/embedding.ts'
import type { Database } from './database.ts'
import { postgresErrorIn } from './postgres-errors.ts'
import { serviceClient } from './service-client.ts'

const QUESTION = 'how long can the soup stand in the walk-in cooler'
/** The prefix of our refusals' SQLSTATEs, such as for a reached limit. */
const REFUSED = 'HR'

const SEARCH = `select from public.search_handbook(
  _group_id => $1, _question_id => $2, _question => $3, _restated => $3, _sections => '{}', _language => $4,
  _embedding => $5, _embedding_model => $6, _conversation_language => $4)`

/** Acts as a member, and rolls back the count and the record. */
const searchAsMember = (
  database: Database,
  userId: string,
  groupId: string,
  model: string
): Promise<void> =>
  database.transaction(
    async (sql) => {
      // Any vector serves.
      const vector = JSON.stringify(
        Array.from({ length: EMBEDDING_DIMENSIONS }, (_, n) => Math.cos(n))
      )
      for (const language of ['en', 'es']) {
        await sql.query(SEARCH, [groupId, randomUUID(), QUESTION, language, vector, model])
      }
      await sql.rollback()
    },
    { role: 'authenticated', userId }
  )

/** @throws the database's error for a failed search that is not a refusal */
export const warmUp = async (database: Database): Promise<void> => {
  // The Data API reads the schema at its first request.
  const { data, error } = await serviceClient(database)
    .from('group_memberships')
    .select('user_id, group_id, groups(organisations!groups_organisation_id_fkey(embedding_model))')
    .limit(1)
  if (error !== null) throw new Error(error.message)
  const [member] = data
  if (member === undefined) return
  try {
    await searchAsMember(
      database,
      member.user_id,
      member.group_id,
      member.groups.organisations.embedding_model
    )
  } catch (failure) {
    if (postgresErrorIn(failure)?.code.startsWith(REFUSED) !== true) throw failure
  }
}
