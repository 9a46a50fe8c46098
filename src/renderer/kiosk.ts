// The renderer put together: devices, call, turn and account behind one observable state and a few
// actions. It knows the window and the bridge, and nothing of React.
import type { Account, Credentials } from '../shared/account.ts'
import type { Bridge, CallOutput } from '../shared/contract.ts'
import type { FailureCode } from '../shared/failure.ts'
import type { Settings, SettingsPatch } from '../shared/settings.ts'
import { playCue } from './audio/cues.ts'
import { listDevices, watchDevices } from './audio/devices.ts'
import { createMeter } from './audio/meter.ts'
import { createMicrophone } from './audio/microphone.ts'
import { createSpeaker } from './audio/speaker.ts'
import { type ConnectionStatus, createConnection } from './call/connection.ts'
import { createConversation, emptyTurn } from './call/conversation.ts'
import { fromMain, kioskFailure } from './call/failures.ts'
import { webRtcTransport } from './call/webrtc.ts'
import { createStore, type KioskState, type Store } from './kiosk-state.ts'
import { listenToHoldButton } from './turn/hold-button.ts'
import { listenToKeyboard } from './turn/keyboard.ts'
import { type HintCode, initialTurnState, isGateOpen } from './turn/turn.ts'

/** Long enough to be read twice; the next press takes it away. */
const HINT_MS = 6_000

/** What a shell's bridge tells the window when main is gone and will not answer any more. */
const BRIDGE_LOST_EVENT = 'heard-bridge-lost'

export type KioskActions = {
  signIn: (credentials: Credentials) => Promise<void>
  signOut: () => Promise<void>
  /** Types a question. Returns false when there is no call to send it on; the text is then kept. */
  ask: (text: string) => boolean
  changeSettings: (patch: SettingsPatch) => Promise<void>
  /** Asks a question that failed again as it was understood, or opens the call again. */
  retry: () => void
  reopenMicrophone: () => void
  dismissFailure: () => void
  dismissNotices: () => void
  reload: () => void
  /** Makes an element the button that is held to talk. Returns what stops it. */
  holdToTalk: (button: HTMLElement) => () => void
  /** Level of what is heard now, 0 to 1, once per frame while there is something. */
  onLevel: (listener: (level: number) => void) => () => void
}

export type Kiosk = { store: Store<KioskState>; actions: KioskActions }

const groupOf = (account: Account): string | null =>
  account.status === 'signed_in' ? (account.group?.id ?? null) : null

const schedule = (run: () => void, ms: number): (() => void) => {
  const id = setTimeout(run, ms)
  return () => clearTimeout(id)
}

