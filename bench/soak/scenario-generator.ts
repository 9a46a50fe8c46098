// Which acts a soak plays: each drawn from the seed and its own number, so that any stretch of a run can be played
// again by itself. Pure.
import { seededRandom } from '../../dev/openai/seeded-random.ts'
import type {
  DriverAction,
  InjectedFaults,
  Scenario,
  ScenarioEnd,
  ScenarioStep
} from './scenario.ts'

/** Odd, so that every act has another start; its bits are well spread. */
const INDEX_STEP = 0x85eb_ca6b

/** Between a release and a press that are one hold: well under the 40 ms that the kiosk allows, timers run late. */
const CHATTER_GAP_MS = { min: 4, max: 28 } as const
/** Surely no question, and surely one: what is between them is the unit tests' business. */
const TAP_MS = { min: 15, max: 200 } as const
const SHORT_HOLD_MS = { min: 265, max: 380 } as const
const LONG_HOLD_MS = { min: 380, max: 1_200 } as const
const REPEAT_EVERY_MS = 33
/** Longer than the compressed idle time: the call is put down. */
const SLEEP_MS = 5_600
/** How long a trouble that lasts does so: until its number comes up again, which ends it. */
const LATE_TRANSCRIPT_MS = [0, 0, 400, 1_500] as const

/** What nobody has written down: to be refused. */
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

const at = (atMs: number, deed: DriverAction): ScenarioStep => ({ atMs, ...deed })

type Hands = { name: string; down: DriverAction; up: DriverAction }
const KEY: Hands = { name: 'key', down: { do: 'key_down' }, up: { do: 'key_up' } }
const POINTER: Hands = {
  name: 'button',
  down: { do: 'pointer_down' },
  up: { do: 'pointer_up' }
}
const SPACE: Hands = { name: 'space', down: { do: 'space_down' }, up: { do: 'space_up' } }

const handsOf = (dice: Dice): Hands =>
  dice.weighted([
    [12, KEY],
    [4, POINTER],
    [1, SPACE]
  ])

type Gesture = { name: string; moves: ScenarioStep[] }

const hold = (dice: Dice, range: { min: number; max: number }, name: string): Gesture => {
  const hands = handsOf(dice)
  return {
    name: `${name} ${hands.name}`,
    moves: [at(0, hands.down), at(dice.within(range), hands.up)]
  }
}

const chatter = (dice: Dice): Gesture => {
  const moves: ScenarioStep[] = [at(0, KEY.down)]
  let atMs = 0
  const bounces = dice.within({ min: 1, max: 4 })
  for (let bounce = 0; bounce < bounces; bounce += 1) {
    atMs += dice.within({ min: 5, max: 120 })
    moves.push(at(atMs, KEY.up))
    atMs += dice.within(CHATTER_GAP_MS)
    moves.push(at(atMs, KEY.down))
  }
  moves.push(at(atMs + dice.within(SHORT_HOLD_MS), KEY.up))
  return { name: 'chatter', moves }
}

const repeats = (dice: Dice): Gesture => {
  const endMs = dice.within({ min: 300, max: 600 })
  const moves: ScenarioStep[] = [at(0, KEY.down)]
  for (let atMs = REPEAT_EVERY_MS; atMs < endMs; atMs += REPEAT_EVERY_MS) {
    moves.push(at(atMs, { do: 'key_repeat' }))
  }
  return { name: 'repeats', moves: [...moves, at(endMs, KEY.up)] }
}

/** The key-up never comes; the next key-down says so. */
const lostRelease = (dice: Dice): Gesture => {
  const againMs = dice.within({ min: 80, max: 600 })
  return {
    name: 'lost release',
    moves: [
      at(0, KEY.down),
      at(againMs, KEY.down),
      at(againMs + dice.within(SHORT_HOLD_MS), KEY.up)
    ]
  }
}

