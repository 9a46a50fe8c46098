// Generates the scenarios of a soak from a seed and an index, so that a part of a run can be replayed. Pure.
import { seededRandom } from '../../dev/openai/seeded-random.ts'
import type {
  DriverAction,
  InjectedFaults,
  Scenario,
  ScenarioEnd,
  ScenarioStep
} from './scenario.ts'

/** Odd and with well spread bits, so that scenarios start apart. */
const INDEX_STEP = 0x85eb_ca6b

/** Between a release and a press of one hold. The kiosk allows 40 ms; timers run late. */
const CHATTER_GAP_MS = { min: 4, max: 28 } as const
/** Clearly shorter and clearly longer than the shortest question; unit tests hold the limit. */
const TAP_MS = { min: 15, max: 200 } as const
const SHORT_HOLD_MS = { min: 265, max: 380 } as const
const LONG_HOLD_MS = { min: 380, max: 1_200 } as const
const REPEAT_EVERY_MS = 33
/** Longer than the idle time of the soak: the call ends. */
const SLEEP_MS = 5_600
const LATE_TRANSCRIPT_MS = [0, 0, 400, 1_500] as const

/** Not in the handbook. */
const UNANSWERABLE = [
  'What is the capital of Mongolia?',
  'Who won the chess championship in 1972?',
  'How far away is the moon?'
] as const
const ANSWERABLE = [
  'How hot does chicken have to be?',
  'How long do I wash my hands?',
  'Where is the first aid kit?',
  'When do we close on Sunday?'
] as const

const MALFORMED = [
  '{"type": 42',
  'not json at all',
  '{}',
  '[]',
  '{"type":"response.done"}',
  '{"type":"response.created","response":null}',
  '{"type":"input_audio_buffer.committed"}',
  '{"type":"a.type.of.tomorrow","event_id":"event_1"}'
] as const

type Dice = {
  share: () => number
  within: (range: { min: number; max: number }) => number
  of: <T>(choices: readonly [T, ...T[]]) => T
  weighted: <T>(choices: readonly (readonly [number, T])[]) => T
}

const diceOf = (seed: number, index: number): Dice => {
  const share = seededRandom(seed + Math.imul(index + 1, INDEX_STEP))
  return {
    share,
    within: ({ min, max }) => Math.round(min + share() * (max - min)),
    of: (choices) => choices[Math.floor(share() * choices.length)] ?? choices[0],
    weighted: (choices) => {
      const whole = choices.reduce((sum, [weight]) => sum + weight, 0)
      let left = share() * whole
      for (const [weight, choice] of choices) {
        left -= weight
        if (left < 0) return choice
      }
      throw new Error('nothing to choose from')
    }
  }
}

const at = (atMs: number, action: DriverAction): ScenarioStep => ({ atMs, ...action })

type Control = { name: string; down: DriverAction; up: DriverAction }
const KEY: Control = { name: 'key', down: { do: 'key_down' }, up: { do: 'key_up' } }
const POINTER: Control = { name: 'button', down: { do: 'pointer_down' }, up: { do: 'pointer_up' } }
const SPACE: Control = { name: 'space', down: { do: 'space_down' }, up: { do: 'space_up' } }

const chooseControl = (dice: Dice): Control =>
  dice.weighted([
    [12, KEY],
    [4, POINTER],
    [1, SPACE]
  ])

type Gesture = { name: string; steps: ScenarioStep[] }

const hold = (dice: Dice, range: { min: number; max: number }, name: string): Gesture => {
  const control = chooseControl(dice)
  const steps = [at(0, control.down), at(dice.within(range), control.up)]
  return { name: `${name} ${control.name}`, steps }
}

const chatter = (dice: Dice): Gesture => {
  const steps: ScenarioStep[] = [at(0, KEY.down)]
  let atMs = 0
  const bounces = dice.within({ min: 1, max: 4 })
  for (let bounce = 0; bounce < bounces; bounce += 1) {
    atMs += dice.within({ min: 5, max: 120 })
    steps.push(at(atMs, KEY.up))
    atMs += dice.within(CHATTER_GAP_MS)
    steps.push(at(atMs, KEY.down))
  }
  steps.push(at(atMs + dice.within(SHORT_HOLD_MS), KEY.up))
  return { name: 'chatter', steps }
}

const repeats = (dice: Dice): Gesture => {
  const endMs = dice.within({ min: 300, max: 600 })
  const steps: ScenarioStep[] = [at(0, KEY.down)]
  for (let atMs = REPEAT_EVERY_MS; atMs < endMs; atMs += REPEAT_EVERY_MS) {
    steps.push(at(atMs, { do: 'key_repeat' }))
  }
  return { name: 'repeats', steps: [...steps, at(endMs, KEY.up)] }
}

