// What the handbook answers, as it travels from the edge function over the contract to the screen and
// into the model's tool output.
import { z } from 'zod'
import { languageSchema } from './language.ts'

export const SEARCH_TOOL_NAME = 'search_handbook'

/** Its name where a session is asked for (header `x-heard-tools`) and in the model's calls. */
export const REPORT_TOOL_NAME = 'report_answer'

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

/** Sections that one answer may be reported from; the backend refuses more. An answer is two or three sentences. */
export const MOST_REPORTED_SECTIONS = 10
const SLUG_LENGTH_LIMIT = 200

/** What the model says of the answer that it has just given. */
export const reportSchema = z.strictObject({
  /** False: what was found does not say it, and the answer said so. */
  found: z.boolean(),
  /** Slugs of the sections that it was taken from, the best first. */
  sections: z.array(z.string().min(1).max(SLUG_LENGTH_LIMIT)).max(MOST_REPORTED_SECTIONS)
})
export type AnswerReport = z.infer<typeof reportSchema>

export const reportedAnswerSchema = reportSchema.extend({
  /** The one that the question was searched under. */
  questionId: z.uuid()
})
export type ReportedAnswer = z.infer<typeof reportedAnswerSchema>

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
    passages: answer.passages.map(({ slug, title, heading, language, text }) => ({
      // What a report names it by.
      slug,
      section: heading === '' ? title : `${title} › ${heading}`,
      language,
      text
    }))
  })

/** The `function_call_output` for a search that failed: the model is to say so, not to guess. */
export const failedToolOutput = (code: string): string =>
  JSON.stringify({ found: false, error: code, passages: [] })

/** Why a report was not taken, for the model's next turn and for whoever reads the call. */
export type ReportRefusal =
  /** Its arguments could not be read. */
  | 'bad_request'
  /** It came with a search: the answer is still to come. */
  | 'not_answered_yet'
  | 'reported_already'
  /** The turn that it belongs to is over. */
  | 'cancelled'

/** The `function_call_output` for a report. Nothing is to be said about it. */
export const reportOutput = (refusal: ReportRefusal | null): string =>
  JSON.stringify(refusal === null ? { received: true } : { received: false, error: refusal })
