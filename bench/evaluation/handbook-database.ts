// Loads the handbooks of both sets into Postgres with the real migrations, and makes a member of each restaurant.
import { randomUUID } from 'node:crypto'
import { type Database, openDatabase, type Viewer } from '../../dev/supabase/database.ts'
import type { HandbookGroup } from '../../dev/supabase/handbook-files.ts'
import { ensureMembership, seedGroup } from '../../dev/supabase/seed.ts'
import type { EmbedTexts } from '../../dev/supabase/seed-embeddings.ts'
import { serviceClient } from '../../dev/supabase/service-client.ts'

type Asker = { groupId: string; organisationId: string; viewer: Viewer }

export type HandbookDatabase = {
  database: Database
  groups: readonly HandbookGroup[]
  /** By the slug of the restaurant. */
  askerOf: (group: string) => Asker
  embed: EmbedTexts
}

/** Ids in the order of the handbook: equal scores are ordered by id, and random ids would change in each run. */
const ORDERED_IDS_SQL = `
  create schema evaluation;
  grant usage on schema evaluation to service_role;
  create sequence evaluation.ids;
  grant usage on sequence evaluation.ids to service_role;
  alter table public.manual_sections alter column id
    set default ('00000000-0000-4000-8000-' || lpad(to_hex(nextval('evaluation.ids')), 12, '0'))::uuid;
  alter table public.manual_passages alter column id
    set default ('00000000-0000-4000-8000-' || lpad(to_hex(nextval('evaluation.ids')), 12, '0'))::uuid;`

/** @throws Error when a passage gets no vector */
export const openHandbookDatabase = async (
  groups: readonly HandbookGroup[],
  embed: EmbedTexts,
  log: (line: string) => void
): Promise<HandbookDatabase> => {
  const database = await openDatabase({ memory: true })
  try {
    await database.execute(ORDERED_IDS_SQL)
    const client = serviceClient(database)
    const askers = new Map<string, Asker>()
    for (const group of groups) {
      const seeded = await seedGroup({ client, embedWith: () => embed, log: () => {} }, group, {
        timeZone: 'UTC'
      })
      if (seeded.withoutVector > 0) {
        throw new Error(`${group.name}: ${seeded.withoutVector} passages have no vector.`)
      }
      log(`${group.name}: ${seeded.sections} sections, ${seeded.passages} passages`)
      const password = randomUUID()
      const account = await database.createAccount(`${group.slug}@example.com`, password)
      if (!account.ok) throw new Error(`No account for ${group.slug}: ${account.message}`)
      await ensureMembership(client, { userId: account.userId, groupId: seeded.id, role: 'crew' })
      askers.set(group.slug, {
        groupId: seeded.id,
        organisationId: seeded.organisationId,
        viewer: { role: 'authenticated', userId: account.userId }
      })
    }
    // An evaluation exceeds the daily limit of a member.
    await database.query('update public.role_policies set daily_limit = null, monthly_limit = null')
    const askerOf = (group: string): Asker => {
      const asker = askers.get(group)
      if (asker === undefined) throw new Error(`The database has no restaurant ${group}.`)
      return asker
    }
    return { database, groups, askerOf, embed }
  } catch (error) {
    await database.close()
    throw error
  }
}
