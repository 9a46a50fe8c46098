// Loads a handbook folder into the local backend, with accounts and memberships for its restaurants.
import type { Database } from './database.ts'
import { describeProblem, readHandbookFolder } from './handbook-files.ts'
import { loadOrCreateAccounts, type StoredAccount } from './local-accounts.ts'
import { ensureBrandMembership, ensureMembership, seedGroup } from './seed.ts'
import { createEmbedTexts } from './seed-embeddings.ts'
import { serviceClient } from './service-client.ts'

export type BackendAccount = StoredAccount & { groupId: string; groupName: string }

type SampleOptions = {
  dataDir: string
  handbookFolder: string
  openaiUrl: string
  openaiKey: string
  log: (line: string) => void
  signal?: AbortSignal
}

/** @param resetPassword the stored password is new, because its file was deleted */
const ensureAccount = async (
  database: Database,
  { email, password }: StoredAccount,
  resetPassword: boolean
): Promise<string> => {
  const known = await database.accountId(email)
  if (known !== undefined) {
    if (resetPassword) await database.setPassword(known, password)
    return known
  }
  const created = await database.createAccount(email, password)
  if (!created.ok) throw new Error(`Creating the account ${email} failed: ${created.message}`)
  return created.userId
}

/** Tests and commands start many kiosks with one account; a restaurant's kiosk starts once a day. */
const liftKeyLimits = async (database: Database, groupId: string): Promise<void> => {
  await database.query(
    `insert into public.usage_limits (group_id, whose, measure, period, most)
     select $1, l.whose, l.measure, l.period, null from public.usage_limits l
     where l.group_id is null and l.measure in ('live_keys', 'keys')
     on conflict do nothing`,
    [groupId]
  )
}

/** Returns the accounts. @throws SeedFailed, or the signal's reason */
export const seedSample = async (
  database: Database,
  { dataDir, handbookFolder, openaiUrl, openaiKey, log, signal }: SampleOptions
): Promise<BackendAccount[]> => {
  const handbook = await readHandbookFolder(handbookFolder)
  for (const problem of handbook.problems) log(`Handbook: ${describeProblem(problem)}`)
  const client = serviceClient(database)
  const embedWith = (model: string) => createEmbedTexts(openaiUrl, openaiKey, model)
  // A day of questions ends at this machine's midnight.
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()

  const places = new Map<string, { groupId: string; organisationId: string; groupName: string }>()
  for (const group of handbook.groups) {
    const seeded = await seedGroup({ client, embedWith, log }, group, { timeZone })
    signal?.throwIfAborted()
    const { id: groupId, organisationId } = seeded
    await liftKeyLimits(database, groupId)
    places.set(group.slug, { groupId, organisationId, groupName: group.name })
    const without =
      seeded.withoutVector === 0 ? '' : `, ${seeded.withoutVector} without a vector yet`
    log(
      `${group.name}: ${seeded.sections} sections (${seeded.sectionsWritten} written), ` +
        `${seeded.passages} passages (${seeded.passagesWritten} written${without})`
    )
  }

  const { accounts, created } = await loadOrCreateAccounts(dataDir, [...places.keys()])
  const members: BackendAccount[] = []
  for (const account of accounts) {
    const place = places.get(account.groupSlug)
    if (place === undefined) continue
    const { groupId, organisationId, groupName } = place
    const userId = await ensureAccount(database, account, created.has(account.email))
    await ensureMembership(client, { userId, groupId, role: account.role })
    // A sample restaurant is its own brand, so its manager manages the brand too.
    if (account.role === 'manager') {
      await ensureBrandMembership(client, { userId, organisationId, role: account.role })
    }
    members.push({ ...account, groupId, groupName })
  }
  return members
}
