// Whose a section is, by its id: the searches answer with ids, so that a slug that two restaurants have is told apart.
import type { Database } from '../../../local/backend/database.ts'

export const groupOfSection = async (database: Database): Promise<ReadonlyMap<string, string>> => {
  const rows = await database.query<{ id: string; group: string }>(
    `select s.id, g.slug as "group"
     from public.manual_sections s join public.groups g on g.id = s.group_id`
  )
  return new Map(rows.map(({ id, group }) => [id, group]))
}
