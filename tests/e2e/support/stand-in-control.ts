// The local model's back door: what it counted, and what it is told to do wrong.
import { z } from 'zod'
import type { StackAddress } from '../../../dev/local-stack.ts'
import type { FaultInjection } from '../../../dev/openai/fault-injection.ts'
import type { NetworkName } from '../../../dev/openai/network-profiles.ts'

const wallClockMs = z.number().positive()

const responseSchema = z.object({
  id: z.string(),
  createdAtMs: wallClockMs,
  decidedAtMs: wallClockMs.nullable(),
  toolCallIds: z.array(z.string()),
  toolCallSentAtMs: wallClockMs.nullable(),
  toolOutputAtMs: wallClockMs.nullable(),
  firstAudioSentAtMs: wallClockMs.nullable(),
  firstSoundSentAtMs: wallClockMs.nullable(),
  doneAtMs: wallClockMs.nullable(),
  status: z.string().nullable()
})

/** A turn as the model saw it; times are milliseconds since the epoch, as `performance.timeOrigin + now()`. */
const turnSchema = z.object({
  callId: z.string(),
  clearedAtMs: wallClockMs.nullable(),
  firstPacketAtMs: wallClockMs.nullable(),
  firstSpeechAtMs: wallClockMs.nullable(),
  commitAtMs: wallClockMs,
  committedItemId: z.string(),
  appendedMs: z.number().min(0),
  rtpMs: z.number().min(0),
  mixed: z.boolean(),
  heard: z.object({
    kind: z.enum(['pending', 'heard', 'unclear', 'unable', 'typed']),
    text: z.string()
  }),
  responses: z.array(responseSchema)
})
export type ModelTurn = z.output<typeof turnSchema>

const callSchema = z.object({
  callId: z.string(),
  transport: z.enum(['webrtc', 'websocket']),
  channelOpen: z.boolean(),
  items: z.int(),
  activeResponse: z.string().nullable(),
  bufferedMs: z.number(),
  lostPackets: z.int()
})

const stateSchema = z.object({
  counters: z.object({
    callsOpened: z.int(),
    socketsOpened: z.int(),
    responses: z.int(),
    createsRefused: z.int(),
    responsesCancelled: z.int(),
    committed: z.int(),
    emptyCommits: z.int(),
    appendedCommits: z.int(),
    mixedTurns: z.int(),
    toolCalls: z.int(),
    refusedEvents: z.int(),
    packetsIn: z.int(),
    speechPacketsOut: z.int()
  }),
  calls: z.array(callSchema),
  turns: z.array(turnSchema)
})
export type ModelState = z.output<typeof stateSchema>['counters'] & {
  calls: z.output<typeof callSchema>[]
  callsOpen: number
}

const controlUrl = (stack: StackAddress, path: string): string =>
  new URL(`/local/${path}`, stack.openaiUrl).href

const headers = (stack: StackAddress) => ({
  authorization: `Bearer ${stack.openaiKey}`,
  'content-type': 'application/json'
})

const readState = async (stack: StackAddress): Promise<z.output<typeof stateSchema>> => {
  const response = await fetch(controlUrl(stack, 'state'), { headers: headers(stack) })
  return stateSchema.parse(await response.json())
}

export const modelState = async (stack: StackAddress): Promise<ModelState> => {
  const { counters, calls } = await readState(stack)
  return { ...counters, calls, callsOpen: calls.length }
}

export const injectFaults = async (
  stack: StackAddress,
  faults: Partial<FaultInjection>
): Promise<void> => {
  const response = await fetch(controlUrl(stack, 'faults'), {
    method: 'POST',
    headers: headers(stack),
    body: JSON.stringify(faults)
  })
  if (!response.ok) throw new Error(`the stand-in refused the faults: ${await response.text()}`)
}

/** The last turns of all calls, the oldest first. */
export const modelTurns = async (stack: StackAddress): Promise<ModelTurn[]> =>
  (await readState(stack)).turns

/** Puts calls opened from now on on this network, which loses the same packets for the same seed; null: on none. */
export const setNetwork = (
  stack: StackAddress,
  profile: NetworkName | null,
  seed = 0
): Promise<void> => injectFaults(stack, { network: profile === null ? null : { profile, seed } })

/** Open calls that are on a network lose every packet for this long from now. */
export const blip = (stack: StackAddress, forMs: number): Promise<void> =>
  injectFaults(stack, { blip: { forMs } })
