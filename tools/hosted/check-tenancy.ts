// Checks that the project refuses another restaurant's content to a person, with the account's own token.
import { randomUUID } from 'node:crypto'
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import type { Database } from '../../supabase/functions/_shared/database.types.ts'
import { EMBEDDING_MODEL } from '../../supabase/functions/_shared/embedding.ts'
import type { RpcArguments } from '../../supabase/functions/_shared/rpc-arguments.ts'
import { type Finding, passed, refused } from './check-step.ts'

/** SQLSTATE of our migrations. */
const NOT_A_MEMBER = 'HR001'
/** SQLSTATE of Postgres. */
const INSUFFICIENT_PRIVILEGE = '42501'
const REQUEST_DEADLINE_MS = 10_000

/** Tables with a restaurant's rows that a member reads in part. */
const TABLES = [
  'manual_sections',
  'manual_section_versions',
  'manual_passages',
  'asked_questions',
  'usage_days'
] as const

type Project = { supabaseUrl: string; publishableKey: string }
type Clients = { member: SupabaseClient<Database>; anonymous: SupabaseClient<Database> }
/** A request for another restaurant's content. */
type Attempt = { what: string; isRefused: boolean; answer: string }

const deadline = (): AbortSignal => AbortSignal.timeout(REQUEST_DEADLINE_MS)

const attempt = (
  what: string,
  { error }: { error: { code: string } | null },
  expectedCode: string
): Attempt => {
  const answer = error === null ? 'an answer' : error.code
  return { what, isRefused: answer === expectedCode, answer }
}

/** Null for an account that is only a kiosk's. */
const problemOfAccount = async (member: Clients['member']): Promise<string | null> => {
  const { data, error } = await member
    .from('organisation_memberships')
    .select('organisation_id')
    .limit(1)
    .abortSignal(deadline())
  if (error !== null) return `organisation_memberships: ${error.code}`
  return data.length === 0
    ? null
    : "the account oversees its brand's restaurants, and may read what a kiosk may not: sign in as a kiosk"
}

const tryFunctionsOfDatabase = async (
  { member, anonymous }: Clients,
  groupId: string
): Promise<Attempt[]> => {
  const search: RpcArguments<'search_handbook'> = {
    _group_id: groupId,
    _question_id: randomUUID(),
    _question: 'chicken',
    _restated: null,
    _sections: [],
    _language: 'en',
    _embedding: null,
    _embedding_model: EMBEDDING_MODEL,
    _conversation_language: 'en'
  }
  const report: RpcArguments<'report_answer'> = {
    _group_id: groupId,
    _question_id: randomUUID(),
    _outcome: 'not_found',
    _slugs: [],
    _unverified_quotes: 0,
    _unverified_figures: 0
  }
  // The generated types know no null parameter.
  const untyped: SupabaseClient = member
  const attempts: Attempt[] = []
  for (const [name, parameters] of [
    ['get_voice_access', { _group_id: groupId, _language: 'en' }],
    ['get_handbook', { _group_id: groupId }],
    ['search_handbook', search],
    ['report_answer', report]
  ] as const) {
    const result = await untyped.rpc(name, parameters).abortSignal(deadline())
    attempts.push(attempt(name, result, NOT_A_MEMBER))
  }
  const result = await anonymous.rpc('get_handbook', { _group_id: groupId }).abortSignal(deadline())
  return [...attempts, attempt('get_handbook without an account', result, INSUFFICIENT_PRIVILEGE)]
}

const tryTables = async (
  { member, anonymous }: Clients,
  ownGroupIds: readonly string[]
): Promise<Attempt[]> => {
  const vectors = await member
    .from('manual_embeddings')
    .select('passage_id')
    .limit(1)
    .abortSignal(deadline())
  const attempts = [attempt('the vectors', vectors, INSUFFICIENT_PRIVILEGE)]
  for (const table of TABLES) {
    const { data, error } = await member
      .from(table)
      .select('group_id')
      // A brand's own rows have no group, and belong to all its restaurants.
      .not('group_id', 'in', `(${ownGroupIds.join()})`)
      .limit(1)
      .abortSignal(deadline())
    const answer = error === null ? `${data.length} rows` : error.code
    attempts.push({ what: `rows of ${table}`, isRefused: answer === '0 rows', answer })
    const rows = await anonymous.from(table).select('group_id').limit(1).abortSignal(deadline())
    attempts.push(attempt(`${table} without an account`, rows, INSUFFICIENT_PRIVILEGE))
  }
  return attempts
}

const tryEdgeFunction = async (
  { supabaseUrl, publishableKey }: Project,
  token: string,
  name: string,
  body: Readonly<Record<string, string>>
): Promise<Attempt> => {
  const what = `the function ${name}`
  try {
    const response = await fetch(`${supabaseUrl}/functions/v1/${name}`, {
      method: 'POST',
      headers: {
        apikey: publishableKey,
        authorization: `Bearer ${token}`,
        'content-type': 'application/json'
      },
      body: JSON.stringify(body),
      signal: deadline()
    })
    const text = await response.text()
    const isRefused = response.status === 403 && text.includes('not_a_member')
    return { what, isRefused, answer: `status ${response.status}` }
  } catch {
    return { what, isRefused: false, answer: 'not reachable' }
  }
}

/**
 * Requests another restaurant's content by every path: the database's functions, its rows, the edge functions, and
 * without an account. Each must refuse; a refused request mints and charges nothing.
 */
export const checkTenancy = async (
  project: Project,
  token: string,
  ownGroupIds: readonly string[],
  otherGroupId: string | null
): Promise<Finding> => {
  const groupId = otherGroupId ?? randomUUID()
  const { supabaseUrl, publishableKey } = project
  const clients: Clients = {
    member: createClient<Database>(supabaseUrl, publishableKey, {
      accessToken: async () => token
    }),
    anonymous: createClient<Database>(supabaseUrl, publishableKey, {
      auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false }
    })
  }
  const problem = await problemOfAccount(clients.member)
  if (problem !== null) return refused(problem)

  const question = { questionId: randomUUID(), question: 'chicken' }
  const attempts = [
    ...(await tryFunctionsOfDatabase(clients, groupId)),
    ...(await tryTables(clients, ownGroupIds)),
    await tryEdgeFunction(project, token, 'realtime-session', { groupId, language: 'en' }),
    await tryEdgeFunction(project, token, 'realtime-search', {
      groupId,
      language: 'en',
      ...question
    })
  ]
  const open = attempts.filter(({ isRefused }) => !isRefused)
  if (open.length > 0) {
    return refused(open.map(({ what, answer }) => `${what}: ${answer}`).join('; '))
  }
  const whose =
    otherGroupId === null
      ? 'a restaurant that does not exist (name one with HEARD_CHECK_OTHER_GROUP_ID)'
      : 'another restaurant'
  return passed(`${attempts.length} ways to ${whose}, each refused`)
}
