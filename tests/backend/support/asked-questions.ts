// Records questions as search_handbook does, without a search.
import { randomUUID } from 'node:crypto'
import type { Database } from '../../../dev/supabase/database.ts'
import { BRAND_OF, HARBOR, type Person } from './restaurants.ts'

export const MODEL = 'text-embedding-3-small'

export type Asked = {
  /** Default: Harbor. */
  group?: string
  /** The same for another search of the same question. */
  id?: string
  language?: string
  question: string
  restated?: string
  named?: string[]
  /** Default: not found. */
  isFound?: boolean
  /** Id of the section of the first given passage. */
  section?: string
  vector?: readonly number[]
  model?: string
  /** The person who is charged. Default: no charge. */
  by?: Person
}

type Sql = Pick<Database, 'query'>

/** Returns the question's id. */
export const recordQuestion = async (database: Sql, asked: Asked): Promise<string> => {
  const group = asked.group ?? HARBOR
  const id = asked.id ?? randomUUID()
  const vector = asked.vector === undefined ? null : JSON.stringify(asked.vector)
  if (asked.by !== undefined) {
    await database.query(
      `insert into public.counted_questions (user_id, group_id, question_id) values ($1, $2, $3)
       on conflict do nothing`,
      [asked.by.userId, group, id]
    )
  }
  await database.query(
    `select private.record_question($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 12.5, $11::extensions.vector, $12)`,
    [
      group,
      BRAND_OF[group],
      id,
      asked.language ?? 'en',
      asked.question,
      asked.restated ?? null,
      asked.named ?? [],
      asked.isFound ?? false,
      vector === null ? 'keyword' : 'hybrid',
      asked.section ?? null,
      vector,
      vector === null ? null : (asked.model ?? MODEL)
    ]
  )
  return id
}
