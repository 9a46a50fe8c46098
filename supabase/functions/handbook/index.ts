// Serves handbook.
import { createEmbedTexts } from '../_shared/embedding.ts'
import { functionParts } from '../_shared/function-parts.ts'
import { handbookDatabases } from './database.ts'
import { createHandler } from './handler.ts'

/** A section of many passages takes some seconds, and a manager saves one now and then. */
const EMBEDDING_TIMEOUT_MS = 20_000

const { environment, backend, settings } = functionParts()

Deno.serve(
  createHandler({
    verify: backend.verify,
    databaseAs: handbookDatabases(environment.supabaseUrl, environment.publishableKey),
    embedTexts: createEmbedTexts(environment, EMBEDDING_TIMEOUT_MS),
    ...settings
  })
)
