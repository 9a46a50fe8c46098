// The section that is open on the screen.
import { expect, test } from 'vitest'
import type { KioskState } from '../../../../src/renderer/app/kiosk-state.ts'
import { createStore } from '../../../../src/renderer/app/store.ts'
import { emptyTurn } from '../../../../src/renderer/call/turn-view.ts'
import {
  createSectionOpener,
  shouldCloseSection
} from '../../../../src/renderer/section-reader/opened-section.ts'
import type { TurnEvent } from '../../../../src/renderer/turn/turn-events.ts'
import { initialTurnState, reduceTurn } from '../../../../src/renderer/turn/turn-reducer.ts'
import type { Bridge } from '../../../../src/shared/contract.ts'
import { failed, ok } from '../../../../src/shared/failure.ts'
import type { Citation } from '../../../../src/shared/handbook.ts'
import { ANSWERING, press, READY, release, spoken, stopped } from '../turn/reduce-events.ts'

const COOLING: Citation = { slug: 'cooling', title: 'Cooling', language: 'en', anchor: 'soup' }
const STORAGE: Citation = { slug: 'storage', title: 'Guardar', language: 'es', anchor: '' }
const TEXT = { slug: 'cooling', title: 'Cooling', language: 'en', text: '## Soup' } as const

const turnAfter = (events: readonly TurnEvent[]) =>
  events.reduce((state, event) => reduceTurn(state, event).state, initialTurnState(200))

const setUp = () => {
  const store = createStore({
    openedSection: null,
    turn: turnAfter(READY),
    view: emptyTurn(0)
  } as unknown as KioskState)
  const asked: unknown[] = []
  const answers: ((answer: unknown) => void)[] = []
  const call = (name: string, input: unknown) => {
    asked.push([name, input])
    return new Promise((resolve) => answers.push(resolve))
  }
  const sectionOpener = createSectionOpener(
    { call, on: () => () => {} } as unknown as Bridge,
    store
  )
  const answer = async (at: number, given: unknown) => {
    answers[at]?.(given)
    await new Promise<void>((resolve) => setTimeout(resolve))
  }
  return { store, asked, answer, ...sectionOpener }
}

test('shows the title at once, and the text when it is fetched', async () => {
  const { store, asked, answer, open } = setUp()
  open({ ...COOLING, needsManager: true } as Citation)
  expect(asked).toEqual([['handbook.readSection', { slug: 'cooling', language: 'en' }]])
  expect(store.get().openedSection).toMatchObject({
    citation: COOLING,
    section: null,
    failure: null
  })
  await answer(0, ok(TEXT))
  expect(store.get().openedSection).toMatchObject({ citation: COOLING, section: TEXT })
})

test('shows the failure of a fetch', async () => {
  const { store, answer, open } = setUp()
  open(COOLING)
  await answer(0, failed('section_not_found', 'There is no such section.'))
  expect(store.get().openedSection).toMatchObject({
    section: null,
    failure: { code: 'section_not_found' }
  })
})

test('stays closed when its text comes late', async () => {
  const { store, answer, open, close } = setUp()
  open(COOLING)
  close()
  await answer(0, ok(TEXT))
  expect(store.get().openedSection).toBeNull()
})

test('shows the last opened section, whichever text comes first', async () => {
  const { store, answer, open } = setUp()
  open(COOLING)
  open(STORAGE)
  await answer(1, ok({ ...TEXT, slug: 'storage' }))
  await answer(0, ok(TEXT))
  expect(store.get().openedSection).toMatchObject({
    citation: STORAGE,
    section: { slug: 'storage' }
  })
})

test('stays open during the sound of its answer, and closes at the next press', () => {
  const { store, open } = setUp()
  store.set({ turn: turnAfter(ANSWERING) })
  open(COOLING)
  const spokenNow = turnAfter([...ANSWERING, spoken('r2')])
  expect(shouldCloseSection({ ...store.get(), turn: spokenNow })).toBe(false)
  const answered = [...ANSWERING, spoken('r2'), stopped('r2')] as const
  const isOverAfter = (events: readonly TurnEvent[]) =>
    shouldCloseSection({ ...store.get(), turn: turnAfter(events) })
  store.set({ turn: turnAfter(answered) })
  expect(isOverAfter(answered)).toBe(false)
  open(COOLING)
  expect(isOverAfter(answered)).toBe(false)
  expect(isOverAfter([...answered, press(9_000)])).toBe(true)
  expect(isOverAfter([...answered, press(9_000), release(10_000)])).toBe(true)
  expect(isOverAfter([...answered, { type: 'ask', text: 'And fish?' }])).toBe(true)
})

test('closes hands-free at a committed question, not at speech', () => {
  const { store, open } = setUp()
  const listening: TurnEvent[] = [...READY, { type: 'hands_free_changed', on: true }]
  store.set({ turn: turnAfter(listening) })
  open(COOLING)
  const heard: TurnEvent[] = [...listening, { type: 'speech_started', itemId: 'q', atMs: 0 }]
  expect(shouldCloseSection({ ...store.get(), turn: turnAfter(heard) })).toBe(false)
  const asked: TurnEvent[] = [...heard, { type: 'committed', itemId: 'q' }]
  expect(shouldCloseSection({ ...store.get(), turn: turnAfter(asked) })).toBe(true)
})
