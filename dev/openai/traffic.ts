// Writes the traffic of the stand-in to a file, for tests that check it against the published types: the events both ways
// and the bodies of requests and responses. What the stand-in refuses is left out, since tests send wrong events on purpose.
import { appendFileSync } from 'node:fs'

export type TrafficEntry =
  | { kind: 'client_event' | 'server_event'; body: unknown }
  /** `endpoint`: the method and the path. */
  | { kind: 'request' | 'response'; endpoint: string; status: number; body: unknown }

export type NoteTraffic = (entry: TrafficEntry) => void

/** @param path a file with a JSON object in each line; null writes nothing */
export const createTraffic = (path: string | null): NoteTraffic =>
  path === null ? () => {} : (entry) => appendFileSync(path, `${JSON.stringify(entry)}\n`)

type Answer = (request: Request) => Response | Promise<Response>

const isJson = ({ headers }: Request | Response): boolean =>
  headers.get('Content-Type')?.includes('application/json') === true

/** Null for a body that is neither JSON nor a form. */
const bodyOf = async (message: Request | Response): Promise<unknown> => {
  if (isJson(message)) return JSON.parse((await message.text()) || 'null')
  if (message.headers.get('Content-Type')?.startsWith('multipart/form-data') !== true) return null
  const { session, ...form } = Object.fromEntries(await message.formData())
  return typeof session === 'string' ? { ...form, session: JSON.parse(session) } : form
}

/** Notes the requests that succeed, and every response. The fields of a form that are JSON are read. */
export const withTraffic =
  (answer: Answer, note: NoteTraffic): Answer =>
  async (request) => {
    const given = request.clone()
    const response = await answer(request)
    const { status } = response
    const endpoint = `${request.method} ${new URL(request.url).pathname}`
    if (response.ok) note({ kind: 'request', endpoint, status, body: await bodyOf(given) })
    note({ kind: 'response', endpoint, status, body: await bodyOf(response.clone()) })
    return response
  }
