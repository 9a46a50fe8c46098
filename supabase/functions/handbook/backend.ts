// The port to Supabase: supabase-handbook.ts is the real one, tests bring their own. Every call acts as the caller, and
// the database decides about rights.
import type { Caller, EmbeddingModels } from '../_shared/backend.ts'
import type { DatabaseRefusal } from '../_shared/database-errors.ts'
import type { GoldenChange } from '../_shared/refusals.ts'
import type { SectionTexts, TextPassage } from '../_shared/section-passages.ts'
import type { TextToEmbed } from '../_shared/texts-to-embed.ts'
import type { OperationOf } from './operations.ts'

export type Result<T> = { ok: true; value: T } | { ok: false; refusal: DatabaseRefusal }

/** A restaurant's own sections, or the brand's (`groupId` null). */
export type HandbookScope = { organisationId: string; groupId: string | null }

export type Draft = HandbookScope & {
  slug: string
  category: string
  order: number
  texts: SectionTexts
  passages: readonly (TextPassage & { embedding: readonly number[] | null })[]
  embeddingModel: string
  source: Readonly<Record<string, unknown>>
  basedOn: string | null
}

/** How a change of the handbook changes the golden questions. */
export type GoldenCheck = {
  total: number
  kept: number
  newlyFound: GoldenChange[]
  regressions: GoldenChange[]
}

export type Published = {
  published: { versionId: string; sectionId: string; slug: string; number: number }[]
  golden: GoldenCheck
}

export type Retired = {
  retired: { sectionId: string; slug: string }[]
  golden: GoldenCheck
}

export type Section = {
  sectionId: string
  versionId: string
  slug: string
  category: string
  order: number
  texts: Partial<Record<'en' | 'es', { title: string; content: string; questions: string[] }>>
  source: unknown
  writtenAt: string
  publishedAt: string | null
}

/** Why a question is in a gap. `unverified`: a quote or figure of the answer stands in no passage that was given. */
export type GapReason = 'not_found' | 'rated_down' | 'unverified'

export type GapExample = {
  /** The person's words as heard. */
  question: string
  /** The model's plain sentence; null where it gave none. */
  restated: string | null
  reasons: GapReason[]
}

/** Counts are of questions; one with two reasons is in both. */
export type Gap = {
  gapId: string
  groupId: string
  groupSlug: string
  status: string
  /** The question that started it. */
  example: string
  /** The last ones with different words, newest first, at most five. */
  examples: GapExample[]
  questions: number
  notFound: number
  ratedDown: number
  unverified: number
  languages: string[]
  firstAsked: string
  lastAsked: string
  sectionId: string | null
  sectionSlug: string | null
}

export type Golden = {
  goldenId: string
  groupId: string | null
  question: string
  language: string
  expected: string
  /** The section of the first passage given; null where none was. */
  got: string | null
  /** Words that the passages given from the section must have. */
  mustSay: string[]
  /** Those of the words that the passages lack. */
  missing: string[]
  isKept: boolean
}

/** Each @throws when the database cannot be reached, fails, or answers out of shape. */
export type HandbookBackend = {
  /** Null for a person who cannot see the brand. */
  embeddingModels: (caller: Caller, organisationId: string) => Promise<EmbeddingModels | null>
  /** The passages that have no vector of the model yet. */
  lackingVectors: (
    caller: Caller,
    draft: Pick<Draft, 'organisationId' | 'groupId' | 'slug' | 'texts' | 'embeddingModel'> & {
      passages: readonly TextPassage[]
    }
  ) => Promise<Result<TextPassage[]>>
  /** The version's id; null where the published version has this text. */
  saveDraft: (caller: Caller, draft: Draft) => Promise<Result<string | null>>
  publish: (
    caller: Caller,
    versionIds: readonly string[],
    dryRun: boolean
  ) => Promise<Result<Published>>
  retire: (
    caller: Caller,
    sectionIds: readonly string[],
    dryRun: boolean
  ) => Promise<Result<Retired>>
  sections: (caller: Caller, page: OperationOf<'sections'>) => Promise<Result<Section[]>>
  gaps: (caller: Caller, wanted: OperationOf<'gaps'>) => Promise<Result<Gap[]>>
  resolveGap: (caller: Caller, settled: OperationOf<'resolve_gap'>) => Promise<Result<null>>
  runGolden: (caller: Caller, place: HandbookScope) => Promise<Result<Golden[]>>
  saveGolden: (
    caller: Caller,
    golden: OperationOf<'save_golden'>,
    embedded: { vector: readonly number[]; model: string } | null
  ) => Promise<Result<string>>
  deleteGolden: (caller: Caller, goldenId: string) => Promise<Result<null>>
  /** The days for which the brand keeps questions; null for a person who cannot see the brand. */
  retentionDays: (caller: Caller, organisationId: string) => Promise<number | null>
  setRetentionDays: (caller: Caller, organisationId: string, days: number) => Promise<Result<null>>
  /** Categories and slugs that a manager always confirms; null for a person who cannot see the brand. */
  cautionTopics: (caller: Caller, organisationId: string) => Promise<string[] | null>
  setCautionTopics: (
    caller: Caller,
    organisationId: string,
    topics: readonly string[]
  ) => Promise<Result<null>>
  /** Texts without a vector of the model; those of a brand in all its restaurants. */
  lackingTexts: (
    caller: Caller,
    place: HandbookScope,
    model: string,
    limit: number
  ) => Promise<Result<TextToEmbed[]>>
  /** How many were written. Texts that have a vector meanwhile, or are deleted, are left out. */
  addVectors: (
    caller: Caller,
    place: HandbookScope,
    model: string,
    made: readonly { text: TextToEmbed; vector: readonly number[] }[]
  ) => Promise<Result<number>>
  startModelChange: (caller: Caller, organisationId: string, model: string) => Promise<Result<null>>
  finishModelChange: (
    caller: Caller,
    organisationId: string
  ) => Promise<Result<{ model: string; golden: GoldenCheck }>>
  /** The model of the ended change; null where no change was under way. */
  cancelModelChange: (caller: Caller, organisationId: string) => Promise<Result<string | null>>
  /** How many vectors of unused models were deleted; there may be more. */
  removeSpareVectors: (caller: Caller, organisationId: string) => Promise<Result<number>>
}
