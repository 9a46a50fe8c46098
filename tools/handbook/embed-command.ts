// Runs `embed`: makes missing vectors and changes a brand's embedding model. It asks the project for missing vectors
// before each step, so a stopped run goes on where it stopped.

import { z } from 'zod'
import { chunks } from '../../dev/chunks.ts'
import { EXIT_USAGE } from '../../dev/option-values.ts'
import { CommandError } from '../../dev/run-command.ts'
import type { EmbedTexts } from '../../dev/supabase/seed-embeddings.ts'
import {
  EMBEDDING_BATCH,
  EMBEDDING_DIMENSIONS,
  EMBEDDING_MODELS,
  embeddingWidth
} from '../../supabase/functions/_shared/embedding.ts'
import {
  embeddingText,
  type TextToEmbed,
  textsToEmbedSchema
} from '../../supabase/functions/_shared/texts-to-embed.ts'
import {
  type GoldenChange,
  goldenCheckLines,
  goldenCheckSchema,
  regressionsFromError
} from './golden-question-check.ts'
import { printable } from './plain-text.ts'
import type { Project } from './project.ts'
import { callFunction, ProjectRequestError, unwrapResponse } from './project-requests.ts'

const VECTORS_PER_LINE = 128
/** The project searches the whole handbook for each page. */
const PAGE_TEXTS = 512
/** About one second of work in the database. */
const REMOVED_AT_ONCE = 10_000
/** Texts that are published during a pass need another pass. */
const MOST_PASSES = 5
const LACKING = 'HR410'
type Say = (line: string) => void

type EmbedResult = { model: string; embedded: number }
type ModelChangeResult = EmbedResult & {
  /** False where a golden question would be lost. */
  isChanged: boolean
  removed: number
  golden: { total: number; kept: number } | null
  regressions: GoldenChange[]
}

/** @throws CommandError for a model that a brand cannot answer with */
export const parseEmbeddingModel = (model: string): string => {
  if (embeddingWidth(model) !== undefined) return model
  throw new CommandError(
    `"${model}" is none of the models with vectors of ${EMBEDDING_DIMENSIONS} numbers: ${EMBEDDING_MODELS.join(', ')}.`,
    EXIT_USAGE
  )
}

const missingTexts = async ({ client, scope }: Project, model: string) =>
  unwrapResponse(
    'Asking what has no vector',
    await callFunction(client, 'list_missing_embeddings', {
      _organisation_id: scope.organisationId,
      _group_id: scope.groupId,
      _model: model,
      _limit: PAGE_TEXTS
    }),
    textsToEmbedSchema
  )

const embedderOf = (project: Project, model: string): EmbedTexts => {
  const embed = project.embedWith?.(model)
  if (embed === undefined) throw new CommandError('Vectors need OPENAI_API_KEY.', EXIT_USAGE)
  return embed
}

/** The number of vectors that were written. Those that another run has written are skipped. */
const writeVectors = async (
  { client, scope }: Project,
  model: string,
  lacking: readonly TextToEmbed[],
  vectors: readonly (readonly number[])[]
): Promise<number> =>
  unwrapResponse(
    'Writing vectors',
    await callFunction(client, 'add_embeddings', {
      _organisation_id: scope.organisationId,
      _group_id: scope.groupId,
      _model: model,
      _vectors: lacking.map(({ passage_id, golden_id }, at) => ({
        passage_id,
        golden_id,
        // pgvector reads its text form.
        embedding: JSON.stringify(vectors[at])
      }))
    }),
    z.int()
  )

/** Makes and writes all missing vectors of the model, batch by batch. */
const embedAll = async (project: Project, model: string, say: Say): Promise<number> => {
  const embed = embedderOf(project, model)
  let embedded = 0
  let reported = 0
  for (;;) {
    const page = await missingTexts(project, model)
    const [first] = page
    if (first === undefined) return embedded
    if (embedded === 0) say(`${first.lacking} texts have no vector of ${model}.`)
    let left = first.lacking
    for (const batch of chunks(page, EMBEDDING_BATCH)) {
      const answer = await embed.embed(batch.map(embeddingText))
      if (!answer.ok) {
        throw new CommandError(
          `${answer.message}; ${embedded} vectors were made, and the same command goes on behind them.`
        )
      }
      embedded += await writeVectors(project, model, batch, answer.vectors)
      left -= batch.length
      if (embedded - reported >= VECTORS_PER_LINE || (left === 0 && reported > 0)) {
        reported = embedded
        say(`${embedded} vectors made, ${left} to go`)
      }
    }
  }
}

