// Names the cause of a request that failed, from the errors of Chromium (net/base/net_error_list.h) and of Node.
import type { NetworkCause, NetworkPlace } from '../../shared/network.ts'

/** A proxy's challenge that no sign-in of the kiosk answered; also for a WebSocket, which reports a status of 407. */
export const PROXY_SIGN_IN_ERROR = 'net::ERR_PROXY_AUTH_REQUESTED'
export const NO_ANSWER_ERROR = 'net::ERR_TIMED_OUT'

/** In order: the first match counts. */
const CAUSES: readonly (readonly [RegExp, NetworkCause])[] = [
  [
    /ERR_INTERNET_DISCONNECTED|ERR_ADDRESS_UNREACHABLE|ENETUNREACH|EHOSTUNREACH|ENETDOWN/,
    'no_network'
  ],
  [/ERR_NAME_(NOT_RESOLVED|RESOLUTION_FAILED)|ERR_DNS_|ENOTFOUND|EAI_AGAIN/, 'name_not_found'],
  [/ERR_PROXY_AUTH_|HTTP_PROXY_AUTH|ERR_INVALID_AUTH_CREDENTIALS/, 'proxy_sign_in'],
  [/ERR_(PROXY|SOCKS)_CONNECTION_FAILED|ERR_PROXY_CERTIFICATE_INVALID/, 'proxy_unreachable'],
  [/ERR_TUNNEL_CONNECTION_FAILED|ERR_PROXY_UNABLE_TO_CONNECT/, 'proxy_refused'],
  [/ERR_MANDATORY_PROXY_CONFIGURATION_FAILED|ERR_PAC_|ERR_NO_SUPPORTED_PROXIES/, 'proxy_settings'],
  [
    /ERR_CERT_AUTHORITY_INVALID|ERR_CERT_KNOWN_INTERCEPTION|UNABLE_TO_(GET_ISSUER|VERIFY_LEAF)|SELF_SIGNED_CERT/,
    'certificate_untrusted'
  ],
  [/ERR_CERT_COMMON_NAME_INVALID|ERR_TLS_CERT_ALTNAME_INVALID/, 'certificate_name'],
  [/ERR_CERT_DATE_INVALID|CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/, 'certificate_expired'],
  [/ERR_SSL_CLIENT_AUTH|ERR_BAD_SSL_CLIENT_AUTH|CERTIFICATE_REQUIRED/, 'client_certificate'],
  [/ERR_CERT_|CERT_/, 'certificate_refused'],
  [/ERR_SSL_|ERR_TLS_|EPROTO/, 'tls_failed'],
  [/ERR_(CONNECTION_)?TIMED_OUT|ETIMEDOUT|TimeoutError|UND_ERR_\w*TIMEOUT/, 'no_answer'],
  [
    /ERR_CONNECTION_|ERR_EMPTY_RESPONSE|ERR_NETWORK_|ECONNREFUSED|ECONNRESET|EPIPE|UND_ERR_SOCKET|socket hang up/,
    'refused'
  ]
]

const PLACES: Readonly<Record<NetworkCause, NetworkPlace>> = {
  no_network: 'kiosk',
  name_not_found: 'internet',
  refused: 'internet',
  no_answer: 'internet',
  proxy_unreachable: 'kiosk',
  proxy_sign_in: 'kiosk',
  proxy_refused: 'kiosk',
  proxy_settings: 'kiosk',
  certificate_untrusted: 'kiosk',
  certificate_name: 'kiosk',
  certificate_expired: 'service',
  certificate_refused: 'service',
  client_certificate: 'kiosk',
  tls_failed: 'kiosk',
  clock_wrong: 'kiosk',
  captive_portal: 'kiosk',
  unknown: 'internet'
}

/** A chain is longer only by mistake. */
const CHAIN_LIMIT = 5

/** The names and messages of an error and of its causes, which fetch puts the reason in. */
export const errorText = (error: unknown): string => {
  const texts: string[] = []
  let rest = error
  while (rest instanceof Error && texts.length < CHAIN_LIMIT) {
    const name = 'code' in rest && typeof rest.code === 'string' ? rest.code : rest.name
    texts.push(`${name} ${rest.message}`)
    rest = rest.cause
  }
  return texts.join(': ')
}

