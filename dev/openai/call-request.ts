// Reads POST /v1/realtime/calls: the offer, its session and its data channel.
import { type ApiError, invalidRequest } from './api-error.ts'
import { parseJson } from './json-body.ts'
import {
  conflictIn,
  type EffectiveSession,
  effectiveSession,
  parseSession
} from './session-schema.ts'

/** An SDP offer is about 2 kB. */
const SDP_LENGTH_LIMIT = 64_000

/** SCTP has no stream 65535 (RFC 8832 §6). */
const LAST_CHANNEL_ID = 65_534

export type CallRequest = {
  sdp: string
  session: EffectiveSession
  /** Of a negotiated channel; null when the client announces one. */
  channelId: number | null
}
export type ReadCall = { ok: true; call: CallRequest } | { ok: false; error: ApiError }

type CallForm = { sdp: string /** JSON; null without one. */; session: string | null }
type ReadForm = { ok: true; form: CallForm } | { ok: false; error: ApiError }

const FIELDS: readonly string[] = ['sdp', 'session']

const refused = (
  code: string,
  message: string,
  param: string | null,
  status: 400 | 413 | 415 = 400
): { ok: false; error: ApiError } => ({
  ok: false,
  error: invalidRequest({ code, message, param }, status)
})

const isText = (parts: readonly FormDataEntryValue[]): parts is readonly string[] =>
  parts.every((part) => typeof part === 'string')

/**
 * Takes each field once, as text, with or without a type, and never as a file. The `openai` package sends typed parts
 * without file names; the documents' samples send plain fields.
 */
const readForm = async (request: Request): Promise<ReadForm> => {
  let form: FormData
  try {
    form = await request.formData()
  } catch {
    // No boundary, or a body that breaks off.
    return refused(
      'invalid_multipart',
      'We could not parse the multipart form of your request.',
      null
    )
  }
  for (const name of form.keys())
    if (!FIELDS.includes(name))
      return refused('unknown_parameter', `Unknown parameter: '${name}'.`, name)
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
  const [sdp, session] = FIELDS.map((name) => form.get(name))
  return typeof sdp !== 'string'
    ? refused('missing_required_parameter', "Missing required parameter: 'sdp'.", 'sdp')
    : { ok: true, form: { sdp, session: typeof session === 'string' ? session : null } }
}

type ReadOffer =
  | { ok: true; sdp: string; session: EffectiveSession }
  | { ok: false; error: ApiError }

/** @param inherited the session of the caller's key, for an offer without one of its own. */
const readOffer = async (request: Request, inherited: EffectiveSession): Promise<ReadOffer> => {
  const type = request.headers.get('Content-Type') ?? ''
  if (type.startsWith('application/sdp'))
    return { ok: true, sdp: await request.text(), session: inherited }
  if (!type.startsWith('multipart/form-data'))
    return refused(
      'unsupported_content_type',
      `Unsupported content type: '${type}'. This API method only accepts 'application/sdp' and 'multipart/form-data' requests.`,
      null,
      415
    )
  const read = await readForm(request)
  if (!read.ok) return read
  const { sdp, session } = read.form
  if (session === null) return { ok: true, sdp, session: inherited }
  const json = parseJson(session)
  if (!json.ok) return json
  const given = parseSession(json.data)
  if (!given.ok) return { ok: false, error: invalidRequest(given.refusal) }
  const effective = effectiveSession(given.session)
  const conflict = conflictIn(effective)
  return conflict === null
    ? { ok: true, sdp, session: effective }
    : { ok: false, error: invalidRequest(conflict) }
}

/** Null without `dcid`. */
const negotiatedChannel = (dcid: string | undefined): number | null | 'invalid' => {
  if (dcid === undefined) return null
  const id = /^\d{1,5}$/.test(dcid) ? Number(dcid) : Number.NaN
  return id <= LAST_CHANNEL_ID ? id : 'invalid'
}

/** @param dcid the query parameter that names a negotiated data channel. */
export const readCallRequest = async (
  request: Request,
  dcid: string | undefined,
  inherited: EffectiveSession
): Promise<ReadCall> => {
  const offer = await readOffer(request, inherited)
  if (!offer.ok) return offer
  const channelId = negotiatedChannel(dcid)
  if (channelId === 'invalid')
    return refused(
      'invalid_value',
      `Invalid 'dcid': it names a negotiated data channel, 0 to ${LAST_CHANNEL_ID}.`,
      'dcid'
    )
  const { sdp, session } = offer
  return sdp.length > SDP_LENGTH_LIMIT
    ? refused('invalid_offer', 'The SDP offer is too long.', 'sdp', 413)
    : { ok: true, call: { sdp, session, channelId } }
}