/** @param loaded what main answered to `kiosk.load` */
export const createKiosk = (
  page: Window,
  bridge: Bridge,
  loaded: CallOutput<'kiosk.load'>
): Kiosk => {
  const { mediaDevices } = page.navigator
  const store = createStore<KioskState>({
    version: loaded.version,
    account: loaded.account,
    settings: loaded.settings,
    notices: loaded.notices,
    devices: { microphones: [], speakers: [] },
    connection: { state: 'stopped' },
    turn: initialTurnState(loaded.settings.tailMs),
    view: emptyTurn(0),
    microphone: { status: 'opening' },
    speakerFailure: null,
    appFailure: null,
    signIn: 'idle',
    hint: null
  })

  const log = (
    level: 'info' | 'warn' | 'error',
    event: string,
    detail: Record<string, string | number | boolean | null>
  ) => {
    // Main counts and logs what it rejects; a line that is lost with the bridge is lost.
    void bridge.call('log.write', { level, event, detail })
  }

  const context = new AudioContext({ latencyHint: 'interactive' })
  const speaker = createSpeaker(context, new Audio(), mediaDevices, (event, message) =>
    log('warn', event, { message })
  )
  const meter = createMeter(
    context,
    speaker.answer,
    (run) => page.requestAnimationFrame(run),
    (id) => page.cancelAnimationFrame(id)
  )

  let stopHint: (() => void) | null = null
  const showHint = (hint: HintCode | null) => {
    stopHint?.()
    stopHint = hint === null ? null : schedule(() => showHint(null), HINT_MS)
    store.set({ hint })
  }

  const conversation = createConversation(
    {
      bridge,
      send: (event) => connection.transport()?.send(event) ?? false,
      gate: {
        open: () => {
          microphone.setGate('open')
          playCue(context, speaker.cues, 'opened')
          showHint(null)
        },
        close: () => {
          microphone.setGate('closed')
          playCue(context, speaker.cues, 'closed')
        }
      },
      speaker,
      language: () => store.get().settings.language,
      newId: () => crypto.randomUUID(),
      now: () => performance.now(),
      schedule,
      onChange: (turn, view) => {
        store.set({ turn, view })
        if (isGateOpen(turn)) meter.watch('microphone')
        else meter.watch(turn.playing === null ? 'none' : 'answer')
        if (turn.turn === null) renewIfOwed()
      },
      onHint: (hint) => {
        showHint(hint)
        // A press is a person who wants it now.
        if (hint === 'not_connected') connection.retryNow()
      },
      log
    },
    loaded.settings.tailMs
  )

  let loggedMicrophoneCode: FailureCode | null = null
  const microphone = createMicrophone({
    devices: mediaDevices,
    schedule,
    onState: (state) => {
      store.set({ microphone: state })
      conversation.dispatch({ type: 'microphone', available: state.status === 'ready' })
      // It is tried again every few seconds: the log has it once.
      if (state.status === 'failed' && state.failure.code !== loggedMicrophoneCode) {
        loggedMicrophoneCode = state.failure.code
        log('warn', 'microphone.failed', {
          code: state.failure.code,
          message: state.failure.message
        })
      }
      // Names are given only once the microphone may be used.
      if (state.status === 'ready') {
        loggedMicrophoneCode = null
        void refreshDevices()
      }
    },
    onTrack: (sent, metered) => {
      meter.setMicrophone(metered)
      void connection.transport()?.setMicrophone(sent)
    }
  })

  let wasConnected = false
  const onConnectionStatus = (status: ConnectionStatus) => {
    const isConnected = status.state === 'connected'
    if (wasConnected && !isConnected) conversation.lost()
    store.set({ connection: status })
    if (isConnected) conversation.opened()
    wasConnected = isConnected
    if (status.state === 'waiting' || status.state === 'blocked') {
      log('warn', 'call.failed', { code: status.failure.code, message: status.failure.message })
    }
  }
  let wasOffline = false
  const openTransport = webRtcTransport(bridge, () => store.get().settings.language)
  const connection = createConnection({
    open: async (track, events, signal) => {
      const attempt = await openTransport(track, events, signal)
      if (attempt.ok) return attempt
      const { code, message } = attempt.failure
      const isNetwork = code === 'backend_unreachable' || code === 'model_unreachable'
      return isNetwork && wasOffline
        ? { ok: false, failure: kioskFailure('offline', message) }
        : attempt
    },
    microphone: () => microphone.track(),
    schedule,
    random: Math.random,
    onStatus: onConnectionStatus,
    onMessage: conversation.receive,
    onRemoteStream: speaker.play,
    hangUp: (callId) => void bridge.call('calls.hangUp', { callId })
  })

  /** A call speaks one language for one restaurant: after a change it is made anew, between turns. */
  let isRenewalOwed = false
  const renewIfOwed = () => {
    if (!isRenewalOwed) return
    isRenewalOwed = false
    wasConnected = false
    conversation.lost()
    connection.renew()
  }

  const refreshDevices = async () => {
    store.set({ devices: await listDevices(mediaDevices) })
  }
  const chooseSpeaker = async () => {
    const failure = await speaker.choose(store.get().settings.speaker)
    store.set({ speakerFailure: failure })
    if (failure !== null) log('warn', 'speaker.failed', { message: failure.message })
  }

  const applySettings = (next: Settings) => {
    const before = store.get().settings
    store.set({ settings: next })
    speaker.setVolume(next.volume)
    if (before.tailMs !== next.tailMs) {
      conversation.dispatch({ type: 'tail_changed', tailMs: next.tailMs })
    }
    if (JSON.stringify(before.microphone) !== JSON.stringify(next.microphone)) {
      void microphone.open(next.microphone)
    }
    if (JSON.stringify(before.speaker) !== JSON.stringify(next.speaker)) void chooseSpeaker()
    if (before.language !== next.language) {
      isRenewalOwed = true
      if (conversation.state().turn === null) renewIfOwed()
    }
  }

  let isSigningOut = false
  const applyAccount = (next: Account) => {
    const before = store.get().account
    store.set({ account: next })
    if (groupOf(before) !== groupOf(next)) {
      // What the last restaurant's people asked is nobody else's to read.
      conversation.dispatch({ type: 'abandon' })
      conversation.forget()
      isRenewalOwed = false
      connection.stop()
    }
    if (groupOf(next) !== null) {
      store.set({ appFailure: null })
      connection.start()
    } else if (next.status === 'signed_in') {
      store.set({ appFailure: kioskFailure('not_a_member', 'The account has no restaurant.') })
    } else {
      connection.stop()
      // Nobody pressed "sign out": the person in front of the sign-in screen is told why it is there.
      if (before.status === 'signed_in' && !isSigningOut) {
        store.set({ appFailure: kioskFailure('not_signed_in', 'The session ended.') })
      }
    }
  }

  bridge.on('account.changed', applyAccount)
  bridge.on('settings.changed', applySettings)
  bridge.on('turn.release', ({ reason }) => {
    log('info', 'turn.forced', { reason })
    conversation.dispatch({ type: 'force_release' })
  })
  page.addEventListener('offline', () => {
    wasOffline = true
  })
  page.addEventListener('online', () => {
    wasOffline = false
    connection.retryNow()
  })
  page.addEventListener(BRIDGE_LOST_EVENT, () => {
    conversation.dispatch({ type: 'force_release' })
    store.set({ appFailure: kioskFailure('bridge_lost', 'The bridge to main is gone.') })
  })
  watchDevices(mediaDevices, schedule, () => {
    void refreshDevices()
    void microphone.devicesChanged()
    void chooseSpeaker()
  })
  listenToKeyboard(
    page,
    () => store.get().settings.talkKey,
    () => store.get().account.status === 'signed_in',
    conversation.dispatch
  )
  // Chromium lets a page make no sound before it was touched, unless its shell allows it.
  for (const gesture of ['pointerdown', 'keydown'] as const) {
    page.addEventListener(gesture, () => void context.resume(), { capture: true })
  }

  speaker.setVolume(loaded.settings.volume)
  void microphone.open(loaded.settings.microphone)
  void chooseSpeaker()
  void refreshDevices()
  applyAccount(loaded.account)

  const actions: KioskActions = {
    signIn: async (credentials) => {
      store.set({ signIn: 'under_way', appFailure: null })
      const result = await bridge.call('account.signIn', credentials)
      store.set({ signIn: 'idle' })
      if (result.ok) applyAccount(result.value)
      else store.set({ appFailure: fromMain(result.error) })
    },
    signOut: async () => {
      store.set({ appFailure: null })
      isSigningOut = true
      const result = await bridge.call('account.signOut', {})
      if (result.ok) applyAccount(result.value)
      else store.set({ appFailure: fromMain(result.error) })
      isSigningOut = false
    },
    ask: (text) => {
      conversation.dispatch({ type: 'ask', text })
      return conversation.state().turn !== null
    },
    changeSettings: async (patch) => {
      const result = await bridge.call('settings.change', patch)
      if (result.ok) applySettings(result.value)
      else store.set({ appFailure: fromMain(result.error) })
    },
    retry: () => {
      const { heard, failure } = store.get().view
      conversation.dismiss()
      store.set({ appFailure: null })
      if (connection.transport() === null) connection.retryNow()
      else if (failure !== null && heard !== '') {
        conversation.dispatch({ type: 'ask', text: heard })
      }
    },
    reopenMicrophone: () => void microphone.open(store.get().settings.microphone),
    dismissFailure: () => {
      conversation.dismiss()
      store.set({ appFailure: null, speakerFailure: null })
    },
    dismissNotices: () => store.set({ notices: [] }),
    reload: () => page.location.reload(),
    holdToTalk: (button) => listenToHoldButton(button, conversation.dispatch),
    onLevel: meter.onLevel
  }
  return { store, actions }
}