/** A second hand joins, and either lets go first. */
const twoHands = (dice: Dice): Gesture => {
  const other = dice.of([POINTER, SPACE])
  const joinMs = dice.within({ min: 20, max: 200 })
  const firstUpMs = joinMs + dice.within(SHORT_HOLD_MS)
  // Past the tail: what comes then is nobody's hold any more.
  const secondUpMs = firstUpMs + dice.within({ min: 10, max: 350 })
  const [first, second] = dice.share() < 0.5 ? [KEY, other] : [other, KEY]
  return {
    name: `two hands, ${first.name} goes first`,
    moves: [
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
    moves: [
      at(0, KEY.down),
      at(firstUpMs, KEY.up),
      at(secondDownMs, KEY.down),
      at(secondUpMs, KEY.up),
      at(endMs, KEY.down),
      at(endMs + dice.within(TAP_MS), KEY.up)
    ]
  }
}

/** No tap's second one: a whole hold right after a tap. */
const tapThenHold = (dice: Dice): Gesture => {
  const firstUpMs = dice.within(TAP_MS)
  const secondDownMs = firstUpMs + dice.within({ min: 60, max: 500 })
  return {
    name: 'tap, then hold',
    moves: [
      at(0, KEY.down),
      at(firstUpMs, KEY.up),
      at(secondDownMs, KEY.down),
      at(secondDownMs + dice.within(SHORT_HOLD_MS), KEY.up)
    ]
  }
}

/** Pressed again in the tail: the same question goes on. */
const slip = (dice: Dice): Gesture => {
  const upMs = dice.within({ min: 260, max: 500 })
  const againMs = upMs + dice.within({ min: 50, max: 180 })
  return {
    name: 'slip',
    moves: [
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
  moves: [at(0, { do: 'type', text: questionOf(dice) })]
})

const typedInHold = (dice: Dice): Gesture => {
  const atMs = dice.within({ min: 50, max: 400 })
  return {
    name: 'typed in a hold',
    moves: [
      at(0, KEY.down),
      at(atMs, { do: 'type', text: questionOf(dice) }),
      at(atMs + dice.within({ min: 10, max: 300 }), KEY.up)
    ]
  }
}

/** The window goes in the middle of a hold; the key-up comes late, or never. */
const goneInHold = (dice: Dice): Gesture => {
  const hands = handsOf(dice)
  const atMs = dice.within({ min: 60, max: 700 })
  const gone: DriverAction = dice.share() < 0.5 ? { do: 'blur' } : { do: 'hide' }
  const isNeverLetGo = hands === KEY && dice.share() < 0.5
  return {
    name: `${gone.do} in a hold ${hands.name}`,
    moves: [
      at(0, hands.down),
      at(atMs, gone),
      ...(isNeverLetGo ? [] : [at(atMs + dice.within({ min: 10, max: 600 }), hands.up)])
    ]
  }
}

const sleep = (dice: Dice): Gesture => {
  const { moves } = hold(dice, LONG_HOLD_MS, 'after sleep')
  return {
    name: 'after sleep',
    moves: moves.map((move) => ({ ...move, atMs: move.atMs + SLEEP_MS }))
  }
}

const retry = (dice: Dice): Gesture => ({
  name: 'asked again',
  moves: [at(dice.within({ min: 0, max: 200 }), { do: 'retry' })]
})

const GESTURES: readonly (readonly [number, (dice: Dice) => Gesture])[] = [
  [340, (dice) => hold(dice, SHORT_HOLD_MS, 'hold')],
  [45, (dice) => hold(dice, LONG_HOLD_MS, 'long hold')],
  [100, chatter],
  [50, repeats],
  [80, lostRelease],
  [40, twoHands],
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

type TroubleMaker = (dice: Dice) => readonly InjectedFaults[]

/** What a model or its network does wrong; the cheap ones often, those that take seconds seldom. */
const TROUBLES: readonly (readonly [number, TroubleMaker])[] = [
  [20, () => [{ dropCalls: { silently: false } }]],
  [4, () => [{ dropCalls: { silently: true } }]],
  [
    14,
    (dice) => [{ dropIntoAnswer: { afterMs: dice.within({ min: 0, max: 400 }), silently: false } }]
  ],
  [
    3,
    (dice) => [{ dropIntoAnswer: { afterMs: dice.within({ min: 0, max: 400 }), silently: true } }]
  ],
  [10, () => [{ closeChannel: true }]],
  [10, () => [{ expireSessions: true }]],
  [8, () => [{ calls: { status: 401, times: 1 } }, { dropCalls: { silently: false } }]],
  [4, () => [{ calls: { status: 503, times: 1 } }, { dropCalls: { silently: false } }]],
  [4, () => [{ clientSecrets: { status: 429, times: 1 } }, { dropCalls: { silently: false } }]],
  [12, (dice) => [{ stallResponseMs: dice.within({ min: 100, max: 2_500 }) }]],
  [16, (dice) => [{ malformedEvent: dice.of(MALFORMED) }]],
  [10, (dice) => [{ transcriptionDelayMs: dice.of(LATE_TRANSCRIPT_MS) }]],
  [10, (dice) => [{ blip: { forMs: dice.within({ min: 500, max: 2_000 }) } }]],
  [4, (dice) => [{ clientSecretsDelayMs: dice.of([0, 0, 300, 1_200]) }]]
]

const endOf = (moves: readonly ScenarioStep[]): number =>
  Math.max(0, ...moves.map(({ atMs }) => atMs))

const troubleMoves = (dice: Dice, endMs: number): { name: string; moves: ScenarioStep[] } => {
  const troubles = dice.weighted(TROUBLES)(dice)
  // Before the hold is over, in the tail, in the answer, or after it.
  const atMs = dice.within({ min: 0, max: endMs + 900 })
  return {
    name: Object.keys(troubles.at(-1) ?? {}).join(' '),
    moves: troubles.map((trouble) => at(atMs, { do: 'trouble', trouble }))
  }
}

/** What people do beside asking. */
const asideMove = (dice: Dice, endMs: number): { name: string; moves: ScenarioStep[] } => {
  const deed = dice.weighted<DriverAction>([
    [5, { do: 'devices_changed' }],
    [
      4,
      {
        do: 'device',
        device: { kind: 'microphone', index: dice.of([null, 0, 1, 2]) }
      }
    ],
    [3, { do: 'device', device: { kind: 'speaker', index: dice.of([null, 0, 1, 2]) } }],
    [2, { do: 'language' }]
  ])
  return { name: deed.do, moves: [at(dice.within({ min: 0, max: endMs + 600 }), deed)] }
}

const endingOf = (dice: Dice): ScenarioEnd =>
  dice.weighted<ScenarioEnd>([
    [18, { kind: 'settled' }],
    [36, { kind: 'during', state: 'speaking', afterMs: dice.within({ min: 0, max: 200 }) }],
    [22, { kind: 'during', state: 'processing', afterMs: dice.within({ min: 0, max: 100 }) }],
    [24, { kind: 'after', ms: dice.within({ min: 0, max: 200 }) }]
  ])

export type PlanShares = {
  /** Of acts in which the model or the network does something wrong. */
  trouble: number
  /** Of acts in which a device, or the language, is changed. */
  aside: number
}

export const USUAL_SHARES: PlanShares = { trouble: 0.14, aside: 0.04 }

/** Scenario `index` of the soak with this seed. */
export const scenarioAt = (
  seed: number,
  index: number,
  shares: PlanShares = USUAL_SHARES
): Scenario => {
  const dice = diceOf(seed, index)
  const gesture = dice.weighted(GESTURES)(dice)
  const ending = endingOf(dice)
  const endMs = endOf(gesture.moves)
  const extras = [
    ...(dice.share() < shares.trouble ? [troubleMoves(dice, endMs)] : []),
    ...(dice.share() < shares.aside ? [asideMove(dice, endMs)] : [])
  ]
  return {
    index,
    name: [gesture.name, ...extras.map(({ name }) => name)].join(' + '),
    moves: [...gesture.moves, ...extras.flatMap(({ moves }) => moves)].toSorted(
      (one, other) => one.atMs - other.atMs
    ),
    ending
  }
}
