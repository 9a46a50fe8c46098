// The local model's back door: what it counted, and what it is told to do wrong.
import { z } from 'zod'
import type { Misbehaviour } from '../../../local/realtime/misbehaviour.ts'
import type { StackAddress } from '../../../local/stack.ts'

const stateSchema = z.object({
  counters: z.object({
    responses: z.int(),
    responsesCancelled: z.int(),
    committed: z.int(),
    emptyCommits: z.int(),
    refusedEvents: z.int(),
    packetsIn: z.int(),
    speechPacketsOut: z.int()
  }),
  calls: z.array(z.unknown())
})
export type ModelState = z.output<typeof stateSchema>['counters'] & { callsOpen: number }

const backDoor = (stack: StackAddress, path: string): string =>
  new URL(`/local/${path}`, stack.openaiUrl).href

const headers = (stack: StackAddress) => ({
  authorization: `Bearer ${stack.openaiKey}`,
  'content-type': 'application/json'
})

export const modelState = async (stack: StackAddress): Promise<ModelState> => {
  const response = await fetch(backDoor(stack, 'state'), { headers: headers(stack) })
  const { counters, calls } = stateSchema.parse(await response.json())
  return { ...counters, callsOpen: calls.length }
}

export const misbehave = async (
  stack: StackAddress,
  misbehaviour: Partial<Misbehaviour>
): Promise<void> => {
  const response = await fetch(backDoor(stack, 'misbehave'), {
    method: 'POST',
    headers: headers(stack),
    body: JSON.stringify(misbehaviour)
  })
  if (!response.ok) throw new Error(`the model refused: ${await response.text()}`)
}
