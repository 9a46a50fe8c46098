// Emulates a bad network between one client and the stand-in. Rewritten SDP sends all packets through here, where a
// profile and a seed delay or drop them.
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

/** Numbers of lost packets in the state, each way: enough to compare two runs. */
const MAX_REPORTED_LOSSES = 500

export type Network = { profile: NetworkName; seed: number }

export type DirectionStats = {
  packets: number
  /** Numbers of the first packets that the profile dropped. */
  lost: readonly number[]
  lostCount: number
  droppedInBlips: number
}

export type NetworkEmulatorState = Network & Record<Direction, DirectionStats>

const bound = (): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = createSocket('udp4')
    socket.once('error', reject)
    socket.bind(0, LOOPBACK, () => {
      socket.off('error', reject)
      // A closed port answers with an ICMP error, which counts as a lost packet.
      socket.on('error', () => undefined)
      resolve(socket)
    })
  })

/** Replaces the candidates of every section by one. */
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

/** The loopback port among an answer's UDP candidates, or null. */
export const loopbackPort = (sdp: string): number | null => {
  const found = /^a=candidate:\S+ 1 udp \d+ 127\.0\.0\.1 (\d+) typ host/im.exec(sdp)
  return found === null ? null : Number(found[1])
}

const openDirection = (
  { profile: name, seed }: Network,
  direction: Direction,
  isBlipped: () => boolean
) => {
  const profile = NETWORK_PROFILES[name]
  const lost: number[] = []
  const queued: { dueMs: number; deliver: () => void }[] = []
  let packets = 0
  let lostCount = 0
  let droppedInBlips = 0
  let lastDueMs = 0
  let timer: NodeJS.Timeout | null = null

  const deliverDue = (): void => {
    timer = null
    const nowMs = performance.now()
    let first = queued[0]
    while (first !== undefined && first.dueMs <= nowMs) {
      queued.shift()
      first.deliver()
      first = queued[0]
    }
    if (first !== undefined) timer = setTimeout(deliverDue, Math.max(1, first.dueMs - nowMs))
  }

  return {
    send: (packet: Buffer, deliver: (packet: Buffer) => void) => {
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
      // A packet stays behind the previous one: jitter does not reorder.
      const nowMs = performance.now()
      lastDueMs = Math.max(lastDueMs, nowMs + transit)
      queued.push({ dueMs: lastDueMs, deliver: () => deliver(packet) })
      timer ??= setTimeout(deliverDue, Math.max(1, lastDueMs - nowMs))
    },
    state: (): DirectionStats => ({ packets, lost: [...lost], lostCount, droppedInBlips }),
    close: () => {
      if (timer !== null) clearTimeout(timer)
      queued.length = 0
    }
  }
}

/** Opens an emulator for one call. @param clockMs monotonic. @throws when no loopback port is free. */
export const openNetworkEmulator = async (
  network: Network,
  clockMs: () => number = () => performance.now()
) => {
  const [clientSide, firstModelSide] = await Promise.all([bound(), bound()])
  /** One socket towards the stand-in per address of the client, as in a NAT. */
  const modelSides = new Map<string, Promise<Socket>>()
  const sockets = new Set([clientSide, firstModelSide])
  let standInPort: number | null = null
  let blipUntilMs = 0
  let closed = false
  const isBlipped = (): boolean => clockMs() < blipUntilMs
  const up = openDirection(network, 'up', isBlipped)
  const down = openDirection(network, 'down', isBlipped)

  const sendFrom = (socket: Socket, packet: Buffer, port: number, address: string): void => {
    if (!closed) socket.send(packet, port, address)
  }

  const openModelSide = async (client: RemoteInfo, isFirst: boolean): Promise<Socket> => {
    const modelSide = isFirst ? firstModelSide : await bound()
    if (closed) modelSide.close()
    else sockets.add(modelSide)
    modelSide.on('message', (packet) =>
      down.send(packet, (due) => sendFrom(clientSide, due, client.port, client.address))
    )
    return modelSide
  }

  const modelSideFor = (client: RemoteInfo): Promise<Socket> => {
    const name = `${client.address}:${client.port}`
    const known = modelSides.get(name) ?? openModelSide(client, modelSides.size === 0)
    modelSides.set(name, known)
    return known
  }

  clientSide.on('message', (packet, client) => {
    // The socket opens during the packet's delay.
    const opening = modelSideFor(client)
    up.send(packet, (due) => {
      void opening.then((modelSide) => {
        if (standInPort !== null) sendFrom(modelSide, due, standInPort, LOOPBACK)
      })
    })
  })

  return {
    /** The client's offer with the emulator as its only candidate. */
    offerFor: (offerSdp: string) => withOnlyCandidate(offerSdp, firstModelSide.address().port),
    /** The stand-in's answer with the emulator as its only candidate. Call it once: it names the stand-in's port. */
    answerFor: (answerSdp: string): { ok: true; sdp: string } | { ok: false; message: string } => {
      standInPort = loopbackPort(answerSdp)
      return standInPort === null
        ? { ok: false, message: 'The answer has no loopback candidate for the network emulator.' }
        : { ok: true, sdp: withOnlyCandidate(answerSdp, clientSide.address().port) }
    },
    /** Drops every packet for this long. */
    blip: (forMs: number): void => {
      blipUntilMs = Math.max(blipUntilMs, clockMs() + forMs)
    },
    state: (): NetworkEmulatorState => ({ ...network, up: up.state(), down: down.state() }),
    close: () => {
      if (closed) return
      closed = true
      up.close()
      down.close()
      for (const socket of sockets) socket.close()
    }
  }
}
export type NetworkEmulator = Awaited<ReturnType<typeof openNetworkEmulator>>
