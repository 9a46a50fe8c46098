// What a function needs of Supabase, as a port: the real one is in supabase-backend.ts, tests bring theirs.

import type { KitchenWord } from './kitchen-words.ts'
import type { Language } from './language.ts'
import type { Refusal } from './refusals.ts'
import type { Contents } from './table-of-contents.ts'

/** A caller whose token has been verified. */
export type Caller = {
  userId: string
  token: string
  /** Of the request that is answered for them; goes along to the database. */
  requestId?: string
}

export type BackendRefusal = Extract<
  Refusal,
  { code: 'not_a_member' | 'ai_disabled' | 'limit_exceeded' | 'bad_request' }
>
export type BackendResult<T> = { ok: true; value: T } | { ok: false; refusal: BackendRefusal }
export type SearchResult =
  | BackendResult<FoundPassage[]>
  | { ok: false; refusal: Extract<Refusal, { code: 'search_timeout' }> }

export type VoiceAccess = {
  voiceEnabled: boolean
  canUseAi: boolean
  dailyCount: number
  dailyLimit: number | null
  canAsk: boolean
  /** In this restaurant. */
  role: string
  /** The organisation's own; empty where it has none. */
  kitchenWords: readonly KitchenWord[]
  contents: Contents
}

export type FoundPassage = {
  slug: string
  title: string
  /** Heading path inside the section; empty at its top. */
  heading: string
  language: Language
  /** Where in its section it stands; empty at the top. */
  anchor: string
  content: string
  /** False: only the place of a section that is near; nothing was found. */
  isGiven: boolean
  /** Its section is one that the model named. */
  isNamed: boolean
  /** Its section is about a topic that a manager always confirms. */
  needsManager: boolean
  method: 'hybrid' | 'keyword'
  /** Whose vectors the restaurant's questions are compared with; null where the database does not say. */
  embeddingModel: string | null
}

export type EmbeddingModels = {
  answering: string
  /** Whose vectors are being made; null where no change is under way. */
  next: string | null
}

export type Search = {
  groupId: string
  questionId: string
  /** In the person's words. */
  question: string
  /** The same as one plain sentence; null where the model gave none of its own. */
  restated: string | null
  /** Slugs that the model named from the table of contents, best first, each once. */
  sections: readonly string[]
  language: Language
  /** What the person speaks, for the record of the question. */
  conversationLanguage: string
  /** The mean of the vectors of both texts; null: by words only. */
  embedding: readonly number[] | null
  embeddingModel: string
}

/** Every call acts as the caller, never as the service: row-level security and auth.uid() hold. */
export type Backend = {
  /** null when the token is not a valid one of a person. @throws when that cannot be found out. */
  verify: (token: string) => Promise<Caller | null>
  /** @param language of the titles in `contents`. @throws when the database cannot be reached or answers out of shape. */
  voiceAccess: (
    caller: Caller,
    groupId: string,
    language: Language
  ) => Promise<BackendResult<VoiceAccess>>
  /** Null for who does not belong there. @throws as above. */
  embeddingModels: (caller: Caller, groupId: string) => Promise<EmbeddingModels | null>
  /** Checks, charges and searches in one round trip, best first. @throws as above, but for a database that is late. */
  search: (caller: Caller, search: Search) => Promise<SearchResult>
}
