// handbook: does over HTTP what `npm run handbook` does, for a page that comes later. One POST per operation, as the
// caller; the database decides about rights.
import type { Backend, Caller } from '../_shared/backend.ts'
import { EMBEDDING_MODELS } from '../_shared/embedding.ts'
import { createEndpoint, type Outcome } from '../_shared/endpoint.ts'
import type { Log, LogFields } from '../_shared/log.ts'
import type { RateLimit } from '../_shared/rate-limit.ts'
import type { HandbookBackend, Result } from './backend.ts'
import { embedMissing } from './embed-missing.ts'
import { type Operation, type OperationOf, operationSchema } from './operations.ts'
import { type DraftTools, draft } from './save-draft.ts'

/** Two languages of the longest section, each character an escape or four bytes. */
export const DRAFT_LIMIT_BYTES = 3 * 1_024 * 1_024

export type HandbookDependencies = {
  verify: Backend['verify']
  backend: HandbookBackend
  embedTexts: DraftTools['embedTexts']
  embeddingModel: string
  rateLimit: RateLimit
  allowedOrigins: readonly string[]
  log: Log
}

const outcomeOf = <T>(
  result: Result<T>,
  bodyOf: (value: T) => object,
  logOf: (value: T) => LogFields = () => ({})
): Outcome =>
  result.ok
    ? { ok: true, body: bodyOf(result.value), log: logOf(result.value) }
    : { ok: false, refusal: result.refusal }

const done = (result: Result<null>): Outcome => outcomeOf(result, () => ({ done: true }))

export const createHandler = ({
  verify,
  backend,
  embedTexts,
  embeddingModel,
  ...around
}: HandbookDependencies) => {
  const models = async (
    caller: Caller,
    { organisationId, groupId }: OperationOf<'models'>
  ): Promise<Outcome> => {
    const read = await backend.embeddingModels(caller, organisationId)
    if (read === null) return { ok: false, refusal: { code: 'not_a_member' } }
    const { answering, next } = read
    const place = { organisationId, groupId }
    return outcomeOf(
      await backend.lackingTexts(caller, place, next ?? answering, 1),
      ([first]) => ({ answering, next, lacking: first?.lacking ?? 0, known: EMBEDDING_MODELS })
    )
  }

  const carryOut = async (caller: Caller, operation: Operation): Promise<Outcome> => {
    switch (operation.operation) {
      case 'draft':
        return draft({ backend, embedTexts, embeddingModel }, caller, operation)
      case 'publish': {
        const { versionIds, dryRun } = operation
        return outcomeOf(
          await backend.publish(caller, versionIds, dryRun),
          (value) => ({ ...value, dryRun }),
          ({ published, golden }) => ({
            dryRun,
            published: published.length,
            golden: golden.total,
            regressions: golden.regressions.length
          })
        )
      }
      case 'retire': {
        const { sectionIds, dryRun } = operation
        return outcomeOf(
          await backend.retire(caller, sectionIds, dryRun),
          (value) => ({ ...value, dryRun }),
          ({ retired, golden }) => ({
            dryRun,
            retired: retired.length,
            golden: golden.total,
            regressions: golden.regressions.length
          })
        )
      }
      case 'sections': {
        const { limit } = operation
        return outcomeOf(
          await backend.sections(caller, operation),
          (sections) => ({
            sections,
            /** Null: this was the last page. */
            next: sections.length < limit ? null : (sections.at(-1)?.slug ?? null)
          }),
          (sections) => ({ sections: sections.length })
        )
      }
      case 'gaps':
        return outcomeOf(
          await backend.gaps(caller, operation),
          (gaps) => ({ gaps }),
          (gaps) => ({ gaps: gaps.length })
        )
      case 'resolve_gap':
        return done(await backend.resolveGap(caller, operation))
      case 'run_golden':
        return outcomeOf(
          await backend.runGolden(caller, operation),
          (questions) => ({
            questions,
            kept: questions.filter(({ isKept }) => isKept).length,
            total: questions.length
          }),
          (questions) => ({ golden: questions.length })
        )
      case 'save_golden': {
        const model =
          (await backend.embeddingModels(caller, operation.organisationId))?.answering ??
          embeddingModel
        const embedded = await embedTexts?.([operation.question], model)
        const vector = embedded?.ok === true ? (embedded.vectors[0] ?? null) : null
        const saved = await backend.saveGolden(
          caller,
          operation,
          vector === null ? null : { vector, model }
        )
        return outcomeOf(saved, (goldenId) => ({ goldenId, hasVector: vector !== null }))
      }
      case 'delete_golden':
        return done(await backend.deleteGolden(caller, operation.goldenId))
      case 'retention': {
        const days = await backend.retentionDays(caller, operation.organisationId)
        return days === null
          ? { ok: false, refusal: { code: 'not_a_member' } }
          : { ok: true, body: { days }, log: { days } }
      }
      case 'set_retention': {
        const { organisationId, days } = operation
        return outcomeOf(
          await backend.setRetentionDays(caller, organisationId, days),
          () => ({ days }),
          () => ({ days })
        )
      }
      case 'caution_topics': {
        const topics = await backend.cautionTopics(caller, operation.organisationId)
        return topics === null
          ? { ok: false, refusal: { code: 'not_a_member' } }
          : { ok: true, body: { topics }, log: { topics: topics.length } }
      }
      case 'set_caution_topics': {
        const topics = [...new Set(operation.topics)]
        return outcomeOf(
          await backend.setCautionTopics(caller, operation.organisationId, topics),
          () => ({ topics }),
          () => ({ topics: topics.length })
        )
      }
      case 'models':
        return models(caller, operation)
      case 'embed':
        return embedMissing({ backend, embedTexts }, caller, operation)
      case 'start_model_change': {
        const { organisationId, model } = operation
        // Without a key no vector of the change could be made.
        return embedTexts === undefined
          ? {
              ok: false,
              refusal: { code: 'bad_request', problem: 'the project has no OpenAI key' }
            }
          : done(await backend.startModelChange(caller, organisationId, model))
      }
      case 'finish_model_change':
        return outcomeOf(
          await backend.finishModelChange(caller, operation.organisationId),
          (value) => value,
          ({ model, golden }) => ({ embeddingModel: model, golden: golden.total })
        )
      case 'cancel_model_change':
        return outcomeOf(
          await backend.cancelModelChange(caller, operation.organisationId),
          (cancelled) => ({ cancelled })
        )
      case 'delete_unused_vectors':
        return outcomeOf(
          await backend.removeSpareVectors(caller, operation.organisationId),
          (removed) => ({ removed }),
          (removed) => ({ removed })
        )
      default: {
        const unknown: never = operation
        throw new Error(`Unknown operation: ${JSON.stringify(unknown)}`)
      }
    }
  }

  return createEndpoint<Operation>({
    name: 'handbook',
    backend: { verify },
    ...around,
    bodySchema: operationSchema,
    bodyLimitBytes: DRAFT_LIMIT_BYTES,
    work: async (caller, operation) => {
      const outcome = await carryOut(caller, operation)
      return { ...outcome, log: { operation: operation.operation, ...outcome.log } }
    }
  })
}
