// What the tests of both functions call them with.
import type { Caller } from '../../../supabase/functions/_shared/backend.ts'
import type { Log, LogFields } from '../../../supabase/functions/_shared/log.ts'

export const TOKEN = 'eyJ-a-valid-token'
export const USER_ID = '6f1c1c8e-0d5c-4a70-9a39-0d9f3a8d9c01'
export const GROUP_ID = '0b7b4f9c-93d1-4a35-8c0e-5f3f3b1a2c11'
export const QUESTION_ID = '4d0f4a11-2f5f-4b71-8f50-9a3a8b7c6d22'
export const ORIGIN = 'app://kiosk'

export const verify = (token: string): Promise<Caller | null> =>
  Promise.resolve(token === TOKEN ? { userId: USER_ID, token } : null)

export type RecordedLine = { level: string; event: string; fields: LogFields }

export const recordingLog = (): { lines: RecordedLine[]; log: Log } => {
  const lines: RecordedLine[] = []
  return { lines, log: (level, event, fields) => lines.push({ level, event, fields }) }
}

type CallOptions = { token?: string | null; method?: string; headers?: Record<string, string> }

/** A request as the kiosk sends it; `body` is JSON unless it is text already. */
export const request = (
  body: unknown,
  { token = TOKEN, method = 'POST', headers = {} }: CallOptions = {}
): Request =>
  new Request('http://functions.test/', {
    method,
    headers: {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...headers
    },
    ...(method === 'GET' || method === 'OPTIONS'
      ? {}
      : { body: typeof body === 'string' ? body : JSON.stringify(body) })
  })

export const read = async (
  response: Response
): Promise<{ status: number; headers: Headers; body: Record<string, unknown> }> => ({
  status: response.status,
  headers: response.headers,
  body: await response.json()
})
