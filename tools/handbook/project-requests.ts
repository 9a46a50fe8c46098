// What a project answers to a manager's requests, and the sentences for what it refuses.
import type { SupabaseClient } from '@supabase/supabase-js'
import { z } from 'zod'
import { CommandError } from '../../dev/run-command.ts'
import type { Database } from '../../supabase/functions/_shared/database.types.ts'
import type { RpcArguments, RpcName } from '../../supabase/functions/_shared/rpc-arguments.ts'

/** Rows per answer: PostgREST gives 1,000 at most. */
const PAGE_ROWS = 1_000

export type Answer = {
  data: unknown
  error: { message: string; code?: string; details?: unknown } | null
}

/** The refusals that the migrations raise, by SQLSTATE. */
const SENTENCES: Readonly<Record<string, string>> = {
  HR001: 'this account does not belong there',
  HR004: 'this account may not write there; a manager or an owner may',
  HR005: 'it is not there (any more)',
  HR400: 'the project does not take it so',
  HR409: 'a golden question would be lost',
  HR410: 'somebody else has written there meanwhile; run the command again'
}

/** A refusal of the project's, with its code for whoever can do something about it. */
export class ProjectRequestError extends CommandError {
  readonly code: string
  readonly detail: string
  constructor(what: string, code: string, message: string, detail: string) {
    const reason = SENTENCES[code] ?? message
    super(`${what}: ${reason}${detail === '' ? '' : ` (${detail})`}.`)
    this.code = code
    this.detail = detail
  }
}

/**
 * What a request was answered with.
 * @throws ProjectRequestError
 */
export const unwrapResponse = <S extends z.ZodType>(
  what: string,
  { data, error }: Answer,
  schema: S
): z.output<S> => {
  if (error === null) return schema.parse(data)
  const detail = typeof error.details === 'string' ? error.details : ''
  throw new ProjectRequestError(what, error.code ?? '', error.message, detail)
}

/** A function of the database, its parameters checked against the generated types. */
export const callFunction = async <Name extends RpcName>(
  client: SupabaseClient,
  name: Name,
  parameters: RpcArguments<Name>
): Promise<Answer> => client.rpc(name, parameters)

/** Where sections are: a restaurant's own, or the brand's (`groupId` null). */
export type HandbookScope = { organisationId: string; groupId: string | null }

/** All rows of a table that belong to the place and in which these columns are so, page by page. */
export const readAllPages = async <S extends z.ZodType>(
  client: SupabaseClient,
  table: keyof Database['public']['Tables'],
  { organisationId, groupId }: HandbookScope,
  where: Readonly<Record<string, string | boolean>>,
  columns: string,
  row: S
): Promise<z.output<S>[]> => {
  const all: z.output<S>[] = []
  for (;;) {
    const asked = client
      .from(table)
      .select(columns)
      .eq('organisation_id', organisationId)
      .match(where)
      .order('id')
      .range(all.length, all.length + PAGE_ROWS - 1)
    const answer =
      groupId === null ? await asked.is('group_id', null) : await asked.eq('group_id', groupId)
    const page = unwrapResponse(`Reading ${table}`, answer, z.array(row))
    all.push(...page)
    if (page.length < PAGE_ROWS) return all
  }
}