/** The key-up is lost; the next key-down reveals it. */
const lostRelease = (dice: Dice): Gesture => {
  const againMs = dice.within({ min: 80, max: 600 })
  return {
    name: 'lost release',
    steps: [
      at(0, KEY.down),
      at(againMs, KEY.down),
      at(againMs + dice.within(SHORT_HOLD_MS), KEY.up)
    ]
  }
}

/** A second control joins, and either is released first. */
const twoControls = (dice: Dice): Gesture => {
  const other = dice.of([POINTER, SPACE])
  const joinMs = dice.within({ min: 20, max: 200 })
  const firstUpMs = joinMs + dice.within(SHORT_HOLD_MS)
  // Perhaps after the tail, when the hold is over.
  const secondUpMs = firstUpMs + dice.within({ min: 10, max: 350 })
  const [first, second] = dice.share() < 0.5 ? [KEY, other] : [other, KEY]
  return {
    name: `two controls, ${first.name} is released first`,
    steps: [
      at(0, KEY.down),
      at(joinMs, other.down),
      at(firstUpMs, first.up),
      at(secondUpMs, second.up)
    ]
  }
}

const tap = (dice: Dice): Gesture => hold(dice, TAP_MS, 'tap')

const latch = (dice: Dice): Gesture => {
  const firstUpMs = dice.within(TAP_MS)
  const secondDownMs = firstUpMs + dice.within({ min: 70, max: 280 })
  const secondUpMs = secondDownMs + dice.within(TAP_MS)
  const endMs = secondUpMs + dice.within({ min: 200, max: 700 })
  return {
    name: 'latch',
    steps: [
      at(0, KEY.down),
      at(firstUpMs, KEY.up),
      at(secondDownMs, KEY.down),
      at(secondUpMs, KEY.up),
      at(endMs, KEY.down),
      at(endMs + dice.within(TAP_MS), KEY.up)
    ]
  }
}

/** A whole hold right after a tap does not latch. */
const tapThenHold = (dice: Dice): Gesture => {
  const firstUpMs = dice.within(TAP_MS)
  const secondDownMs = firstUpMs + dice.within({ min: 60, max: 500 })
  return {
    name: 'tap, then hold',
    steps: [
      at(0, KEY.down),
      at(firstUpMs, KEY.up),
      at(secondDownMs, KEY.down),
      at(secondDownMs + dice.within(SHORT_HOLD_MS), KEY.up)
    ]
  }
}

/** A press in the tail continues the question. */
const slip = (dice: Dice): Gesture => {
  const upMs = dice.within({ min: 260, max: 500 })
  const againMs = upMs + dice.within({ min: 50, max: 180 })
  return {
    name: 'slip',
    steps: [
      at(0, KEY.down),
      at(upMs, KEY.up),
      at(againMs, KEY.down),
      at(againMs + dice.within({ min: 60, max: 400 }), KEY.up)
    ]
  }
}

const questionOf = (dice: Dice): string =>
  dice.share() < 0.4 ? dice.of(UNANSWERABLE) : dice.of(ANSWERABLE)

const typed = (dice: Dice): Gesture => ({
  name: 'typed',
  steps: [at(0, { do: 'type', text: questionOf(dice) })]
})

const typedInHold = (dice: Dice): Gesture => {
  const atMs = dice.within({ min: 50, max: 400 })
  return {
    name: 'typed in a hold',
    steps: [
      at(0, KEY.down),
      at(atMs, { do: 'type', text: questionOf(dice) }),
      at(atMs + dice.within({ min: 10, max: 300 }), KEY.up)
    ]
  }
}

/** The window loses the focus in a hold; the key-up comes late or never. */
const goneInHold = (dice: Dice): Gesture => {
  const control = chooseControl(dice)
  const atMs = dice.within({ min: 60, max: 700 })
  const gone: DriverAction = dice.share() < 0.5 ? { do: 'blur' } : { do: 'hide' }
  const isNeverReleased = control === KEY && dice.share() < 0.5
  return {
    name: `${gone.do} in a hold ${control.name}`,
    steps: [
      at(0, control.down),
      at(atMs, gone),
      ...(isNeverReleased ? [] : [at(atMs + dice.within({ min: 10, max: 600 }), control.up)])
    ]
  }
}

const sleep = (dice: Dice): Gesture => ({
  name: 'after sleep',
  steps: hold(dice, LONG_HOLD_MS, '').steps.map((step) => ({
    ...step,
    atMs: step.atMs + SLEEP_MS
  }))
})

const retry = (dice: Dice): Gesture => ({
  name: 'asked again',
  steps: [at(dice.within({ min: 0, max: 200 }), { do: 'retry' })]
})

