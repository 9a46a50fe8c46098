// What the handbook answers, as it travels from the edge function over the contract to the screen and
// into the model's tool output.
import { z } from 'zod'
import { languageSchema } from './language.ts'

export const SEARCH_TOOL_NAME = 'search_handbook'

export const REPORT_TOOL_NAME = 'report_answer'

/** Longest question or restatement, in characters, that is searched; the edge function refuses longer ones with 400. */
export const QUERY_LENGTH_LIMIT = 1_000

/** Sections that the model may name for one question; more would leave each too little of the passages' budget. */
export const MOST_NAMED_SECTIONS = 3
const SLUG_LENGTH_LIMIT = 200
export const slugSchema = z.string().min(1).max(SLUG_LENGTH_LIMIT)

/** What the model asks the handbook: its call to `search_handbook`, checked and cut to the limits above. */
export const handbookQuestionSchema = z.strictObject({
  /** The person's words as heard. */
  question: z.string().trim().min(1).max(QUERY_LENGTH_LIMIT),
  /** The same as one plain sentence in the conversation's language; absent when only the person's words are known. */
  restated: z.string().trim().min(1).max(QUERY_LENGTH_LIMIT).exactOptional(),
  /** Slugs from the table of contents that should answer it, best first; empty when no title fits. */
  sections: z.array(slugSchema).max(MOST_NAMED_SECTIONS)
})
export type HandbookQuestion = z.infer<typeof handbookQuestionSchema>

/** A place in the handbook that the screen can name and open. */
export const citationSchema = z.strictObject({
  slug: slugSchema,
  title: z.string().min(1),
  /** The language the section is quoted in, which may not be the asker's. */
  language: languageSchema,
  /** Heading path as a fragment, `storage/walk-in`; empty at the section's top. */
  anchor: z.string()
})
export type Citation = z.infer<typeof citationSchema>

export const passageSchema = citationSchema.extend({
  /** Heading path inside the section, outermost first, joined with " › "; empty at the section's top. */
  heading: z.string(),
  text: z.string().min(1),
  /** The section is about a topic (allergens, illness, injury, chemicals) that a manager always confirms. */
  needsManager: z.boolean()
})
export type Passage = z.infer<typeof passageSchema>

export const searchAnswerSchema = z.strictObject({
  /** False when no section was named and nothing is near: then `passages` is empty. */
  found: z.boolean(),
  /** At most six, best first, about 1,200 tokens together. */
  passages: z.array(passageSchema),
  /** At most three sections nearest to a question that was not found; empty when `found`. */
  nearest: z.array(citationSchema),
  /** How many of the sections that the model named are in this restaurant's handbook. */
  named: z.int().min(0),
  /**
   * `keyword` when the embedding could not be had and only words were searched; `offline` when it comes from
   * the copy on this machine.
   */
  method: z.enum(['hybrid', 'keyword', 'offline'])
})
export type SearchAnswer = z.infer<typeof searchAnswerSchema>

/** A whole section, for reading it on the screen. */
export const sectionTextSchema = z.strictObject({
  slug: slugSchema,
  title: z.string().min(1),
  /** The language it is given in, which is the other one where the section is not written in the one asked for. */
  language: languageSchema,
  /** Markdown. */
  text: z.string()
})
export type SectionText = z.infer<typeof sectionTextSchema>

/** The sections of some passages, best first, each once, at the place of their first passage. */
export const citationsOf = (passages: readonly Passage[]): Citation[] => {
  const bySlug = new Map<string, Citation>()
  for (const { slug, title, language, anchor } of passages) {
    if (!bySlug.has(slug)) bySlug.set(slug, { slug, title, language, anchor })
  }
  return [...bySlug.values()]
}

/** Sections that one answer may be reported from; the backend refuses more. An answer is two or three sentences. */
export const MOST_REPORTED_SECTIONS = 10
/** A sentence or table row is shorter; a longer quote is no quote. */
export const QUOTE_LENGTH_LIMIT = 1_000

/** What the model says of the answer that it has just given: its call to `report_answer`. */
export const reportSchema = z.strictObject({
  /** False: the passages do not say it, and the answer said so. */
  found: z.boolean(),
  /** What the answer rests on, most important first; empty when `found` is false. */
  sources: z
    .array(
      z.strictObject({
        section: slugSchema,
        /** The sentence or table row, word for word as in the passage. */
        quote: z.string().max(QUOTE_LENGTH_LIMIT)
      })
    )
    .max(MOST_REPORTED_SECTIONS)
})
export type AnswerReport = z.infer<typeof reportSchema>

/** What became of an answer, as the backend records it beside the question. */
export const reportedAnswerSchema = z.strictObject({
  /** The one that the question was searched under. */
  questionId: z.uuid(),
  /** `missing`: an answer was spoken and the model reported nothing. */
  outcome: z.enum(['answered', 'not_found', 'missing']),
  /** Slugs of the sections that it was taken from, the best first. */
  sections: z.array(slugSchema).max(MOST_REPORTED_SECTIONS),
  /** Quotes that stand in no passage that was given. */
  unverifiedQuotes: z.int().min(0).max(MOST_REPORTED_SECTIONS),
  /** Figures of the spoken answer that stand in no passage that was given. */
  unverifiedFigures: z.int().min(0).max(100)
})
export type ReportedAnswer = z.infer<typeof reportedAnswerSchema>

/** English whatever the conversation's language, as all that is said to the model around the passages. */
const UNNAMED_NOTE =
  'You named no section of this handbook: these passages are only the nearest. Answer only if they really say it, and say that it is not in the handbook if they do not.'
const MANAGER_NOTE = 'Also tell them to check with a manager.'

/**
 * The `function_call_output` string for a search: JSON, so that the model (and the local stand-in)
 * read the same fields whatever the passages contain.
 */
export const toolOutput = ({ found, passages, named }: SearchAnswer): string =>
  JSON.stringify({
    found,
    ...(found && named === 0 ? { note: UNNAMED_NOTE } : {}),
    passages: passages.map(({ slug, title, heading, language, text, needsManager }) => ({
      // What a report names it by.
      section: slug,
      title: heading === '' ? title : `${title} › ${heading}`,
      language,
      text,
      ...(needsManager ? { caution: MANAGER_NOTE } : {})
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
