// The form of POST /v1/realtime/calls: an offer, and the session that it is to start.
import { type ApiError, invalidRequest } from './api-error.ts'

export type CallForm = { sdp: string /** JSON; null where none came. */; session: string | null }
export type ReadForm = { ok: true; form: CallForm } | { ok: false; error: ApiError }

const FIELDS: readonly string[] = ['sdp', 'session']

const refused = (code: string, message: string, param: string | null): ReadForm => ({
  ok: false,
  error: invalidRequest({ code, message, param })
})

const isText = (parts: readonly FormDataEntryValue[]): parts is readonly string[] =>
  parts.every((part) => typeof part === 'string')

/**
 * Each field once, as text: with its type or without, and never as a file (the `openai` package sends typed parts
 * without file names; the documents' samples send plain fields).
 */
export const readCallForm = async (request: Request): Promise<ReadForm> => {
  let form: FormData
  try {
    form = await request.formData()
  } catch {
    // No boundary, or a body that does not keep to it.
    return refused(
      'invalid_multipart',
      'We could not parse the multipart form of your request.',
      null
    )
  }
  for (const name of form.keys()) {
    if (!FIELDS.includes(name))
      return refused('unknown_parameter', `Unknown parameter: '${name}'.`, name)
  }
  for (const name of FIELDS) {
    const parts = form.getAll(name)
    if (parts.length > 1)
      return refused('invalid_value', `Duplicate parameter: '${name}' may be given once.`, name)
    if (!isText(parts))
      return refused(
        'invalid_type',
        `Invalid type for '${name}': expected a string, but got a file instead.`,
        name
      )
  }
  const textOf = (name: string): string | null => {
    const part = form.get(name)
    return typeof part === 'string' ? part : null
  }
  const sdp = textOf('sdp')
  return sdp === null
    ? refused('missing_required_parameter', "Missing required parameter: 'sdp'.", 'sdp')
    : { ok: true, form: { sdp, session: textOf('session') } }
}
