// Validates and updates GA sessions: strict, and checked at compile time against the `openai` types.
import type {
  AudioTranscription,
  RealtimeAudioConfigInput,
  RealtimeAudioConfigOutput,
  RealtimeSessionCreateRequest
} from 'openai/resources/realtime/realtime'
import { z } from 'zod'
import { betaDisabled, modelNotFound, type Refusal } from './api-error.ts'
import { DEFAULT_REALTIME_MODEL, knownModel, TRANSCRIPTION_MODELS } from './models.ts'
import { apiErrorFromZod } from './schema-error.ts'

const VOICES = [
  'alloy',
  'ash',
  'ballad',
  'coral',
  'echo',
  'sage',
  'shimmer',
  'verse',
  'marin',
  'cedar'
] as const

/** The published types lack two nulls of the documents ("can be set to `null` to turn off"). */
type DocumentedInput = Omit<RealtimeAudioConfigInput, 'noise_reduction' | 'transcription'> & {
  noise_reduction?: RealtimeAudioConfigInput.NoiseReduction | null
  transcription?: AudioTranscription | null
}
type DocumentedSession = Omit<RealtimeSessionCreateRequest, 'audio'> & {
  audio?: { input?: DocumentedInput; output?: RealtimeAudioConfigOutput }
}

export const audioFormatSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('audio/pcm'), rate: z.literal(24_000).exactOptional() }),
  z.strictObject({ type: z.literal('audio/pcmu') }),
  z.strictObject({ type: z.literal('audio/pcma') })
])

/** These take several languages and keywords instead of one language. */
const TAKES_LANGUAGES: readonly string[] = ['gpt-transcribe', 'gpt-live-transcribe']

/** Documented: takes a delay, no prompt, and "VAD is not supported". */
const STREAMING_WHISPER = 'gpt-realtime-whisper'

/** The fields that only some transcription models take. */
const TRANSCRIPTION_FIELDS: Readonly<Record<string, (model: string | undefined) => boolean>> = {
  language: (model) => !TAKES_LANGUAGES.includes(model ?? ''),
  languages: (model) => TAKES_LANGUAGES.includes(model ?? ''),
  keywords: (model) => TAKES_LANGUAGES.includes(model ?? ''),
  prompt: (model) => model !== STREAMING_WHISPER,
  delay: (model) => model === STREAMING_WHISPER
}

const transcriptionFields = z.strictObject({
  model: z.enum(TRANSCRIPTION_MODELS).exactOptional(),
  language: z.string().min(2).max(12).exactOptional(),
  languages: z.array(z.string()).exactOptional(),
  keywords: z.array(z.string()).exactOptional(),
  prompt: z.string().exactOptional(),
  delay: z.enum(['minimal', 'low', 'medium', 'high', 'xhigh']).exactOptional()
})

const transcriptionSchema = transcriptionFields.superRefine((given, context) => {
  for (const field of Object.keys(given)) {
    if (TRANSCRIPTION_FIELDS[field]?.(given.model) !== false) continue
    context.addIssue({
      code: 'custom',
      path: [field],
      message: `${field} is not supported with ${given.model ?? 'this transcription model'}.`
    })
  }
}) satisfies z.ZodType<AudioTranscription>

const turnDetectionSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('server_vad'),
    threshold: z.number().min(0).max(1).exactOptional(),
    prefix_padding_ms: z.int().min(0).max(10_000).exactOptional(),
    silence_duration_ms: z.int().min(0).max(10_000).exactOptional(),
    idle_timeout_ms: z.int().min(5_000).max(30_000).nullable().exactOptional(),
    create_response: z.boolean().exactOptional(),
    interrupt_response: z.boolean().exactOptional()
  }),
  z.strictObject({
    type: z.literal('semantic_vad'),
    eagerness: z.enum(['low', 'medium', 'high', 'auto']).exactOptional(),
    create_response: z.boolean().exactOptional(),
    interrupt_response: z.boolean().exactOptional()
  })
])

const inputSchema = z.strictObject({
  format: audioFormatSchema.exactOptional(),
  noise_reduction: z
    .strictObject({
      type: z.enum(['near_field', 'far_field']).exactOptional(),
      strength: z.number().min(0).exactOptional()
    })
    .nullable()
    .exactOptional(),
  transcription: transcriptionSchema.nullable().exactOptional(),
  turn_detection: turnDetectionSchema.nullable().exactOptional()
}) satisfies z.ZodType<DocumentedInput>

