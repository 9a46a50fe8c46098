// The renderer put together: devices, call, turn and account behind one observable state and a few
// actions. It knows the window and the bridge, and nothing of React.
import type { Account } from '../../shared/account.ts'
import type { Bridge, CallOutput } from '../../shared/contract.ts'
import type { FailureCode } from '../../shared/failure.ts'
import type { Settings } from '../../shared/settings.ts'
import { createAudibleDetector } from '../audio/audible-detector.ts'
import { audioProcessingOf, isSameAudioProcessing } from '../audio/audio-processing.ts'
import { playCue } from '../audio/cues.ts'
import { listDevices, watchDevices } from '../audio/devices.ts'
import { createMeter } from '../audio/level-meter.ts'
import { createMicrophone } from '../audio/microphone.ts'
import { runMicrophoneTest } from '../audio/microphone-test.ts'
import { createPlayer, createPlayerContext } from '../audio/player.ts'
import { createRecorder, createRecorderContext } from '../audio/recorder.ts'
import { createSpeaker } from '../audio/speaker.ts'
import { createIdleSuspender } from '../audio/suspend-when-idle.ts'
import { playTestTone } from '../audio/test-tone.ts'
import { createAnswerAudioWatchdog } from '../call/answer-audio-watchdog.ts'
import { type ConnectionStatus, createConnection } from '../call/connection.ts'
import { createConversation, emptyTurn } from '../call/conversation.ts'
import { failureFromMain, kioskFailure } from '../call/failures.ts'
import { watchFirstPacket } from '../call/first-packet.ts'
import { watchHoldLoss } from '../call/hold-packet-loss.ts'
import { networkInformation } from '../call/network-information.ts'
import { minuteOfDay } from '../call/opening-hours.ts'
import { createPrewarmedPeer } from '../call/prewarmed-peer.ts'
import type { OpenTransport } from '../call/transport.ts'
import { createProbeOffer, createWarp } from '../call/warp.ts'
import { webRtcTransport } from '../call/webrtc.ts'
import { createOfferingPeer } from '../call/webrtc-peer.ts'
import { webSocketTransport } from '../call/websocket.ts'
import { receiveWebSocketPorts } from '../call/websocket-port.ts'
import { listenForSettingsGesture } from '../maintenance/settings-gesture-listener.ts'
import { createSwitchAccess } from '../maintenance/switch-access.ts'
import { createSectionOpener, shouldCloseSection } from '../section-reader/opened-section.ts'
import { listenToHoldButton } from '../turn/hold-button.ts'
import { listenToPressSources, withBinding } from '../turn/press-sources.ts'
import type { HintCode } from '../turn/turn-events.ts'
import {
  canAskAgain,
  initialTurnState,
  isGateOpen,
  isLiveAudioPending,
  isSending
} from '../turn/turn-reducer.ts'
import { holdEndsAtMs } from '../turn/turn-state.ts'
import type { KioskActions } from './kiosk-actions.ts'
import {
  createStore,
  type GivenThumb,
  type KioskState,
  ratingPlaceOf,
  type Store
} from './kiosk-state.ts'

/** Long enough to be read twice; the next press takes it away. */
const HINT_MS = 6_000

/** What a shell's bridge tells the window when main is gone and will not answer any more. */
const BRIDGE_LOST_EVENT = 'heard-bridge-lost'

const MINUTE_MS = 60_000

export type RendererApp = { store: Store<KioskState>; actions: KioskActions }

type LogDetail = Record<string, string | number | boolean | null>

const groupOf = (account: Account): string | null =>
  account.status === 'signed_in' ? (account.group?.id ?? null) : null

const schedule = (run: () => void, ms: number): (() => void) => {
  const id = setTimeout(run, ms)
  return () => clearTimeout(id)
}

const now = () => performance.now()

const loadChecks = () => import('../../shared/answer-check.ts')

/** A path that is not to be used here; the code is the one that leads to the other. */
const closedPath: OpenTransport = async () => ({
  ok: false,
  failure: kioskFailure('call_timeout', 'The call limits disable this transport.')
})

