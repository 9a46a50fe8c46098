// Texts that have no vector of a model yet, as the database lists them (`list_missing_embeddings`), and what is embedded of
// each.
import { z } from 'zod'
import { embeddingInput } from './passages.ts'

const lackingTextSchema = z.object({
  /** Of a passage; null for a golden question. */
  passage_id: z.uuid().nullable(),
  golden_id: z.uuid().nullable(),
  title: z.string().nullable(),
  heading: z.string().nullable(),
  content: z.string(),
  /** How many there are in all, on every row. */
  lacking: z.int()
})
export const textsToEmbedSchema = z.array(lackingTextSchema)
export type TextToEmbed = z.output<typeof lackingTextSchema>

/** A passage with its place in front, as a draft embeds it; a question as it is asked. */
export const embeddingText = ({
  golden_id: golden,
  title,
  heading,
  content
}: TextToEmbed): string =>
  golden === null ? embeddingInput(title ?? '', { heading: heading ?? '', text: content }) : content