export const voiceSchema = z.union([z.enum(VOICES), z.strictObject({ id: z.string().min(1) })])

const outputSchema = z.strictObject({
  format: audioFormatSchema.exactOptional(),
  voice: voiceSchema.exactOptional(),
  speed: z.number().min(0.25).max(1.5).exactOptional()
}) satisfies z.ZodType<RealtimeAudioConfigOutput>

export const functionToolSchema = z.strictObject({
  type: z.literal('function'),
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, 'It must match ^[a-zA-Z0-9_-]+$'),
  description: z.string().exactOptional(),
  parameters: z.record(z.string(), z.unknown()).exactOptional()
})

export const toolChoiceSchema = z.union([
  z.enum(['none', 'auto', 'required']),
  z.strictObject({ type: z.literal('function'), name: z.string().min(1) })
])

/** `["audio"]` or `["text"]`, never both. */
export const modalitiesSchema = z.array(z.enum(['text', 'audio'])).length(1)

export const reasoningSchema = z.strictObject({
  effort: z.enum(['minimal', 'low', 'medium', 'high', 'xhigh']).exactOptional()
})

export const maxOutputTokensSchema = z.union([z.int().min(1).max(4_096), z.literal('inf')])

const tracingSchema = z.union([
  z.literal('auto'),
  z.strictObject({
    workflow_name: z.string().exactOptional(),
    group_id: z.string().exactOptional(),
    metadata: z.record(z.string(), z.unknown()).exactOptional()
  })
])

const truncationSchema = z.union([
  z.enum(['auto', 'disabled']),
  z.strictObject({
    type: z.literal('retention_ratio'),
    retention_ratio: z.number().min(0).max(1),
    token_limits: z
      .strictObject({ post_instructions: z.int().min(0).exactOptional() })
      .exactOptional()
  })
])

const promptSchema = z.strictObject({
  id: z.string().min(1),
  version: z.string().nullable().exactOptional(),
  variables: z.record(z.string(), z.string()).nullable().exactOptional()
})

const sessionSchema = z.strictObject({
  type: z.literal('realtime'),
  model: z.string().exactOptional(),
  instructions: z.string().exactOptional(),
  output_modalities: modalitiesSchema.exactOptional(),
  reasoning: reasoningSchema.exactOptional(),
  parallel_tool_calls: z.boolean().exactOptional(),
  audio: z
    .strictObject({ input: inputSchema.exactOptional(), output: outputSchema.exactOptional() })
    .exactOptional(),
  max_output_tokens: maxOutputTokensSchema.exactOptional(),
  truncation: truncationSchema.exactOptional(),
  tools: z.array(functionToolSchema).exactOptional(),
  tool_choice: toolChoiceSchema.exactOptional(),
  tracing: tracingSchema.nullable().exactOptional(),
  include: z.array(z.literal('item.input_audio_transcription.logprobs')).exactOptional(),
  prompt: promptSchema.nullable().exactOptional()
}) satisfies z.ZodType<DocumentedSession>

export type SessionRequest = z.output<typeof sessionSchema>
export type TurnDetection = z.output<typeof turnDetectionSchema>
export type FunctionTool = z.output<typeof functionToolSchema>
export type ToolChoice = z.output<typeof toolChoiceSchema>

/** Compiles only while the schema has every field of the package's type. */
type ForgottenFields = Exclude<keyof RealtimeSessionCreateRequest, keyof SessionRequest>
export const forgottenSessionFields: readonly ForgottenFields[] = [] satisfies readonly never[]

/** A session with its defaults filled in, as `session.created` shows it. */
export type EffectiveSession = Omit<
  Required<SessionRequest>,
  'audio' | 'include' | 'parallel_tool_calls' | 'reasoning'
> &
  Pick<SessionRequest, 'parallel_tool_calls' | 'reasoning'> & {
    include: SessionRequest['include'] | null
    audio: {
      input: Omit<Required<z.output<typeof inputSchema>>, 'turn_detection'> & {
        turn_detection: TurnDetection | null
      }
      output: Required<z.output<typeof outputSchema>>
    }
  }

const DEFAULT_SERVER_VAD: TurnDetection = {
  type: 'server_vad',
  threshold: 0.5,
  prefix_padding_ms: 300,
  silence_duration_ms: 500,
  idle_timeout_ms: null,
  create_response: true,
  interrupt_response: true
}

