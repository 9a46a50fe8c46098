// A bad network between one client and the stand-in: the SDP of both is written anew so that each knows only the
// relay, and every packet of theirs is delayed or lost here as the profile and the seed say.
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import {
  type Direction,
  NETWORK_PROFILES,
  type NetworkName,
  packetOutcome,
  transitMs
} from './network-profiles.ts'

const LOOPBACK = '127.0.0.1'

/** RFC 8445 §5.1.2.1: a host candidate, the best local preference, component 1. */
const HOST_PRIORITY = 2_130_706_431

/** Numbers of lost packets that are told, each way: enough to compare two runs. */
const MAX_REPORTED_LOSSES = 500

export type Network = { profile: NetworkName; seed: number }

export type DirectionStats = {
  packets: number
  /** Numbers of the first packets that the profile lost. */
  lost: readonly number[]
  lostCount: number
  droppedInBlips: number
}

export type NetworkEmulatorState = Network & Record<Direction, DirectionStats>

export type NetworkEmulator = {
  /** The offer as the stand-in may see it: its only candidate is the relay. */
  offerFor: (offerSdp: string) => string
  /** The answer as the client may see it; from here on the relay knows where the stand-in listens. */
  answerFor: (answerSdp: string) => { ok: true; sdp: string } | { ok: false; message: string }
  /** Every packet is dropped for this long from now. */
  blip: (forMs: number) => void
  state: () => NetworkEmulatorState
  close: () => void
}

const bound = (): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = createSocket('udp4')
    socket.once('error', reject)
    socket.bind(0, LOOPBACK, () => {
      socket.off('error', reject)
      // A port that nobody listens on any more answers with an ICMP error: to a network that is a lost packet.
      socket.on('error', () => undefined)
      resolve(socket)
    })
  })

/** Replaces every section's candidates by one. */
export const withOnlyCandidate = (sdp: string, port: number): string => {
  const candidate = `a=candidate:1 1 udp ${HOST_PRIORITY} ${LOOPBACK} ${port} typ host`
  return sdp
    .replace(/^a=(?:candidate:.*|end-of-candidates)\r?\n/gm, '')
    .split(/^(?=m=)/m)
    .map((section) =>
      section.startsWith('m=') ? `${section}${candidate}\r\na=end-of-candidates\r\n` : section
    )
    .join('')
}

/** The port on loopback among an answer's UDP candidates, or null. */
export const loopbackPort = (sdp: string): number | null => {
  const found = /^a=candidate:\S+ 1 udp \d+ 127\.0\.0\.1 (\d+) typ host/im.exec(sdp)
  return found === null ? null : Number(found[1])
}

type EmulatedDirection = {
  send: (packet: Buffer, deliver: (packet: Buffer) => void) => void
  state: () => DirectionStats
  close: () => void
}

const openDirection = (
  { profile: name, seed }: Network,
  direction: Direction,
  isBlipped: () => boolean
): EmulatedDirection => {
  const profile = NETWORK_PROFILES[name]
  const lost: number[] = []
  const underWay: { dueMs: number; deliver: () => void }[] = []
  let packets = 0
  let lostCount = 0
  let droppedInBlips = 0
  let lastDueMs = 0
  let timer: NodeJS.Timeout | null = null

  const deliverDue = (): void => {
    timer = null
    const nowMs = performance.now()
    let first = underWay[0]
    while (first !== undefined && first.dueMs <= nowMs) {
      underWay.shift()
      first.deliver()
      first = underWay[0]
    }
    if (first !== undefined) timer = setTimeout(deliverDue, Math.max(1, first.dueMs - nowMs))
  }

  return {
    send: (packet, deliver) => {
      const number = packets
      packets += 1
      if (isBlipped()) {
        droppedInBlips += 1
        return
      }
      const transit = transitMs(profile, packetOutcome(seed, direction, number))
      if (transit === null) {
        lostCount += 1
        if (lost.length < MAX_REPORTED_LOSSES) lost.push(number)
        return
      }
      if (transit === 0) return deliver(packet)
      // Behind the packet before it, as in a queue: jitter does not reorder.
      const nowMs = performance.now()
      lastDueMs = Math.max(lastDueMs, nowMs + transit)
      underWay.push({ dueMs: lastDueMs, deliver: () => deliver(packet) })
      timer ??= setTimeout(deliverDue, Math.max(1, lastDueMs - nowMs))
    },
    state: () => ({ packets, lost: [...lost], lostCount, droppedInBlips }),
    close: () => {
      if (timer !== null) clearTimeout(timer)
      underWay.length = 0
    }
  }
}

/** Opens a relay for one call. @param clockMs monotonic. @throws when no loopback port can be had. */
export const openNetworkEmulator = async (
  network: Network,
  clockMs: () => number = () => performance.now()
): Promise<NetworkEmulator> => {
  const [near, firstFar] = await Promise.all([bound(), bound()])
  const nearPort = near.address().port
  const firstFarPort = firstFar.address().port
  /** One socket towards the stand-in per address of the client's, as a NAT has: its answers find the way back. */
  const fars = new Map<string, Promise<Socket>>()
  const sockets = new Set([near, firstFar])
  let standInPort: number | null = null
  let blipUntilMs = 0
  let closed = false
  const isBlipped = (): boolean => clockMs() < blipUntilMs
  const up = openDirection(network, 'up', isBlipped)
  const down = openDirection(network, 'down', isBlipped)

  const sendFrom = (socket: Socket, packet: Buffer, port: number, address: string): void => {
    if (!closed) socket.send(packet, port, address)
  }

  const openFar = async (client: RemoteInfo, isFirst: boolean): Promise<Socket> => {
    const far = isFirst ? firstFar : await bound()
    if (closed) far.close()
    else sockets.add(far)
    far.on('message', (packet) =>
      down.send(packet, (due) => sendFrom(near, due, client.port, client.address))
    )
    return far
  }

  const farFor = (client: RemoteInfo): Promise<Socket> => {
    const name = `${client.address}:${client.port}`
    const known = fars.get(name) ?? openFar(client, fars.size === 0)
    fars.set(name, known)
    return known
  }

  near.on('message', (packet, client) => {
    // Opened before the packet is under way, so that none is late for the sake of a socket.
    const opening = farFor(client)
    up.send(packet, (due) => {
      void opening.then((far) => {
        if (standInPort !== null) sendFrom(far, due, standInPort, LOOPBACK)
      })
    })
  })

  return {
    offerFor: (offerSdp) => withOnlyCandidate(offerSdp, firstFarPort),
    answerFor: (answerSdp) => {
      standInPort = loopbackPort(answerSdp)
      return standInPort === null
        ? { ok: false, message: 'The answer has no loopback candidate for the network emulator.' }
        : { ok: true, sdp: withOnlyCandidate(answerSdp, nearPort) }
    },
    blip: (forMs) => {
      blipUntilMs = Math.max(blipUntilMs, clockMs() + forMs)
    },
    state: () => ({ ...network, up: up.state(), down: down.state() }),
    close: () => {
      if (closed) return
      closed = true
      up.close()
      down.close()
      for (const socket of sockets) socket.close()
    }
  }
}
