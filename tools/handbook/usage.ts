// Lists what restaurants used by day: questions, calls and money, and how near they are to their limits.
import type { z } from 'zod'
import { textColumns } from '../../dev/text-columns.ts'
import { usageSchema } from '../../supabase/functions/handbook/row-schemas.ts'
import type { Project } from './project.ts'
import { callFunction, unwrapResponse } from './project-requests.ts'

type Usage = z.output<typeof usageSchema>

export const readUsage = async ({ client, scope }: Project, days: number): Promise<Usage> =>
  unwrapResponse(
    'Reading the usage',
    await callFunction(client, 'get_usage', {
      _organisation_id: scope.organisationId,
      _group_id: scope.groupId,
      _days: days
    }),
    usageSchema
  )

const money = (amount: number): string => amount.toFixed(2)

const MEASURE_WORDS: Readonly<Record<string, string>> = {
  call_seconds: 'seconds of calls',
  cost: 'dollars'
}

export const usageLines = ({ days, limits, unpricedModels: unpriced }: Usage): string[] => {
  const rows = days.map((day) => [
    day.day,
    day.group,
    String(day.questions),
    String(day.turns),
    String(day.keys),
    String(day.calls),
    String(Math.round(day.callSeconds / 60)),
    money(day.cost)
  ])
  const head = ['day', 'restaurant', 'questions', 'turns', 'keys', 'calls', 'minutes', 'dollars']
  const total = days.reduce((sum, { cost }) => sum + cost, 0)
  return [
    ...(days.length === 0 ? ['Nothing was used.'] : textColumns([head, ...rows])),
    `Together ${money(total)} dollars for voice, by the reported tokens; the invoice decides.`,
    ...limits.map(
      ({ group, measure, period, counted, most }) =>
        `${group}: ${Math.round(counted * 100) / 100} of ${most} ${MEASURE_WORDS[measure] ?? measure} this ${period}`
    ),
    ...unpriced.map((model) => `${model} has no price and counts with the dearest one.`)
  ]
}
