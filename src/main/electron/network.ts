// Opens main's own network session: Chromium's proxies, authorities and client certificates. The page's session goes on
// denying every request.
import type { App, Net, Session, session as sessions } from 'electron'
import { type OpenSocket, socketOfChromium } from '../calls/model-socket.ts'
import type { Log } from '../log.ts'
import { createCertificateMemory } from '../network/certificate-memory.ts'
import type { NetworkPolicy } from '../network/network-policy.ts'
import type { NetworkPorts } from '../network/network-watch.ts'
import { firstProxy, socketThrough } from '../network/socket-route.ts'
import { onNetworkServiceGone } from './child-processes.ts'
import { createChromiumFetch } from './chromium-fetch.ts'
import { restrictPermissions } from './permissions.ts'

/** Without `persist:` nothing of them is written to disk. */
const PARTITION = 'heard-main'
/** Has made no connection with TLS, so that no server has told it to use TLS only (HSTS). */
const PLAIN_PARTITION = 'heard-plain'
/** For the certificate of a host that Chromium has not seen yet. */
const FIRST_LOOK_MS = 5_000

type Ports = {
  app: App
  net: Net
  sessions: typeof sessions
  policy: NetworkPolicy
  log: Log
}

const NO_SOCKS_ERROR = 'net::ERR_NO_SUPPORTED_PROXIES: ws uses no such proxy'

/** Usable before Electron is ready: requests wait. */
export const createElectronNetwork = ({ app, net, sessions, policy, log }: Ports): NetworkPorts => {
  const certificates = createCertificateMemory()
  const openSession = async (partition: string): Promise<Session> => {
    await app.whenReady()
    const opened = sessions.fromPartition(partition, { cache: false })
    restrictPermissions(opened, log)
    opened.setCertificateVerifyProc((judged, answer) => answer(certificates.remember(judged)))
    await opened.setProxy(policy.proxy)
    return opened
  }
  let count = 0
  const openSessions = () => {
    count += 1
    return {
      main: openSession(`${PARTITION}-${count}`),
      plain: openSession(`${PLAIN_PARTITION}-${count}`)
    }
  }
  let current = openSessions()
  // The old ones have lost their check of certificates; before Electron 41 (electron/electron#49572) their requests fail, too.
  onNetworkServiceGone(app, () => {
    current = openSessions()
  })
  chooseClientCertificate(app, policy.clientCertificateIssuer, log)

  const fetchIn = (where: () => Promise<Session>) =>
    createChromiumFetch({
      request: (options) => net.request(options),
      session: where,
      signIn: policy.proxySignIn
    })
  const fetch = fetchIn(() => current.main)
  const fetchThroughProxy = fetchIn(() => current.plain)
  const proxyOf = async (url: string) => firstProxy(await (await current.main).resolveProxy(url))

  return {
    fetch,
    // Chromium has a list of hosts that use TLS only; Node has none.
    fetchPlain: async (input, init) =>
      (await proxyOf(String(input))) === null
        ? globalThis.fetch(input, init)
        : fetchThroughProxy(input, init),
    isOnline: () => net.isOnline(),
    facts: async (host) => ({
      proxy: await proxyOf(`https://${host}/`).then(
        (proxy) => proxy?.host ?? null,
        () => null
      ),
      hasProxySignIn: policy.proxySignIn !== null,
      certificate: certificates.refused(host)
    }),
    socketOpeners: async (url) => {
      const { protocol, host, hostname } = new URL(url.replace(/^ws/, 'http'))
      const address = `${protocol}//${host}/`
      if (protocol === 'https:' && certificates.authorities(hostname) === null) {
        await fetch(address, { method: 'HEAD', signal: AbortSignal.timeout(FIRST_LOOK_MS) })
      }
      const authorities = certificates.authorities(hostname) ?? []
      const proxy = await proxyOf(address)
      const openers = [
        socketThrough(proxy, policy.proxySignIn, authorities),
        proxy === null ? null : chromiumSocket(net, await current.main)
      ].filter((open) => open !== null)
      if (openers.length === 0) throw new Error(`${NO_SOCKS_ERROR} (${proxy?.protocol})`)
      return openers
    }
  }
}

/** null before Electron 42. It signs in with the account of the system, which `ws` cannot. */
const chromiumSocket = (net: Net, session: Session): OpenSocket | null =>
  'WebSocket' in net
    ? socketOfChromium((url, headers) => new net.WebSocket(url, { headers, session }) as never)
    : null

/** A page gets no certificate, and main the one that the policy names. Electron's default sends the first one. */
export const chooseClientCertificate = (app: App, issuer: string | null, log: Log): void => {
  app.on('select-client-certificate', (event, contents, url, list, choose) => {
    event.preventDefault()
    const chosen =
      contents === null && issuer !== null
        ? list.find(({ issuerName }) => issuerName.includes(issuer))
        : undefined
    const { host } = new URL(url)
    log.info('network.clientCertificate', {
      host,
      offered: list.length,
      chosen: chosen !== undefined
    })
    choose(chosen)
  })
}
