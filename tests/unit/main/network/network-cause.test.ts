import { expect, it } from 'vitest'
import {
  type NetworkFacts,
  networkCause,
  networkPlace,
  networkSentence
} from '../../../../src/main/network/network-cause.ts'
import { NETWORK_CAUSES } from '../../../../src/shared/network.ts'

/** As Chromium's fetch and as Node's fetch reject. */
const rejected = (message: string, code?: string): Error =>
  new TypeError('fetch failed', {
    cause: Object.assign(new Error(message), code === undefined ? {} : { code })
  })

it.each([
  ['net::ERR_INTERNET_DISCONNECTED', undefined, 'no_network', 'kiosk'],
  ['connect ENETUNREACH 10.0.0.1:443', 'ENETUNREACH', 'no_network', 'kiosk'],
  ['net::ERR_NAME_NOT_RESOLVED', undefined, 'name_not_found', 'internet'],
  ['getaddrinfo EAI_AGAIN x.supabase.co', 'EAI_AGAIN', 'name_not_found', 'internet'],
  ['net::ERR_CONNECTION_REFUSED', undefined, 'refused', 'internet'],
  ['net::ERR_EMPTY_RESPONSE', undefined, 'refused', 'internet'],
  ['read ECONNRESET', 'ECONNRESET', 'refused', 'internet'],
  ['net::ERR_CONNECTION_TIMED_OUT', undefined, 'no_answer', 'internet'],
  ['Headers Timeout Error', 'UND_ERR_HEADERS_TIMEOUT', 'no_answer', 'internet'],
  ['net::ERR_PROXY_CONNECTION_FAILED', undefined, 'proxy_unreachable', 'kiosk'],
  ['net::ERR_PROXY_AUTH_REQUESTED', undefined, 'proxy_sign_in', 'kiosk'],
  ['net::ERR_PROXY_AUTH_UNSUPPORTED', undefined, 'proxy_sign_in', 'kiosk'],
  ['net::ERR_TUNNEL_CONNECTION_FAILED', undefined, 'proxy_refused', 'kiosk'],
  ['net::ERR_MANDATORY_PROXY_CONFIGURATION_FAILED', undefined, 'proxy_settings', 'kiosk'],
  ['net::ERR_CERT_AUTHORITY_INVALID', undefined, 'certificate_untrusted', 'kiosk'],
  [
    'self-signed certificate in chain',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'certificate_untrusted',
    'kiosk'
  ],
  ['net::ERR_CERT_COMMON_NAME_INVALID', undefined, 'certificate_name', 'kiosk'],
  ['net::ERR_CERT_DATE_INVALID', undefined, 'certificate_expired', 'service'],
  ['certificate has expired', 'CERT_HAS_EXPIRED', 'certificate_expired', 'service'],
  ['net::ERR_CERT_REVOKED', undefined, 'certificate_refused', 'service'],
  ['net::ERR_SSL_CLIENT_AUTH_CERT_NEEDED', undefined, 'client_certificate', 'kiosk'],
  ['net::ERR_SSL_PROTOCOL_ERROR', undefined, 'tls_failed', 'kiosk'],
  ['net::ERR_FAILED', undefined, 'unknown', 'internet']
])('reads %s (%s) as %s, in the place %s', (message, code, cause, place) => {
  expect(networkCause(rejected(message, code))).toBe(cause)
  expect(networkPlace(networkCause(rejected(message, code)), false)).toBe(place)
})

it('places a failure of the internet at the service while another address answers', () => {
  const places = NETWORK_CAUSES.filter(
    (cause) => networkPlace(cause, true) !== networkPlace(cause, false)
  )
  expect(places).toEqual(['name_not_found', 'refused', 'no_answer', 'unknown'])
  expect(places.map((cause) => networkPlace(cause, true))).toEqual(places.map(() => 'service'))
})

const FACTS: NetworkFacts = {
  host: 'x.supabase.co',
  proxy: 'proxy.example:3128',
  hasProxySignIn: false,
  certificate: {
    issuer: 'Harbor Filter Authority',
    validFromMs: Date.UTC(2025, 0, 1),
    validToMs: Date.UTC(2026, 0, 1)
  },
  portal: 'login.hotel.example',
  clockAheadMs: 3 * 86_400_000,
  text: 'net::ERR_FAILED'
}

it('tells IT in one sentence what is wrong, with the address that it concerns', () => {
  for (const cause of NETWORK_CAUSES) {
    const sentence = networkSentence(cause, FACTS)
    expect(sentence).toMatch(/^[A-Z].*\.$/)
    expect(sentence).toMatch(/x\.supabase\.co|proxy\.example:3128|login\.hotel|computer|rules/)
  }
})

it.each([
  ['proxy_sign_in', {}, /wants a sign-in: set HEARD_PROXY_USER/],
  ['proxy_sign_in', { hasProxySignIn: true }, /refuses the sign-in of HEARD_PROXY_USER/],
  ['proxy_sign_in', { text: 'net::ERR_PROXY_AUTH_UNSUPPORTED' }, /a kind of sign-in/],
  ['certificate_untrusted', {}, /does not trust Harbor Filter Authority/],
  [
    'certificate_expired',
    {},
    /valid from 2025-01-01 to 2026-01-01 only: renew it on its server\.$/
  ],
  ['certificate_expired', { clockAheadMs: null }, /or correct the clock of this computer\.$/],
  ['clock_wrong', {}, /about 3 days fast/],
  ['clock_wrong', { clockAheadMs: -40 * 86_400_000 }, /about 40 days slow/],
  ['captive_portal', {}, /\(login\.hotel\.example\)/]
] as const)('adds what it knows to %s: %j', (cause, known, sentence) => {
  expect(networkSentence(cause, { ...FACTS, ...known })).toMatch(sentence)
})
