// Shares the callers, requests and settings of the functions' tests.
import type { Caller, VoiceAccess } from '../../../supabase/functions/_shared/backend.ts'
import type { EndpointSettings } from '../../../supabase/functions/_shared/endpoint.ts'
import type { Log, LogFields } from '../../../supabase/functions/_shared/log.ts'
import type { SessionSettings } from '../../../supabase/functions/_shared/session-config.ts'
import { NO_CONTENTS } from '../../../supabase/functions/_shared/table-of-contents.ts'

export const TOKEN = 'eyJ-a-valid-token'
export const USER_ID = '6f1c1c8e-0d5c-4a70-9a39-0d9f3a8d9c01'
export const GROUP_ID = '0b7b4f9c-93d1-4a35-8c0e-5f3f3b1a2c11'
export const QUESTION_ID = '4d0f4a11-2f5f-4b71-8f50-9a3a8b7c6d22'
/** The id of the counted key. */
export const KEY_ID = '2f0c4b7e-6d0a-4b53-9a9d-3b1f0f0e7a33'
export const ORIGIN = 'app://kiosk'
export const OPENAI_KEY = 'sk-test-0123456789'

/** A minimal offer, with a password as in a real one. */
export const OFFER = [
  'v=0',
  'o=- 4611731400430051336 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=ice-ufrag:kZ2q',
  'a=ice-pwd:uoD16Di5OGx3VbqgA3ymjEQV2kwiOjw6',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  ''
].join('\r\n')

export const SESSION: SessionSettings = {
  model: 'gpt-realtime-2.1',
  voice: 'marin',
  maxOutputTokens: 1_200,
  historyTokens: 8_000,
  reasoningEffort: 'minimal'
}

/** A crew member with questions left. */
export const ALLOWED: VoiceAccess = {
  voiceEnabled: true,
  canUseAi: true,
  dailyCount: 3,
  dailyLimit: 50,
  canAsk: true,
  role: 'crew',
  kitchenWords: [],
  contents: NO_CONTENTS,
  keyId: KEY_ID,
  usage: [{ whose: 'person', measure: 'keys', period: 'hour', counted: 3, most: 90 }]
}

export const noRateLimit: EndpointSettings['rateLimit'] = { take: () => 0 }

export const verify = (token: string): Promise<Caller | null> =>
  Promise.resolve(token === TOKEN ? { userId: USER_ID, token } : null)

export type RecordedLine = { level: string; event: string; fields: LogFields }

export const recordingLog = (): { lines: RecordedLine[]; log: Log } => {
  const lines: RecordedLine[] = []
  return { lines, log: (level, event, fields) => lines.push({ level, event, fields }) }
}

/** Settings with one allowed origin and a recorded log. */
export const endpointSettings = (): { lines: RecordedLine[]; settings: EndpointSettings } => {
  const { lines, log } = recordingLog()
  return {
    lines,
    settings: { rateLimit: noRateLimit, addressLimit: noRateLimit, allowedOrigins: [ORIGIN], log }
  }
}

export type CallOptions = {
  token?: string | null
  method?: string
  headers?: Record<string, string>
}

const isRaw = (body: unknown): body is string | Uint8Array<ArrayBuffer> | ReadableStream =>
  typeof body === 'string' || body instanceof Uint8Array || body instanceof ReadableStream

/** A request as the kiosk sends it; `body` becomes JSON unless it is raw, and null sends none. */
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
    ...(method === 'GET' || method === 'OPTIONS' || body === null
      ? {}
      : { body: isRaw(body) ? body : JSON.stringify(body) })
  })

export const read = async (
  response: Response
): Promise<{ status: number; headers: Headers; body: Record<string, unknown> }> => ({
  status: response.status,
  headers: response.headers,
  body: await response.json()
})
