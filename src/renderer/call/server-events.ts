// Parses the server events of the Realtime API that the kiosk uses. The service adds types without notice, so others
// are ignored, and unused fields are not checked.
import { z } from 'zod'

const responseItem = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('function_call'),
    status: z.string().optional(),
    name: z.string(),
    call_id: z.string(),
    arguments: z.string()
  }),
  z.object({
    type: z.literal('message'),
    id: z.string(),
    content: z.array(z.object({ type: z.string() })).optional()
  })
])

/** A missing or unreadable count is zero: no answer waits for a bill. */
const tokens = z.int().nonnegative().catch(0)
const byKind = z.object({ text_tokens: tokens, audio_tokens: tokens })
const NO_TOKENS = { text_tokens: 0, audio_tokens: 0 }

const usage = z.object({
  input_token_details: byKind
    .extend({ cached_tokens_details: byKind.catch(NO_TOKENS) })
    .catch({ ...NO_TOKENS, cached_tokens_details: NO_TOKENS }),
  output_token_details: byKind.catch(NO_TOKENS)
})

/** The service bills a person's audio as one token for 100 ms. */
const SECONDS_PER_AUDIO_TOKEN = 0.1

/** In seconds, of either form that the service reports. */
const transcriptionUsage = z
  .union([
    z.object({ seconds: z.number().nonnegative() }).transform(({ seconds }) => seconds),
    z
      .object({ input_tokens: z.int().nonnegative() })
      .transform(({ input_tokens: count }) => count * SECONDS_PER_AUDIO_TOKEN)
  ])
  .catch(0)

const response = z.object({
  id: z.string().min(1),
  status: z.string(),
  metadata: z.record(z.string(), z.string()).nullish(),
  // Only explains a failure: the response is read in any case.
  status_details: z
    .object({
      reason: z.string().nullish(),
      error: z
        .object({
          type: z.string().nullish(),
          code: z.string().nullish(),
          message: z.string().nullish()
        })
        .nullish()
    })
    .nullish()
    .catch(null),
  usage: usage.nullish().catch(null),
  // An unknown kind of item is dropped, and the response is read.
  output: z
    .array(z.unknown())
    .optional()
    .transform((items) =>
      (items ?? []).flatMap((item) => {
        const read = responseItem.safeParse(item)
        return read.success ? [read.data] : []
      })
    )
})

const id = z.string().min(1)
const eventOf = <const Type extends string, Fields extends z.ZodRawShape>(
  type: Type,
  fields: Fields
) => z.object({ type: z.literal(type), ...fields })
const ofItem = { item_id: id }
const ofResponse = { response_id: id }
const ofAnswer = { ...ofResponse, ...ofItem }

const serverEventSchema = z.discriminatedUnion('type', [
  eventOf('error', {
    error: z.object({
      type: z.string().optional(),
      code: z.string().nullish(),
      message: z.string(),
      event_id: z.string().nullish()
    })
  }),
  eventOf('input_audio_buffer.cleared', {}),
  eventOf('input_audio_buffer.speech_started', ofItem),
  eventOf('input_audio_buffer.speech_stopped', ofItem),
  eventOf('input_audio_buffer.committed', ofItem),
  eventOf('conversation.item.input_audio_transcription.delta', {
    ...ofItem,
    delta: z.string().optional()
  }),
  eventOf('conversation.item.input_audio_transcription.completed', {
    ...ofItem,
    transcript: z.string(),
    usage: transcriptionUsage
  }),
  eventOf('conversation.item.input_audio_transcription.failed', ofItem),
  eventOf('output_audio_buffer.started', ofResponse),
  eventOf('output_audio_buffer.stopped', ofResponse),
  eventOf('output_audio_buffer.cleared', ofResponse),
  eventOf('response.created', { response }),
  eventOf('response.done', { response }),
  eventOf('response.output_item.done', {
    ...ofResponse,
    item: z.unknown().transform((item) => responseItem.safeParse(item).data ?? null)
  }),
  eventOf('response.output_audio_transcript.delta', { ...ofAnswer, delta: z.string() }),
  eventOf('response.output_audio_transcript.done', { ...ofAnswer, transcript: z.string() }),
  eventOf('response.output_text.delta', { ...ofAnswer, delta: z.string() }),
  eventOf('response.output_text.done', { ...ofAnswer, text: z.string() })
])
export type ServerEvent = z.output<typeof serverEventSchema>
export type ServerError = Extract<ServerEvent, { type: 'error' }>['error']

const knownTypes: ReadonlySet<string> = new Set(
  serverEventSchema.options.map((option) => option.shape.type.value)
)
const envelope = z.object({ type: z.string() })

export type ReadEvent =
  | { kind: 'event'; event: ServerEvent }
  | { kind: 'unknown'; type: string }
  /** `reason` goes to the log: it names the field and the rule, never the content. */
  | { kind: 'malformed'; type: string | null; reason: string }

const parseJson = (text: string): { ok: true; value: unknown } | { ok: false } => {
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    return { ok: false }
  }
}

/** Never throws. */
export const readServerEvent = (data: string): ReadEvent => {
  const json = parseJson(data)
  if (!json.ok) return { kind: 'malformed', type: null, reason: 'not JSON' }
  const typed = envelope.safeParse(json.value)
  if (!typed.success) return { kind: 'malformed', type: null, reason: 'no type' }
  const { type } = typed.data
  if (!knownTypes.has(type)) return { kind: 'unknown', type }
  const read = serverEventSchema.safeParse(json.value)
  if (read.success) return { kind: 'event', event: read.data }
  const issue = read.error.issues[0]
  const reason = issue === undefined ? 'unreadable' : `${issue.path.join('.')}: ${issue.code}`
  return { kind: 'malformed', type, reason }
}
