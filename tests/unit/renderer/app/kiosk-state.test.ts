// What the screen is drawn from: the state's name, and which of several failures is shown.
import { expect, test } from 'vitest'
import {
  isKioskReady,
  isPressAccepted,
  type KioskState,
  phaseOf,
  ratingPlaceOf,
  shownFailure,
  thumbOf
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

test.each([
  ['connected', kiosk()],
  ['listening', kiosk({ turn: turnAfter([...READY, press(0)]) })],
  // A tap is no question: nothing is looked up while the second one may still come.
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
  // A question that is recorded, or waits, is under way without a call.
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
] as const)('the state is %s', (phase, state) => {
  expect(phaseOf(state)).toBe(phase)
})

test('a press would be heard only with a call and a microphone', () => {
  expect(isKioskReady(kiosk())).toBe(true)
  expect(isKioskReady(kiosk({ turn: turnAfter([{ type: 'call_opened' }]) }))).toBe(false)
  expect(isKioskReady(kiosk({ connection: { state: 'connecting', failure: null } }))).toBe(false)
})

test('a press is kept without a call, unless only a person can bring one', () => {
  const failure = kioskFailure('voice_disabled', '')
  expect(isPressAccepted(kiosk({ connection: { state: 'asleep' } }))).toBe(true)
  expect(isPressAccepted(kiosk({ connection: { state: 'waiting', failure } }))).toBe(true)
  expect(isPressAccepted(kiosk({ connection: { state: 'blocked', failure } }))).toBe(false)
  expect(isPressAccepted(kiosk({ turn: turnAfter([{ type: 'call_opened' }]) }))).toBe(false)
})

test('what stops everything is shown before what stops one question, and that before a missing microphone', () => {
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
  // The question may still be answered: on the next call, or from the copy.
  const waiting = turnAfter([...ASKED, { type: 'call_lost' }])
  expect(shownFailure({ ...dropped, view: emptyTurn(1), turn: waiting })).toBe(microphone)
})

test.each([
  ['none', 'nothing was asked', {}, READY],
  ['none', 'nothing but the copy on the kiosk has answered', { outcome: 'answered' }, READY],
  ['reserved', 'the answer is on its way', { questionId: 'q' }, ANSWERING],
  [
    'reserved',
    'it is finished, and somebody presses again',
    { questionId: 'q', outcome: 'answered' },
    [...READY, press(0)]
  ],
  ['open', 'it is finished', { questionId: 'q', outcome: 'answered' }, READY],
  ['open', 'the handbook does not say', { questionId: 'q', outcome: 'not_found' }, READY],
  ['none', 'it failed', { questionId: 'q', outcome: 'failed' }, READY],
  ['none', 'it was stopped', { questionId: 'q', outcome: 'cancelled' }, READY]
] as const)('the place for the thumbs is %s when %s', (place, _when, view, events) => {
  const state = kiosk({ view: { ...emptyTurn(1), ...view }, turn: turnAfter(events) })
  expect(ratingPlaceOf(state)).toBe(place)
})

test('a thumb is that of the answer on the screen, and of no other', () => {
  const thumb = { questionId: 'q', thumb: 'up', state: 'sent' } as const
  expect(thumbOf(kiosk({ view: { ...emptyTurn(1), questionId: 'q' }, thumb }))).toBe(thumb)
  expect(thumbOf(kiosk({ view: { ...emptyTurn(2), questionId: 'r' }, thumb }))).toBeNull()
  expect(thumbOf(kiosk({ view: emptyTurn(2), thumb }))).toBeNull()
})
