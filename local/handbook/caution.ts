// Reads and changes the caution topics of a brand: an answer from one of them also sends the person to a manager.
import { z } from 'zod'
import { PlainError } from '../progress.ts'
import type { Project } from './project.ts'
import { answerOf, callFunction } from './project-answers.ts'

const brandRow = z.object({ name: z.string(), caution_topics: z.array(z.string()) })

export type Caution = {
  /** Its name. */
  brand: string
  /** Categories and slugs of sections. */
  topics: string[]
}

export type CautionChange = { add: readonly string[]; remove: readonly string[] }

export const readCaution = async ({ client, place }: Project): Promise<Caution> => {
  const [brand] = answerOf(
    'Reading the brand',
    await client
      .from('organisations')
      .select('name, caution_topics')
      .eq('id', place.organisationId),
    z.array(brandRow)
  )
  if (brand === undefined) throw new PlainError('Reading the brand: it is not there (any more).')
  return { brand: brand.name, topics: brand.caution_topics }
}

/**
 * Adds and removes topics. Idempotent for topics that are there already.
 * @throws PlainError when a topic to remove is not there: it may be mistyped
 */
export const changeCaution = async (
  project: Project,
  { add, remove }: CautionChange
): Promise<Caution> => {
  const { brand, topics } = await readCaution(project)
  const unknown = remove.filter((topic) => !topics.includes(topic))
  if (unknown.length > 0) {
    throw new PlainError(
      `${brand} has no caution topic ${unknown.join(', ')}. Nothing was changed.`
    )
  }
  const changed = [...new Set([...topics, ...add])].filter((topic) => !remove.includes(topic))
  answerOf(
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
export const withoutSection = async (
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
    if (answerOf(what, await sections.limit(1), anyRow).length > 0) continue
    const versions = client
      .from('manual_section_versions')
      .select('id')
      .eq('organisation_id', place.organisationId)
      .eq('status', 'published')
      .eq('category', topic)
    if (answerOf(what, await versions.limit(1), anyRow).length === 0) without.push(topic)
  }
  return without
}

export const cautionLines = ({ brand, topics }: Caution): string[] =>
  topics.length === 0
    ? [`${brand} has no caution topics.`]
    : [
        `${brand}: an answer about these topics also says to check with a manager.`,
        ...topics.map((topic) => `  ${topic}`)
      ]

export const withoutSectionLines = (topics: readonly string[]): string[] =>
  topics.map((topic) => `No category and no section is called ${topic} yet.`)
