// Derives the screen's parts from the state.
import { expect, test } from 'vitest'
import {
  isKioskReady,
  isPressAccepted,
  type KioskState,
  phaseOf,
  ratingPlaceOf,
  shownFailure,
  shownNetworkProblem,
  thumbOf,
  withNotice
} from '../../../../src/renderer/app/kiosk-state.ts'
import { kioskFailure } from '../../../../src/renderer/call/failures.ts'
import { emptyTurn } from '../../../../src/renderer/call/turn-view.ts'
import {
  initialTurnState,
  reduceTurn,
  type TurnState
} from '../../../../src/renderer/turn/turn-reducer.ts'
import { DEFAULT_SETTINGS } from '../../../../src/shared/settings.ts'
import { ANSWERING, ASKED, press, READY, release, spoken } from '../turn/reduce-events.ts'

const turnAfter = (events: readonly (typeof ANSWERING)[number][]): TurnState =>
  events.reduce((state, event) => reduceTurn(state, event).state, initialTurnState(200))

const kiosk = (change: Partial<KioskState> = {}): KioskState => ({
  version: '0',
  account: { status: 'signed_out' },
  settings: DEFAULT_SETTINGS,
  maintenance: { hasPin: false, unlocked: true, canExit: false },
  networkProblem: null,
  openDialog: null,
  isOpenedByPedal: false,
  notices: [],
  devices: { microphones: [], speakers: [] },
  connection: { state: 'connected', path: 'webrtc', hasStandby: true },
  turn: turnAfter(READY),
  view: emptyTurn(0),
  microphone: { status: 'ready', label: '' },
  speakerFailure: null,
  appFailure: null,
  signIn: 'idle',
  hint: null,
  holdEndsAtMs: null,
  openedSection: null,
  thumb: null,
  pedals: [],
  ...change
})

test('adds and removes one notice of several', () => {
  const shown = withNotice(['no_pin'], 'restart_announced', true)
  expect(withNotice(shown, 'restart_announced', true)).toEqual(['no_pin', 'restart_announced'])
  expect(withNotice(shown, 'restart_announced', false)).toEqual(['no_pin'])
})

test.each([
  ['connected', kiosk()],
  ['listening', kiosk({ turn: turnAfter([...READY, press(0)]) })],
  // A second tap may follow.
  [
    'connected',
    kiosk({
      turn: turnAfter([
        ...READY,
        press(0),
        release(60),
        { type: 'timer', timer: 'chatter', turnId: 1 }
      ])
    })
  ],
  ['processing', kiosk({ turn: turnAfter(ASKED) })],
  ['speaking', kiosk({ turn: turnAfter(ANSWERING) })],
  ['speaking', kiosk({ turn: turnAfter([...ANSWERING, spoken('r2')]) })],
  ['connecting', kiosk({ connection: { state: 'connecting', failure: null } })],
  ['disconnected', kiosk({ connection: { state: 'stopped' } })],
  ['asleep', kiosk({ connection: { state: 'asleep' } })],
  // A question may be recorded or wait without a call.
  [
    'listening',
    kiosk({
      connection: { state: 'asleep' },
      turn: turnAfter([...READY, { type: 'call_lost' }, press(0)])
    })
  ],
  [
    'processing',
    kiosk({
      connection: { state: 'waiting', failure: kioskFailure('call_dropped', '') },
      turn: turnAfter([...ASKED, { type: 'call_lost' }])
    })
  ]
] as const)('derives the phase %s', (phase, state) => {
  expect(phaseOf(state)).toBe(phase)
})

test('is ready with a call and a microphone only', () => {
  expect(isKioskReady(kiosk())).toBe(true)
  expect(isKioskReady(kiosk({ turn: turnAfter([{ type: 'call_opened' }]) }))).toBe(false)
  expect(isKioskReady(kiosk({ connection: { state: 'connecting', failure: null } }))).toBe(false)
})

