// Sends a manager's requests to a project and turns refusals into sentences.
import type { SupabaseClient } from '@supabase/supabase-js'
import { z } from 'zod'
import { CommandError } from '../../dev/run-command.ts'
import type { Database } from '../../supabase/functions/_shared/database.types.ts'
import type { RpcArguments, RpcName } from '../../supabase/functions/_shared/rpc-arguments.ts'

/** PostgREST returns at most 1,000 rows. */
const PAGE_ROWS = 1_000

export type Answer = {
  data: unknown
  error: { message: string; code?: string; details?: unknown } | null
}

/** By the SQLSTATE that the migrations raise. */
const REFUSALS: Readonly<Record<string, string>> = {
  HR001: 'this account does not belong there',
  HR004: 'this account may not write there; a manager or an owner may',
  HR005: 'it is not there (any more)',
  HR400: 'the project does not take it so',
  HR409: 'a golden question would be lost',
  HR410: 'another account has written there meanwhile; run the command again'
}

export class ProjectRequestError extends CommandError {
  readonly code: string
  readonly detail: string
  constructor(what: string, code: string, message: string, detail: string) {
    super(`${what}: ${REFUSALS[code] ?? message}${detail === '' ? '' : ` (${detail})`}.`)
    this.code = code
    this.detail = detail
  }
}

/** @throws ProjectRequestError */
export const unwrapResponse = <S extends z.ZodType>(
  what: string,
  { data, error }: Answer,
  schema: S
): z.output<S> => {
  if (error === null) return schema.parse(data)
  const detail = typeof error.details === 'string' ? error.details : ''
  throw new ProjectRequestError(what, error.code ?? '', error.message, detail)
}

/** The parameters are checked against the generated types. */
export const callFunction = async <Name extends RpcName>(
  client: SupabaseClient,
  name: Name,
  parameters: RpcArguments<Name>
): Promise<Answer> => client.rpc(name, parameters)

/** `groupId` null: the brand's own sections. */
export type HandbookScope = { organisationId: string; groupId: string | null }

/** @throws CommandError when the brand does not exist */
export const readBrand = async <S extends z.ZodObject>(
  client: SupabaseClient,
  { organisationId }: HandbookScope,
  row: S
): Promise<z.output<S>> => {
  const columns = Object.keys(row.shape).join()
  const [brand] = unwrapResponse(
    'Reading the brand',
    await client.from('organisations').select(columns).eq('id', organisationId),
    z.array(row)
  )
  if (brand === undefined) throw new CommandError('Reading the brand: it is not there (any more).')
  return brand
}

/** All rows of a table in the scope that match `where`. */
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
    const query = client
      .from(table)
      .select(columns)
      .eq('organisation_id', organisationId)
      .match(where)
      .order('id')
      .range(all.length, all.length + PAGE_ROWS - 1)
    const answer =
      groupId === null ? await query.is('group_id', null) : await query.eq('group_id', groupId)
    const page = unwrapResponse(`Reading ${table}`, answer, z.array(row))
    all.push(...page)
    if (page.length < PAGE_ROWS) return all
  }
}
