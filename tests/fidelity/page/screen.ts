// Runs in Chromium: mounts the kiosk's screen on a state that tests set, without main, sound or a call.
/// <reference types="vite/client" />
import type { RendererApp } from '../../../src/renderer/app/app.ts'
import type { KioskActions } from '../../../src/renderer/app/kiosk-actions.ts'
import { initialKioskState, type KioskState } from '../../../src/renderer/app/kiosk-state.ts'
import { createStore } from '../../../src/renderer/app/store.ts'
import { emptyTurn } from '../../../src/renderer/call/turn-view.ts'
import { mount } from '../../../src/renderer/ui/screens/mount.tsx'
import { DEFAULT_CALL_LIMITS } from '../../../src/shared/call-limits.ts'
import { DEFAULT_SETTINGS, type Settings } from '../../../src/shared/settings.ts'

const GROUP = { id: '00000000-0000-4000-8000-000000000001', name: 'Harbor and Rye', role: 'kiosk' }

const ready = (): KioskState => {
  const state = initialKioskState({
    version: '1.0.0',
    shell: 'preview',
    account: {
      status: 'signed_in',
      email: 'kiosk@harbor-and-rye.example',
      groups: [GROUP],
      group: GROUP,
      remembered: true
    },
    settings: DEFAULT_SETTINGS,
    notices: [],
    maintenance: { hasPin: false, unlocked: true, canExit: true },
    networkProblem: null,
    callLimits: DEFAULT_CALL_LIMITS
  })
  return {
    ...state,
    microphone: { status: 'ready', label: 'Microphone' },
    connection: { state: 'connected', path: 'webrtc', hasStandby: true },
    turn: { ...state.turn, call: 'up', microphoneAvailable: true }
  }
}

const store = createStore(ready())
/** Names and arguments of the screen's actions, in their order. */
const called: unknown[][] = []
const RIGHT_PIN = '4096'

/** What the screens need of the app's actions; every other one is only noted. */
const answers: Partial<KioskActions> = {
  openSettings: () => store.set({ openDialog: 'settings' }),
  closeSettings: () => store.set({ openDialog: null }),
  dismissNotices: () => store.set({ notices: [] }),
  changeSettings: async (patch) =>
    store.set({ settings: { ...store.get().settings, ...patch } as Settings }),
  unlock: async (pin) => {
    if (pin !== RIGHT_PIN) return { kind: 'wrong' }
    store.set({ openDialog: 'settings' })
    return { kind: 'right' }
  },
  setPin: async () => {
    store.set({ maintenance: { ...store.get().maintenance, hasPin: true } })
    return true
  },
  signOut: async () => store.set({ account: { status: 'signed_out' }, openDialog: null }),
  openSection: (citation, quotes = []) =>
    store.set({
      openedSection: {
        citation,
        quotes,
        turnId: 0,
        failure: null,
        section: { ...citation, text: screenLab.sectionText }
      }
    }),
  closeSection: () => store.set({ openedSection: null }),
  recentTurns: async () => []
}
const actions = new Proxy({} as KioskActions, {
  get:
    (_, name: keyof KioskActions) =>
    (...args: unknown[]) => {
      called.push([name, ...args.filter((one) => !(one instanceof Element))])
      const answer = answers[name] as ((...given: unknown[]) => unknown) | undefined
      return answer === undefined ? () => {} : answer(...args)
    }
})

const screenLab = {
  called,
  sectionText: '',
  /** Replaces the state by the ready one with this patch. */
  show: ({ view, ...patch }: ScreenPatch): void =>
    store.set({ ...ready(), ...patch, view: { ...emptyTurn(1), ...view } }),
  change: (patch: Partial<KioskState>): void => store.set(patch),
  state: (): KioskState => store.get()
}
export type ScreenPatch = Partial<Omit<KioskState, 'view'>> & { view?: Partial<KioskState['view']> }

declare global {
  interface Window {
    screenLab: typeof screenLab
  }
}
window.screenLab = screenLab

const root = document.createElement('div')
root.id = 'root'
document.body.append(root)
mount(root, { store, actions } satisfies RendererApp)
