// Runs the reducer of the calls on a manual clock, and records its effects.
import { type CallEvent, reduceCalls } from '../../../../src/renderer/call/call-reducer.ts'
import { initialCallState, statusOf } from '../../../../src/renderer/call/call-state.ts'
import type { CallEffect } from '../../../../src/renderer/call/call-transitions.ts'
import { kioskFailure } from '../../../../src/renderer/call/failures.ts'
import type { OpeningHours } from '../../../../src/renderer/call/opening-hours.ts'
import { type CallLimits, DEFAULT_CALL_LIMITS } from '../../../../src/shared/call-limits.ts'
import type { FailureCode } from '../../../../src/shared/failure.ts'

const MINUTE_MS = 60_000
const DAY_MINUTES = 1_440

type Options = {
  limits?: Partial<CallLimits>
  idleMinutes?: number
  openingHours?: OpeningHours | null
  /** Minute of the day at which the clock begins. */
  minute?: number
}

export const createCallHarness = ({
  limits = {},
  idleMinutes = 15,
  openingHours = null,
  minute = 720
}: Options = {}) => {
  let state = initialCallState({ ...DEFAULT_CALL_LIMITS, ...limits })
  let nowMs = 0
  let checkAtMs: number | null = null
  const effects: CallEffect[] = []

  const happen = (event: CallEvent): readonly CallEffect[] => {
    const minuteOfDay = Math.floor(minute + nowMs / MINUTE_MS) % DAY_MINUTES
    const step = reduceCalls(state, event, { nowMs, minuteOfDay, random: 0 })
    state = step.state
    checkAtMs = step.checkAtMs
    effects.push(...step.effects)
    return step.effects
  }

  /** The last call of this microphone that was opened. */
  const last = (microphone: 'on' | 'off') => {
    const opens = effects.filter((effect) => effect.type === 'open')
    const found = opens.filter((effect) => effect.microphone === microphone).at(-1)
    if (found === undefined) throw new Error(`No call with the microphone ${microphone}.`)
    return found.id
  }

  const failure = (code: FailureCode, retryAfterSeconds: number | null = null) => ({
    ...kioskFailure(code, code),
    retryAfterSeconds
  })

  happen({ type: 'settings', idleMinutes, openingHours })
  return {
    happen,
    last,
    failure,
    /** Lets time pass, with a tick whenever one is due. */
    pass: (ms: number) => {
      const endMs = nowMs + ms
      while (checkAtMs !== null && checkAtMs <= endMs) {
        if (checkAtMs <= nowMs) throw new Error('A tick is due in the past.')
        nowMs = checkAtMs
        happen({ type: 'tick' })
      }
      nowMs = endMs
    },
    opens: (id: number) => happen({ type: 'opened', id }),
    fails: (id: number, code: FailureCode, retryAfterSeconds: number | null = null) =>
      happen({ type: 'not_opened', id, failure: failure(code, retryAfterSeconds) }),
    loses: (id: number) => happen({ type: 'lost', id, failure: failure('call_dropped') }),
    turn: (isUnderWay: boolean) => happen({ type: 'turn', isUnderWay }),
    /** Effects since the last call. */
    effects: () => effects.splice(0),
    state: () => state,
    status: () => statusOf(state),
    checkAtMs: () => checkAtMs,
    nowMs: () => nowMs
  }
}

export const startedHarness = (options: Options = {}) => {
  const calls = createCallHarness(options)
  calls.happen({ type: 'start' })
  return calls
}

/** With a call in use, and no standby call. */
export const connectedHarness = (options: Options = {}) => {
  const calls = startedHarness(options)
  calls.opens(1)
  calls.effects()
  return calls
}

/** With a call in use and a standby call. */
export const harnessWithStandby = (options: Options = {}) => {
  const calls = connectedHarness(options)
  calls.pass(3_000)
  calls.opens(calls.last('off'))
  calls.effects()
  return calls
}
