// Checks the client events that a page sends over the WebSocket transport. With WebRTC the page is a peer of the call; here
// it uses main's key, so main decides.
import { z } from 'zod'
import {
  ALLOWED_CLIENT_EVENTS,
  CLIENT_EVENT_LENGTH_LIMIT
} from '../../shared/websocket-transport.ts'

type ClientEventVerdict =
  /** `text`: the event as it was checked, which is what the socket gets. */
  | { allowed: true; text: string }
  | {
      allowed: false
      /** `type` of the event for the log; null when it is not readable. */
      type: string | null
      /** One sentence that names a field, never its content. */
      message: string
      /** `event_id` of the page's event. */
      eventId: string | null
    }

const EVENT_ID_LIMIT = 512
const TYPE_LIMIT = 100

const typeSchema = z.looseObject({ type: z.enum(ALLOWED_CLIENT_EVENTS) })

const itemId = z.string().max(EVENT_ID_LIMIT)
const text = (type: 'input_text' | 'output_text') =>
  z.array(z.strictObject({ type: z.literal(type), text: z.string() }))

/** The fields of each event that the page sends; the service knows more, and any of them could carry instructions. */
const FIELDS = {
  'input_audio_buffer.append': { audio: z.string() },
  'input_audio_buffer.clear': {},
  'input_audio_buffer.commit': {},
  'conversation.item.delete': { item_id: itemId },
  'conversation.item.truncate': {
    item_id: itemId,
    content_index: z.int().nonnegative(),
    audio_end_ms: z.int().nonnegative()
  },
  'response.cancel': { response_id: itemId.optional() },
  // The edge function sets instructions and tools. The page may change the audio input only.
  'session.update': {
    session: z.strictObject({
      type: z.literal('realtime'),
      audio: z.strictObject({
        input: z.strictObject({
          noise_reduction: z.unknown().optional(),
          turn_detection: z.unknown().optional()
        })
      })
    })
  },
  // A response may choose a tool and carry a label, but no instructions or tools.
  'response.create': {
    response: z
      .strictObject({ tool_choice: z.unknown().optional(), metadata: z.unknown().optional() })
      .optional()
  },
  // No system messages: they are instructions.
  'conversation.item.create': {
    item: z.union([
      z.strictObject({
        type: z.literal('message'),
        id: itemId.optional(),
        role: z.literal('user'),
        content: text('input_text')
      }),
      z.strictObject({
        type: z.literal('message'),
        id: itemId.optional(),
        role: z.literal('assistant'),
        content: text('output_text')
      }),
      z.strictObject({
        type: z.literal('function_call_output'),
        call_id: itemId,
        output: z.string()
      })
    ])
  }
} satisfies Record<(typeof ALLOWED_CLIENT_EVENTS)[number], z.ZodRawShape>

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    // JSON has no `undefined`.
    return undefined
  }
}

const field = (value: unknown, name: string, limit: number): string | null => {
  if (typeof value !== 'object' || value === null) return null
  const found: unknown = Reflect.get(value, name)
  return typeof found === 'string' && found.length <= limit ? found : null
}

/**
 * Checks one message of the page. What is sent on is written anew from the checked fields: of a key that stands twice, two
 * JSON parsers may read different values.
 */
export const checkClientEvent = (message: string): ClientEventVerdict => {
  if (message.length > CLIENT_EVENT_LENGTH_LIMIT) {
    return { allowed: false, type: null, message: 'The message is too long.', eventId: null }
  }
  const data = parseJson(message)
  const refuse = (problem: string): ClientEventVerdict => ({
    allowed: false,
    type: field(data, 'type', TYPE_LIMIT),
    message: problem,
    eventId: field(data, 'event_id', EVENT_ID_LIMIT)
  })
  if (data === undefined) return refuse('The message is not JSON.')
  const named = typeSchema.safeParse(data)
  if (!named.success) return refuse('The page may not send an event of this type.')
  const { type } = named.data
  const schema = z.strictObject({
    type: z.literal(type),
    event_id: itemId.optional(),
    ...FIELDS[type]
  })
  const read = schema.safeParse(data)
  return read.success
    ? { allowed: true, text: JSON.stringify(read.data) }
    : refuse(problemOf(type, read.error))
}

const problemOf = (type: string, error: z.ZodError): string => {
  const issue = error.issues[0]
  const names =
    issue?.code === 'unrecognized_keys' ? issue.keys.map((key) => key.slice(0, TYPE_LIMIT)) : []
  const place = [...(issue?.path ?? []), ...names.slice(0, 1)].join('.')
  return `The page may not send ${type} with this ${place === '' ? 'content' : place}.`
}

/** The `error` event that answers a refused message, in the shape of the Realtime API. */
export const refusalErrorEvent = (
  refusal: { message: string; eventId: string | null },
  eventId: string
): string =>
  JSON.stringify({
    type: 'error',
    event_id: eventId,
    error: {
      type: 'invalid_request_error',
      code: 'client_event_refused',
      message: refusal.message,
      param: null,
      event_id: refusal.eventId
    }
  })
