// Publishes drafts, all or none. A lost golden question refuses the whole change.
import { z } from 'zod'
import { CommandError } from '../../dev/run-command.ts'
import {
  type CheckedChange,
  goldenCheckLines,
  goldenCheckSchema,
  hasRegressions,
  readCheckedChange
} from './golden-question-check.ts'
import type { Project } from './project.ts'
import { callFunction } from './project-requests.ts'
import { readStoredSections } from './stored-sections.ts'

const resultSchema = z
  .object({ published: z.array(z.object({ slug: z.string() })), golden: goldenCheckSchema })
  .transform(({ published, golden }) => ({ slugs: published.map(({ slug }) => slug), golden }))

export type Published = Omit<CheckedChange, 'isDone'> & { isPublished: boolean }

/** @throws ProjectRequestError for any refusal except a lost golden question */
export const publishDrafts = async (
  { client }: Project,
  draftIds: readonly string[],
  { dryRun }: { dryRun: boolean }
): Promise<Published> => {
  const answer = await callFunction(client, 'publish_versions', {
    _version_ids: [...draftIds],
    _dry_run: dryRun
  })
  const { isDone, ...change } = readCheckedChange('Publishing', answer, resultSchema, { dryRun })
  return { isPublished: isDone, ...change }
}

/** The ids of the drafts of these sections; of all sections where `slugs` is empty. */
export const findDrafts = async (
  { client, scope }: Project,
  slugs: readonly string[]
): Promise<string[]> => {
  const stored = await readStoredSections(client, scope)
  const unknown = slugs.filter((slug) => (stored.get(slug)?.draft ?? null) === null)
  if (unknown.length > 0) throw new CommandError(`There is no draft of ${unknown.join(', ')}.`)
  const wanted = slugs.length === 0 ? [...stored.keys()] : slugs
  return wanted.flatMap((slug) => stored.get(slug)?.draft?.id ?? [])
}

export const publishedLines = (
  { isPublished, slugs, golden }: Published,
  { dryRun }: { dryRun: boolean }
): string[] => {
  const outcome = isPublished
    ? `Published ${slugs.length} sections.`
    : dryRun && !hasRegressions(golden)
      ? `Would publish ${slugs.length} sections.`
      : 'Nothing was published.'
  return [...goldenCheckLines(golden), outcome]
}
