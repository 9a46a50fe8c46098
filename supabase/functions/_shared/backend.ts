// Declares the functions' port to Supabase; supabase-backend.ts implements it.
import type { KitchenWord } from './kitchen-words.ts'
import type { Language } from './language.ts'
import type { Result } from './refusals.ts'
import type { Contents } from './table-of-contents.ts'
import type { UsageCount } from './usage.ts'

/** A caller whose token is verified. */
export type Caller = {
  userId: string
  token: string
  /** The id of the caller's request; the database logs it. */
  requestId?: string
}

/** The refusals of the database that a kiosk can get. */
export type AskRefusalCode =
  | 'not_a_member'
  | 'ai_disabled'
  | 'limit_exceeded'
  | 'voice_limit_exceeded'
  | 'bad_request'
export type BackendResult<T> = Result<T, AskRefusalCode>
export type SearchResult = Result<FoundPassage[], AskRefusalCode | 'search_timeout'>

export type VoiceAccess = {
  voiceEnabled: boolean
  canUseAi: boolean
  dailyCount: number
  dailyLimit: number | null
  canAsk: boolean
  /** In this restaurant. */
  role: string
  /** The brand's own words. */
  kitchenWords: readonly KitchenWord[]
  contents: Contents
  /** Id of the counted key; null where none was counted. */
  keyId: string | null
  usage: readonly UsageCount[]
}

export type FoundPassage = {
  slug: string
  title: string
  /** Heading path inside the section; empty at its top. */
  heading: string
  language: Language
  /** Fragment of the heading path; empty at the section's top. */
  anchor: string
  content: string
  /** False: only names a near section, because the search found nothing. */
  isGiven: boolean
  /** The model named this section. */
  isNamed: boolean
  /** The section belongs to a caution topic, which a manager always confirms. */
  needsManager: boolean
  method: 'hybrid' | 'keyword'
}

export type EmbeddingModels = {
  answering: string
  /** The model that a change is under way to; null without one. */
  next: string | null
}

export type Search = {
  groupId: string
  questionId: string
  /** The person's words. */
  question: string
  /** The same as one plain sentence; null where the model gave none. */
  restated: string | null
  /** Slugs that the model named from the table of contents, best first, each once. */
  sections: readonly string[]
  language: Language
  /** The language that the person speaks, for the question's record. */
  conversationLanguage: string
  /** The mean of both texts' vectors, and their model; null for a search by words only. */
  embedding: { vector: readonly number[]; model: string } | null
  /** For words of a question that is still spoken: neither counted nor recorded. */
  isEarly: boolean
}

/**
 * Acts as the caller, never as the service: row-level security and auth.uid() apply. Each throws when the database
 * cannot be reached, or answers out of shape.
 */
export type Backend = {
  /** Null for a token that does not identify a person. @throws when the token cannot be checked. */
  verify: (token: string) => Promise<Caller | null>
  /**
   * @param language of the titles in `contents`
   * @param keySeconds counts a key with this life, where the caller may ask; null counts nothing
   */
  voiceAccess: (
    caller: Caller,
    groupId: string,
    language: Language,
    keySeconds: number | null
  ) => Promise<BackendResult<VoiceAccess>>
  /** Null for a person outside the restaurant. */
  embeddingModels: (caller: Caller, groupId: string) => Promise<EmbeddingModels | null>
  /**
   * Checks and charges a question before its texts are embedded. Returns the model to embed with; null where the database
   * did not answer in time: the search charges then.
   */
  charge: (
    caller: Caller,
    question: Pick<Search, 'groupId' | 'questionId'>
  ) => Promise<BackendResult<string | null>>
  /** Checks, charges and searches in one round trip, best first. A timeout is a refusal, not an exception. */
  search: (caller: Caller, search: Search) => Promise<SearchResult>
}
