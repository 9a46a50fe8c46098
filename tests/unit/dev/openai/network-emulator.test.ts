// Tests the network emulator with real UDP sockets on loopback, without WebRTC.
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, describe, expect, test } from 'vitest'
import {
  loopbackPort,
  type Network,
  type NetworkEmulator,
  openNetworkEmulator,
  withOnlyCandidate
} from '../../../../dev/openai/network-emulator.ts'
import { NETWORK_PROFILES, packetOutcome } from '../../../../dev/openai/network-profiles.ts'

const OFFER = [
  'v=0',
  't=0 0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=candidate:1 1 udp 2113937151 c0ffee.local 50001 typ host generation 0',
  'a=candidate:2 1 tcp 1518280447 10.0.0.2 9 typ host tcptype active',
  'a=mid:0',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'a=end-of-candidates',
  'a=mid:1',
  ''
].join('\r\n')

const candidatesOf = (sdp: string): string[] => sdp.match(/^a=candidate:.*$/gm) ?? []

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

const bound = async (): Promise<Socket> => {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  closing.push(() => socket.close())
  return socket
}

type Between = { emulator: NetworkEmulator; nearPort: number; standIn: Socket }

const openBetween = async (network: Network, clockMs?: () => number): Promise<Between> => {
  const emulator = await openNetworkEmulator(network, clockMs)
  closing.push(emulator.close)
  const standIn = await bound()
  const { port } = standIn.address()
  const answer = emulator.answerFor(
    `v=0\r\nm=audio 9 X\r\na=candidate:1 1 udp 1 127.0.0.1 ${port} typ host\r\n`
  )
  return { emulator, standIn, nearPort: loopbackPort(answer.ok ? answer.sdp : '') ?? 0 }
}

/** Sends numbered packets; resolves with the arrived numbers, after `count` of them. */
const sendNumbered = async (
  client: Socket,
  { emulator, nearPort, standIn }: Between,
  sent: number,
  count: number
): Promise<number[]> => {
  const arrived: number[] = []
  const all = new Promise<void>((resolve) => {
    standIn.on('message', (packet) => {
      arrived.push(Number(packet.toString()))
      if (arrived.length === count) resolve()
    })
  })
  for (let number = 0; number < sent; number += 1) {
    client.send(String(number), nearPort, '127.0.0.1')
    // A full socket buffer loses packets on loopback.
    if (number % 16 === 15)
      await expect.poll(() => emulator.state().up.packets, { interval: 1 }).toBe(number + 1)
  }
  await all
  return arrived
}

describe('the rewritten SDP', () => {
  test('has the emulator as the only candidate of every section', () => {
    const candidates = candidatesOf(withOnlyCandidate(OFFER, 4_000))
    expect(candidates).toHaveLength(2)
    for (const candidate of candidates) expect(candidate).toContain('127.0.0.1 4000 typ host')
  })

  test('keeps all other lines', () => {
    const others = (sdp: string) => sdp.split('\r\n').filter((line) => !/candidate/.test(line))
    expect(others(withOnlyCandidate(OFFER, 4_000))).toEqual(others(OFFER))
  })

  test('is refused without a candidate on loopback', async () => {
    const emulator = await openNetworkEmulator({ profile: 'clear', seed: 0 })
    closing.push(emulator.close)
    expect(emulator.answerFor(OFFER)).toMatchObject({ ok: false })
  })
})

describe('the network emulator', () => {
  test('loses exactly the packets of its seed and keeps the order of the others', async () => {
    const network = { profile: 'busy_wifi', seed: 11 } as const
    const { lossShare } = NETWORK_PROFILES.busy_wifi
    const between = await openBetween(network)
    const passed = Array.from({ length: 400 }, (_, number) => number).filter(
      (number) => packetOutcome(11, 'up', number).luck >= lossShare
    )
    const arrived = await sendNumbered(await bound(), between, 400, passed.length)
    expect(arrived).toEqual(passed)
    expect(between.emulator.state().up).toMatchObject({
      packets: 400,
      lostCount: 400 - passed.length
    })
  })

  test('returns the answers of each client and hides the addresses of both ends', async () => {
    const { standIn, nearPort } = await openBetween({ profile: 'clear', seed: 0 })
    const clients = [await bound(), await bound()]
    const seenPorts = new Set<number>()
    standIn.on('message', (packet, { port, address }) => {
      seenPorts.add(port)
      standIn.send(`to ${packet}`, port, address)
    })
    const answers = clients.map((client) => once(client, 'message'))
    for (const [index, client] of clients.entries())
      client.send(String(index), nearPort, '127.0.0.1')
    for (const [index, answer] of answers.entries()) {
      const [packet, from] = await answer
      expect(String(packet)).toBe(`to ${index}`)
      expect(from.port).toBe(nearPort)
    }
    expect(seenPorts.size).toBe(2)
    for (const client of clients) expect(seenPorts).not.toContain(client.address().port)
  })

  test('delays by half the round trip each way', async () => {
    const between = await openBetween({ profile: 'poor', seed: 0 })
    const startedMs = performance.now()
    await sendNumbered(await bound(), between, 1, 1)
    // 175 ms less a fifth of jitter; a loaded machine may take longer.
    expect(performance.now() - startedMs).toBeGreaterThan(139)
  })

  test('drops all packets during a blip and none after it', async () => {
    let nowMs = 0
    const { emulator, nearPort, standIn } = await openBetween(
      { profile: 'clear', seed: 0 },
      () => nowMs
    )
    const client = await bound()
    emulator.blip(3_000)
    nowMs = 2_999
    for (let number = 0; number < 5; number += 1) client.send('lost', nearPort, '127.0.0.1')
    await expect.poll(() => emulator.state().up.droppedInBlips).toBe(5)
    nowMs = 3_000
    client.send('kept', nearPort, '127.0.0.1')
    const [packet] = await once(standIn, 'message')
    expect(String(packet)).toBe('kept')
    expect(emulator.state().up).toMatchObject({ packets: 6, droppedInBlips: 5, lostCount: 0 })
  })

  test('drops all packets of the blocked profile', async () => {
    const { emulator, nearPort } = await openBetween({ profile: 'blocked', seed: 0 })
    const client = await bound()
    for (let number = 0; number < 5; number += 1) client.send('lost', nearPort, '127.0.0.1')
    await expect.poll(() => emulator.state().up.lostCount).toBe(5)
  })
})
