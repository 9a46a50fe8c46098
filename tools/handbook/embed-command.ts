// `embed`: vectors for what has none, and a brand's change to another model. What is lacking is asked anew each time, so
// that a run that was ended goes on where it stopped and nothing is embedded twice.
import { z } from 'zod'
import { chunks } from '../../dev/chunks.ts'
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
  changeLine,
  type GoldenChange,
  goldenCheckSchema,
  regressionsFromError
} from './golden-question-check.ts'
import { printable } from './plain-text.ts'
import type { Project } from './project.ts'
import { callFunction, ProjectRequestError, unwrapResponse } from './project-requests.ts'

/** Vectors between two lines of progress. */
const VECTORS_PER_LINE = 128
/** Asked for at once, since looking for them means looking through the whole handbook; eight requests for vectors. */
const LACKING_AT_ONCE = 512
/** Deleted in one request: a second's work. */
const REMOVED_AT_ONCE = 10_000
/** What is published while the last vectors are made is lacking at the end; somebody who publishes without a pause waits. */
const MOST_PASSES = 5
const LACKING = 'HR410'
const EXIT_USAGE = 64

type Say = (line: string) => void

export type EmbedResult = { model: string; embedded: number }
export type ModelChangeResult = EmbedResult & {
  /** False where a golden question would have been lost. */
  isChanged: boolean
  removed: number
  golden: { total: number; kept: number } | null
  regressions: GoldenChange[]
}

/**
 * The name, if a brand can answer with that model.
 * @throws CommandError for any other
 */
export const parseEmbeddingModel = (model: string): string => {
  if (embeddingWidth(model) !== undefined) return model
  throw new CommandError(
    `"${model}" is none of the models with vectors of ${EMBEDDING_DIMENSIONS} numbers: ${EMBEDDING_MODELS.join(', ')}.`,
    EXIT_USAGE
  )
}

const lackingOf = async ({ client, scope }: Project, model: string) =>
  unwrapResponse(
    'Asking what has no vector',
    await callFunction(client, 'list_missing_embeddings', {
      _organisation_id: scope.organisationId,
      _group_id: scope.groupId,
      _model: model,
      _limit: LACKING_AT_ONCE
    }),
    textsToEmbedSchema
  )

const embedderOf = (project: Project, model: string): EmbedTexts => {
  const embed = project.embedWith?.(model)
  if (embed === undefined) throw new CommandError('Vectors need OPENAI_API_KEY.', EXIT_USAGE)
  return embed
}

/** Those of them that were written: what somebody else did meanwhile is not. */
const write = async (
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

/** Makes all that is lacking, a request at a time; each is written before the next is made. */
const fill = async (project: Project, model: string, say: Say): Promise<number> => {
  const embed = embedderOf(project, model)
  let embedded = 0
  let said = 0
  for (;;) {
    const page = await lackingOf(project, model)
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
      embedded += await write(project, model, batch, answer.vectors)
      left -= batch.length
      if (embedded - said >= VECTORS_PER_LINE || (left === 0 && said > 0)) {
        said = embedded
        say(`${embedded} vectors made, ${left} to go`)
      }
    }
  }
}

const removeSpare = async ({ client, scope }: Project): Promise<number> => {
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

/** For the model that answers: what was published without a key, or with the model before. */
export const embedMissingTexts = async (project: Project, say: Say): Promise<EmbedResult> => {
  const { embeddingModel: model, name } = project
  const embedded = await fill(project, model, say)
  say(
    embedded === 0
      ? `${name}: nothing lacks a vector of ${model}.`
      : `${name}: ${embedded} vectors of ${model} were made.`
  )
  return { model, embedded }
}

const finishedSchema = z.object({ model: z.string(), golden: goldenCheckSchema })

/**
 * Changes the brand to the model, or says by name which golden questions would be lost and leaves the old one answering.
 * @throws ProjectRequestError for anything else; what was made stays, and the same command goes on behind it
 */
export const changeEmbeddingModel = async (
  project: Project,
  model: string,
  say: Say
): Promise<ModelChangeResult> => {
  const { client, scope, name } = project
  if (model === project.embeddingModel) {
    // Ended behind the change, before its end.
    const embedded = await fill(project, model, say)
    const removed = await removeSpare(project)
    say(`${name} answers with ${model}.`)
    return { model, embedded, isChanged: true, removed, golden: null, regressions: [] }
  }
  // Before the project is told of a change that cannot be made here.
  embedderOf(project, model)
  const organisation = { _organisation_id: scope.organisationId }
  unwrapResponse(
    'Beginning the change',
    await callFunction(client, 'start_model_change', { ...organisation, _model: model }),
    z.unknown()
  )
  let embedded = 0
  for (let pass = 1; ; pass += 1) {
    embedded += await fill(project, model, say)
    const answer = await callFunction(client, 'finish_model_change', organisation)
    try {
      const { golden } = unwrapResponse('Changing the model', answer, finishedSchema)
      const { total, kept } = golden
      for (const line of golden.newlyFound) say(printable(`Found now:${changeLine(line)}`))
      say(`Golden questions: ${kept} of ${total} are kept.`)
      const removed = await removeSpare(project)
      say(`${name} answers with ${model} from now on; ${removed} old vectors were removed.`)
      return { model, embedded, isChanged: true, removed, golden: { total, kept }, regressions: [] }
    } catch (error) {
      const isLacking = error instanceof ProjectRequestError && error.code === LACKING
      if (isLacking && pass < MOST_PASSES) continue
      const { regressions } = regressionsFromError(error)
      say('Found until now, and not any more:')
      for (const line of regressions) say(printable(changeLine(line)))
      say(
        `${name} goes on answering with ${project.embeddingModel}. The vectors of ${model} are kept for the next try; --cancel removes them.`
      )
      return { model, embedded, isChanged: false, removed: 0, golden: null, regressions }
    }
  }
}

/** Ends a change, with the vectors that were made for it. */
export const cancelEmbeddingModelChange = async (project: Project, say: Say) => {
  const cancelled = unwrapResponse(
    'Ending the change',
    await callFunction(project.client, 'cancel_model_change', {
      _organisation_id: project.scope.organisationId
    }),
    z.string().nullable()
  )
  const removed = await removeSpare(project)
  say(
    cancelled === null
      ? `${project.name}: no change was under way.`
      : `${project.name} stays with ${project.embeddingModel}; ${removed} vectors of ${cancelled} were removed.`
  )
  return { cancelled, model: project.embeddingModel, removed }
}
