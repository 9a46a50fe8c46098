// Reads and changes the caution topics of a brand: an answer from one of them also sends the person to a manager.
import { z } from 'zod'
import { CommandError } from '../../dev/run-command.ts'
import type { Project } from './project.ts'
import { callFunction, unwrapResponse } from './project-requests.ts'

const brandRow = z.object({ name: z.string(), caution_topics: z.array(z.string()) })

export type CautionTopics = {
  /** Its name. */
  brand: string
  /** Categories and slugs of sections. */
  topics: string[]
}

export type CautionTopicsChange = { add: readonly string[]; remove: readonly string[] }

export const readCautionTopics = async ({ client, place }: Project): Promise<CautionTopics> => {
  const [brand] = unwrapResponse(
    'Reading the brand',
    await client
      .from('organisations')
      .select('name, caution_topics')
      .eq('id', place.organisationId),
    z.array(brandRow)
  )
  if (brand === undefined) throw new CommandError('Reading the brand: it is not there (any more).')
  return { brand: brand.name, topics: brand.caution_topics }
}

/**
 * Adds and removes topics. Idempotent for topics that are there already.
 * @throws CommandError when a topic to remove is not there: it may be mistyped
 */
export const changeCautionTopics = async (
  project: Project,
  { add, remove }: CautionTopicsChange
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
      _organisation_id: project.place.organisationId,
      _topics: changed
    }),
    z.unknown()
  )
  return { brand, topics: changed }
}

const anyRow = z.array(z.unknown())

/** Those of the topics that name no published category and no section yet: such a topic warns of nothing. */
export const findUnmatchedTopics = async (
  { client, place }: Project,
  topics: readonly string[]
): Promise<string[]> => {
  const without: string[] = []
  for (const topic of topics) {
    const what = `Looking for ${topic}`
    const sections = client
      .from('manual_sections')
      .select('id')
      .eq('organisation_id', place.organisationId)
      .eq('slug', topic)
    if (unwrapResponse(what, await sections.limit(1), anyRow).length > 0) continue
    const versions = client
      .from('manual_section_versions')
      .select('id')
      .eq('organisation_id', place.organisationId)
      .eq('status', 'published')
      .eq('category', topic)
    if (unwrapResponse(what, await versions.limit(1), anyRow).length === 0) without.push(topic)
  }
  return without
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
