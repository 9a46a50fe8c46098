// Lists and settles gaps: questions with the same meaning that the handbook did not answer well.
import { z } from 'zod'
import { CommandError } from '../../dev/run-command.ts'
import { textColumns } from '../../dev/text-columns.ts'
import { RETENTION_DAYS } from '../../supabase/functions/_shared/retention.ts'
import type { Project } from './project.ts'
import { callFunction, unwrapResponse } from './project-requests.ts'

export const GAP_STATUSES = ['open', 'answered', 'dismissed'] as const
export type GapStatus = (typeof GAP_STATUSES)[number]

const GAP_REASONS = ['not_found', 'rated_down', 'unverified'] as const
type GapReason = (typeof GAP_REASONS)[number]

const exampleRow = z.object({
  /** The transcript. */
  question: z.string(),
  /** In the model's words. */
  restated: z.string().nullable(),
  reasons: z.array(z.enum(GAP_REASONS))
})

const gapRow = z.object({
  gap_id: z.uuid(),
  group_slug: z.string(),
  status: z.enum(GAP_STATUSES),
  example: z.string(),
  examples: z.array(exampleRow),
  questions: z.int(),
  not_found: z.int(),
  rated_down: z.int(),
  unverified: z.int(),
  languages: z.array(z.string()),
  first_asked: z.string(),
  last_asked: z.string(),
  section_slug: z.string().nullable()
})
type Gap = z.output<typeof gapRow>

/** @param status null: all */
export const listGaps = async (
  { client, scope }: Project,
  { days, status }: { days: number; status: GapStatus | null }
): Promise<Gap[]> =>
  unwrapResponse(
    'Reading the gaps',
    await callFunction(client, 'list_gaps', {
      _organisation_id: scope.organisationId,
      _group_id: scope.groupId,
      _days: days,
      _status: status
    }),
    z.array(gapRow)
  )

/** Characters of an id in the list. */
const SHORT_ID = 8

const REASON_WORDS: Readonly<Record<GapReason, string>> = {
  not_found: 'not found',
  rated_down: 'rated down',
  unverified: 'unverified'
}

const exampleLines = ({ question, restated, reasons }: Gap['examples'][number]): string[] => [
  `    ${reasons.map((reason) => REASON_WORDS[reason]).join(', ')}: ${question}`,
  ...(restated === null || restated === question ? [] : [`      in plain words: ${restated}`])
]

export const gapLines = (gaps: readonly Gap[]): string[] => {
  if (gaps.length === 0) return ['No gaps: everything that was asked has been found.']
  const rows = gaps.map((gap) => [
    gap.gap_id.slice(0, SHORT_ID),
    String(gap.questions),
    String(gap.not_found),
    String(gap.rated_down),
    String(gap.unverified),
    gap.last_asked.slice(0, 10),
    gap.languages.join(','),
    gap.status === 'open' ? '' : `${gap.status} `,
    gap.section_slug ?? ''
  ])
  const head = ['id', 'asked', 'not found', 'rated down', 'unverified', 'last', 'in', '', 'section']
  const [headLine = '', ...lines] = textColumns([head, ...rows])
  return [
    headLine,
    ...gaps.flatMap((gap, at) => [lines[at] ?? '', ...gap.examples.flatMap(exampleLines)])
  ]
}

const wholeId = async (project: Project, beginning: string): Promise<string> => {
  if (z.uuid().safeParse(beginning).success) return beginning
  const gaps = await listGaps(project, { days: RETENTION_DAYS.most, status: null })
  const fitting = gaps.filter(({ gap_id: id }) => id.startsWith(beginning.toLowerCase()))
  const [found, ...others] = fitting
  if (found === undefined || beginning === '')
    throw new CommandError(`There is no gap ${beginning}.`)
  if (others.length > 0)
    throw new CommandError(`Several gaps begin with ${beginning}: give more of the id.`)
  return found.gap_id
}

const sectionRow = z.object({ id: z.uuid(), group_id: z.uuid().nullable() })

/** Of the restaurant's own section, else of its brand's. */
const sectionId = async ({ client, scope }: Project, slug: string): Promise<string> => {
  const rows = unwrapResponse(
    `Looking for the section ${slug}`,
    await client
      .from('manual_sections')
      .select('id, group_id')
      .eq('organisation_id', scope.organisationId)
      .eq('slug', slug),
    z.array(sectionRow)
  )
  const found =
    rows.find(({ group_id: groupId }) => groupId === scope.groupId) ??
    rows.find(({ group_id: groupId }) => groupId === null)
  if (found === undefined) throw new CommandError(`There is no section ${slug}.`)
  return found.id
}

/** @param settled with the slug of the section that answers the gap */
export const resolveGap = async (
  project: Project,
  gap: string,
  settled: { status: 'answered'; section: string } | { status: 'dismissed' | 'open' }
): Promise<void> => {
  const id = await wholeId(project, gap)
  const section = settled.status === 'answered' ? await sectionId(project, settled.section) : null
  unwrapResponse(
    'Settling the gap',
    await callFunction(project.client, 'resolve_gap', {
      _gap_id: id,
      _status: settled.status,
      _section_id: section
    }),
    z.unknown()
  )
}
