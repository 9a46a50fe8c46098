// Reads the texts without a vector of a model (`list_missing_embeddings`).
import { z } from 'zod'
import { embeddingInput } from './passages.ts'

const lackingTextSchema = z.object({
  /** Null for a golden question. */
  passage_id: z.uuid().nullable(),
  golden_id: z.uuid().nullable(),
  title: z.string().nullable(),
  heading: z.string().nullable(),
  content: z.string(),
  /** The count of all such texts, on every row. */
  lacking: z.int()
})
export const textsToEmbedSchema = z.array(lackingTextSchema)
export type TextToEmbed = z.output<typeof lackingTextSchema>

/** The text to embed: a passage with its place in front, a question as it is. */
export const embeddingText = ({
  golden_id: golden,
  title,
  heading,
  content
}: TextToEmbed): string =>
  golden === null ? embeddingInput(title ?? '', { heading: heading ?? '', text: content }) : content
