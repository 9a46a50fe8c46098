// Lists the known models, with the documents' shutdown dates.

export type KnownModel = {
  id: string
  kind: 'realtime' | 'transcription' | 'embedding'
  /** Reasoning models accept `reasoning` and `parallel_tool_calls`. */
  reasoning: boolean
  /** ISO date, where one is announced. */
  shutdownDate?: string
}

const realtime = (id: string, reasoning: boolean, shutdownDate?: string): KnownModel => ({
  id,
  kind: 'realtime',
  reasoning,
  ...(shutdownDate === undefined ? {} : { shutdownDate })
})
const transcription = (id: string, shutdownDate?: string): KnownModel => ({
  id,
  kind: 'transcription',
  reasoning: false,
  ...(shutdownDate === undefined ? {} : { shutdownDate })
})
const embedding = (id: string): KnownModel => ({ id, kind: 'embedding', reasoning: false })

export const DEFAULT_REALTIME_MODEL = 'gpt-realtime-2.1'

/** gpt-4o-realtime-preview* is absent on purpose: it was removed on 2026-05-07. */
export const KNOWN_MODELS: readonly KnownModel[] = [
  realtime('gpt-realtime-2.1', true),
  realtime('gpt-realtime-2.1-mini', true),
  realtime('gpt-realtime-2', true),
  realtime('gpt-realtime-1.5', false),
  realtime('gpt-realtime', false, '2027-01-20'),
  realtime('gpt-realtime-2025-08-28', false, '2027-01-20'),
  realtime('gpt-realtime-mini', false, '2027-01-20'),
  realtime('gpt-realtime-mini-2025-10-06', false, '2027-01-20'),
  realtime('gpt-realtime-mini-2025-12-15', false, '2027-01-20'),
  transcription('gpt-live-transcribe'),
  transcription('gpt-transcribe'),
  transcription('gpt-realtime-whisper'),
  transcription('whisper-1', '2027-02-26'),
  transcription('gpt-4o-transcribe', '2027-02-26'),
  transcription('gpt-4o-transcribe-diarize', '2027-02-26'),
  transcription('gpt-4o-mini-transcribe', '2027-02-26'),
  transcription('gpt-4o-mini-transcribe-2025-12-15', '2027-02-26'),
  embedding('text-embedding-3-small'),
  embedding('text-embedding-3-large'),
  embedding('text-embedding-ada-002')
]

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
