// Publishes drafts, all or none: the golden questions are asked before and after, and one that would be lost keeps
// everything as it was.
import { z } from 'zod'
import { PlainError } from '../progress.ts'
import { outcomeInWords } from './golden.ts'
import type { Project } from './project.ts'
import { answerOf, callFunction, ProjectRefused } from './project-answers.ts'
import { readStoredSections } from './stored-sections.ts'

const goldenRow = z.object({
  question: z.string(),
  language: z.string(),
  /** Null: nothing is to be found. */
  expected: z.string().nullable(),
  got: z.string().nullable(),
  /** What the section was found without, of what it must say. */
  missing: z.array(z.string()),
  /** The restaurant that sees it so; null for all that have nothing of their own. */
  group: z.string().nullish()
})
export type GoldenChange = z.output<typeof goldenRow>

export const goldenSchema = z.object({
  total: z.int(),
  kept: z.int(),
  newly_found: z.array(goldenRow),
  regressions: z.array(goldenRow)
})
const resultSchema = z.object({
  published: z.array(z.object({ version_id: z.uuid(), slug: z.string(), number: z.int() })),
  golden: goldenSchema
})

export type Published = {
  /** False for a dry run, and where a golden question would have been lost. */
  isPublished: boolean
  slugs: string[]
  golden: {
    /** Null where the project said no more than what would be lost. */
    total: number | null
    kept: number | null
    newlyFound: GoldenChange[]
    regressions: GoldenChange[]
  }
}

export const REGRESSION = 'HR409'

/** The questions that a refusal names. */
export const regressionsIn = (detail: string): GoldenChange[] => {
  try {
    return z.array(goldenRow).parse(JSON.parse(detail))
  } catch {
    // The refusal stands, whatever became of its list.
    return []
  }
}

/**
 * @param dryRun says what would happen and leaves everything as it is
 * @throws ProjectRefused for anything but a lost golden question
 */
export const publishDrafts = async (
  { client }: Project,
  draftIds: readonly string[],
  { dryRun }: { dryRun: boolean }
): Promise<Published> => {
  const answer = await callFunction(client, 'publish_versions', {
    _version_ids: [...draftIds],
    _dry_run: dryRun
  })
  try {
    const { published, golden } = answerOf('Publishing', answer, resultSchema)
    return {
      isPublished: !dryRun,
      slugs: published.map(({ slug }) => slug),
      golden: {
        total: golden.total,
        kept: golden.kept,
        newlyFound: golden.newly_found,
        regressions: golden.regressions
      }
    }
  } catch (error) {
    if (!(error instanceof ProjectRefused && error.code === REGRESSION)) throw error
    const regressions = regressionsIn(error.detail)
    return {
      isPublished: false,
      slugs: [],
      golden: { total: null, kept: null, newlyFound: [], regressions }
    }
  }
}

/** The place's drafts, or those of these sections. */
export const findDrafts = async (
  { client, place }: Project,
  slugs: readonly string[]
): Promise<string[]> => {
  const stored = await readStoredSections(client, place)
  const unknown = slugs.filter((slug) => (stored.get(slug)?.draft ?? null) === null)
  if (unknown.length > 0) throw new PlainError(`There is no draft of ${unknown.join(', ')}.`)
  const wanted = slugs.length === 0 ? [...stored.keys()] : slugs
  return wanted.flatMap((slug) => stored.get(slug)?.draft?.id ?? [])
}

export const changeLine = (change: GoldenChange): string => {
  const { question, language, group } = change
  const where = group === null || group === undefined ? '' : ` (as ${group} asks it)`
  return `  ${language}  ${question}${where}: ${outcomeInWords(change)}`
}

/** What became of it, in sentences. */
export const publishedLines = (
  { isPublished, slugs, golden }: Published,
  { dryRun }: { dryRun: boolean }
): string[] => {
  const isLost = golden.regressions.length > 0
  const counted =
    golden.total === null ? [] : [`Golden questions: ${golden.kept} of ${golden.total} are kept.`]
  const outcome = isPublished
    ? `Published ${slugs.length} sections.`
    : dryRun && !isLost
      ? `Would publish ${slugs.length} sections.`
      : 'Nothing was published.'
  return [
    ...counted,
    ...(golden.newlyFound.length === 0 ? [] : ['Found now, and not before:']),
    ...golden.newlyFound.map(changeLine),
    ...(isLost ? ['Found until now, and not any more:'] : []),
    ...golden.regressions.map(changeLine),
    outcome
  ]
}
