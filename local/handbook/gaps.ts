// Questions that the handbook did not answer, in groups that mean the same, and what a manager does with a group.
import { z } from 'zod'
import { RETENTION_DAYS } from '../../supabase/functions/_shared/retention.ts'
import { PlainError } from '../progress.ts'
import type { Project } from './project.ts'
import { answerOf, callFunction } from './project-answers.ts'

export const GAP_STATUSES = ['open', 'answered', 'dismissed'] as const
export type GapStatus = (typeof GAP_STATUSES)[number]

const gapRow = z.object({
  gap_id: z.uuid(),
  group_slug: z.string(),
  status: z.enum(GAP_STATUSES),
  example: z.string(),
  examples: z.array(z.string()),
  questions: z.int(),
  not_found: z.int(),
  rated_down: z.int(),
  languages: z.array(z.string()),
  first_asked: z.string(),
  last_asked: z.string(),
  section_slug: z.string().nullable()
})
export type Gap = z.output<typeof gapRow>

/** @param status null: all */
export const listGaps = async (
  { client, place }: Project,
  { days, status }: { days: number; status: GapStatus | null }
): Promise<Gap[]> =>
  answerOf(
    'Reading the gaps',
    await callFunction(client, 'list_gaps', {
      _organisation_id: place.organisationId,
      _group_id: place.groupId,
      _days: days,
      _status: status
    }),
    z.array(gapRow)
  )

/** What is enough of an id to type: the first eight characters of it are different for any list that is read. */
const SHORT_ID = 8

/** A table, the most asked first. */
export const gapLines = (gaps: readonly Gap[]): string[] => {
  if (gaps.length === 0) return ['No gaps: everything that was asked has been found.']
  const rows = gaps.map((gap) => [
    gap.gap_id.slice(0, SHORT_ID),
    String(gap.questions),
    String(gap.not_found),
    String(gap.rated_down),
    gap.last_asked.slice(0, 10),
    gap.languages.join(','),
    gap.status === 'open' ? '' : `${gap.status} `,
    gap.section_slug ?? ''
  ])
  const head = ['id', 'asked', 'not found', 'rated down', 'last', 'in', '', 'section']
  const widths = head.map((word, column) =>
    Math.max(word.length, ...rows.map((row) => (row[column] ?? '').length))
  )
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return [
    line(head),
    ...gaps.flatMap((gap, at) => {
      const others = gap.examples.filter((example) => example !== gap.example)
      return [
        line(rows[at] ?? []),
        `    ${gap.example}`,
        ...others.map((example) => `    ${example}`)
      ]
    })
  ]
}

/** The gap's whole id from its beginning, as the table shows it. */
const wholeId = async (project: Project, beginning: string): Promise<string> => {
  if (z.uuid().safeParse(beginning).success) return beginning
  const gaps = await listGaps(project, { days: RETENTION_DAYS.most, status: null })
  const fitting = gaps.filter(({ gap_id: id }) => id.startsWith(beginning.toLowerCase()))
  const [found, ...others] = fitting
  if (found === undefined || beginning === '') throw new PlainError(`There is no gap ${beginning}.`)
  if (others.length > 0)
    throw new PlainError(`Several gaps begin with ${beginning}: give more of the id.`)
  return found.gap_id
}

const sectionRow = z.object({ id: z.uuid(), group_id: z.uuid().nullable() })

/** The restaurant's own section of that slug, or else its brand's. */
const sectionId = async ({ client, place }: Project, slug: string): Promise<string> => {
  const rows = answerOf(
    `Looking for the section ${slug}`,
    await client
      .from('manual_sections')
      .select('id, group_id')
      .eq('organisation_id', place.organisationId)
      .eq('slug', slug),
    z.array(sectionRow)
  )
  const found =
    rows.find(({ group_id: groupId }) => groupId === place.groupId) ??
    rows.find(({ group_id: groupId }) => groupId === null)
  if (found === undefined) throw new PlainError(`There is no section ${slug}.`)
  return found.id
}

/** Settles a gap; `section` is the slug of the one that answers it. */
export const resolveGap = async (
  project: Project,
  gap: string,
  settled: { status: 'answered'; section: string } | { status: 'dismissed' | 'open' }
): Promise<void> => {
  const id = await wholeId(project, gap)
  const section = settled.status === 'answered' ? await sectionId(project, settled.section) : null
  answerOf(
    'Settling the gap',
    await callFunction(project.client, 'resolve_gap', {
      _gap_id: id,
      _status: settled.status,
      _section_id: section
    }),
    z.unknown()
  )
}
