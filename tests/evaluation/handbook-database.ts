// The sample handbook in a real Postgres with the real migrations, as the local backend loads it, and one member of
// each restaurant to ask as.
import { randomUUID } from 'node:crypto'
import { type Database, openDatabase, type Viewer } from '../../local/backend/database.ts'
import type { EmbedTexts } from '../../local/backend/embeddings.ts'
import type { Handbook } from '../../local/backend/handbook-files.ts'
import { ensureMembership, seedGroup } from '../../local/backend/seed.ts'
import { serviceClient } from '../../local/backend/service-client.ts'

export type Asker = { groupId: string; organisationId: string; viewer: Viewer }

export type HandbookDatabase = {
  database: Database
  /** By the restaurant's slug. */
  askers: ReadonlyMap<string, Asker>
  embed: EmbedTexts
}

export const openHandbookDatabase = async (
  handbook: Handbook,
  embed: EmbedTexts,
  log: (line: string) => void
): Promise<HandbookDatabase> => {
  const database = await openDatabase({ memory: true })
  try {
    const client = serviceClient(database)
    const askers = new Map<string, Asker>()
    for (const group of handbook.groups) {
      const seeded = await seedGroup({ client, embedWith: () => embed, log }, group, {
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
      const [row] = await database.query<{ organisation_id: string }>(
        'select organisation_id from public.groups where id = $1',
        [seeded.id]
      )
      if (row === undefined) throw new Error(`${group.slug} is not there.`)
      askers.set(group.slug, {
        groupId: seeded.id,
        organisationId: row.organisation_id,
        viewer: { role: 'authenticated', userId: account.userId }
      })
    }
    // Hundreds of questions in a row are nobody's day.
    await database.query('update public.role_policies set daily_limit = null, monthly_limit = null')
    return { database, askers, embed }
  } catch (error) {
    await database.close()
    throw error
  }
}
