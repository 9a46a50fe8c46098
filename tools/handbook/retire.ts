// Takes sections out of the handbook, all or none, with the golden questions asked before and after as for publishing.
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
 * The ids of the place's own sections of these names.
 * @throws CommandError where one of them is not there
 */
export const findSections = async (
  { client, place, name }: Project,
  slugs: readonly string[]
): Promise<string[]> => {
  const stored = await readStoredSections(client, place)
  const unknown = slugs.filter((slug) => !stored.has(slug))
  if (unknown.length > 0) {
    throw new CommandError(`${name} has no section ${unknown.join(', ')} of its own.`)
  }
  return slugs.flatMap((slug) => stored.get(slug)?.id ?? [])
}

/**
 * @param dryRun says what would happen and leaves everything as it is
 * @throws ProjectRequestError for anything but a lost golden question
 */
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

/** What became of it, in sentences. */
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
  const way = hasRegressions(golden)
    ? ['Whoever means it forgets the question first: golden list, golden forget ID.']
    : []
  return [...goldenCheckLines(golden), outcome, ...way]
}