const GESTURES: readonly (readonly [number, (dice: Dice) => Gesture])[] = [
  [340, (dice) => hold(dice, SHORT_HOLD_MS, 'hold')],
  [45, (dice) => hold(dice, LONG_HOLD_MS, 'long hold')],
  [100, chatter],
  [50, repeats],
  [80, lostRelease],
  [40, twoControls],
  [60, tap],
  [50, latch],
  [30, tapThenHold],
  [40, slip],
  [80, typed],
  [20, typedInHold],
  [40, goneInHold],
  [6, sleep],
  [15, retry]
]

const DROP: InjectedFaults = { dropCalls: { silently: false } }
const dropIntoAnswer = (dice: Dice, silently: boolean): InjectedFaults => ({
  dropIntoAnswer: { afterMs: dice.within({ min: 0, max: 400 }), silently }
})

/** Faults of the model or the network. Those that take seconds are rare. */
const FAULTS: readonly (readonly [number, (dice: Dice) => readonly InjectedFaults[]])[] = [
  [20, () => [DROP]],
  [4, () => [{ dropCalls: { silently: true } }]],
  [14, (dice) => [dropIntoAnswer(dice, false)]],
  [3, (dice) => [dropIntoAnswer(dice, true)]],
  [10, () => [{ closeChannel: true }]],
  [10, () => [{ expireSessions: true }]],
  [8, () => [{ calls: { status: 401, times: 1 } }, DROP]],
  [4, () => [{ calls: { status: 503, times: 1 } }, DROP]],
  [4, () => [{ clientSecrets: { status: 429, times: 1 } }, DROP]],
  [12, (dice) => [{ stallResponseMs: dice.within({ min: 100, max: 2_500 }) }]],
  [16, (dice) => [{ malformedEvent: dice.of(MALFORMED) }]],
  [10, (dice) => [{ transcriptionDelayMs: dice.of(LATE_TRANSCRIPT_MS) }]],
  [10, (dice) => [{ blip: { forMs: dice.within({ min: 500, max: 2_000 }) } }]],
  [4, (dice) => [{ clientSecretsDelayMs: dice.of([0, 0, 300, 1_200]) }]]
]

const faultSteps = (dice: Dice, endMs: number): Gesture => {
  const injected = dice.weighted(FAULTS)(dice)
  // In the hold, in the tail, in the answer, or after it.
  const atMs = dice.within({ min: 0, max: endMs + 900 })
  return {
    name: Object.keys(injected.at(-1) ?? {}).join(' '),
    steps: injected.map((faults) => at(atMs, { do: 'inject_faults', faults }))
  }
}

/** A change of a device or the language. */
const asideStep = (dice: Dice, endMs: number): Gesture => {
  const action = dice.weighted<DriverAction>([
    [5, { do: 'devices_changed' }],
    [4, { do: 'device', device: { kind: 'microphone', index: dice.of([null, 0, 1, 2]) } }],
    [3, { do: 'device', device: { kind: 'speaker', index: dice.of([null, 0, 1, 2]) } }],
    [2, { do: 'language' }]
  ])
  return { name: action.do, steps: [at(dice.within({ min: 0, max: endMs + 600 }), action)] }
}

const endingOf = (dice: Dice): ScenarioEnd =>
  dice.weighted<ScenarioEnd>([
    [18, { kind: 'settled' }],
    [36, { kind: 'during', state: 'speaking', afterMs: dice.within({ min: 0, max: 200 }) }],
    [22, { kind: 'during', state: 'processing', afterMs: dice.within({ min: 0, max: 100 }) }],
    [24, { kind: 'after', ms: dice.within({ min: 0, max: 200 }) }]
  ])

export type PlanShares = {
  /** Of scenarios with injected faults. */
  faults: number
  /** Of scenarios with a change of a device or the language. */
  aside: number
}

export const USUAL_SHARES: PlanShares = { faults: 0.14, aside: 0.04 }

export const scenarioAt = (
  seed: number,
  index: number,
  shares: PlanShares = USUAL_SHARES
): Scenario => {
  const dice = diceOf(seed, index)
  const gesture = dice.weighted(GESTURES)(dice)
  const ending = endingOf(dice)
  const endMs = Math.max(0, ...gesture.steps.map(({ atMs }) => atMs))
  const extras = [
    ...(dice.share() < shares.faults ? [faultSteps(dice, endMs)] : []),
    ...(dice.share() < shares.aside ? [asideStep(dice, endMs)] : [])
  ]
  return {
    index,
    name: [gesture.name, ...extras.map(({ name }) => name)].join(' + '),
    steps: [...gesture.steps, ...extras.flatMap(({ steps }) => steps)].toSorted(
      (one, other) => one.atMs - other.atMs
    ),
    ending
  }
}
