// The local model's back door: what it saw of each turn, what it counted, and what it is told to do.
import { setTimeout as delay } from 'node:timers/promises'
import type { StackAddress } from '../dev/local-stack.ts'
import type { Counters } from '../dev/openai/counters.ts'
import type { FaultInjection } from '../dev/openai/fault-injection.ts'
import type { CallState } from '../dev/openai/session-connection.ts'
import type { Turn } from '../dev/openai/turn-timeline.ts'

export type ModelTurn = Turn
export type ModelState = { calls: CallState[]; turns: Turn[]; counters: Counters }

const LOOK_MS = 20

const ask = async (stack: StackAddress, path: string, init: RequestInit): Promise<Response> => {
  const response = await fetch(new URL(`/local/${path}`, stack.openaiUrl), {
    ...init,
    headers: {
      authorization: `Bearer ${stack.openaiKey}`,
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

/** @throws Error when it has not come to that within `limitMs` */
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
    await delay(LOOK_MS)
  }
}

/** Keeps what the model forgets: it has its last 64 turns only. Looked at often enough, this has them all. */
export const createTurnKeeper = (stack: StackAddress) => {
  const kept = new Map<string, Turn>()
  return {
    look: async (): Promise<void> => {
      for (const turn of (await modelState(stack)).turns) kept.set(turn.committedItemId, turn)
    },
    /** In the order of their commits. */
    turns: (): Turn[] => [...kept.values()].toSorted((a, b) => a.commitAtMs - b.commitAtMs)
  }
}

/**
 * What the model itself took, from the commit to its first sound: with the silence before its voice begins, and
 * without the time in which it waited for the output of its tool. Null for a turn that was not answered aloud.
 */
export const modelLatencyMs = ({ commitAtMs, responses }: Turn): number | null => {
  const spoken = responses.find(({ firstSoundSentAtMs }) => firstSoundSentAtMs !== null)
  if (spoken?.firstSoundSentAtMs === undefined || spoken.firstSoundSentAtMs === null) return null
  const soundedAtMs = spoken.firstSoundSentAtMs
  const waitedMs = responses.reduce(
    (sum, { toolCallSentAtMs, toolOutputAtMs }) =>
      // What is called after the first sound, such as the report of the answer, nobody has waited for.
      toolCallSentAtMs === null || toolOutputAtMs === null || toolOutputAtMs > soundedAtMs
        ? sum
        : sum + toolOutputAtMs - toolCallSentAtMs,
    0
  )
  return soundedAtMs - commitAtMs - waitedMs
}
