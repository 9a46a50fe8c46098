// What the handbook answers, as it travels from the edge function over the contract to the screen and
// into the model's tool output.
import { z } from 'zod'
import { languageSchema } from './language.ts'

export const SEARCH_TOOL_NAME = 'search_handbook'

/** Longest question, in characters, that is searched; the edge function refuses longer ones with 400. */
export const QUERY_LENGTH_LIMIT = 1_000

export const citationSchema = z.strictObject({
  slug: z.string().min(1),
  title: z.string().min(1),
  /** The language the quoted passage is written in, which may not be the asker's. */
  language: languageSchema,
  /** Where in the section it stands, `storage/walk-in`; empty at its top. Absent from the copy on this machine. */
  anchor: z.string().exactOptional()
})
export type Citation = z.infer<typeof citationSchema>

export const passageSchema = z.strictObject({
  slug: z.string().min(1),
  title: z.string().min(1),
  /** Heading path inside the section, outermost first, joined with " › "; empty at the section's top. */
  heading: z.string(),
  language: languageSchema,
  text: z.string().min(1)
})
export type Passage = z.infer<typeof passageSchema>

/** `maybe`: what was found is near, but may not say what was asked. */
export const decisionSchema = z.enum(['answer', 'maybe', 'not_found'])
export type Decision = z.infer<typeof decisionSchema>

/** The best passage's raw signals, for whoever tunes the search; nothing on the screen depends on them. */
export const signalsSchema = z.strictObject({
  /** −1 to 1; null without an embedding. */
  cosine: z.number().nullable(),
  /** Share of the question, weighted by rarity, that the passage holds, 0 to 1. */
  coverage: z.number(),
  /** Weight of the question's words that the section holds. */
  evidence: z.number(),
  rareHits: z.int(),
  numberHits: z.int(),
  /** Whether words and vectors both put the section on top. */
  agreement: z.boolean()
})

export const searchAnswerSchema = z.strictObject({
  /** False when the handbook does not say: then `passages` and `citations` are empty. */
  found: z.boolean(),
  /** Best first. */
  passages: z.array(passageSchema),
  /** The sections of the passages, best first, each once. */
  citations: z.array(citationSchema),
  /**
   * `keyword` when the embedding could not be had and only full text was searched; `offline` when it comes from
   * the copy on this machine.
   */
  method: z.enum(['hybrid', 'keyword', 'offline']),
  /** Absent from the copy on this machine and from backends of before it: then `found` says all. */
  decision: decisionSchema.exactOptional(),
  /** Absent as `decision` is, and where nothing was near. */
  signals: signalsSchema.exactOptional()
})
export type SearchAnswer = z.infer<typeof searchAnswerSchema>

/** English whatever the conversation's language, as all that is said to the model around the passages. */
const MAYBE_NOTE =
  'The handbook may not say this exactly: answer only if these passages really do, and say that it is not in the handbook if they do not.'

/**
 * The `function_call_output` string for a search: JSON, so that the model (and the local stand-in)
 * read the same fields whatever the passages contain.
 */
export const toolOutput = (answer: SearchAnswer): string =>
  JSON.stringify({
    found: answer.found,
    ...(answer.decision === 'maybe' ? { note: MAYBE_NOTE } : {}),
    passages: answer.passages.map(({ title, heading, language, text }) => ({
      section: heading === '' ? title : `${title} › ${heading}`,
      language,
      text
    }))
  })

/** The `function_call_output` for a search that failed: the model is to say so, not to guess. */
export const failedToolOutput = (code: string): string =>
  JSON.stringify({ found: false, error: code, passages: [] })