/** @param loaded what main answered to `kiosk.initialState` */
export const createRendererApp = (
  page: Window,
  bridge: Bridge,
  loaded: CallOutput<'kiosk.initialState'>
): RendererApp => {
  const { mediaDevices } = page.navigator
  const { callLimits } = loaded
  const store = createStore<KioskState>({
    version: loaded.version,
    account: loaded.account,
    settings: loaded.settings,
    maintenance: loaded.maintenance,
    openDialog: null,
    isOpenedByPedal: false,
    notices: loaded.notices,
    devices: { microphones: [], speakers: [] },
    connection: { state: 'stopped' },
    turn: initialTurnState(loaded.settings.tailMs, loaded.settings.talkMode),
    view: emptyTurn(0),
    microphone: { status: 'opening' },
    speakerFailure: null,
    appFailure: null,
    signIn: 'idle',
    hint: null,
    holdEndsAtMs: null,
    openedSection: null,
    thumb: null,
    pedals: []
  })
  const settings = () => store.get().settings

  const log = (level: 'info' | 'warn' | 'error', event: string, detail: LogDetail) => {
    // Main counts and logs what it rejects; a line that is lost with the bridge is lost.
    void bridge.call('log.write', { level, event, detail })
  }
  const logMessage = (event: string, message: string) => log('warn', event, { message })

  const context = new AudioContext({ latencyHint: 'interactive' })
  const recorderContext = createRecorderContext()
  const speaker = createSpeaker(context, new Audio(), mediaDevices, logMessage)
  const sound = createIdleSuspender({ context, onResume: speaker.dropQueuedAudio, schedule })
  const meter = createMeter(
    context,
    speaker.answer,
    (run) => page.requestAnimationFrame(run),
    (id) => page.cancelAnimationFrame(id)
  )
  const recorder = createRecorder({ context: recorderContext, schedule, log: logMessage })
  let cutAtMs = 0
  const detector = createAudibleDetector(context, speaker.answer, {
    onAudible: (atMs) => conversation.mark('audible', atMs),
    onSilent: (atMs, outputMs) =>
      log('info', 'speaker.silenced', {
        ms: Math.max(0, atMs - outputMs - cutAtMs),
        outputMs
      }),
    log: logMessage
  })

  const sectionOpener = createSectionOpener(bridge, store)

  let stopHint: (() => void) | null = null
  const showHint = (hint: HintCode | null) => {
    stopHint?.()
    stopHint = hint === null ? null : schedule(() => showHint(null), HINT_MS)
    store.set({ hint })
  }

  let isUnderWay = false
  /** What main was told: it installs nothing meanwhile. */
  let isInUse = false
  /** Ends the microphone's test, if there is one: somebody presses to talk. */
  let endMicrophoneTest: (() => void) | null = null

  const conversation = createConversation(
    {
      bridge,
      send: (event) => connection.transport()?.send(event) ?? false,
      path: () => connection.transport()?.path ?? null,
      wakeCall: () => {
        connection.wake()
        connection.retryNow()
      },
      replaceCall: (reason) => connection.replace(reason),
      listening: () => {
        const { modelNoiseReduction, handsFree } = settings()
        return { modelNoiseReduction, handsFree }
      },
      gate: {
        open: () => {
          microphone.setGate('open')
          connection.transport()?.setGate('open')
          void watchFirstPacket(firstPacket, (atMs) => conversation.mark('firstPacket', atMs))
          const turnId = conversation.state().turn?.id
          if (turnId !== undefined) void watchHold(turnId)
        },
        close: () => {
          microphone.setGate('closed')
          connection.transport()?.setGate('closed')
        }
      },
      recorder: {
        start: (recordingId) => {
          // What it says of the last press is no news to who speaks now.
          showHint(null)
          recorder.start(recordingId)
          void sound.ensureRunning().then(() => {
            // The shortest tap is over by then.
            if (isGateOpen(conversation.state())) playCue(context, speaker.cues, 'opened')
          })
        },
        stop: recorder.stop,
        silenceAt: recorder.silenceAt,
        read: recorder.read,
        drop: recorder.drop
      },
      onQuestionSent: () => {
        speaker.dropQueuedAudio()
        detector.arm()
      },
      speaker: {
        cut: () => {
          cutAtMs = now()
          if (store.get().turn.playing !== null) detector.armSilence()
          speaker.cut()
        },
        restore: speaker.restore
      },
      loadChecks,
      language: () => settings().language,
      newId: () => crypto.randomUUID(),
      now,
      wallClock: () => performance.timeOrigin + now(),
      schedule,
      onChange: (turn, view) => {
        const wasListening = isGateOpen(store.get().turn)
        store.set({ turn, view, ...(isGateOpen(turn) ? {} : { holdEndsAtMs: null }) })
        if (shouldCloseSection(store.get())) sectionOpener.close()
        if (wasListening && !isGateOpen(turn)) playCue(context, speaker.cues, 'closed')
        watchLevel()
        const inUse = turn.turn !== null || turn.playing !== null
        sound.use(inUse ? 'in_use' : 'idle')
        if (inUse !== isInUse) void bridge.call('kiosk.setInUse', { inUse })
        isInUse = inUse
        microphone.setUse(isGateOpen(turn) ? 'in_use' : 'idle')
        liveness.playing(turn.playing !== null)
        const wasUnderWay = isUnderWay
        isUnderWay = turn.turn !== null
        if (isUnderWay) endMicrophoneTest?.()
        if (wasUnderWay !== isUnderWay) connection.turnChanged(isUnderWay)
        if (!isUnderWay) renewIfOwed()
      },
      onHint: (hint) => {
        showHint(hint)
        if (hint === 'hold_ends_soon') {
          store.set({ holdEndsAtMs: holdEndsAtMs(conversation.state()) })
        }
      },
      log
    },
    loaded.settings
  )
  const firstPacket = {
    packets: async () => (await connection.transport()?.audioPacketsSent()) ?? null,
    isOpen: () => isSending(conversation.state()),
    now,
    schedule
  }
  /** What is lost of a hold on its way is sent from its recording instead. */
  const watchHold = (turnId: number) =>
    watchHoldLoss(
      {
        sent: async () => (await connection.transport()?.sentAudio()) ?? null,
        isUnderWay: () => isLiveAudioPending(conversation.state(), turnId),
        schedule
      },
      ({ packets, sent }) => {
        log('info', 'turn.audioLost', { turn: turnId, packets, sent })
        conversation.dispatch({ type: 'audio_lost', turnId })
      }
    )
  const liveness = createAnswerAudioWatchdog({
    packets: async () => (await connection.transport()?.audioPacketsReceived()) ?? null,
    now,
    schedule,
    onStalled: () => connection.replace('silent')
  })

  const watchLevel = () => {
    const { turn } = store.get()
    if (endMicrophoneTest !== null) meter.watch('microphone_test')
    // What is recorded for a call to come passes no gate.
    else if (isGateOpen(turn)) meter.watch(isSending(turn) ? 'microphone' : 'microphone_test')
    else meter.watch(turn.playing === null ? 'none' : 'answer')
  }

  let loggedMicrophoneCode: FailureCode | null = null
  let ungated: MediaStreamTrack | null = null
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
    onTrack: (sent, metered, recorded) => {
      ungated = recorded
      meter.setMicrophone(metered, recorded)
      recorder.setMicrophone(recorded)
      void connection.transport()?.setMicrophone(sent)
    }
  })
  const openMicrophone = () => microphone.open(settings().microphone, audioProcessingOf(settings()))

  const onConnectionStatus = (status: ConnectionStatus) => {
    store.set({ connection: status })
    if (status.state === 'stopped') prewarmedPeer.drop()
    else if (callLimits.path !== 'websocket') prewarmedPeer.keep()
    switch (status.state) {
      case 'stopped':
        conversation.dispatch({ type: 'call_blocked' })
        return
      case 'blocked':
        conversation.dispatch({ type: 'call_blocked' })
        log('warn', 'call.failed', { code: status.failure.code, message: status.failure.message })
        return
      case 'waiting':
        conversation.dispatch({ type: 'call_expected' })
        log('warn', 'call.failed', { code: status.failure.code, message: status.failure.message })
        return
      case 'asleep':
      case 'connecting':
        conversation.dispatch({ type: 'call_expected' })
        return
      case 'connected':
        return
      default:
        status satisfies never
    }
  }
  let wasOffline = false
  /** A failure of the network is named as what it is when the machine knows that it has none. */
  const namingOffline =
    (open: OpenTransport): OpenTransport =>
    async (...asked) => {
      const attempt = await open(...asked)
      if (attempt.ok) return attempt
      const { code, message } = attempt.failure
      const isNetwork = code === 'backend_unreachable' || code === 'model_unreachable'
      return isNetwork && wasOffline
        ? { ok: false, failure: kioskFailure('offline', message) }
        : attempt
    }
  const language = () => settings().language
  const warp = createWarp({
    offer: createProbeOffer,
    log: (event, detail) => log('info', event, detail)
  })
  const prewarmedPeer = createPrewarmedPeer({
    offer: createOfferingPeer,
    way: async () => ((await warp.isOffered()) ? 'warp' : 'ordinary'),
    schedule,
    log: logMessage
  })
  const connection = createConnection({
    open:
      callLimits.path === 'websocket'
        ? closedPath
        : namingOffline(webRtcTransport({ bridge, language, warp, ready: prewarmedPeer })),
    openWebSocket:
      callLimits.path === 'webrtc'
        ? closedPath
        : namingOffline(
            webSocketTransport({
              bridge,
              language,
              recorder,
              handsFree: () => settings().handsFree,
              schedule,
              ports: receiveWebSocketPorts(page, schedule),
              openPlayer: (onEvent) =>
                createPlayer({ context: createPlayerContext(), onEvent, schedule, log: logMessage })
            })
          ),
    limits: callLimits,
    settings: () => ({
      ...settings(),
      ...(callLimits.idleMs === null ? {} : { idleMinutes: callLimits.idleMs / MINUTE_MS })
    }),
    microphone: () => microphone.track(),
    now,
    minuteOfDay: () => minuteOfDay(new Date()),
    schedule,
    random: Math.random,
    onStatus: onConnectionStatus,
    onOpened: ({ replay }) => {
      log('info', 'call.inUse', { path: connection.transport()?.path ?? null, replay })
      conversation.opened({ replay })
    },
    onLost: conversation.lost,
    onMessage: conversation.receive,
    onRemoteStream: speaker.play,
    hangUp: (callId) => void bridge.call('calls.hangUp', { callId })
  })

  /** A call speaks one language for one restaurant: after a change it is made anew, between turns. */
  let renewalPending = false
  const renewIfOwed = () => {
    if (!renewalPending) return
    renewalPending = false
    connection.renew()
  }

  const refreshDevices = async () => {
    store.set({ devices: await listDevices(mediaDevices) })
  }
  const chooseSpeaker = async () => {
    const failure = await speaker.choose(settings().speaker)
    store.set({ speakerFailure: failure })
    if (failure !== null) logMessage('speaker.failed', failure.message)
  }

  const applySettings = (next: Settings) => {
    const before = settings()
    store.set({ settings: next })
    const hasChanged = (...names: (keyof Settings)[]) =>
      names.some((name) => JSON.stringify(before[name]) !== JSON.stringify(next[name]))
    speaker.setVolume(next.volume)
    if (hasChanged('tailMs')) conversation.dispatch({ type: 'tail_changed', tailMs: next.tailMs })
    if (hasChanged('talkMode')) {
      conversation.dispatch({ type: 'talk_mode_changed', talkMode: next.talkMode })
    }
    if (hasChanged('handsFree')) {
      conversation.dispatch({ type: 'hands_free_changed', on: next.handsFree })
    }
    if (hasChanged('handsFree', 'modelNoiseReduction')) conversation.inputSettingsChanged()
    const isHeardOtherwise = !isSameAudioProcessing(
      audioProcessingOf(before),
      audioProcessingOf(next)
    )
    if (hasChanged('microphone') || isHeardOtherwise) void openMicrophone()
    if (hasChanged('speaker')) void chooseSpeaker()
    connection.settingsChanged()
    if (hasChanged('language')) {
      renewalPending = true
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
      sectionOpener.close()
      renewalPending = false
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
  bridge.on('turn.forceRelease', ({ reason }) => {
    log('info', 'turn.forceReleased', { reason })
    conversation.dispatch({ type: 'force_release', reason })
  })
  page.addEventListener('offline', () => {
    wasOffline = true
  })
  page.addEventListener('online', () => {
    wasOffline = false
    prewarmedPeer.networkChanged()
    connection.retryNow()
  })
  networkInformation(page.navigator)?.addEventListener('change', prewarmedPeer.networkChanged)
  page.addEventListener(BRIDGE_LOST_EVENT, () => {
    conversation.dispatch({ type: 'force_release', reason: 'quit' })
    store.set({ appFailure: kioskFailure('bridge_lost', 'The bridge to main is gone.') })
  })
  watchDevices(mediaDevices, schedule, () => {
    void refreshDevices()
    void microphone.devicesChanged()
    void chooseSpeaker()
  })
  const gestures = ['pointerdown', 'keydown'] as const
  for (const gesture of gestures) {
    // Before the sources: the offer of a call is under way before anything else is made of the press.
    page.addEventListener(gesture, connection.wake, { capture: true })
  }
  const openSettings = (isOpenedByPedal = false) => {
    if (store.get().openDialog !== null) return
    sectionOpener.close()
    store.set({
      openDialog: store.get().maintenance.unlocked ? 'settings' : 'pin',
      isOpenedByPedal
    })
  }
  const closeSettings = () => {
    store.set({ openDialog: null, isOpenedByPedal: false })
    if (store.get().maintenance.hasPin) void bridge.call('maintenance.lock', {})
  }
  const switchAccess = createSwitchAccess(page.document, schedule)
  const settingsGesture = listenForSettingsGesture(page, schedule, now, (isOpenedByPedal) => {
    if (store.get().openDialog !== null) return
    // What the taps and the hold said was no question.
    conversation.dispatch({ type: 'abandon' })
    openSettings(isOpenedByPedal)
  })
  bridge.on('maintenance.changed', (maintenance) => {
    store.set({ maintenance })
    if (maintenance.hasPin) {
      store.set({ notices: store.get().notices.filter((notice) => notice !== 'no_pin') })
    }
    if (!maintenance.unlocked && store.get().openDialog === 'settings') {
      store.set({ openDialog: null, isOpenedByPedal: false })
    }
  })

  const isSignedIn = () => store.get().account.status === 'signed_in'
  const sources = listenToPressSources({
    page,
    hid: page.navigator.hid ?? null,
    bindings: () => settings().bindings,
    isListening: isSignedIn,
    dispatch: (event) => {
      if (store.get().isOpenedByPedal) {
        if (event.type === 'press') switchAccess.press()
        if (event.type === 'release') switchAccess.release()
        return
      }
      // Talking first: nobody waits for a gesture that is hardly ever made.
      conversation.dispatch(event)
      settingsGesture.heard(event)
    },
    schedule,
    onPedals: (pedals) => store.set({ pedals }),
    onProblem: ({ at, pedal, message }) => log('warn', 'pedal.failed', { at, pedal, message })
  })
  for (const gesture of gestures) {
    page.addEventListener(
      gesture,
      () => {
        // Chromium lets a page make no sound before it was touched, unless its shell allows it.
        void sound.ensureRunning().then(() => sound.use('idle'))
        void recorderContext.resume()
      },
      { capture: true }
    )
  }

  speaker.setVolume(loaded.settings.volume)
  conversation.dispatch({ type: 'hands_free_changed', on: loaded.settings.handsFree })
  void openMicrophone()
  void chooseSpeaker()
  void refreshDevices()
  void loadChecks()
  applyAccount(loaded.account)

  const changeSettings: KioskActions['changeSettings'] = async (patch) => {
    const result = await bridge.call('settings.change', patch)
    if (result.ok) applySettings(result.value)
    else store.set({ appFailure: failureFromMain(result.error) })
  }

  const actions: KioskActions = {
    signIn: async (credentials) => {
      store.set({ signIn: 'under_way', appFailure: null })
      const result = await bridge.call('account.signIn', credentials)
      store.set({ signIn: 'idle' })
      if (result.ok) applyAccount(result.value)
      else store.set({ appFailure: failureFromMain(result.error) })
    },
    signOut: async () => {
      store.set({ appFailure: null })
      isSigningOut = true
      const result = await bridge.call('account.signOut', {})
      if (result.ok) applyAccount(result.value)
      else store.set({ appFailure: failureFromMain(result.error) })
      isSigningOut = false
    },
    ask: (text) => {
      const before = conversation.state().lastTurnId
      conversation.dispatch({ type: 'ask', text })
      return conversation.state().lastTurnId > before
    },
    rate: async (thumb) => {
      const { view } = store.get()
      const { questionId, timeToFirstAudioMs } = view
      if (questionId === null || ratingPlaceOf(store.get()) !== 'open') return
      const given: GivenThumb = { questionId, thumb, state: 'sending' }
      store.set({ thumb: given })
      const result = await bridge.call('handbook.rate', {
        questionId,
        rating: thumb,
        ...(timeToFirstAudioMs === null ? {} : { timeToFirstAudioMs })
      })
      // Another thumb has been pressed since, for this answer or the next.
      if (store.get().thumb !== given) return
      const state = result.ok ? (result.value.isSent ? 'sent' : 'kept') : 'refused'
      store.set({ thumb: { ...given, state } })
    },
    openSection: sectionOpener.open,
    closeSection: sectionOpener.close,
    changeSettings,
    retry: () => {
      conversation.dismiss()
      store.set({ appFailure: null })
      if (canAskAgain(conversation.state())) conversation.dispatch({ type: 'ask_again' })
      connection.wake()
      connection.retryNow()
    },
    reopenMicrophone: () => void openMicrophone(),
    dismissFailure: () => {
      conversation.dismiss()
      store.set({ appFailure: null, speakerFailure: null })
    },
    dismissNotices: () => store.set({ notices: [] }),
    reload: () => page.location.reload(),
    openSettings: () => openSettings(),
    closeSettings,
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
    watchGesture: settingsGesture.watch,
    holdToTalk: (button) => listenToHoldButton(button, conversation.dispatch),
    onLevel: meter.onLevel,
    learnBinding: (onStep) =>
      sources.learn((step) => {
        if (step.kind === 'learned') {
          const bindings = withBinding(settings().bindings, step.binding)
          if (bindings !== null) void changeSettings({ bindings: [...bindings] })
        }
        onStep(step)
      }),
    choosePedal: sources.choosePedal,
    testSpeaker: async () => {
      await sound.ensureRunning()
      await playTestTone(context, speaker.tones, schedule)
      sound.use('idle')
    },
    testMicrophone: async () => {
      endMicrophoneTest?.()
      const aborter = new AbortController()
      const end = () => aborter.abort()
      endMicrophoneTest = end
      await sound.ensureRunning()
      watchLevel()
      const verdict = await runMicrophoneTest({
        context,
        track: ungated,
        schedule,
        signal: aborter.signal
      })
      if (endMicrophoneTest === end) endMicrophoneTest = null
      sound.use('idle')
      watchLevel()
      return verdict
    },
    recentTurns: async () => {
      const result = await bridge.call('turns.recent', {})
      return result.ok ? result.value : []
    }
  }
  return { store, actions }
}
