// Serves realtime-search.
import { createEmbedTexts } from '../_shared/embedding.ts'
import { functionParts } from '../_shared/function-parts.ts'
import { createHandler } from './handler.ts'

/** Of the kiosk's 2.5 s for a search, with the charge: later embeddings cost more than they add. */
const EMBEDDING_TIMEOUT_MS = 900

const { environment, backend, settings } = functionParts()

Deno.serve(
  createHandler({
    backend,
    embedTexts: createEmbedTexts(environment, EMBEDDING_TIMEOUT_MS),
    ...settings
  })
)