export const networkCause = (error: unknown): NetworkCause => {
  const text = errorText(error)
  return CAUSES.find(([pattern]) => pattern.test(text))?.[1] ?? 'unknown'
}

/** @param isOtherAnswering another address of the kiosk answers: the internet works */
export const networkPlace = (cause: NetworkCause, isOtherAnswering: boolean): NetworkPlace => {
  const place = PLACES[cause]
  return place === 'internet' && isOtherAnswering ? 'service' : place
}

export type NetworkFacts = {
  host: string
  /** `host:port`; null: direct, or not known. */
  proxy: string | null
  /** The kiosk has an account of the proxy. */
  hasProxySignIn: boolean
  /** Of the refused certificate; null: not known. */
  certificate: { issuer: string; validFromMs: number; validToMs: number } | null
  /** Of the network's page for a sign-in. */
  portal: string | null
  /** How far this computer's clock is ahead. */
  clockAheadMs: number | null
  /** Error names and messages. */
  text: string
}

const DAY_MS = 86_400_000

/** One sentence that tells IT what is wrong and what to do. */
export const networkSentence = (cause: NetworkCause, facts: NetworkFacts): string => {
  const { host, certificate } = facts
  const proxy = facts.proxy === null ? 'The proxy' : `The proxy ${facts.proxy}`
  switch (cause) {
    case 'no_network':
      return 'This computer has no network: check its cable or Wi-Fi.'
    case 'name_not_found':
      return `The name ${host} cannot be resolved: check the DNS server and the internet connection.`
    case 'refused':
      return `The connection to ${host} is refused or cut: check the firewall.`
    case 'no_answer':
      return `There is no answer from ${host}: check the internet connection and the firewall.`
    case 'proxy_unreachable':
      return `${proxy} cannot be reached: check its address in the policy or the system’s settings.`
    case 'proxy_sign_in':
      if (facts.text.includes('AUTH_UNSUPPORTED')) {
        return `${proxy} wants a kind of sign-in that this computer does not know: allow Basic, Kerberos or NTLM.`
      }
      return facts.hasProxySignIn
        ? `${proxy} refuses the sign-in of HEARD_PROXY_USER: check the account and its password.`
        : `${proxy} wants a sign-in: set HEARD_PROXY_USER and HEARD_PROXY_PASSWORD_FILE.`
    case 'proxy_refused':
      return `${proxy} does not connect to ${host}: allow this address in the proxy.`
    case 'proxy_settings':
      return 'The file with the proxy’s rules (PAC) cannot be read: check its address.'
    case 'certificate_untrusted':
      return `This computer does not trust ${certificate?.issuer ?? 'the authority'}, which issued the certificate of ${host}: install this authority’s certificate.`
    case 'certificate_name':
      return `The certificate for ${host} has another name: a filter or another server is in the way.`
    case 'certificate_expired':
      return `${periodText(host, certificate)}: renew it on its server${facts.clockAheadMs === null ? ', or correct the clock of this computer' : ''}.`
    case 'certificate_refused':
      return `The certificate of ${host} is refused (${facts.text}).`
    case 'client_certificate':
      return `The server ${host} asks for a client certificate: install it and set HEARD_CLIENT_CERTIFICATE_ISSUER.`
    case 'tls_failed':
      return `No secure connection to ${host} can be made: a filter or proxy in the network breaks TLS.`
    case 'clock_wrong':
      return `The clock of this computer is ${clockText(facts.clockAheadMs)}: set it, and let the network keep it (NTP).`
    case 'captive_portal':
      return `The network wants a sign-in on a web page (${facts.portal ?? host}): sign in there, or exempt the kiosk.`
    case 'unknown':
      return `The server ${host} cannot be reached (${facts.text}).`
    default:
      return cause satisfies never
  }
}

const periodText = (host: string, certificate: NetworkFacts['certificate']): string =>
  certificate === null
    ? `The certificate of ${host} is not valid today`
    : `The certificate of ${host} is valid from ${isoDay(certificate.validFromMs)} to ${isoDay(certificate.validToMs)} only`

const isoDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

const clockText = (aheadMs: number | null): string => {
  if (aheadMs === null) return 'wrong'
  const days = Math.max(1, Math.round(Math.abs(aheadMs) / DAY_MS))
  return `about ${days} ${days === 1 ? 'day' : 'days'} ${aheadMs > 0 ? 'fast' : 'slow'}`
}
