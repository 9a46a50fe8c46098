// Wires the renderer's features to one observable state and the actions of the screen. Knows nothing of React.
import type { Bridge, CallOutput } from '../../shared/contract.ts'
import { createSectionOpener } from '../section-reader/opened-section.ts'
import { listenToHoldButton } from '../turn/hold-button.ts'
import { isGateOpen, isLatched } from '../turn/turn-reducer.ts'
import { createAccount } from './account.ts'
import { createAppContext } from './app-context.ts'
import { createAppAudio } from './audio.ts'
import { createBindings } from './bindings.ts'
import { createAppCalls } from './calls.ts'
import { createAppDevices } from './devices.ts'
import { createFailures } from './failures.ts'
import { createHints } from './hints.ts'
import type { KioskActions } from './kiosk-actions.ts'
import { initialKioskState, type KioskState, withNotice } from './kiosk-state.ts'
import { createLevel } from './level.ts'
import { createMaintenance } from './maintenance.ts'
import { createRating } from './rating.ts'
import { createSettings } from './settings.ts'
import { createSoundCheck } from './sound-check.ts'
import { createStop } from './stop.ts'
import { createStore, type Store } from './store.ts'
import { createTalk, loadChecks } from './talk.ts'
import { createTurnFollower } from './turn-follower.ts'

export type RendererApp = { store: Store<KioskState>; actions: KioskActions }

/** @param loaded main's answer to `kiosk.initialState` */
export const createRendererApp = (
  page: Window,
  bridge: Bridge,
  loaded: CallOutput<'kiosk.initialState'>
): RendererApp => {
  const store = createStore(initialKioskState(loaded))
  const context = createAppContext(page, bridge, store)
  const onGesture = (run: () => void) => {
    for (const gesture of ['pointerdown', 'keydown']) {
      page.addEventListener(gesture, run, { capture: true })
    }
  }

  const audio = createAppAudio(context)
  const devices = createAppDevices(context, audio)
  const level = createLevel(context, audio)
  const soundCheck = createSoundCheck(context, audio, devices, level)
  const sections = createSectionOpener(bridge, store)
  const calls = createAppCalls(context, loaded.callLimits, audio, devices)
  const hints = createHints(context)
  const around = { audio, devices, level, soundCheck, sections, calls, hints }
  const conversation = createTalk(context, around, createTurnFollower(context, around))
  const parts = { ...around, conversation }
  const { dispatch, state } = conversation

  calls.connect(conversation)
  audio.onAudible((atMs) => conversation.mark('audible', atMs))
  devices.listen({
    onAvailable: (available) => dispatch({ type: 'microphone', available }),
    onTrack: (track) => void calls.transport()?.setMicrophone(track)
  })
  bridge.on('turn.forceRelease', ({ reason }) => {
    context.log('info', 'turn.forceReleased', { reason })
    dispatch({ type: 'force_release', reason })
  })
  bridge.on('updates.restartAnnounced', ({ isAnnounced }) =>
    store.set({ notices: withNotice(store.get().notices, 'restart_announced', isAnnounced) })
  )

  const failures = createFailures(context, parts)
  // Before the keys and pedals: the offer of a call goes out before the press is handled.
  onGesture(calls.wake)
  const maintenance = createMaintenance(context, parts)
  const settings = createSettings(context, parts)
  const bindings = createBindings(context, settings.changeSettings, maintenance.onTalkInput)
  onGesture(audio.resume)
  devices.start()
  void loadChecks()
  const account = createAccount(context, parts)

  return {
    store,
    actions: {
      ...account,
      ...failures,
      ...maintenance.actions,
      ...settings,
      ...bindings,
      ...createRating(context),
      ...createStop(context, parts),
      testSpeaker: soundCheck.testSpeaker,
      testMicrophone: soundCheck.testMicrophone,
      ask: (text) => {
        const before = state().lastTurnId
        dispatch({ type: 'ask', text })
        return state().lastTurnId > before
      },
      openSection: sections.open,
      closeSection: sections.close,
      reopenMicrophone: devices.openMicrophone,
      holdToTalk: (button) =>
        // A latch ends with a press.
        listenToHoldButton(button, dispatch, () => isGateOpen(state()) && !isLatched(state())),
      onLevel: audio.meter.onLevel,
      recentTurns: async () => {
        const result = await bridge.call('turns.recent', {})
        return result.ok ? result.value : []
      }
    }
  }
}
