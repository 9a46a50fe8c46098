// Validates client events: strict, and checked at compile time against the `openai` types.
import type {
  ConversationItem,
  RealtimeClientEvent,
  RealtimeResponseCreateParams
} from 'openai/resources/realtime/realtime'
import { z } from 'zod'
import { betaDisabled, type Refusal } from './api-error.ts'
import { apiErrorFromZod } from './schema-error.ts'
import {
  audioFormatSchema,
  functionToolSchema,
  maxOutputTokensSchema,
  modalitiesSchema,
  parseSession,
  reasoningSchema,
  type SessionRequest,
  toolChoiceSchema,
  voiceSchema
} from './session-schema.ts'

const itemCommon = {
  id: z.string().min(1).max(32).exactOptional(),
  object: z.literal('realtime.item').exactOptional(),
  status: z.enum(['completed', 'incomplete', 'in_progress']).exactOptional()
}

const inputText = z.strictObject({ type: z.literal('input_text'), text: z.string() })
const inputAudio = z.strictObject({
  type: z.literal('input_audio'),
  audio: z.base64(),
  transcript: z.string().nullable().exactOptional()
})
const inputImage = z.strictObject({
  type: z.literal('input_image'),
  image_url: z.string(),
  detail: z.enum(['auto', 'low', 'high']).exactOptional()
})
// The service takes an assistant's text only, not its audio.
const outputText = z.strictObject({ type: z.literal('output_text'), text: z.string() })

const userMessage = z.strictObject({
  ...itemCommon,
  type: z.literal('message'),
  role: z.literal('user'),
  content: z.array(z.discriminatedUnion('type', [inputText, inputAudio, inputImage])).min(1)
})
const systemMessage = z.strictObject({
  ...itemCommon,
  type: z.literal('message'),
  role: z.literal('system'),
  content: z.array(inputText).min(1)
})
const assistantMessage = z.strictObject({
  ...itemCommon,
  type: z.literal('message'),
  role: z.literal('assistant'),
  content: z.array(outputText).min(1)
})
const functionCall = z.strictObject({
  ...itemCommon,
  type: z.literal('function_call'),
  name: z.string().min(1),
  arguments: z.string(),
  call_id: z.string().min(1).exactOptional()
})
const functionCallOutput = z.strictObject({
  ...itemCommon,
  type: z.literal('function_call_output'),
  call_id: z.string().min(1),
  output: z.string()
})

const itemSchema = z.discriminatedUnion('type', [
  z.discriminatedUnion('role', [userMessage, systemMessage, assistantMessage]),
  functionCall,
  functionCallOutput
])

/** Limits of the API's metadata: 16 pairs, names of 64 and values of 512 characters. */
const metadataSchema = z
  .record(z.string().max(64), z.string().max(512))
  .refine((metadata) => Object.keys(metadata).length <= 16, 'It may have at most 16 pairs')

const responseSchema = z.strictObject({
  instructions: z.string().exactOptional(),
  output_modalities: modalitiesSchema.exactOptional(),
  conversation: z.enum(['auto', 'none']).exactOptional(),
  metadata: metadataSchema.nullable().exactOptional(),
  max_output_tokens: maxOutputTokensSchema.exactOptional(),
  reasoning: reasoningSchema.exactOptional(),
  parallel_tool_calls: z.boolean().exactOptional(),
  tools: z.array(functionToolSchema).exactOptional(),
  tool_choice: toolChoiceSchema.exactOptional(),
  input: z.array(itemSchema).exactOptional(),
  audio: z
    .strictObject({
      output: z
        .strictObject({
          format: audioFormatSchema.exactOptional(),
          voice: voiceSchema.exactOptional()
        })
        .exactOptional()
    })
    .exactOptional()
})

const eventId = { event_id: z.string().min(1).max(512).exactOptional() }

