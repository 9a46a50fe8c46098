// Routes the model's WebSocket as Chromium routes a request: through the same proxy, and with the same authorities.
import { rootCertificates } from 'node:tls'
import { HttpsProxyAgent } from 'https-proxy-agent'
import { type OpenSocket, socketOfWs } from '../calls/model-socket.ts'
import type { ProxySignIn } from './network-policy.ts'

/**
 * The first proxy of Chromium's list, such as `PROXY proxy.example:3128;DIRECT`. Chromium moves a proxy that does not answer
 * to the end of its list.
 * @returns null for a direct connection, and an address with `socks5:` or `socks4:` for a proxy that `ws` cannot use
 */
export const firstProxy = (list: string): URL | null => {
  const [kind = 'DIRECT', address = ''] = (list.split(';')[0] ?? '').trim().split(/\s+/)
  switch (kind.toUpperCase()) {
    case '':
    case 'DIRECT':
      return null
    case 'PROXY':
      return new URL(`http://${address}`)
    case 'HTTPS':
      return new URL(`https://${address}`)
    case 'SOCKS5':
      return new URL(`socks5://${address}`)
    default:
      return new URL(`socks4://${address}`)
  }
}

/** @param authorities PEM texts beside the public authorities; empty: only these @returns null for a SOCKS proxy */
export const socketThrough = (
  proxy: URL | null,
  signIn: ProxySignIn | null,
  authorities: readonly string[]
): OpenSocket | null => {
  const ca = authorities.length === 0 ? {} : { ca: [...rootCertificates, ...authorities] }
  if (proxy === null) return socketOfWs(ca)
  if (proxy.protocol.startsWith('socks')) return null
  const address = new URL(proxy)
  if (signIn !== null) {
    address.username = encodeURIComponent(signIn.user)
    address.password = encodeURIComponent(signIn.password)
  }
  return socketOfWs({ ...ca, agent: new HttpsProxyAgent(address, ca) })
}
