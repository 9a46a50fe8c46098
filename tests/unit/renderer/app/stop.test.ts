// Escape stops what is said, unless it closes something first.
import { expect, test } from 'vitest'
import type { AppContext } from '../../../../src/renderer/app/app-context.ts'
import type { AppParts } from '../../../../src/renderer/app/app-parts.ts'
import type { KioskState } from '../../../../src/renderer/app/kiosk-state.ts'
import { createStop } from '../../../../src/renderer/app/stop.ts'
import { createStore } from '../../../../src/renderer/app/store.ts'
import { ANSWERING, play, press, READY } from '../turn/reduce-events.ts'
import { createWindowDouble } from '../turn/window-double.ts'

const CONNECTED = { state: 'connected', path: 'webrtc', hasStandby: false } as const

test.each<[string, Partial<KioskState>, number]>([
  ['stops an answer', {}, 1],
  ['stops nothing under a dialog', { openDialog: 'settings' }, 0],
  ['stops nothing under a section', { openedSection: {} as KioskState['openedSection'] }, 0],
  ['stops nothing without a question', { turn: play(...READY).state() }, 0],
  ['stops no hold', { turn: play(...READY, press(0)).state() }, 0]
])('%s by Escape', (_, patch, stops) => {
  const { window: page, key } = createWindowDouble()
  const store = createStore({
    openDialog: null,
    openedSection: null,
    connection: CONNECTED,
    turn: play(...ANSWERING).state(),
    ...patch
  } as KioskState)
  const dispatched: unknown[] = []
  const conversation = { dispatch: (event: unknown) => dispatched.push(event) }
  createStop({ page, store } satisfies Pick<AppContext, 'page' | 'store'>, {
    conversation: conversation as unknown as AppParts['conversation']
  })
  key('keydown', 'Escape', { repeat: true })
  key('keydown', 'Escape')
  expect(dispatched).toHaveLength(stops)
})
