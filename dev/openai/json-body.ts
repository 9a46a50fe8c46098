// Parses a JSON body; a broken one is the API's own error.
import type { Context } from 'hono'
import { type ApiError, invalidRequest } from './api-error.ts'

export type ParsedJson = { ok: true; data: unknown } | { ok: false; error: ApiError }

export const parseJson = (text: string): ParsedJson => {
  try {
    return { ok: true, data: JSON.parse(text) }
  } catch {
    return {
      ok: false,
      error: invalidRequest({
        code: 'invalid_json',
        message: 'We could not parse the JSON body of your request.',
        param: null
      })
    }
  }
}

/** An empty body is an empty request: `client_secrets` has no required field. */
export const jsonBody = async (context: Context): Promise<ParsedJson> => {
  const text = await context.req.text()
  return parseJson(text.trim() === '' ? '{}' : text)
}
