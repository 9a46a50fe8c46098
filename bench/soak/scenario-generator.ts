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
  within: (range: Range) => number
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

type Range = { min: number; max: number }
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

/** The first action at once, and each other after a time from its range. */
const inTurn = (
  dice: Dice,
  first: DriverAction,
  ...others: readonly (readonly [Range, DriverAction])[]
): ScenarioStep[] => {
  let atMs = 0
  const later = others.map(([range, action]) => {
    atMs += dice.within(range)
    return at(atMs, action)
  })
  return [at(0, first), ...later]
}

/** The key goes down at once, and then up, down and so on, each after a time from its range. */
const keySteps = (dice: Dice, ...ranges: readonly Range[]): ScenarioStep[] =>
  inTurn(
    dice,
    KEY.down,
    ...ranges.map((range, place) => [range, place % 2 === 0 ? KEY.up : KEY.down] as const)
  )

const hold = (dice: Dice, range: Range, name: string): Gesture => {
  const control = chooseControl(dice)
  return {
    name: `${name} ${control.name}`,
    steps: inTurn(dice, control.down, [range, control.up])
  }
}

const chatter = (dice: Dice): Gesture => {
  const bounces = Array.from({ length: dice.within({ min: 1, max: 4 }) }, () => [
    { min: 5, max: 120 },
    CHATTER_GAP_MS
  ])
  return { name: 'chatter', steps: keySteps(dice, ...bounces.flat(), SHORT_HOLD_MS) }
}

const repeats = (dice: Dice): Gesture => {
  const endMs = dice.within({ min: 300, max: 600 })
  const repeated = Array.from({ length: Math.ceil(endMs / REPEAT_EVERY_MS) - 1 }, (_, place) =>
    at((place + 1) * REPEAT_EVERY_MS, { do: 'key_repeat' })
  )
  return { name: 'repeats', steps: [at(0, KEY.down), ...repeated, at(endMs, KEY.up)] }
}

/** A second control joins, and either is released first. */
const twoControls = (dice: Dice): Gesture => {
  const other = dice.of([POINTER, SPACE])
  const [first, second] = dice.share() < 0.5 ? [KEY, other] : [other, KEY]
  return {
    name: `two controls, ${first.name} is released first`,
    steps: inTurn(
      dice,
      KEY.down,
      [{ min: 20, max: 200 }, other.down],
      [SHORT_HOLD_MS, first.up],
      // Perhaps after the tail, when the hold is over.
      [{ min: 10, max: 350 }, second.up]
    )
  }
}

const typing = (dice: Dice): DriverAction => ({
  do: 'type',
  text: dice.share() < 0.4 ? dice.of(UNANSWERABLE) : dice.of(ANSWERABLE)
})

/** The window loses the focus in a hold; the key-up comes late or never. */
const goneInHold = (dice: Dice): Gesture => {
  const control = chooseControl(dice)
  const gone: DriverAction = dice.share() < 0.5 ? { do: 'blur' } : { do: 'hide' }
  const steps = inTurn(
    dice,
    control.down,
    [{ min: 60, max: 700 }, gone],
    [{ min: 10, max: 600 }, control.up]
  )
  const isNeverReleased = control === KEY && dice.share() < 0.5
  return {
    name: `${gone.do} in a hold ${control.name}`,
    steps: isNeverReleased ? steps.slice(0, -1) : steps
  }
}

const afterSleep = (dice: Dice): ScenarioStep[] =>
  hold(dice, LONG_HOLD_MS, '').steps.map((step) => ({ ...step, atMs: step.atMs + SLEEP_MS }))

/** Gestures of the talk key alone, and of the screen. */
const SIMPLE: readonly (readonly [number, string, (dice: Dice) => ScenarioStep[]])[] = [
  // The key-up is lost; the next key-down reveals it.
  [
    80,
    'lost release',
    (dice) => inTurn(dice, KEY.down, [{ min: 80, max: 600 }, KEY.down], [SHORT_HOLD_MS, KEY.up])
  ],
  [
    50,
    'latch',
    (dice) => keySteps(dice, TAP_MS, { min: 70, max: 280 }, TAP_MS, { min: 200, max: 700 }, TAP_MS)
  ],
  // A whole hold right after a tap does not latch.
  [30, 'tap, then hold', (dice) => keySteps(dice, TAP_MS, { min: 60, max: 500 }, SHORT_HOLD_MS)],
  // A press in the tail continues the question.
  [
    40,
    'slip',
    (dice) => keySteps(dice, { min: 260, max: 500 }, { min: 50, max: 180 }, { min: 60, max: 400 })
  ],
  [80, 'typed', (dice) => [at(0, typing(dice))]],
  [
    20,
    'typed in a hold',
    (dice) =>
      inTurn(dice, KEY.down, [{ min: 50, max: 400 }, typing(dice)], [{ min: 10, max: 300 }, KEY.up])
  ],
  [6, 'after sleep', afterSleep],
  [15, 'asked again', (dice) => [at(dice.within({ min: 0, max: 200 }), { do: 'retry' })]]
]

const GESTURES: readonly (readonly [number, (dice: Dice) => Gesture])[] = [
  [340, (dice) => hold(dice, SHORT_HOLD_MS, 'hold')],
  [45, (dice) => hold(dice, LONG_HOLD_MS, 'long hold')],
  [60, (dice) => hold(dice, TAP_MS, 'tap')],
  [100, chatter],
  [50, repeats],
  [40, twoControls],
  [40, goneInHold],
  ...SIMPLE.map(
    ([weight, name, stepsOf]) => [weight, (dice: Dice) => ({ name, steps: stepsOf(dice) })] as const
  )
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
  [
    14,
    (dice) => [{ response: dice.of(['quota', 'server_error', 'empty', 'cut_off', 'filtered']) }]
  ],
  [2, () => [{ response: 'dead' }]],
  [8, (dice) => [{ refuse: dice.of(['question', 'tool_output']) }]],
  [4, () => [{ unannouncedAudio: true }]],
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
    [40, { kind: 'settled' }],
    [24, { kind: 'during', state: 'speaking', afterMs: dice.within({ min: 0, max: 200 }) }],
    [16, { kind: 'during', state: 'processing', afterMs: dice.within({ min: 0, max: 100 }) }],
    [20, { kind: 'after', ms: dice.within({ min: 0, max: 200 }) }]
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