const removeUnused = async ({ client, scope }: Project): Promise<number> => {
  let removed = 0
  for (;;) {
    const more = unwrapResponse(
      'Removing vectors that nothing answers with',
      await callFunction(client, 'delete_unused_embeddings', {
        _organisation_id: scope.organisationId,
        _at_most: REMOVED_AT_ONCE
      }),
      z.int()
    )
    if (more === 0) return removed
    removed += more
  }
}

/** For the model that the brand answers with. */
export const embedMissingTexts = async (project: Project, say: Say): Promise<EmbedResult> => {
  const { embeddingModel: model, name } = project
  const embedded = await embedAll(project, model, say)
  say(
    embedded === 0
      ? `${name}: nothing lacks a vector of ${model}.`
      : `${name}: ${embedded} vectors of ${model} were made.`
  )
  return { model, embedded }
}

const finishedSchema = z.object({ model: z.string(), golden: goldenCheckSchema })

/**
 * Changes the brand's model. If a golden question would be lost, the old model stays and the questions are named.
 * @throws ProjectRequestError for any other refusal; the vectors stay for the next run
 */
export const changeEmbeddingModel = async (
  project: Project,
  model: string,
  say: Say
): Promise<ModelChangeResult> => {
  const { client, scope, name } = project
  if (model === project.embeddingModel) {
    // An earlier run stopped between the change and the removal.
    const embedded = await embedAll(project, model, say)
    const removed = await removeUnused(project)
    say(`${name} answers with ${model}.`)
    return { model, embedded, isChanged: true, removed, golden: null, regressions: [] }
  }
  // Fails early without a key.
  embedderOf(project, model)
  const organisation = { _organisation_id: scope.organisationId }
  unwrapResponse(
    'Beginning the change',
    await callFunction(client, 'start_model_change', { ...organisation, _model: model }),
    z.unknown()
  )
  let embedded = 0
  for (let pass = 1; ; pass += 1) {
    embedded += await embedAll(project, model, say)
    const answer = await callFunction(client, 'finish_model_change', organisation)
    try {
      const { golden } = unwrapResponse('Changing the model', answer, finishedSchema)
      const { total, kept } = golden
      for (const line of goldenCheckLines(golden)) say(printable(line))
      const removed = await removeUnused(project)
      say(`${name} answers with ${model} from now on; ${removed} old vectors were removed.`)
      return { model, embedded, isChanged: true, removed, golden: { total, kept }, regressions: [] }
    } catch (error) {
      const isLacking = error instanceof ProjectRequestError && error.code === LACKING
      if (isLacking && pass < MOST_PASSES) continue
      const lost = regressionsFromError(error)
      for (const line of goldenCheckLines(lost)) say(printable(line))
      say(
        `${name} goes on answering with ${project.embeddingModel}. The vectors of ${model} are kept for the next try; --cancel removes them.`
      )
      return {
        model,
        embedded,
        isChanged: false,
        removed: 0,
        golden: null,
        regressions: lost.regressions
      }
    }
  }
}

/** Cancels a change and removes its vectors. */
export const cancelEmbeddingModelChange = async (project: Project, say: Say) => {
  const cancelled = unwrapResponse(
    'Ending the change',
    await callFunction(project.client, 'cancel_model_change', {
      _organisation_id: project.scope.organisationId
    }),
    z.string().nullable()
  )
  const removed = await removeUnused(project)
  say(
    cancelled === null
      ? `${project.name}: no change was under way.`
      : `${project.name} stays with ${project.embeddingModel}; ${removed} vectors of ${cancelled} were removed.`
  )
  return { cancelled, model: project.embeddingModel, removed }
}
