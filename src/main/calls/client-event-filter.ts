// Checks the client events that a page sends over the WebSocket transport. With WebRTC the page is a peer of the call; here
// it uses main's key, so main decides.
import { z } from 'zod'
import {
  ALLOWED_CLIENT_EVENTS,
  CLIENT_EVENT_LENGTH_LIMIT
} from '../../shared/websocket-transport.ts'

type ClientEventVerdict =
  | { allowed: true }
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

const envelopeSchema = z.object({
  type: z.enum(ALLOWED_CLIENT_EVENTS),
  event_id: z.string().max(EVENT_ID_LIMIT).optional()
})

/** The edge function sets instructions and tools. The page may change the audio input only. */
const sessionUpdateSchema = z.strictObject({
  type: z.literal('session.update'),
  event_id: z.string().optional(),
  session: z.strictObject({
    type: z.literal('realtime'),
    audio: z.strictObject({
      input: z.strictObject({
        noise_reduction: z.unknown().optional(),
        turn_detection: z.unknown().optional()
      })
    })
  })
})

/** A response may choose a tool and carry a label, but no instructions or tools. */
const responseCreateSchema = z.object({
  response: z
    .strictObject({ tool_choice: z.unknown().optional(), metadata: z.unknown().optional() })
    .optional()
})

/** No system messages: they are instructions. */
const itemCreateSchema = z.object({
  item: z.discriminatedUnion('type', [
    z.object({ type: z.literal('message'), role: z.enum(['user', 'assistant']) }),
    z.object({ type: z.literal('function_call_output') })
  ])
})

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

/** Checks one message of the page. An allowed message is forwarded byte for byte. */
export const checkClientEvent = (text: string): ClientEventVerdict => {
  if (text.length > CLIENT_EVENT_LENGTH_LIMIT) {
    return { allowed: false, type: null, message: 'The message is too long.', eventId: null }
  }
  const data = parseJson(text)
  const refuse = (message: string): ClientEventVerdict => ({
    allowed: false,
    type: field(data, 'type', TYPE_LIMIT),
    message,
    eventId: field(data, 'event_id', EVENT_ID_LIMIT)
  })
  if (data === undefined) return refuse('The message is not JSON.')
  const envelope = envelopeSchema.safeParse(data)
  if (!envelope.success) return refuse('The page may not send an event of this type.')
  const schema = schemaFor(envelope.data.type)
  if (schema === null) return { allowed: true }
  const read = schema.safeParse(data)
  return read.success ? { allowed: true } : refuse(problemOf(envelope.data.type, read.error))
}

const schemaFor = (type: (typeof ALLOWED_CLIENT_EVENTS)[number]): z.ZodType | null => {
  switch (type) {
    case 'session.update':
      return sessionUpdateSchema
    case 'response.create':
      return responseCreateSchema
    case 'conversation.item.create':
      return itemCreateSchema
    case 'input_audio_buffer.append':
    case 'input_audio_buffer.clear':
    case 'input_audio_buffer.commit':
    case 'conversation.item.delete':
    case 'conversation.item.truncate':
    case 'response.cancel':
      return null
    default:
      return type satisfies never
  }
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
