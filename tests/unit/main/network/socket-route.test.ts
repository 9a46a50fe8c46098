// Opens real WebSockets through a real proxy, with certificates of a private authority.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { WebSocketServer } from 'ws'
import { openCompanyNetwork } from '../../../../dev/company-network.ts'
import { type OpenSocket, socketOfChromium } from '../../../../src/main/calls/model-socket.ts'
import { createWebSocketCalls } from '../../../../src/main/calls/websocket-calls.ts'
import { systemClock } from '../../../../src/main/clock.ts'
import { createCertificateMemory } from '../../../../src/main/network/certificate-memory.ts'
import { networkCause } from '../../../../src/main/network/network-cause.ts'
import type { ProxySignIn } from '../../../../src/main/network/network-policy.ts'
import { firstProxy, socketThrough } from '../../../../src/main/network/socket-route.ts'
import { SIGNED_IN } from '../backend-fixture.ts'
import { createKeyDouble, createReportsDouble } from '../calls/key-double.ts'
import { createRecordingLog } from '../recording-log.ts'

it.each([
  ['DIRECT', null],
  ['', null],
  ['PROXY proxy.example:3128;DIRECT', 'http://proxy.example:3128/'],
  ['HTTPS proxy.example:443', 'https://proxy.example/'],
  ['PROXY [fd00::1]:3128', 'http://[fd00::1]:3128/'],
  ['SOCKS5 proxy.example:1080', 'socks5://proxy.example:1080'],
  ['SOCKS proxy.example:1080', 'socks4://proxy.example:1080']
])('reads the first proxy of "%s": %s', (list, proxy) => {
  expect(firstProxy(list)?.href ?? null).toBe(proxy)
})

const openNetwork = async () => {
  const service = createServer()
  const sockets = new WebSocketServer({ server: service })
  sockets.on('connection', (socket) => socket.send('{"type":"session.created"}'))
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`
  const network = await openCompanyNetwork({ supabaseUrl: url, openaiUrl: url })
  onTestFinished(async () => {
    await network.close()
    for (const socket of sockets.clients) socket.terminate()
    service.close()
  })
  return { ...network, serviceUrl: url }
}
type Network = Awaited<ReturnType<typeof openNetwork>>

/** Opens a call through the proxy. @returns its result, and the cause of its network failure */
const open = async (
  { openaiUrl, proxy }: Network,
  signIn: ProxySignIn | null,
  authorities: readonly string[],
  second: OpenSocket | null = null
) => {
  const causes: string[] = []
  const calls = createWebSocketCalls({
    openaiBaseUrl: openaiUrl,
    account: { current: () => SIGNED_IN },
    keys: createKeyDouble(),
    reports: createReportsDouble(),
    openPort: () => ({ post: () => {}, onMessage: () => {}, onClose: () => {}, close: () => {} }),
    network: {
      socketOpeners: async () =>
        [socketThrough(proxy, signIn, authorities), second].filter((way) => way !== null),
      answered: () => {},
      failed: (_url, error) => causes.push(networkCause(error))
    },
    clock: systemClock,
    log: createRecordingLog()
  })
  const result = await calls.open({ language: 'en' })
  calls.hangUpAll()
  return { isOpen: result.ok, causes }
}

it('opens a WebSocket through the proxy only with its sign-in and the private authority', async () => {
  const network = await openNetwork()
  const { signIn, authority } = network
  expect(await open(network, signIn, [authority])).toEqual({ isOpen: true, causes: [] })
  expect(network.tunnels).toEqual(['openai.heard.test'])
  expect(await open(network, null, [authority])).toEqual({
    isOpen: false,
    causes: ['proxy_sign_in']
  })
  expect(await open(network, { ...signIn, password: 'old' }, [authority])).toEqual({
    isOpen: false,
    causes: ['proxy_sign_in']
  })
  expect(await open(network, signIn, [])).toEqual({
    isOpen: false,
    causes: ['certificate_untrusted']
  })
})

it('opens Chromium’s WebSocket where the proxy refuses the sign-in of ws', async () => {
  const network = await openNetwork()
  const asked: string[] = []
  // Node's WebSocket is the standard's, as Chromium's is.
  const direct = (code: string) =>
    socketOfChromium((url, headers) => {
      asked.push(`${code} ${url} ${headers.authorization}`)
      return new WebSocket(network.serviceUrl.replace('http', 'ws')) as never
    })
  expect(await open(network, null, [network.authority], direct('first'))).toEqual({
    isOpen: true,
    causes: []
  })
  expect(asked).toEqual([
    'first wss://openai.heard.test/v1/realtime?model=gpt-realtime-2.1 Bearer ek_1'
  ])
  const { signIn, authority } = network
  expect(await open(network, signIn, [authority], direct('second'))).toMatchObject({ isOpen: true })
  expect(asked).toHaveLength(1)
})

it('takes no SOCKS proxy for ws', () => {
  expect(socketThrough(new URL('socks5://proxy.example:1080'), null, [])).toBeNull()
})

const certificate = (data: string, issuerCert?: object) => ({
  data,
  issuerName: 'Harbor Filter Authority',
  validStart: 1_700_000_000,
  validExpiry: 1_800_000_000,
  ...(issuerCert === undefined ? {} : { issuerCert })
})

it('trusts the authorities of Chromium’s verdict for their host only, and names a refused issuer', () => {
  const memory = createCertificateMemory()
  const root = certificate('root')
  const chain = certificate('leaf', certificate('intermediate', root))
  const judged = { certificate: chain, validatedCertificate: chain, isIssuedByKnownRoot: false }
  const remember = (hostname: string, errorCode: number, isIssuedByKnownRoot: boolean) =>
    memory.remember({ ...judged, hostname, errorCode, isIssuedByKnownRoot } as never)
  // Electron: -3 leaves the verdict to Chromium.
  expect(remember('private.example', 0, false)).toBe(-3)
  expect(remember('refused.example', -202, false)).toBe(-3)
  remember('public.example', 0, true)
  expect(memory.authorities('private.example')).toEqual(['intermediate', 'root'])
  expect(memory.authorities('public.example')).toEqual([])
  expect(memory.authorities('refused.example')).toBeNull()
  expect(memory.authorities('other.example')).toBeNull()
  expect(memory.refused('refused.example')).toEqual({
    issuer: 'Harbor Filter Authority',
    validFromMs: 1_700_000_000_000,
    validToMs: 1_800_000_000_000
  })
  expect(memory.refused('private.example')).toBeNull()
})
