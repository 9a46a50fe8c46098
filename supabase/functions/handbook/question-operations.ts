// Carries out the operations on questions: gaps and golden questions.
import { z } from 'zod'
import { scopeArguments, vectorText } from './database.ts'
import { done, NOT_A_MEMBER, type OperationTable, outcomeOf } from './operation-table.ts'
import { gapsSchema, goldenSchema } from './row-schemas.ts'

export const QUESTION_OPERATIONS: OperationTable<
  'gaps' | 'resolve_gap' | 'run_golden' | 'save_golden' | 'delete_golden' | 'set_golden_aside'
> = {
  gaps: async ({ database }, { days, status, ...scope }) =>
    outcomeOf(
      await database.call(
        'list_gaps',
        { ...scopeArguments(scope), _days: days, _status: status },
        gapsSchema
      ),
      (gaps) => ({ gaps }),
      (gaps) => ({ gaps: gaps.length })
    ),

  resolve_gap: async ({ database }, { gapId, status, sectionId }) =>
    done(
      await database.call(
        'resolve_gap',
        { _gap_id: gapId, _status: status, _section_id: sectionId },
        z.unknown()
      )
    ),

  run_golden: async ({ database }, scope) =>
    outcomeOf(
      await database.call('run_golden', scopeArguments(scope), goldenSchema),
      (questions) => {
        const asked = questions.filter(({ setAsideAt }) => setAsideAt === null)
        const kept = asked.filter(({ isKept }) => isKept).length
        return { questions, kept, total: asked.length }
      },
      (questions) => ({ golden: questions.length })
    ),

  save_golden: async (
    { database, embedTexts },
    { question, questionLanguage, sectionSlug, mustSay, ...scope }
  ) => {
    // The database checks the rights and the question before its vector is paid for.
    const saved = await database.call(
      'save_golden',
      {
        ...scopeArguments(scope),
        _language: questionLanguage,
        _question: question,
        _section_slug: sectionSlug,
        _must_say: mustSay
      },
      z.uuid()
    )
    if (!saved.ok) return saved
    const goldenId = saved.value
    const model = (await database.brand(scope.organisationId))?.embeddingModel
    if (model === undefined) return NOT_A_MEMBER
    const embedded = await embedTexts?.([question], model)
    const vector = embedded?.ok === true ? vectorText(embedded.vectors[0]) : null
    if (vector === null) return { ok: true, body: { goldenId, hasVector: false }, log: {} }
    return outcomeOf(
      await database.call(
        'add_embeddings',
        {
          ...scopeArguments(scope),
          _model: model,
          _vectors: [{ golden_id: goldenId, embedding: vector }]
        },
        z.int()
      ),
      () => ({ goldenId, hasVector: true })
    )
  },

  delete_golden: async ({ database }, { goldenId }) =>
    done(await database.call('delete_golden', { _golden_id: goldenId }, z.unknown())),

  set_golden_aside: async ({ database }, { goldenId, reason }) =>
    done(
      await database.call(
        'set_golden_aside',
        { _golden_id: goldenId, _reason: reason },
        z.unknown()
      )
    )
}
