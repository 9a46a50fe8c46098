// Restores the SQLSTATE of a database error in lite's answer. Lite answers an unknown one, such as our migrations'
// codes, with 500 and no code; PostgREST passes all of them on.

/** The fields of a Postgres error that PostgREST repeats. */
export type PostgresError = {
  code: string
  message: string
  detail: string | null
  hint: string | null
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** Null for any other exception. */
export const postgresErrorIn = (thrown: unknown): PostgresError | null => {
  if (!(thrown instanceof Error) || !('severity' in thrown) || !('code' in thrown)) return null
  if (typeof thrown.code !== 'string') return null
  const detail = 'detail' in thrown ? textOrNull(thrown.detail) : null
  const hint = 'hint' in thrown ? textOrNull(thrown.hint) : null
  return { code: thrown.code, message: thrown.message, detail, hint }
}

/** The same error without its stack and its parameters, which may be personal. */
export const postgresErrorToThrow = ({ code, message, detail, hint }: PostgresError): Error => {
  const lean = new Error(message)
  lean.stack = `${code}: ${message}`
  return Object.assign(lean, { code, detail, hint })
}

/** Lite's code for an unknown error. */
const UNKNOWN_TO_LITE = 'SUP'

/** Statuses by SQLSTATE, or by its class: PostgREST's documentation, "Errors", "HTTP Status Codes". */
const STATUS_BY_CLASS: Readonly<Record<string, number>> = {
  '08': 503,
  '09': 500,
  '0L': 403,
  '0P': 403,
  '25': 500,
  '28': 403,
  '2D': 500,
  '38': 500,
  '39': 500,
  '3B': 500,
  '40': 500,
  '53': 503,
  '54': 500,
  '55': 500,
  '57': 500,
  '58': 500,
  F0: 500,
  HV: 500,
  P0: 500,
  XX: 500
}
const RAISED_BY_A_FUNCTION = 'P0001'

const statusOf = (code: string): number =>
  code === RAISED_BY_A_FUNCTION ? 400 : (STATUS_BY_CLASS[code.slice(0, 2)] ?? 400)

/** Lite's answer, or PostgREST's in its place for an error that lite does not know. */
export const withPostgresError = async (
  response: Response,
  error: PostgresError | null
): Promise<Response> => {
  if (error === null || response.status !== 500) return response
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null)
  const isUnknown =
    typeof body === 'object' && body !== null && 'code' in body && body.code === UNKNOWN_TO_LITE
  if (!isUnknown) return response
  const headers = new Headers(response.headers)
  headers.delete('content-length')
  const { code, message, detail: details, hint } = error
  return Response.json({ code, details, hint, message }, { status: statusOf(code), headers })
}
