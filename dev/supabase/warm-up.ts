// One search that nobody asked, when a backend starts: otherwise the first cook of the day waits while functions are
// compiled, plans are made and the vector index is read, longer than a search may take.
import { randomUUID } from 'node:crypto'
import { EMBEDDING_DIMENSIONS } from '../../supabase/functions/_shared/embedding.ts'
import type { Database } from './database.ts'
import { postgresErrorIn } from './postgres-errors.ts'
import { serviceClient } from './service-client.ts'

/** A question of any kitchen. */
const QUESTION = 'how long can the soup stand in the walk-in cooler'
/** The first of SQLSTATEs with which our functions refuse: a limit that is reached, a role that may not ask. */
const REFUSED = 'HR'

const SEARCH = `select from public.search_handbook(
  _group_id => $1, _question_id => $2, _question => $3, _restated => $3, _sections => '{}', _language => $4,
  _embedding => $5, _embedding_model => $6, _conversation_language => $4)`

/** As one of its members, and taken back: nothing is counted or recorded. */
const searchAsMember = (
  database: Database,
  userId: string,
  groupId: string,
  model: string
): Promise<void> =>
  database.transaction(
    async (sql) => {
      // No direction is nearer to a handbook than another: any vector will do.
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

/**
 * Makes the next search as quick as the hundredth, through the Data API and without it.
 * @throws the database's error when a search fails otherwise than by a refusal
 */
export const warmUp = async (database: Database): Promise<void> => {
  // Through the Data API, which reads at its first request what there is in the database.
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
