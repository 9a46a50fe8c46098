// Signs in to a project: the local stack as its sample manager, or the hosted project that the environment names.

import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { z } from 'zod'
import { openStack } from '../../dev/local-stack.ts'
import { EXIT_USAGE } from '../../dev/option-values.ts'
import { CommandError, say } from '../../dev/run-command.ts'
import {
  createEmbedTexts,
  type EmbedTexts,
  type EmbedWith
} from '../../dev/supabase/seed-embeddings.ts'
import { readSecretFile } from '../../src/main/secret-file.ts'
import { type HandbookScope, readBrand, unwrapResponse } from './project-requests.ts'

const DEFAULT_OPENAI_URL = 'https://api.openai.com/v1'
const WRITERS = ['manager', 'owner']
export type Project = {
  client: SupabaseClient
  scope: HandbookScope
  /** The restaurant's name, or the brand's. */
  name: string
  /** The model that the brand answers with. */
  embeddingModel: string
  /** With `embeddingModel`; null without an OpenAI key. */
  embed: EmbedTexts | null
  /** With any model; null without an OpenAI key. */
  embedWith: EmbedWith | null
}

type RequestedScope = {
  isBrand: boolean
  group: string | undefined
  organisation: string | undefined
}

type Address = {
  url: string
  publishableKey: string
  email: string
  password: string
  embedWith: EmbedWith | null
  close: () => Promise<void>
}

const required = (env: NodeJS.ProcessEnv, name: string): string => {
  const value = env[name]
  if (value !== undefined && value !== '') return value
  throw new CommandError(`${name} is not set; see npm run handbook -- --help.`, EXIT_USAGE)
}

const requiredSecret = (env: NodeJS.ProcessEnv, name: string): string => {
  const secret = readSecretFile(required(env, name))
  if (secret.ok) return secret.value
  throw new CommandError(`${name}: ${secret.error.message}`, EXIT_USAGE)
}

const hostedAddress = (env: NodeJS.ProcessEnv): Address => {
  const publishableKey = required(env, 'HEARD_SUPABASE_PUBLISHABLE_KEY')
  if (publishableKey.startsWith('sb_secret_')) {
    throw new CommandError(
      'HEARD_SUPABASE_PUBLISHABLE_KEY holds a secret key; this command needs none.',
      EXIT_USAGE
    )
  }
  const openaiKey = env.OPENAI_API_KEY ?? ''
  return {
    url: required(env, 'HEARD_SUPABASE_URL'),
    publishableKey,
    email: required(env, 'HEARD_SIGN_IN_EMAIL'),
    password: requiredSecret(env, 'HEARD_SIGN_IN_PASSWORD_FILE'),
    embedWith:
      openaiKey === ''
        ? null
        : (model) => createEmbedTexts(env.OPENAI_BASE_URL ?? DEFAULT_OPENAI_URL, openaiKey, model),
    close: async () => {}
  }
}

const localAddress = async (): Promise<Address> => {
  const stack = await openStack()
  const manager = stack.accounts.find(({ role }) => role === 'manager')
  if (manager === undefined) {
    await stack.close()
    throw new CommandError(
      'The local stack has no manager; delete its data folder and start it again.'
    )
  }
  return {
    url: stack.supabaseUrl,
    publishableKey: stack.publishableKey,
    email: manager.email,
    password: manager.password,
    embedWith: (model) => createEmbedTexts(stack.openaiUrl, stack.openaiKey, model),
    close: () => stack.close()
  }
}

const nameSchema = z.object({ id: z.uuid(), slug: z.string(), name: z.string() })
const membershipRow = z.object({
  role: z.string(),
  groups: nameSchema.extend({ organisation_id: z.uuid() })
})
const brandRow = z.object({ role: z.string(), organisations: nameSchema })

const only = <T extends { slug: string; name: string }>(
  what: string,
  option: string,
  wanted: string | undefined,
  found: readonly T[]
): T => {
  const fitting = wanted === undefined ? found : found.filter(({ slug }) => slug === wanted)
  const [first, ...others] = fitting
  const known = found.map(({ slug }) => slug).join(', ')
  if (first === undefined) {
    throw new CommandError(
      found.length === 0
        ? `This account manages no ${what}.`
        : `This account manages no ${what} "${wanted}"; it manages ${known}.`
    )
  }
  if (others.length > 0) {
    throw new CommandError(
      `This account manages several: choose one with ${option}: ${known}.`,
      EXIT_USAGE
    )
  }
  return first
}

const findScope = async (
  client: SupabaseClient,
  userId: string,
  { group, organisation, isBrand }: RequestedScope
): Promise<Pick<Project, 'scope' | 'name'>> => {
  if (isBrand) {
    const rows = unwrapResponse(
      'Reading the brands of this account',
      await client
        .from('organisation_memberships')
        .select('role, organisations(id, slug, name)')
        .eq('user_id', userId),
      z.array(brandRow)
    )
    const brands = rows
      .filter(({ role }) => WRITERS.includes(role))
      .map(({ organisations }) => organisations)
    const brand = only('brand', '--organisation SLUG', organisation, brands)
    return { scope: { organisationId: brand.id, groupId: null }, name: brand.name }
  }
  const rows = unwrapResponse(
    'Reading the restaurants of this account',
    await client
      .from('group_memberships')
      .select('role, groups(id, slug, name, organisation_id)')
      .eq('user_id', userId),
    z.array(membershipRow)
  )
  const managed = rows.filter(({ role }) => WRITERS.includes(role)).map(({ groups }) => groups)
  const found = only('restaurant', '--group SLUG', group, managed)
  return { scope: { organisationId: found.organisation_id, groupId: found.id }, name: found.name }
}

const modelRow = z.object({ embedding_model: z.string() })

/**
 * Runs `work` between sign-in and sign-out.
 * @throws CommandError when there is no project, or the account may not write
 */
export const withProject = async <T>(
  wanted: RequestedScope,
  work: (project: Project) => Promise<T>,
  env: NodeJS.ProcessEnv = process.env
): Promise<T> => {
  const isHosted = (env.HEARD_SUPABASE_URL ?? '') !== ''
  const address = isHosted ? hostedAddress(env) : await localAddress()
  try {
    const client = createClient(address.url, address.publishableKey, {
      // A thousand sections may take longer than a token lives.
      auth: { persistSession: false, autoRefreshToken: true, detectSessionInUrl: false }
    })
    const { data, error } = await client.auth.signInWithPassword({
      email: address.email,
      password: address.password
    })
    if (error !== null) {
      throw new CommandError(`Signing in as ${address.email} failed: ${error.message}`)
    }
    try {
      const { scope, name } = await findScope(client, data.user.id, wanted)
      const { embedding_model: embeddingModel } = await readBrand(client, scope, modelRow)
      const { embedWith } = address
      const embed = embedWith?.(embeddingModel) ?? null
      return await work({ client, scope, name, embeddingModel, embed, embedWith })
    } finally {
      await client.auth.stopAutoRefresh()
      const { error: left } = await client.auth.signOut({ scope: 'local' })
      if (left !== null) say(`Signing out failed: ${left.message}`)
    }
  } finally {
    await address.close()
  }
}
