// For how many days the brand keeps what was asked in its restaurants.
import { z } from 'zod'
import { CommandError } from '../../dev/run-command.ts'
import type { Project } from './project.ts'
import { callFunction, unwrapResponse } from './project-requests.ts'

const brandRow = z.object({ name: z.string(), retention_days: z.int() })

export type Retention = { brand: string; days: number }

export const readRetention = async ({ client, place }: Project): Promise<Retention> => {
  const [brand] = unwrapResponse(
    'Reading the brand',
    await client
      .from('organisations')
      .select('name, retention_days')
      .eq('id', place.organisationId),
    z.array(brandRow)
  )
  if (brand === undefined) throw new CommandError('Reading the brand: it is not there (any more).')
  return { brand: brand.name, days: brand.retention_days }
}

export const setRetention = async ({ client, place }: Project, days: number): Promise<void> => {
  unwrapResponse(
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
