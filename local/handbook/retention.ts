// For how many days the brand keeps what was asked in its restaurants.
import { z } from 'zod'
import { PlainError } from '../progress.ts'
import type { Project } from './project.ts'
import { answerOf, callFunction } from './project-answers.ts'

const brandRow = z.object({ name: z.string(), retention_days: z.int() })

export type Retention = { brand: string; days: number }

export const readRetention = async ({ client, place }: Project): Promise<Retention> => {
  const [brand] = answerOf(
    'Reading the brand',
    await client
      .from('organisations')
      .select('name, retention_days')
      .eq('id', place.organisationId),
    z.array(brandRow)
  )
  if (brand === undefined) throw new PlainError('Reading the brand: it is not there (any more).')
  return { brand: brand.name, days: brand.retention_days }
}

export const setRetention = async ({ client, place }: Project, days: number): Promise<void> => {
  answerOf(
    'Setting the days',
    await callFunction(client, 'set_question_retention', {
      _organisation_id: place.organisationId,
      _days: days
    }),
    z.unknown()
  )
}

const inDays = (days: number): string => (days === 1 ? '1 day' : `${days} days`)

export const retentionLine = ({ brand, days }: Retention): string =>
  `${brand} keeps what was asked for ${inDays(days)}.`

/** What a change does, and when. */
export const retentionSetLine = (before: Retention, days: number): string =>
  days < before.days
    ? `${retentionLine({ ...before, days })} What is older goes with the next question, or at night.`
    : retentionLine({ ...before, days })
