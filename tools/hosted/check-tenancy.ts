// Whether the project keeps one restaurant's people out of another's handbook, asked as such a person would ask, with
// the account's own token.
import { randomUUID } from 'node:crypto'
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import type { Database } from '../../supabase/functions/_shared/database.types.ts'
import { EMBEDDING_MODEL } from '../../supabase/functions/_shared/embedding.ts'
import type { RpcArguments } from '../../supabase/functions/_shared/rpc-arguments.ts'
import { type Finding, passed, refused } from './check-step.ts'

/** SQLSTATE of "not a member", from our migrations. */
const NOT_A_MEMBER = 'HR001'
/** Postgres' own: no right to this at all. */
const INSUFFICIENT_PRIVILEGE = '42501'
/** Each request is small. */
const REQUEST_DEADLINE_MS = 10_000

/** Tables whose rows belong to a restaurant, and which a member reads in part. */
const TABLES = [
  'manual_sections',
  'manual_section_versions',
  'manual_passages',
  'asked_questions',
  'usage_days'
] as const

type Asked = { what: string; isRefused: boolean; answer: string }

/**
 * Every way to another restaurant's content, each of which must be refused: its functions in the database, its edge
 * functions (which mint nothing and charge nothing then), its rows; and for somebody without an account, all of it.
 */
export const checkTenancy = async (
  project: { supabaseUrl: string; publishableKey: string },
  token: string,
  ownGroupIds: readonly string[],
  otherGroupId: string | null
): Promise<Finding> => {
  const groupId = otherGroupId ?? randomUUID()
  const { supabaseUrl, publishableKey } = project
  const member = createClient<Database>(supabaseUrl, publishableKey, {
    accessToken: async () => token
  })
  const nobody = createClient<Database>(supabaseUrl, publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false }
  })
  const signal = () => AbortSignal.timeout(REQUEST_DEADLINE_MS)

  const overseen = await member
    .from('organisation_memberships')
    .select('organisation_id')
    .limit(1)
    .abortSignal(signal())
  if (overseen.error !== null || overseen.data.length > 0) {
    return refused(
      overseen.error === null
        ? "the account oversees its brand's restaurants, and may read what a kiosk may not: sign in as a kiosk"
        : `organisation_memberships: ${overseen.error.code}`
    )
  }

  const asked: Asked[] = []
  const expectCode = (
    what: string,
    { error }: { error: { code: string } | null },
    codes: readonly string[]
  ): void => {
    const answer = error === null ? 'an answer' : error.code
    asked.push({ what, isRefused: codes.includes(answer), answer })
  }

  expectCode(
    'get_voice_access',
    await member
      .rpc('get_voice_access', { _group_id: groupId, _language: 'en' })
      .abortSignal(signal()),
    [NOT_A_MEMBER]
  )
  expectCode(
    'get_handbook',
    await member.rpc('get_handbook', { _group_id: groupId }).abortSignal(signal()),
    [NOT_A_MEMBER]
  )
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
  // The generated types know no parameter that takes null.
  const untyped: SupabaseClient = member
  for (const [name, parameters] of [
    ['search_handbook', search],
    ['report_answer', report]
  ] as const) {
    expectCode(name, await untyped.rpc(name, parameters).abortSignal(signal()), [NOT_A_MEMBER])
  }
  expectCode(
    'get_handbook without an account',
    await nobody.rpc('get_handbook', { _group_id: groupId }).abortSignal(signal()),
    [INSUFFICIENT_PRIVILEGE]
  )
  expectCode(
    'the vectors',
    await member.from('manual_embeddings').select('passage_id').limit(1).abortSignal(signal()),
    [INSUFFICIENT_PRIVILEGE]
  )
  for (const table of TABLES) {
    const { data, error } = await member
      .from(table)
      .select('group_id')
      // A brand's own rows have no restaurant, and are for all of its restaurants.
      .not('group_id', 'in', `(${ownGroupIds.join()})`)
      .limit(1)
      .abortSignal(signal())
    const answer = error === null ? `${data.length} rows` : error.code
    asked.push({ what: `rows of ${table}`, isRefused: answer === '0 rows', answer })
    expectCode(
      `${table} without an account`,
      await nobody.from(table).select('group_id').limit(1).abortSignal(signal()),
      [INSUFFICIENT_PRIVILEGE]
    )
  }
  const bodies = {
    'realtime-session': { groupId, language: 'en' },
    'realtime-search': { groupId, questionId: randomUUID(), question: 'chicken', language: 'en' }
  }
  for (const [name, body] of Object.entries(bodies)) {
    asked.push(await askFunction(project, token, name, body))
  }

  const open = asked.filter(({ isRefused }) => !isRefused)
  if (open.length > 0) {
    return refused(open.map(({ what, answer }) => `${what}: ${answer}`).join('; '))
  }
  const whose =
    otherGroupId === null
      ? 'a restaurant that does not exist (name one with HEARD_CHECK_OTHER_GROUP_ID)'
      : 'another restaurant'
  return passed(`${asked.length} ways to ${whose}, each refused`)
}

const askFunction = async (
  { supabaseUrl, publishableKey }: { supabaseUrl: string; publishableKey: string },
  token: string,
  name: string,
  body: Readonly<Record<string, string>>
): Promise<Asked> => {
  const what = `the function ${name}`
  try {
    const answer = await fetch(`${supabaseUrl}/functions/v1/${name}`, {
      method: 'POST',
      headers: {
        apikey: publishableKey,
        authorization: `Bearer ${token}`,
        'content-type': 'application/json'
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(REQUEST_DEADLINE_MS)
    })
    const text = await answer.text()
    const isRefused = answer.status === 403 && text.includes('not_a_member')
    return { what, isRefused, answer: `status ${answer.status}` }
  } catch {
    return { what, isRefused: false, answer: 'not reachable' }
  }
}
