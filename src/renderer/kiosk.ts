// The renderer put together: devices, call, turn and account behind one observable state and a few
// actions. It knows the window and the bridge, and nothing of React.
import type { Account } from '../shared/account.ts'
import type { Bridge, CallOutput } from '../shared/contract.ts'
import type { FailureCode } from '../shared/failure.ts'
import type { Settings } from '../shared/settings.ts'
import { createAudibleDetector } from './audio/audible.ts'
import { playCue } from './audio/cues.ts'
import { listDevices, watchDevices } from './audio/devices.ts'
import { createMeter } from './audio/meter.ts'
import { createMicrophone, isSameProcessing, processingOf } from './audio/microphone.ts'
import { listenToMicrophone } from './audio/microphone-test.ts'
import { createPlayer, createPlayerContext } from './audio/player.ts'
import { createRecorder, createRecorderContext } from './audio/recorder.ts'
import { createSoundRest } from './audio/rest.ts'
import { createSpeaker } from './audio/speaker.ts'
import { playTestTone } from './audio/test-tone.ts'
import { type ConnectionStatus, createConnection } from './call/connection.ts'
import { createConversation, emptyTurn } from './call/conversation.ts'
import { fromMain, kioskFailure } from './call/failures.ts'
import { watchFirstPacket } from './call/first-packet.ts'
import { watchHoldLoss } from './call/hold-loss.ts'
import { createLiveness } from './call/liveness.ts'
import { networkOf } from './call/network.ts'
import { minuteOfDay } from './call/opening-hours.ts'
import { createReadyPeer } from './call/ready-peer.ts'
import { relayTransport } from './call/relay.ts'
import { receiveRelayPorts } from './call/relay-port.ts'
import type { OpenTransport } from './call/transport.ts'
import { createWarp, throwawayOffer } from './call/warp.ts'
import { webRtcTransport } from './call/webrtc.ts'
import { createOfferingPeer } from './call/webrtc-peer.ts'
import type { KioskActions } from './kiosk-actions.ts'
import {
  createStore,
  type GivenThumb,
  type KioskState,
  ratingPlaceOf,
  type Store
} from './kiosk-state.ts'
import { listenForGesture } from './maintenance/gesture-sources.ts'
import { createOneSwitch } from './maintenance/one-switch.ts'
import { createReadings, isReadingOver } from './reader/reading.ts'
import { listenToHoldButton } from './turn/hold-button.ts'
import { listenToSources, withBinding } from './turn/sources.ts'
import {
  canAskAgain,
  initialTurnState,
  isGateOpen,
  isOnItsWayLive,
  isSending
} from './turn/turn.ts'
import type { HintCode } from './turn/turn-events.ts'
import { holdEndsAtMs } from './turn/turn-state.ts'

/** Long enough to be read twice; the next press takes it away. */
const HINT_MS = 6_000

/** What a shell's bridge tells the window when main is gone and will not answer any more. */
const BRIDGE_LOST_EVENT = 'heard-bridge-lost'

const MINUTE_MS = 60_000

export type Kiosk = { store: Store<KioskState>; actions: KioskActions }

type LogDetail = Record<string, string | number | boolean | null>

const groupOf = (account: Account): string | null =>
  account.status === 'signed_in' ? (account.group?.id ?? null) : null

const schedule = (run: () => void, ms: number): (() => void) => {
  const id = setTimeout(run, ms)
  return () => clearTimeout(id)
}

const now = () => performance.now()

const loadChecks = () => import('../shared/answer-check.ts')

/** A path that is not to be used here; the code is the one that leads to the other. */
const closedPath: OpenTransport = async () => ({
  ok: false,
  failure: kioskFailure('call_timeout', 'This kiosk is set not to try this path.')
})