const DEFAULT_SESSION: EffectiveSession = {
  type: 'realtime',
  model: DEFAULT_REALTIME_MODEL,
  instructions:
    'You are a local stand-in for a realtime voice model. You answer from what your tools return.',
  output_modalities: ['audio'],
  audio: {
    input: {
      format: { type: 'audio/pcm', rate: 24_000 },
      noise_reduction: null,
      transcription: null,
      turn_detection: DEFAULT_SERVER_VAD
    },
    output: { format: { type: 'audio/pcm', rate: 24_000 }, voice: 'marin', speed: 1 }
  },
  max_output_tokens: 'inf',
  truncation: 'auto',
  tools: [],
  tool_choice: 'auto',
  tracing: null,
  include: null,
  prompt: null
}

/** An absent field keeps its value; `null` turns a feature off; another `type` replaces it. */
const overlaid = <T extends object>(current: T | null, given: T | null | undefined): T | null => {
  if (given === undefined) return current
  if (given === null || current === null) return given
  const typeOf = (value: object): unknown => Reflect.get(value, 'type')
  return typeOf(given) !== undefined && typeOf(given) !== typeOf(current)
    ? given
    : { ...current, ...given }
}

const withTurnDetectionDefaults = (value: TurnDetection | null): TurnDetection | null => {
  if (value === null) return null
  return value.type === 'server_vad'
    ? { ...DEFAULT_SERVER_VAD, ...value }
    : { eagerness: 'auto', create_response: true, interrupt_response: true, ...value }
}

/** Applies `session.update`, which changes only the fields that it names. */
export const updatedSession = (
  current: EffectiveSession,
  request: SessionRequest
): EffectiveSession => {
  const { audio, ...rest } = request
  const input = audio?.input ?? {}
  const output = audio?.output ?? {}
  return {
    ...current,
    ...rest,
    audio: {
      input: {
        format: input.format ?? current.audio.input.format,
        noise_reduction: overlaid(current.audio.input.noise_reduction, input.noise_reduction),
        transcription: overlaid(current.audio.input.transcription, input.transcription),
        turn_detection: withTurnDetectionDefaults(
          overlaid<TurnDetection>(current.audio.input.turn_detection, input.turn_detection)
        )
      },
      output: { ...current.audio.output, ...output }
    }
  }
}

export const effectiveSession = (request: SessionRequest | undefined): EffectiveSession =>
  request === undefined ? DEFAULT_SESSION : updatedSession(DEFAULT_SESSION, request)

/** Top-level fields of the beta's session. */
const BETA_FIELDS = [
  'voice',
  'modalities',
  'input_audio_format',
  'output_audio_format',
  'input_audio_transcription',
  'input_audio_noise_reduction',
  'turn_detection',
  'speed',
  'temperature',
  'max_response_output_tokens',
  'client_secret'
]

const isBetaShaped = (data: unknown): boolean =>
  typeof data === 'object' &&
  data !== null &&
  !('type' in data) &&
  BETA_FIELDS.some((field) => field in data)

export type ParsedSession = { ok: true; session: SessionRequest } | { ok: false; refusal: Refusal }

/** Checks a session for client_secrets, calls and session.update alike. */
export const parseSession = (data: unknown): ParsedSession => {
  if (isBetaShaped(data)) return { ok: false, refusal: betaDisabled }
  const parsed = sessionSchema.safeParse(data)
  if (!parsed.success) return { ok: false, refusal: apiErrorFromZod(parsed.error, 'session', data) }
  const session = parsed.data
  if (session.model !== undefined && knownModel(session.model, 'realtime') === undefined)
    return { ok: false, refusal: modelNotFound(session.model) }
  return { ok: true, session }
}

/** Refuses settings that do not fit together, whichever request set them; null for a session that may be. */
export const conflictIn = ({ model, audio, ...session }: EffectiveSession): Refusal | null => {
  for (const field of ['reasoning', 'parallel_tool_calls'] as const) {
    if (session[field] !== undefined && knownModel(model, 'realtime')?.reasoning !== true)
      return {
        code: 'invalid_parameter',
        message: `'session.${field}' is only supported by reasoning models, which '${model}' is not.`,
        param: `session.${field}`
      }
  }
  const { transcription, turn_detection } = audio.input
  if (transcription?.model !== STREAMING_WHISPER || turn_detection === null) return null
  return {
    code: 'invalid_value',
    message: `Turn detection is not supported with '${STREAMING_WHISPER}': it must be null.`,
    param: 'session.audio.input.turn_detection'
  }
}
