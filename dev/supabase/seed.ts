// Loads a handbook into a local or hosted project over its Data API with the secret key. Writes only what differs.
import type { SupabaseClient } from '@supabase/supabase-js'
import { z } from 'zod'
import type { Database } from '../../supabase/functions/_shared/database.types.ts'
import type { HandbookGroup } from './handbook-files.ts'
import { sampleCautionTopics } from './sample-caution-topics.ts'
import { readAnswer, SeedFailed, type SeedTools } from './seed-requests.ts'
import { type SeededSections, type SeedGroup, seedSections } from './seed-sections.ts'

export const ROLES = ['crew', 'shift_lead', 'manager', 'owner'] as const
export type Role = (typeof ROLES)[number]

/** Default policies. A limit is per account, and all people of a shift share a kiosk's account. */
const ROLE_POLICIES = ROLES.map((role) => ({
  role,
  voice_enabled: true,
  can_use_ai: true,
  daily_limit: 5_000,
  monthly_limit: 100_000
}))

/** Settings of a group that the project lacks. */
type NewGroup = {
  timeZone: string
  /** The brand's slug; by default the restaurant is its own brand. */
  organisation?: string
}

type SeededGroup = SeededSections & { id: string; organisationId: string }

const idRow = z.object({ id: z.uuid() })
const groupRow = z.object({
  id: z.uuid(),
  organisation_id: z.uuid(),
  organisations: z.object({ slug: z.string() })
})

const firstOf = <T>(what: string, rows: readonly T[]): T => {
  const [first] = rows
  if (first === undefined) throw new SeedFailed(`${what}: no row came back`)
  return first
}

/** The brand's id; creates a missing brand. */
const ensureOrganisation = async (
  client: SupabaseClient<Database>,
  slug: string,
  name: string
): Promise<string> => {
  const [known] = readAnswer(
    'reading the organisation',
    await client.from('organisations').select('id').eq('slug', slug),
    z.array(idRow)
  )
  if (known !== undefined) return known.id
  const what = 'creating the organisation'
  const topics = sampleCautionTopics(slug)
  const made = await client
    .from('organisations')
    .insert({ slug, name, ...(topics === undefined ? {} : { caution_topics: topics }) })
    .select('id')
  return firstOf(what, readAnswer(what, made, z.array(idRow))).id
}

/** Creates a missing group. */
const ensureGroup = async (
  client: SupabaseClient<Database>,
  { slug, name }: { slug: string; name: string },
  { timeZone, organisation }: NewGroup
): Promise<SeedGroup> => {
  const known = readAnswer(
    'reading the group',
    await client
      .from('groups')
      .select('id, organisation_id, organisations!groups_organisation_id_fkey(slug)')
      .eq('slug', slug),
    z.array(groupRow)
  ).filter((row) => organisation === undefined || row.organisations.slug === organisation)
  const [only, ...others] = known
  if (others.length > 0) {
    const brands = known.map((row) => row.organisations.slug).join(', ')
    throw new SeedFailed(`several organisations have a group ${slug}: ${brands}; name one`)
  }
  if (only !== undefined) return { id: only.id, organisationId: only.organisation_id, name }
  const organisationId = await ensureOrganisation(
    client,
    organisation ?? slug,
    organisation ?? name
  )
  const what = 'creating the group'
  const made = await client
    .from('groups')
    .insert({ organisation_id: organisationId, slug, name, time_zone: timeZone })
    .select('id')
  return { id: firstOf(what, readAnswer(what, made, z.array(idRow))).id, organisationId, name }
}

/** Adds missing policies and changes none. */
const ensurePolicies = async (client: SupabaseClient<Database>, groupId: string): Promise<void> => {
  readAnswer(
    'writing the role policies',
    await client.from('role_policies').upsert(
      ROLE_POLICIES.map((policy) => ({ group_id: groupId, ...policy })),
      { onConflict: 'group_id,role', ignoreDuplicates: true }
    ),
    z.unknown()
  )
}

/** Adds a member, or changes a member's role. */
export const ensureMembership = async (
  client: SupabaseClient<Database>,
  membership: { userId: string; groupId: string; role: Role }
): Promise<void> => {
  const { userId, groupId, role } = membership
  readAnswer(
    'writing the membership',
    await client
      .from('group_memberships')
      .upsert({ user_id: userId, group_id: groupId, role }, { onConflict: 'user_id,group_id' }),
    z.unknown()
  )
}

/** Roles that write for all restaurants of a brand, and change its model. */
export const BRAND_ROLES = ['manager', 'owner'] as const satisfies readonly Role[]
type BrandRole = (typeof BRAND_ROLES)[number]

/** Adds a member of a brand. Rights in its restaurants come from the membership there. */
export const ensureBrandMembership = async (
  client: SupabaseClient<Database>,
  membership: { userId: string; organisationId: string; role: BrandRole }
): Promise<void> => {
  const { userId, organisationId, role } = membership
  readAnswer(
    'writing the membership of the brand',
    await client
      .from('organisation_memberships')
      .upsert(
        { user_id: userId, organisation_id: organisationId, role },
        { onConflict: 'user_id,organisation_id' }
      ),
    z.unknown()
  )
}

/**
 * Brings a group up to its files. A section without a file stays, and the log names it. A restart continues from the
 * drafts of an interrupted run.
 * @throws SeedFailed when the project refuses a request
 */
export const seedGroup = async (
  tools: SeedTools,
  group: HandbookGroup,
  whenNew: NewGroup
): Promise<SeededGroup> => {
  const place = await ensureGroup(tools.client, group, whenNew)
  await ensurePolicies(tools.client, place.id)
  const { id, organisationId } = place
  return { id, organisationId, ...(await seedSections(tools, place, group.sections)) }
}