/** @param loaded what main answered to `kiosk.load` */
export const createKiosk = (
  page: Window,
  bridge: Bridge,
  loaded: CallOutput<'kiosk.load'>
): Kiosk => {
  const { mediaDevices } = page.navigator
  const { callLimits } = loaded
  const store = createStore<KioskState>({
    version: loaded.version,
    account: loaded.account,
    settings: loaded.settings,
    maintenance: loaded.maintenance,
    door: 'closed',
    isByPedal: false,
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
    reading: null,
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
  const sound = createSoundRest({ context, onWake: speaker.emptyQueue, schedule })
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

  const readings = createReadings(bridge, store)

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
      suspectCall: (reason) => connection.suspect(reason),
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
          void sound.awake().then(() => {
            // The shortest tap is over by then.
            if (isGateOpen(conversation.state())) playCue(context, speaker.cues, 'opened')
          })
        },
        stop: recorder.stop,
        quietAt: recorder.quietAt,
        read: recorder.read,
        drop: recorder.drop
      },
      answerExpected: () => {
        speaker.emptyQueue()
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
        if (isReadingOver(store.get())) readings.close()
        if (wasListening && !isGateOpen(turn)) playCue(context, speaker.cues, 'closed')
        watchLevel()
        const inUse = turn.turn !== null || turn.playing !== null
        sound.use(inUse ? 'in_use' : 'idle')
        if (inUse !== isInUse) void bridge.call('kiosk.inUse', { inUse })
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
        isUnderWay: () => isOnItsWayLive(conversation.state(), turnId),
        schedule
      },
      ({ packets, sent }) => {
        log('info', 'turn.audioLost', { turn: turnId, packets, sent })
        conversation.dispatch({ type: 'audio_lost', turnId })
      }
    )
  const liveness = createLiveness({
    packets: async () => (await connection.transport()?.audioPacketsReceived()) ?? null,
    now,
    schedule,
    onDead: () => connection.suspect('silent')
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
  const openMicrophone = () => microphone.open(settings().microphone, processingOf(settings()))

  const onConnectionStatus = (status: ConnectionStatus) => {
    store.set({ connection: status })
    if (status.state === 'stopped') readyPeer.drop()
    else if (callLimits.path !== 'relay') readyPeer.keep()
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
    offer: throwawayOffer,
    log: (event, detail) => log('info', event, detail)
  })
  const readyPeer = createReadyPeer({
    offer: createOfferingPeer,
    way: async () => ((await warp.isOffered()) ? 'warp' : 'ordinary'),
    schedule,
    log: logMessage
  })
  const connection = createConnection({
    open:
      callLimits.path === 'relay'
        ? closedPath
        : namingOffline(webRtcTransport({ bridge, language, warp, ready: readyPeer })),
    openRelay:
      callLimits.path === 'webrtc'
        ? closedPath
        : namingOffline(
            relayTransport({
              bridge,
              language,
              recorder,
              handsFree: () => settings().handsFree,
              schedule,
              ports: receiveRelayPorts(page, schedule),
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
  let isRenewalOwed = false
  const renewIfOwed = () => {
    if (!isRenewalOwed) return
    isRenewalOwed = false
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
    if (hasChanged('handsFree', 'modelNoiseReduction')) conversation.listeningChanged()
    const isHeardOtherwise = !isSameProcessing(processingOf(before), processingOf(next))
    if (hasChanged('microphone') || isHeardOtherwise) void openMicrophone()
    if (hasChanged('speaker')) void chooseSpeaker()
    connection.settingsChanged()
    if (hasChanged('language')) {
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
      readings.close()
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
    conversation.dispatch({ type: 'force_release', reason })
  })
  page.addEventListener('offline', () => {
    wasOffline = true
  })
  page.addEventListener('online', () => {
    wasOffline = false
    readyPeer.networkChanged()
    connection.retryNow()
  })
  networkOf(page.navigator)?.addEventListener('change', readyPeer.networkChanged)
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
  const openSettings = (isByPedal = false) => {
    if (store.get().door !== 'closed') return
    readings.close()
    store.set({ door: store.get().maintenance.unlocked ? 'settings' : 'pin', isByPedal })
  }
  const closeSettings = () => {
    store.set({ door: 'closed', isByPedal: false })
    if (store.get().maintenance.hasPin) void bridge.call('maintenance.lock', {})
  }
  const oneSwitch = createOneSwitch(page.document, schedule)
  const doorGesture = listenForGesture(page, schedule, now, (isByPedal) => {
    if (store.get().door !== 'closed') return
    // What the taps and the hold said was no question.
    conversation.dispatch({ type: 'abandon' })
    openSettings(isByPedal)
  })
  bridge.on('maintenance.changed', (maintenance) => {
    store.set({ maintenance })
    if (maintenance.hasPin) {
      store.set({ notices: store.get().notices.filter((notice) => notice !== 'no_pin') })
    }
    if (!maintenance.unlocked && store.get().door === 'settings') {
      store.set({ door: 'closed', isByPedal: false })
    }
  })

  const isSignedIn = () => store.get().account.status === 'signed_in'
  const sources = listenToSources({
    page,
    hid: page.navigator.hid ?? null,
    bindings: () => settings().bindings,
    isListening: isSignedIn,
    dispatch: (event) => {
      if (store.get().isByPedal) {
        if (event.type === 'press') oneSwitch.press()
        if (event.type === 'release') oneSwitch.release()
        return
      }
      // Talking first: nobody waits for a gesture that is hardly ever made.
      conversation.dispatch(event)
      doorGesture.heard(event)
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
        void sound.awake().then(() => sound.use('idle'))
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
    else store.set({ appFailure: fromMain(result.error) })
  }

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
      const before = conversation.state().lastTurnId
      conversation.dispatch({ type: 'ask', text })
      return conversation.state().lastTurnId > before
    },
    rate: async (thumb) => {
      const { view } = store.get()
      const { questionId, heardMs } = view
      if (questionId === null || ratingPlaceOf(store.get()) !== 'open') return
      const given: GivenThumb = { questionId, thumb, state: 'on_its_way' }
      store.set({ thumb: given })
      const result = await bridge.call('handbook.rate', {
        questionId,
        rating: thumb,
        ...(heardMs === null ? {} : { heardMs })
      })
      // Another thumb has been pressed since, for this answer or the next.
      if (store.get().thumb !== given) return
      const state = result.ok ? (result.value.isSent ? 'sent' : 'kept') : 'refused'
      store.set({ thumb: { ...given, state } })
    },
    openSection: readings.open,
    closeSection: readings.close,
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
        store.set({ door: 'settings' })
        return { kind: 'right' }
      }
      const { code, retryAfterSeconds } = result.error
      if (code === 'wrong_pin') return { kind: 'wrong' }
      return code === 'pin_paused'
        ? { kind: 'paused', seconds: retryAfterSeconds ?? 0 }
        : { kind: 'failed' }
    },
    setPin: async (pin) => (await bridge.call('maintenance.setPin', { pin })).ok,
    leave: (how) => void bridge.call('maintenance.leave', { how }),
    watchGesture: doorGesture.watch,
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
      await sound.awake()
      await playTestTone(context, speaker.tones, schedule)
      sound.use('idle')
    },
    testMicrophone: async () => {
      endMicrophoneTest?.()
      const aborter = new AbortController()
      const end = () => aborter.abort()
      endMicrophoneTest = end
      await sound.awake()
      watchLevel()
      const verdict = await listenToMicrophone({
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
