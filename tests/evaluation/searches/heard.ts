// Heard's own search: the function that a kiosk's question reaches, as a member of the restaurant, in one statement.
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { languageSchema } from '../../../src/shared/language.ts'
import { type Answer, DEPTH, type Search } from '../answer.ts'
import type { HandbookDatabase } from '../handbook-database.ts'
import type { EvaluationQuestion } from '../question-set.ts'
import { HEARD } from '../rows.ts'
import { groupOfSection } from './sections.ts'

/** As realtime-search asks for. */
const PASSAGE_LIMIT = 3

const rowSchema = z.object({
  section_id: z.uuid(),
  slug: z.string(),
  language: languageSchema,
  anchor: z.string(),
  context: z.string(),
  found: z.boolean(),
  decision: z.enum(['answer', 'maybe', 'not_found']),
  cosine: z.number().nullable(),
  evidence: z.number(),
  answer_evidence: z.number()
})

/**
 * The rows as the database answers them, asked as a member of the question's restaurant.
 * @param vectors by the question's text; null: as when the embedding could not be had in time
 */
export const searchRows = async (
  { database, askers, embed }: HandbookDatabase,
  question: Pick<EvaluationQuestion, 'group' | 'language' | 'text'>,
  vectors: ReadonlyMap<string, number[]> | null
): Promise<z.output<typeof rowSchema>[]> => {
  const asker = askers.get(question.group)
  if (asker === undefined) throw new Error(`Nobody can ask ${question.group}.`)
  const vector = vectors?.get(question.text)
  return z
    .array(rowSchema)
    .parse(
      await database.transaction(
        async (sql) =>
          (
            await sql.query('select * from public.search_handbook($1, $2, $3, $4, $5, $6, $7)', [
              asker.groupId,
              randomUUID(),
              question.text,
              question.language,
              vector === undefined ? null : JSON.stringify(vector),
              embed.model,
              DEPTH
            ])
          ).rows,
        asker.viewer
      )
    )
}

/** @param vectors as for {@link searchRows} */
export const heardSearch = async (
  prepared: HandbookDatabase,
  vectors: ReadonlyMap<string, number[]> | null
): Promise<Search> => {
  const groups = await groupOfSection(prepared.database)
  const ask = async (question: EvaluationQuestion): Promise<Answer> => {
    const rows = await searchRows(prepared, question, vectors)
    return {
      decision: rows[0]?.decision ?? 'not_found',
      passages: rows.map(({ section_id: id, slug, language, context, anchor }) => ({
        group: groups.get(id) ?? '',
        slug,
        language,
        text: context,
        anchor
      })),
      // As the function gives them to the model.
      given: rows.slice(0, PASSAGE_LIMIT).filter(({ found }) => found).length
    }
  }
  return vectors === null
    ? { name: 'heard by words', about: 'the same without an embedding of the question', ask }
    : { name: HEARD, about: 'public.search_handbook', ask }
}
