// Loads a restaurant's handbook folder into a hosted Supabase project and creates a kiosk's account: `npm run seed`.
import { parseArgs } from 'node:util'
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { CommandError, runCommand, say } from '../../dev/run-command.ts'
import {
  describeProblem,
  HANDBOOK_FOLDER,
  readHandbookFolder
} from '../../dev/supabase/handbook-files.ts'
import {
  BRAND_ROLES,
  ensureBrandMembership,
  ensureMembership,
  ROLES,
  seedGroup
} from '../../dev/supabase/seed.ts'
import { createEmbedTexts } from '../../dev/supabase/seed-embeddings.ts'
import { SeedFailed } from '../../dev/supabase/seed-requests.ts'
import type { Database } from '../../supabase/functions/_shared/database.types.ts'

const USAGE = `Usage: npm run seed -- --group SLUG [options]

Loads supabase/handbook/SLUG into a Supabase project: the group, its role policies, its sections and
passages. What has changed is published together; what has not is left as it is; nothing is removed.

  --group SLUG        folder inside the handbook folder
  --handbook DIR      handbook folder (default: supabase/handbook)
  --name NAME         the restaurant's name, when the group is new (default: from the slug)
  --organisation SLUG the brand it belongs to (default: the group is a brand of its own)
  --time-zone ZONE    where its days end, when the group is new (default: this machine's)
  --email ADDRESS     also makes this account a member of the group …
  --password TEXT     … with this password when the account is new
  --role ROLE         … in this role: ${ROLES.join(', ')} (default: crew)
  --brand-role ROLE   … and its brand's: ${BRAND_ROLES.join(' or ')} (default: the brand is left alone)

Environment:
  HEARD_SUPABASE_URL          https://<project>.supabase.co
  HEARD_SUPABASE_SECRET_KEY   sb_secret_… (never the publishable key; it stays on this machine)
  OPENAI_API_KEY              for the passages' vectors; without it search goes by words only
  OPENAI_BASE_URL             default https://api.openai.com/v1`

const DEFAULT_OPENAI_URL = 'https://api.openai.com/v1'
/** GoTrue's limit. */
const USERS_PER_PAGE = 1_000

const required = (name: string): string => {
  const value = process.env[name]
  if (value === undefined || value === '') throw new CommandError(`${name} is not set.\n\n${USAGE}`)
  return value
}

const readArguments = () => {
  const { values } = parseArgs({
    options: {
      group: { type: 'string' },
      handbook: { type: 'string', default: HANDBOOK_FOLDER },
      name: { type: 'string' },
      organisation: { type: 'string' },
      'time-zone': { type: 'string' },
      email: { type: 'string' },
      password: { type: 'string' },
      role: { type: 'string', default: 'crew' },
      'brand-role': { type: 'string' },
      help: { type: 'boolean', default: false }
    }
  })
  if (values.help || values.group === undefined) throw new CommandError(USAGE)
  const role = ROLES.find((one) => one === values.role)
  if (role === undefined) {
    throw new CommandError(`--role is one of ${ROLES.join(', ')}, not ${values.role}.`)
  }
  const given = values['brand-role']
  const brandRole = BRAND_ROLES.find((one) => one === given)
  if (brandRole === undefined && given !== undefined) {
    throw new CommandError(`--brand-role is ${BRAND_ROLES.join(' or ')}, not ${given}.`)
  }
  if (brandRole !== undefined && values.email === undefined) {
    throw new CommandError('--brand-role needs the account: --email ADDRESS.')
  }
  return { ...values, group: values.group, role, brandRole }
}

/** Reads page by page, because GoTrue has no lookup by e-mail. */
const findAccount = async (
  client: SupabaseClient<Database>,
  email: string
): Promise<string | null> => {
  for (let page = 1; ; page += 1) {
    const { data, error } = await client.auth.admin.listUsers({ page, perPage: USERS_PER_PAGE })
    if (error !== null) throw new CommandError(`Looking for the account failed: ${error.message}`)
    const found = data.users.find((user) => user.email === email.toLowerCase())
    if (found !== undefined) return found.id
    if (data.users.length < USERS_PER_PAGE) return null
  }
}

const ensureAccount = async (
  client: SupabaseClient<Database>,
  email: string,
  password: string | undefined
): Promise<string> => {
  const known = await findAccount(client, email)
  if (known !== null) {
    say(`The account ${email} is there already; its password stays.`)
    return known
  }
  if (password === undefined) {
    throw new CommandError(
      `The account ${email} does not exist yet: --password is needed to make it.`
    )
  }
  const { data, error } = await client.auth.admin.createUser({
    email,
    password,
    email_confirm: true
  })
  if (error !== null) throw new CommandError(`Making the account ${email} failed: ${error.message}`)
  say(`Made the account ${email}.`)
  return data.user.id
}

const main = async (): Promise<number> => {
  const given = readArguments()
  const url = required('HEARD_SUPABASE_URL')
  const secretKey = required('HEARD_SUPABASE_SECRET_KEY')
  if (secretKey.startsWith('sb_publishable_')) {
    throw new CommandError(
      'HEARD_SUPABASE_SECRET_KEY holds a publishable key; it may write nothing.'
    )
  }
  const openaiKey = process.env.OPENAI_API_KEY ?? ''
  const openaiUrl = process.env.OPENAI_BASE_URL ?? DEFAULT_OPENAI_URL

  const handbook = await readHandbookFolder(given.handbook)
  const inGroup = ({ file }: { file: string }): boolean => file.startsWith(`${given.group}/`)
  const problems = handbook.problems.filter(inGroup)
  for (const problem of problems) say(describeProblem(problem))
  const group = handbook.groups.find(({ slug }) => slug === given.group)
  if (group === undefined) {
    const groups = handbook.groups.map(({ slug }) => slug).join(', ')
    throw new CommandError(`${given.handbook} has no folder ${given.group}; it has ${groups}.`)
  }

  const client = createClient<Database>(url, secretKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false }
  })
  if (openaiKey === '') say('OPENAI_API_KEY is not set: no vectors, search goes by words only.')
  const seeded = await seedGroup(
    {
      client,
      embedWith: openaiKey === '' ? null : (model) => createEmbedTexts(openaiUrl, openaiKey, model),
      log: say
    },
    { ...group, name: given.name ?? group.name },
    {
      timeZone: given['time-zone'] ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
      ...(given.organisation === undefined ? {} : { organisation: given.organisation })
    }
  )
  say(
    `${given.name ?? group.name}: ${seeded.sections} sections (${seeded.sectionsWritten} written), ` +
      `${seeded.passages} passages (${seeded.passagesWritten} written).`
  )
  if (given.email !== undefined) {
    const userId = await ensureAccount(client, given.email, given.password)
    await ensureMembership(client, { userId, groupId: seeded.id, role: given.role })
    say(`${given.email} is ${given.role} of ${group.slug}.`)
    if (given.brandRole !== undefined) {
      const { organisationId } = seeded
      await ensureBrandMembership(client, { userId, organisationId, role: given.brandRole })
      say(`${given.email} is ${given.brandRole} of its brand.`)
    }
  }
  process.stdout.write(`${JSON.stringify(seeded)}\n`)
  if (problems.length > 0) {
    say(`${problems.length} files could not be read; see above.`)
    return 1
  }
  return 0
}

await runCommand(() =>
  main().catch((error: unknown) => {
    if (error instanceof SeedFailed) throw new CommandError(error.message)
    throw error
  })
)