test('accepts a press without a call, unless a person has to act first', () => {
  const failure = kioskFailure('voice_disabled', '')
  expect(isPressAccepted(kiosk({ connection: { state: 'asleep' } }))).toBe(true)
  expect(isPressAccepted(kiosk({ connection: { state: 'waiting', failure } }))).toBe(true)
  expect(isPressAccepted(kiosk({ connection: { state: 'blocked', failure } }))).toBe(false)
  expect(isPressAccepted(kiosk({ turn: turnAfter([{ type: 'call_opened' }]) }))).toBe(false)
})

test("shows the failure of the kiosk before that of a question, and that before the microphone's", () => {
  const microphone = kioskFailure('microphone_missing', '')
  const question = kioskFailure('search_timeout', '')
  const call = kioskFailure('call_dropped', '')
  const app = kioskFailure('bridge_lost', '')
  const state = kiosk({ microphone: { status: 'failed', failure: microphone } })
  expect(shownFailure(kiosk())).toBeNull()
  expect(shownFailure(state)).toBe(microphone)
  const asked = { ...state, view: { ...emptyTurn(1), failure: question } }
  expect(shownFailure(asked)).toBe(question)
  const dropped: KioskState = { ...asked, connection: { state: 'waiting', failure: call } }
  expect(shownFailure(dropped)).toBe(call)
  expect(shownFailure({ ...dropped, appFailure: app })).toBe(app)
  // The question may still be answered.
  const waiting = turnAfter([...ASKED, { type: 'call_lost' }])
  expect(shownFailure({ ...dropped, view: emptyTurn(1), turn: waiting })).toBe(microphone)
})

test.each([
  ['none', 'there is no question', {}, READY],
  ['none', 'only the offline copy has answered', { outcome: 'answered' }, READY],
  ['reserved', 'the answer is incomplete', { questionId: 'q' }, ANSWERING],
  [
    'reserved',
    'a press follows the answer',
    { questionId: 'q', outcome: 'answered' },
    [...READY, press(0)]
  ],
  ['open', 'the answer is complete', { questionId: 'q', outcome: 'answered' }, READY],
  ['open', 'the handbook has no answer', { questionId: 'q', outcome: 'not_found' }, READY],
  ['none', 'the turn failed', { questionId: 'q', outcome: 'failed' }, READY],
  ['none', 'the turn was cancelled', { questionId: 'q', outcome: 'cancelled' }, READY]
] as const)('puts the thumbs at %s when %s', (place, _when, view, events) => {
  const state = kiosk({ view: { ...emptyTurn(1), ...view }, turn: turnAfter(events) })
  expect(ratingPlaceOf(state)).toBe(place)
})

test('shows the thumb of the answer on the screen only', () => {
  const thumb = { questionId: 'q', thumb: 'up', state: 'sent' } as const
  expect(thumbOf(kiosk({ view: { ...emptyTurn(1), questionId: 'q' }, thumb }))).toBe(thumb)
  expect(thumbOf(kiosk({ view: { ...emptyTurn(2), questionId: 'r' }, thumb }))).toBeNull()
  expect(thumbOf(kiosk({ view: emptyTurn(2), thumb }))).toBeNull()
})

test.each([
  ['backend_unreachable', true],
  ['model_unreachable', true],
  ['offline', true],
  // It has its own sentence.
  ['wrong_credentials', false]
] as const)('explains %s by the network problem: %s', (code, isExplained) => {
  const networkProblem = { cause: 'captive_portal', place: 'kiosk' } as const
  const appFailure = kioskFailure(code, '')
  const shown = shownNetworkProblem(kiosk({ appFailure, networkProblem }))
  expect(shown).toEqual(isExplained ? networkProblem : null)
  expect(shownNetworkProblem(kiosk({ appFailure }))).toBeNull()
  expect(shownNetworkProblem(kiosk({ networkProblem }))).toBeNull()
})
