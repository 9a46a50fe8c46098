// Opens the settings after the gesture and the PIN, moves through them with a pedal, and leaves the kiosk.
import { listenForSettingsGesture } from '../maintenance/settings-gesture-listener.ts'
import { createSwitchAccess } from '../maintenance/switch-access.ts'
import type { TurnEvent } from '../turn/turn-events.ts'
import type { AppContext } from './app-context.ts'
import type { AppParts } from './app-parts.ts'
import type { KioskActions } from './kiosk-actions.ts'
import { withNotice } from './kiosk-state.ts'

export type MaintenanceFeature = {
  actions: Pick<
    KioskActions,
    'openSettings' | 'closeSettings' | 'unlock' | 'setPin' | 'leave' | 'watchGesture'
  >
  /** Takes what the keys and pedals do: they talk, unless a pedal has opened a dialog. */
  onTalkInput: (event: TurnEvent) => void
}

const CLOSED = { openDialog: null, isOpenedByPedal: false } as const

export const createMaintenance = (
  { page, bridge, store, schedule, now }: AppContext,
  { conversation, sections }: Pick<AppParts, 'conversation' | 'sections'>
): MaintenanceFeature => {
  const open = (isOpenedByPedal: boolean) => {
    if (store.get().openDialog !== null) return
    sections.close()
    const openDialog = store.get().maintenance.unlocked ? 'settings' : 'pin'
    store.set({ openDialog, isOpenedByPedal })
  }

  const switchAccess = createSwitchAccess(page.document, schedule)
  const gesture = listenForSettingsGesture(page, schedule, now, (isOpenedByPedal) => {
    if (store.get().openDialog !== null) return
    // The taps and the hold of the gesture are no question.
    conversation.dispatch({ type: 'abandon' })
    open(isOpenedByPedal)
  })

  bridge.on('maintenance.changed', (maintenance) => {
    store.set({ maintenance })
    const { notices, openDialog } = store.get()
    if (maintenance.hasPin) store.set({ notices: withNotice(notices, 'no_pin', false) })
    if (!maintenance.unlocked && openDialog === 'settings') store.set(CLOSED)
  })

  return {
    onTalkInput: (event) => {
      if (store.get().isOpenedByPedal) {
        if (event.type === 'press') switchAccess.press()
        if (event.type === 'release') switchAccess.release()
        return
      }
      // First: a question does not wait for a rare gesture.
      conversation.dispatch(event)
      gesture.heard(event)
    },
    actions: {
      openSettings: () => open(false),
      closeSettings: () => {
        store.set(CLOSED)
        if (store.get().maintenance.hasPin) void bridge.call('maintenance.lock', {})
      },
      unlock: async (pin) => {
        const result = await bridge.call('maintenance.unlock', { pin })
        if (result.ok) {
          store.set({ openDialog: 'settings' })
          return { kind: 'right' }
        }
        const { code, retryAfterSeconds } = result.error
        if (code === 'wrong_pin') return { kind: 'wrong' }
        return code === 'pin_rate_limited'
          ? { kind: 'paused', seconds: retryAfterSeconds ?? 0 }
          : { kind: 'failed' }
      },
      setPin: async (pin) => (await bridge.call('maintenance.setPin', { pin })).ok,
      leave: (how) => void bridge.call('maintenance.exit', { how }),
      watchGesture: gesture.watch
    }
  }
}
