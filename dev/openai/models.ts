// Lists the known models, with the documents' shutdown dates.

export type KnownModel = {
  id: string
  kind: 'realtime' | 'transcription' | 'embedding'
  /** Reasoning models accept `reasoning` and `parallel_tool_calls`. */
  reasoning?: true
  /** ISO date of an announced shutdown. */
  shutdownDate?: string
}

export const DEFAULT_REALTIME_MODEL = 'gpt-realtime-2.1'

const models = (
  kind: KnownModel['kind'],
  ids: readonly string[],
  more: Partial<KnownModel> = {}
): KnownModel[] => ids.map((id) => ({ id, kind, ...more }))

/** gpt-4o-realtime-preview* was removed on 2026-05-07. */
const KNOWN_MODELS: readonly KnownModel[] = [
  ...models('realtime', ['gpt-realtime-2.1', 'gpt-realtime-2.1-mini', 'gpt-realtime-2'], {
    reasoning: true
  }),
  ...models('realtime', ['gpt-realtime-1.5']),
  ...models(
    'realtime',
    [
      'gpt-realtime',
      'gpt-realtime-2025-08-28',
      'gpt-realtime-mini',
      'gpt-realtime-mini-2025-10-06',
      'gpt-realtime-mini-2025-12-15'
    ],
    { shutdownDate: '2027-01-20' }
  ),
  ...models('transcription', ['gpt-live-transcribe', 'gpt-transcribe', 'gpt-realtime-whisper']),
  ...models(
    'transcription',
    [
      'whisper-1',
      'gpt-4o-transcribe',
      'gpt-4o-transcribe-diarize',
      'gpt-4o-mini-transcribe',
      'gpt-4o-mini-transcribe-2025-12-15'
    ],
    { shutdownDate: '2027-02-26' }
  ),
  ...models('embedding', [
    'text-embedding-3-small',
    'text-embedding-3-large',
    'text-embedding-ada-002'
  ])
]

export const TRANSCRIPTION_MODELS: readonly string[] = KNOWN_MODELS.filter(
  ({ kind }) => kind === 'transcription'
).map(({ id }) => id)

export const knownModel = (id: string, kind: KnownModel['kind']): KnownModel | undefined =>
  KNOWN_MODELS.find((model) => model.id === id && model.kind === kind)

/** A fixed day: no client reads the listing's `created`. */
const LISTED_SINCE_SECONDS = 1_735_689_600

export const modelListing = () => ({
  object: 'list' as const,
  data: KNOWN_MODELS.map((model) => ({
    id: model.id,
    object: 'model' as const,
    created: LISTED_SINCE_SECONDS,
    owned_by: 'system',
    ...(model.shutdownDate === undefined ? {} : { shutdown_date: model.shutdownDate })
  }))
})
