// Routes the model's WebSocket as Chromium routes a request: through the same proxy, and with the same authorities.
import type { Agent } from 'node:http'
import { rootCertificates } from 'node:tls'
import { HttpsProxyAgent } from 'https-proxy-agent'
import type { ProxySignIn } from './network-policy.ts'

/** Options of `ws`. */
export type SocketRoute = { agent?: Agent; ca?: string[] }

/**
 * The first proxy of Chromium's list, such as `PROXY proxy.example:3128;DIRECT`. Chromium moves a proxy that does not answer
 * to the end of its list.
 * @returns null for a direct connection
 * @throws for a kind of proxy that a WebSocket cannot use
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
    default:
      throw new Error(`net::ERR_NO_SUPPORTED_PROXIES: a WebSocket cannot use a ${kind} proxy`)
  }
}

/** @param authorities PEM texts beside the public authorities; empty: only these */
export const socketRoute = (
  proxy: URL | null,
  signIn: ProxySignIn | null,
  authorities: readonly string[]
): SocketRoute => {
  const ca = authorities.length === 0 ? {} : { ca: [...rootCertificates, ...authorities] }
  if (proxy === null) return ca
  const address = new URL(proxy)
  if (signIn !== null) {
    address.username = encodeURIComponent(signIn.user)
    address.password = encodeURIComponent(signIn.password)
  }
  return { ...ca, agent: new HttpsProxyAgent(address, ca) }
}
