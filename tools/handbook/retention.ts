// Reads and sets the number of days for which a brand keeps the questions of its restaurants.
import { z } from 'zod'
import type { Project } from './project.ts'
import { callFunction, readBrand, unwrapResponse } from './project-requests.ts'

const brandRow = z.object({ name: z.string(), retention_days: z.int() })

type Retention = { brand: string; days: number }

export const readRetention = async ({ client, scope }: Project): Promise<Retention> => {
  const { name, retention_days: days } = await readBrand(client, scope, brandRow)
  return { brand: name, days }
}

export const setRetention = async ({ client, scope }: Project, days: number): Promise<void> => {
  unwrapResponse(
    'Setting the days',
    await callFunction(client, 'set_question_retention', {
      _organisation_id: scope.organisationId,
      _days: days
    }),
    z.unknown()
  )
}

export const retentionLine = ({ brand, days }: Retention): string =>
  `${brand} keeps what was asked for ${days === 1 ? '1 day' : `${days} days`}.`

export const retentionSetLine = (before: Retention, days: number): string => {
  const line = retentionLine({ ...before, days })
  return days < before.days
    ? `${line} What is older goes with the next question, or at night.`
    : line
}
