// The stand-in's counters and turns, and the networks that a spec puts its calls on.
import { injectFaults, modelState as readState } from '../../../bench/stand-in-control.ts'
import type { StackAddress } from '../../../dev/local-stack.ts'
import type { NetworkName } from '../../../dev/openai/network-profiles.ts'

export { injectFaults }

export const modelState = async (stack: StackAddress) => {
  const { counters, calls } = await readState(stack)
  return { ...counters, calls, callsOpen: calls.length }
}

/** The last turns of all calls, the oldest first. */
export const modelTurns = async (stack: StackAddress) => (await readState(stack)).turns

/** Puts calls that open from now on on this network, which loses the same packets for the same seed; null: none. */
export const setNetwork = (
  stack: StackAddress,
  profile: NetworkName | null,
  seed = 0
): Promise<void> => injectFaults(stack, { network: profile === null ? null : { profile, seed } })

/** Open calls that are on a network lose every packet for this long from now. */
export const blip = (stack: StackAddress, forMs: number): Promise<void> =>
  injectFaults(stack, { blip: { forMs } })
