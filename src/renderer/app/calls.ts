// Opens the app's calls over WebRTC or a WebSocket, keeps a prewarmed peer, and follows the network.
import type { CallLimits } from '../../shared/call-limits.ts'
import { createPlayer, createPlayerContext } from '../audio/player.ts'
import type { ConnectionStatus } from '../call/call-state.ts'
import { type Connection, createConnection } from '../call/connection.ts'
import type { Conversation } from '../call/conversation.ts'
import { kioskFailure } from '../call/failures.ts'
import { networkInformation } from '../call/network-information.ts'
import { minuteOfDay } from '../call/opening-hours.ts'
import { createPrewarmedPeer } from '../call/prewarmed-peer.ts'
import { reportOffline } from '../call/report-offline.ts'
import type { OpenTransport } from '../call/transport.ts'
import { createProbeOffer, createWarp } from '../call/warp.ts'
import { webRtcTransport } from '../call/webrtc.ts'
import { createOfferingPeer } from '../call/webrtc-peer.ts'
import { webSocketTransport } from '../call/websocket.ts'
import { receiveWebSocketPorts } from '../call/websocket-port.ts'
import type { AppContext } from './app-context.ts'
import type { AppAudio } from './audio.ts'
import type { AppDevices } from './devices.ts'

export type AppCalls = Pick<
  Connection,
  'start' | 'wake' | 'retryNow' | 'replace' | 'settingsChanged' | 'transport'
> & {
  /** Opens another call once no turn is under way: a call speaks one language. */
  renewBetweenTurns: () => void
  turnChanged: (isUnderWay: boolean) => void
  stop: () => void
  /** Set once, before `start`. */
  connect: (conversation: Conversation) => void
}

const MINUTE_MS = 60_000

/** `call_timeout` makes the connection try the other transport. */
const disabledTransport: OpenTransport = async () => ({
  ok: false,
  failure: kioskFailure('call_timeout', 'The call limits disable this transport.')
})

const createPeers = ({ schedule, log, warn }: AppContext) => {
  const warp = createWarp({
    offer: createProbeOffer,
    log: (event, detail) => log('info', event, detail)
  })
  const prewarmed = createPrewarmedPeer({
    offer: createOfferingPeer,
    setup: async () => ((await warp.isOffered()) ? 'warp' : 'ordinary'),
    schedule,
    log: warn
  })
  return { warp, prewarmed }
}

const createTransports = (
  { page, bridge, settings, schedule, warn }: AppContext,
  { warp, prewarmed }: ReturnType<typeof createPeers>,
  recorder: AppAudio['recorder'],
  path: CallLimits['path'],
  isOffline: () => boolean
) => {
  const language = () => settings().language
  return {
    open:
      path === 'websocket'
        ? disabledTransport
        : reportOffline(webRtcTransport({ bridge, language, warp, ready: prewarmed }), isOffline),
    openWebSocket:
      path === 'webrtc'
        ? disabledTransport
        : reportOffline(
            webSocketTransport({
              bridge,
              language,
              recorder,
              handsFree: () => settings().handsFree,
              schedule,
              ports: receiveWebSocketPorts(page, schedule),
              openPlayer: (onEvent) =>
                createPlayer({ context: createPlayerContext(), onEvent, schedule, log: warn })
            }),
            isOffline
          )
  }
}

export const createAppCalls = (
  context: AppContext,
  limits: CallLimits,
  { recorder, speaker }: AppAudio,
  { microphone }: AppDevices
): AppCalls => {
  const { page, bridge, store, settings, schedule, now, log } = context
  const peers = createPeers(context)
  const { prewarmed } = peers
  let isOffline = false
  let isTurnUnderWay = false
  let isRenewalPending = false

  const connection = createConnection({
    ...createTransports(context, peers, recorder, limits.path, () => isOffline),
    limits,
    settings: () => ({
      ...settings(),
      ...(limits.idleMs === null ? {} : { idleMinutes: limits.idleMs / MINUTE_MS })
    }),
    microphone: microphone.track,
    now,
    minuteOfDay: () => minuteOfDay(new Date()),
    schedule,
    random: Math.random,
    hangUp: (callId) => void bridge.call('calls.hangUp', { callId })
  })

  const renewIfPending = () => {
    if (!isRenewalPending || isTurnUnderWay) return
    isRenewalPending = false
    connection.renew()
  }

  const onStatus = (status: ConnectionStatus, dispatch: Conversation['dispatch']) => {
    const { state } = status
    store.set({ connection: status })
    if (state === 'stopped') prewarmed.drop()
    else if (limits.path !== 'websocket') prewarmed.keep()
    if (state === 'connected') return
    const isBlocked = state === 'stopped' || state === 'blocked'
    dispatch({ type: isBlocked ? 'call_blocked' : 'call_expected' })
    if (state !== 'blocked' && state !== 'waiting') return
    const { code, message } = status.failure
    log('warn', 'call.failed', { code, message })
  }

  page.addEventListener('offline', () => {
    isOffline = true
  })
  page.addEventListener('online', () => {
    isOffline = false
    prewarmed.networkChanged()
    connection.retryNow()
  })
  bridge.on('calls.lost', () => {
    prewarmed.networkChanged()
    connection.allLost()
  })
  networkInformation(page.navigator)?.addEventListener('change', prewarmed.networkChanged)

  return {
    start: connection.start,
    wake: connection.wake,
    retryNow: connection.retryNow,
    replace: connection.replace,
    settingsChanged: connection.settingsChanged,
    transport: connection.transport,
    stop: () => {
      isRenewalPending = false
      connection.stop()
    },
    renewBetweenTurns: () => {
      isRenewalPending = true
      renewIfPending()
    },
    turnChanged: (isUnderWay) => {
      if (isUnderWay !== isTurnUnderWay) connection.turnChanged(isUnderWay)
      isTurnUnderWay = isUnderWay
      renewIfPending()
    },
    connect: ({ dispatch, opened, lost, receive }) =>
      connection.listen({
        onStatus: (status) => onStatus(status, dispatch),
        onOpened: ({ replay }) => {
          log('info', 'call.inUse', { path: connection.transport()?.path ?? null, replay })
          opened({ replay })
        },
        onLost: lost,
        onMessage: receive,
        onRemoteStream: speaker.play
      })
  }
}