const eventSchema = z.discriminatedUnion('type', [
  z.strictObject({ ...eventId, type: z.literal('input_audio_buffer.append'), audio: z.base64() }),
  z.strictObject({ ...eventId, type: z.literal('input_audio_buffer.commit') }),
  z.strictObject({ ...eventId, type: z.literal('input_audio_buffer.clear') }),
  z.strictObject({ ...eventId, type: z.literal('output_audio_buffer.clear') }),
  z.strictObject({
    ...eventId,
    type: z.literal('conversation.item.create'),
    previous_item_id: z.string().nullable().exactOptional(),
    item: itemSchema
  }),
  z.strictObject({
    ...eventId,
    type: z.literal('conversation.item.retrieve'),
    item_id: z.string()
  }),
  z.strictObject({ ...eventId, type: z.literal('conversation.item.delete'), item_id: z.string() }),
  z.strictObject({
    ...eventId,
    type: z.literal('conversation.item.truncate'),
    item_id: z.string(),
    content_index: z.int().min(0),
    audio_end_ms: z.int().min(0)
  }),
  z.strictObject({
    ...eventId,
    type: z.literal('response.create'),
    response: responseSchema.exactOptional()
  }),
  z.strictObject({
    ...eventId,
    type: z.literal('response.cancel'),
    response_id: z.string().exactOptional()
  })
])

export type ItemRequest = z.output<typeof itemSchema>
export type ResponseRequest = z.output<typeof responseSchema>
export type ClientEvent =
  | z.output<typeof eventSchema>
  | { type: 'session.update'; event_id?: string; session: SessionRequest }

/** The published types lack two nulls of the documents, which official clients send: a transcript's and `previous_item_id`'s. */
type Loosened<T> = T extends { type: 'conversation.item.create' }
  ? Omit<T, 'previous_item_id' | 'item'>
  : T extends { type: 'session.update' }
    ? Omit<T, 'session'>
    : T extends { type: 'response.create' }
      ? Omit<T, 'response'>
      : T
type Fits<Actual extends Expected, Expected> = [Actual, Expected]
/** Compile-time checks: each schema's output is a client event of the package. */
export type ClientEventsFit = Fits<Loosened<ClientEvent>, Loosened<RealtimeClientEvent>>
export type ItemsFit = Fits<
  Exclude<ItemRequest, { type: 'message'; role: 'user' }>,
  ConversationItem
>
export type ResponsesFit = Fits<Omit<ResponseRequest, 'input'>, RealtimeResponseCreateParams>
/** Compiles only while no event is missing. */
type ForgottenEvents = Exclude<RealtimeClientEvent['type'], ClientEvent['type']>
export const forgottenClientEvents: readonly ForgottenEvents[] = [] satisfies readonly never[]

export type ParsedClientEvent =
  | { ok: true; event: ClientEvent }
  | { ok: false; refusal: Refusal; eventId: string | null }

const BETA_EVENTS = ['transcription_session.update']

const field = (data: unknown, name: string): unknown =>
  typeof data === 'object' && data !== null ? Reflect.get(data, name) : undefined

/** Reads one message of the data channel. `eventId` is the client's own, for `error.event_id`. */
export const parseClientEvent = (text: string): ParsedClientEvent => {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    return {
      ok: false,
      eventId: null,
      refusal: {
        code: 'invalid_json',
        message: 'We could not parse the JSON body of your event.',
        param: null
      }
    }
  }
  const given = field(data, 'event_id')
  const eventId = typeof given === 'string' ? given : null
  const type = field(data, 'type')
  if (typeof type === 'string' && BETA_EVENTS.includes(type))
    return { ok: false, eventId, refusal: betaDisabled }
  if (type === 'session.update') return parseSessionUpdate(data, eventId)
  const parsed = eventSchema.safeParse(data)
  if (parsed.success) return { ok: true, event: parsed.data }
  if (type !== undefined && parsed.error.issues.some((issue) => issue.path.join('.') === 'type'))
    return {
      ok: false,
      eventId,
      refusal: {
        code: 'invalid_value',
        message: `Invalid value: '${String(type)}'. Supported values are: 'session.update', ${eventSchema.options
          .map((option) => `'${option.shape.type.value}'`)
          .join(', ')}.`,
        param: 'type'
      }
    }
  return { ok: false, eventId, refusal: apiErrorFromZod(parsed.error, '', data) }
}

const parseSessionUpdate = (data: unknown, eventId: string | null): ParsedClientEvent => {
  const envelope = z
    .strictObject({
      event_id: z.string().exactOptional(),
      type: z.literal('session.update'),
      session: z.record(z.string(), z.unknown())
    })
    .safeParse(data)
  if (!envelope.success)
    return { ok: false, eventId, refusal: apiErrorFromZod(envelope.error, '', data) }
  const parsed = parseSession(envelope.data.session)
  if (!parsed.ok) return { ok: false, eventId, refusal: parsed.refusal }
  return {
    ok: true,
    event: {
      type: 'session.update',
      session: parsed.session,
      ...(eventId === null ? {} : { event_id: eventId })
    }
  }
}
