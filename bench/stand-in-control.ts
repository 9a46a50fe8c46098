// Reads the state of the OpenAI stand-in and injects faults into it.
import { setTimeout as delay } from 'node:timers/promises'
import type { StackAddress } from '../dev/local-stack.ts'
import type { Counters } from '../dev/openai/counters.ts'
import type { FaultInjection } from '../dev/openai/fault-injection.ts'
import type { CallState } from '../dev/openai/session-connection.ts'
import type { Turn } from '../dev/openai/turn-timeline.ts'

export type ModelTurn = Turn
export type ModelState = {
  calls: CallState[]
  turns: Turn[]
  counters: Counters
  /** The most that the stand-in's event loop was late since the last reading. */
  lagMs: number
}

const POLL_MS = 20

const ask = async (stack: StackAddress, path: string, init: RequestInit): Promise<Response> => {
  const response = await fetch(new URL(`/local/${path}`, stack.openaiUrl), {
    ...init,
    headers: {
      authorization: `Bearer ${stack.openaiKey}`,
      // Minutes lie between two readings: a kept connection may be closed at the moment of its reuse.
      connection: 'close',
      'content-type': 'application/json'
    }
  })
  if (!response.ok) throw new Error(`The local model refused: ${await response.text()}`)
  return response
}

export const modelState = async (stack: StackAddress): Promise<ModelState> =>
  (await ask(stack, 'state', {})).json()

export const injectFaults = async (
  stack: StackAddress,
  plan: Partial<FaultInjection>
): Promise<void> => {
  await ask(stack, 'faults', { method: 'POST', body: JSON.stringify(plan) })
}

/** @throws Error at the limit. @param what names the condition in the error */
export const waitForModelState = async (
  stack: StackAddress,
  isSo: (state: ModelState) => boolean,
  what: string,
  limitMs: number
): Promise<ModelState> => {
  const untilMs = performance.now() + limitMs
  for (;;) {
    const state = await modelState(stack)
    if (isSo(state)) return state
    if (performance.now() > untilMs) throw new Error(`Waited ${limitMs / 1_000} s: ${what}`)
    await delay(POLL_MS)
  }
}

/** Collects turns, since the stand-in keeps only the last 64. Call `look` at least that often. */
export const createTurnCollector = (stack: StackAddress) => {
  const seen = new Map<string, Turn>()
  return {
    look: async (): Promise<void> => {
      for (const turn of (await modelState(stack)).turns) seen.set(turn.committedItemId, turn)
    },
    /** In the order of their commits. */
    turns: (): Turn[] => [...seen.values()].toSorted((a, b) => a.commitAtMs - b.commitAtMs)
  }
}

/**
 * From the first `response.create` to the first sound, without the wait for the tool's output. It includes the silence
 * before the voice. Null for a turn without a spoken answer.
 */
export const modelLatencyMs = ({ responses }: Pick<Turn, 'responses'>): number | null => {
  const requestedAtMs = responses[0]?.createdAtMs
  const soundedAtMs = responses.flatMap((response) => response.firstSoundSentAtMs ?? [])[0]
  if (requestedAtMs === undefined || soundedAtMs === undefined) return null
  const waitedMs = responses.reduce(
    (sum, { toolCallSentAtMs, toolOutputAtMs }) =>
      // Calls after the first sound, such as the answer report, delay no sound.
      toolCallSentAtMs === null || toolOutputAtMs === null || toolOutputAtMs > soundedAtMs
        ? sum
        : sum + toolOutputAtMs - toolCallSentAtMs,
    0
  )
  return soundedAtMs - requestedAtMs - waitedMs
}
