// Retires sections, all or none. A lost golden question refuses the whole change.
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
  .object({ retired: z.array(z.object({ slug: z.string() })), golden: goldenCheckSchema })
  .transform(({ retired, golden }) => ({ slugs: retired.map(({ slug }) => slug), golden }))

export type Retired = Omit<CheckedChange, 'isDone'> & { isRetired: boolean }

/**
 * The ids of the scope's own sections.
 * @throws CommandError for an unknown section
 */
export const findSections = async (
  { client, scope, name }: Project,
  slugs: readonly string[]
): Promise<string[]> => {
  const stored = await readStoredSections(client, scope)
  const unknown = slugs.filter((slug) => !stored.has(slug))
  if (unknown.length > 0) {
    throw new CommandError(`${name} has no section ${unknown.join(', ')} of its own.`)
  }
  return slugs.flatMap((slug) => stored.get(slug)?.id ?? [])
}

/** @throws ProjectRequestError for any refusal except a lost golden question */
export const retireSections = async (
  { client }: Project,
  sectionIds: readonly string[],
  { dryRun }: { dryRun: boolean }
): Promise<Retired> => {
  const answer = await callFunction(client, 'retire_sections', {
    _section_ids: [...sectionIds],
    _dry_run: dryRun
  })
  const { isDone, ...change } = readCheckedChange('Retiring', answer, resultSchema, { dryRun })
  return { isRetired: isDone, ...change }
}

export const retiredLines = (
  { isRetired, slugs, golden }: Retired,
  { dryRun }: { dryRun: boolean }
): string[] => {
  const names = slugs.join(', ')
  const outcome = isRetired
    ? `Taken out: ${names}.`
    : dryRun && !hasRegressions(golden)
      ? `Would take out: ${names}. --yes does it.`
      : 'Nothing was taken out.'
  const advice = hasRegressions(golden)
    ? ['To retire them all the same, forget the question first: golden forget ID.']
    : []
  return [...goldenCheckLines(golden), outcome, ...advice]
}
