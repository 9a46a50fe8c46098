// The questions, answers and reports of the handbook, as the edge function, the contract, the screen and the model's tools
// exchange them.
import { z } from 'zod'
import { languageSchema } from './language.ts'

export const SEARCH_TOOL_NAME = 'search_handbook'

export const REPORT_TOOL_NAME = 'report_answer'

/** In characters. The edge function refuses a longer question or restatement with 400. */
export const QUERY_LENGTH_LIMIT = 1_000

/** More sections would leave each too little of the passages' budget. */
export const MOST_NAMED_SECTIONS = 3
const SLUG_LENGTH_LIMIT = 200
export const slugSchema = z.string().min(1).max(SLUG_LENGTH_LIMIT)

/** The model's call to `search_handbook`. */
export const handbookQuestionSchema = z.strictObject({
  /** The transcript. */
  question: z.string().trim().min(1).max(QUERY_LENGTH_LIMIT),
  /** The question as one plain sentence in the conversation's language; absent for a transcript alone. */
  restated: z.string().trim().min(1).max(QUERY_LENGTH_LIMIT).exactOptional(),
  /** Slugs from the table of contents, best first; empty when no title fits. */
  sections: z.array(slugSchema).max(MOST_NAMED_SECTIONS)
})
export type HandbookQuestion = z.infer<typeof handbookQuestionSchema>

/** A place in the handbook that the screen can name and open. */
export const citationSchema = z.strictObject({
  slug: slugSchema,
  title: z.string().min(1),
  /** Language of the quote, which may not be the question's. */
  language: languageSchema,
  /** Heading path as a fragment, `storage/walk-in`; empty at the section's top. */
  anchor: z.string()
})
export type Citation = z.infer<typeof citationSchema>

export const passageSchema = citationSchema.extend({
  /** Heading path inside the section, outermost first, joined with " › "; empty at the section's top. */
  heading: z.string(),
  text: z.string().min(1),
  /** A caution topic (allergens, illness, injury, chemicals): a manager confirms the answer. */
  needsManager: z.boolean()
})
export type Passage = z.infer<typeof passageSchema>

export const searchAnswerSchema = z.strictObject({
  /** False when no section was named and no passage is near: then `passages` is empty. */
  found: z.boolean(),
  /** At most six, best first, about 1,200 tokens together. */
  passages: z.array(passageSchema),
  /** At most three sections; empty when `found`. */
  nearest: z.array(citationSchema),
  /** Number of the named sections that are in this restaurant's handbook. */
  named: z.int().min(0),
  /**
   * `keyword`: without an embedding, by words only. `offline`: from the offline copy.
   */
  method: z.enum(['hybrid', 'keyword', 'offline'])
})
export type SearchAnswer = z.infer<typeof searchAnswerSchema>

/** A whole section, for reading it on the screen. */
export const sectionTextSchema = z.strictObject({
  slug: slugSchema,
  title: z.string().min(1),
  /** The other language where the section has no text in the requested one. */
  language: languageSchema,
  /** Markdown. */
  text: z.string()
})
export type SectionText = z.infer<typeof sectionTextSchema>

/** The sections of the passages, each once, at the place of their first passage. */
export const citationsOf = (passages: readonly Passage[]): Citation[] => {
  const bySlug = new Map<string, Citation>()
  for (const { slug, title, language, anchor } of passages) {
    if (!bySlug.has(slug)) bySlug.set(slug, { slug, title, language, anchor })
  }
  return [...bySlug.values()]
}

/** The backend refuses more. An answer is two or three sentences. */
export const MOST_REPORTED_SECTIONS = 10
/** A sentence or a table row is shorter. */
export const QUOTE_LENGTH_LIMIT = 1_000

/** The model's call to `report_answer`, after its answer. */
export const reportSchema = z.strictObject({
  /** False: the passages do not contain the answer. */
  found: z.boolean(),
  /** Most important first; empty when `found` is false. */
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

/** The outcome of an answer, which the backend records with the question. */
export const reportedAnswerSchema = z.strictObject({
  /** Id of the search. */
  questionId: z.uuid(),
  /** `missing`: the model spoke an answer without a report. */
  outcome: z.enum(['answered', 'not_found', 'missing']),
  /** Slugs of the sources, best first. */
  sections: z.array(slugSchema).max(MOST_REPORTED_SECTIONS),
  /** Quotes that are in no passage. */
  unverifiedQuotes: z.int().min(0).max(MOST_REPORTED_SECTIONS),
  /** Figures of the spoken answer that are in no passage. */
  unverifiedFigures: z.int().min(0).max(100)
})
export type ReportedAnswer = z.infer<typeof reportedAnswerSchema>

/** In English for every conversation, as all text for the model around the passages. */
const UNNAMED_NOTE =
  'You named no section of this handbook: these passages are only the nearest. Answer only if they really say it, and say that it is not in the handbook if they do not.'
const MANAGER_NOTE = 'Also tell them to check with a manager.'

const givenPassage = ({ slug, title, heading, language, text, needsManager }: Passage) => ({
  // The name in a report.
  section: slug,
  title: heading === '' ? title : `${title} › ${heading}`,
  language,
  text,
  ...(needsManager ? { caution: MANAGER_NOTE } : {})
})

/** The `function_call_output` of a search. JSON keeps the fields apart from the text of the passages. */
export const toolOutput = ({ found, passages, named }: SearchAnswer): string =>
  JSON.stringify({
    found,
    ...(found && named === 0 ? { note: UNNAMED_NOTE } : {}),
    passages: passages.map(givenPassage)
  })

/** Begins the item that holds passages which were searched for before the model asked. */
export const PASSAGES_MARK = 'handbook_passages'

const EARLY_NOTE =
  'The kiosk sent this, not the person. These passages were found for the words just heard. If they answer the question, answer from them now. If they do not, call search_handbook.'

/** The text of that item: data, not words of the person. */
export const passagesItem = ({ passages }: SearchAnswer): string =>
  `${PASSAGES_MARK}: ${JSON.stringify({ note: EARLY_NOTE, found: true, passages: passages.map(givenPassage) })}`

/** The `function_call_output` of a failed search, so that the model does not guess. */
export const failedToolOutput = (code: string): string =>
  JSON.stringify({ found: false, error: code, passages: [] })

export type ReportRefusal =
  | 'bad_request'
  /** The report came with a search, before the answer. */
  | 'not_answered_yet'
  | 'reported_already'
  /** Its turn has ended. */
  | 'cancelled'

/** The `function_call_output` of a report. The model does not speak about it. */
export const reportOutput = (refusal: ReportRefusal | null): string =>
  JSON.stringify(refusal === null ? { received: true } : { received: false, error: refusal })
