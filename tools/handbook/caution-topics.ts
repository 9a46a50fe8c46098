// Reads and changes a brand's caution topics: their answers also send the person to a manager.
import { z } from 'zod'
import { CommandError } from '../../dev/run-command.ts'
import type { Project } from './project.ts'
import { callFunction, readBrand, unwrapResponse } from './project-requests.ts'

const brandRow = z.object({ name: z.string(), caution_topics: z.array(z.string()) })

/** Topics are categories and slugs of sections. */
type CautionTopics = { brand: string; topics: string[] }

export const readCautionTopics = async ({ client, scope }: Project): Promise<CautionTopics> => {
  const { name, caution_topics: topics } = await readBrand(client, scope, brandRow)
  return { brand: name, topics }
}

/**
 * Adds and removes topics. Adding is idempotent.
 * @throws CommandError for an unknown topic to remove: it may be mistyped
 */
export const changeCautionTopics = async (
  project: Project,
  { add, remove }: { add: readonly string[]; remove: readonly string[] }
): Promise<CautionTopics> => {
  const { brand, topics } = await readCautionTopics(project)
  const unknown = remove.filter((topic) => !topics.includes(topic))
  if (unknown.length > 0) {
    throw new CommandError(
      `${brand} has no caution topic ${unknown.join(', ')}. Nothing was changed.`
    )
  }
  const changed = [...new Set([...topics, ...add])].filter((topic) => !remove.includes(topic))
  unwrapResponse(
    'Setting the caution topics',
    await callFunction(project.client, 'set_caution_topics', {
      _organisation_id: project.scope.organisationId,
      _topics: changed
    }),
    z.unknown()
  )
  return { brand, topics: changed }
}

/** The topics that match no published category and no section. */
export const findUnmatchedTopics = async (
  { client, scope }: Project,
  topics: readonly string[]
): Promise<string[]> => {
  const unmatched: string[] = []
  for (const topic of topics) {
    const sections = client
      .from('manual_sections')
      .select('id')
      .eq('organisation_id', scope.organisationId)
      .eq('slug', topic)
    const versions = client
      .from('manual_section_versions')
      .select('id')
      .eq('organisation_id', scope.organisationId)
      .eq('status', 'published')
      .eq('category', topic)
    const answers = [await sections.limit(1), await versions.limit(1)]
    const rows = answers.flatMap((answer) =>
      unwrapResponse(`Looking for ${topic}`, answer, z.array(z.unknown()))
    )
    if (rows.length === 0) unmatched.push(topic)
  }
  return unmatched
}

export const cautionLines = ({ brand, topics }: CautionTopics): string[] =>
  topics.length === 0
    ? [`${brand} has no caution topics.`]
    : [
        `${brand}: an answer about these topics also says to check with a manager.`,
        ...topics.map((topic) => `  ${topic}`)
      ]

export const unmatchedTopicsLines = (topics: readonly string[]): string[] =>
  topics.map((topic) => `No category and no section is called ${topic} yet.`)
