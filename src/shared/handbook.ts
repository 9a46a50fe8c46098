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
  language: languageSchema
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
  method: z.enum(['hybrid', 'keyword', 'offline'])
})
export type SearchAnswer = z.infer<typeof searchAnswerSchema>

/**
 * The `function_call_output` string for a search: JSON, so that the model (and the local stand-in)
 * read the same fields whatever the passages contain.
 */
export const toolOutput = (answer: SearchAnswer): string =>
  JSON.stringify({
    found: answer.found,
    passages: answer.passages.map(({ title, heading, language, text }) => ({
      section: heading === '' ? title : `${title} › ${heading}`,
      language,
      text
    }))
  })

/** The `function_call_output` for a search that failed: the model is to say so, not to guess. */
export const failedToolOutput = (code: string): string =>
  JSON.stringify({ found: false, error: code, passages: [] })
