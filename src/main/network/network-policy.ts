// Reads how the kiosk reaches the internet: the proxy, its sign-in, and the client certificate.
import type { KioskVariable } from '../policy/policy.ts'
import { readSecretFile } from '../secret-file.ts'

export type ProxySignIn = { user: string; password: string }

/** In the words of Electron's `session.setProxy`. */
export type ProxyConfig =
  | { mode: 'system' | 'direct' | 'auto_detect' }
  | { mode: 'pac_script'; pacScript: string }
  | { mode: 'fixed_servers'; proxyRules: string; proxyBypassRules?: string }

export type NetworkPolicy = {
  proxy: ProxyConfig
  proxySignIn: ProxySignIn | null
  /** Part of the name of the authority that issued this computer's certificate. */
  clientCertificateIssuer: string | null
}

export const DEFAULT_NETWORK_POLICY: NetworkPolicy = {
  proxy: { mode: 'system' },
  proxySignIn: null,
  clientCertificateIssuer: null
}

type Given = (name: KioskVariable) => string | null

/** @param problems gets a sentence for each invalid variable */
export const readNetworkPolicy = (given: Given, problems: string[]): NetworkPolicy => ({
  proxy: readProxy(given, problems),
  proxySignIn: readProxySignIn(given, problems),
  clientCertificateIssuer: given('HEARD_CLIENT_CERTIFICATE_ISSUER')
})

const MODES = { system: 'system', direct: 'direct', auto: 'auto_detect' } as const
const PROXY_PROTOCOLS = ['http:', 'https:', 'socks5:']

const readProxy = (given: Given, problems: string[]): ProxyConfig => {
  const text = given('HEARD_PROXY') ?? 'system'
  const bypass = given('HEARD_PROXY_BYPASS')
  if (Object.hasOwn(MODES, text)) {
    if (bypass !== null)
      problems.push('HEARD_PROXY_BYPASS needs the address of a proxy in HEARD_PROXY.')
    return { mode: MODES[text as keyof typeof MODES] }
  }
  const pac = /^pac\+(https?:\/\/.+)$/.exec(text)?.[1]
  if (pac !== undefined && URL.canParse(pac)) return { mode: 'pac_script', pacScript: pac }
  const url = URL.parse(text)
  const isPlain =
    url !== null && /^\/?$/.test(url.pathname) && url.search === '' && url.username === ''
  if (isPlain && PROXY_PROTOCOLS.includes(url.protocol)) {
    const rules = { mode: 'fixed_servers', proxyRules: `${url.protocol}//${url.host}` } as const
    return bypass === null ? rules : { ...rules, proxyBypassRules: bypass }
  }
  problems.push(
    'HEARD_PROXY must be system, direct, auto, an address such as http://proxy.example:3128 without an account, or pac+https://….'
  )
  return DEFAULT_NETWORK_POLICY.proxy
}

const readProxySignIn = (given: Given, problems: string[]): ProxySignIn | null => {
  const user = given('HEARD_PROXY_USER')
  const path = given('HEARD_PROXY_PASSWORD_FILE')
  if (user === null && path === null) return null
  if (user === null || path === null) {
    problems.push(
      'HEARD_PROXY_USER and HEARD_PROXY_PASSWORD_FILE belong together: set both or neither.'
    )
    return null
  }
  const password = readSecretFile(path)
  if (password.ok) return { user, password: password.value }
  problems.push(`HEARD_PROXY_PASSWORD_FILE: ${password.error.message}`)
  return null
}
