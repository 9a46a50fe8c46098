// The search of before search_handbook, kept while both are there to compare.
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { languageSchema } from '../../../src/shared/language.ts'
import { type Answer, DEPTH, type Search } from '../answer.ts'
import type { HandbookDatabase } from '../handbook-database.ts'
import type { EvaluationQuestion } from '../question-set.ts'

const rowSchema = z.object({
  slug: z.string(),
  language: languageSchema,
  context: z.string(),
  found: z.boolean()
})

export const earlierSearch = (
  { database, askers, embed }: HandbookDatabase,
  vectors: ReadonlyMap<string, number[]> | null
): Search => ({
  name: vectors === null ? 'earlier by words' : 'earlier',
  about: 'public.hybrid_search_manual',
  ask: async (question: EvaluationQuestion): Promise<Answer> => {
    const asker = askers.get(question.group)
    if (asker === undefined) throw new Error(`Nobody can ask ${question.group}.`)
    const vector = vectors?.get(question.text)
    const rows = z
      .array(rowSchema)
      .parse(
        await database.transaction(
          async (sql) =>
            (
              await sql.query(
                'select * from public.hybrid_search_manual($1, $2, $3, $4, $5, $6, $7)',
                [
                  asker.groupId,
                  randomUUID(),
                  question.text,
                  question.language,
                  vector === undefined ? null : JSON.stringify(vector),
                  embed.model,
                  DEPTH
                ]
              )
            ).rows,
          asker.viewer
        )
      )
    return {
      decision: rows.some(({ found }) => found) ? 'answer' : 'not_found',
      passages: rows.map(({ slug, language, context }) => ({
        group: question.group,
        slug,
        language,
        text: context,
        anchor: null
      })),
      given: rows.filter((row, place) => row.found && place < 3).length
    }
  }
})
