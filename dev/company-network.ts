// A company's network on loopback: a proxy that wants a password, its PAC file, and TLS with certificates of a private
// authority. Only through the proxy do the names below lead anywhere.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, connect, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { findCertutil, installCommand, TOOLS } from './external-tools.ts'
import type { KioskTarget } from './kiosk-environment.ts'
import { createPrivateAuthority, trustInHome } from './private-authority.ts'
import { CommandError } from './run-command.ts'

/** RFC 6761: no resolver knows names below `test`. */
const SUPABASE_HOST = 'supabase.heard.test'
const OPENAI_HOST = 'openai.heard.test'
const PORTAL_HOST = 'portal.heard.test'
const AUTHORITY = 'Harbor Filter Authority'
const USER = 'kiosk'
const PASSWORD = 'fryer & grill'

export type NetworkMood =
  | 'open'
  /** The proxy refuses every password. */
  | 'password_changed'
  /** The proxy refuses every address. */
  | 'blocked'
  | 'certificate_expired'
  /** The certificate has expired, and the servers' date is another than this machine's. */
  | 'other_date'
  | 'captive_portal'

export type CompanyNetwork = {
  supabaseUrl: string
  openaiUrl: string
  /** For a kiosk in this network; HOME is a folder where Chromium trusts the authority, where certutil is installed. */
  env: Record<string, string>
  /** The same kiosk before IT installed the authority. */
  envWithoutAuthority: Record<string, string>
  proxy: URL
  signIn: { user: string; password: string }
  /** PEM of the private authority. */
  authority: string
  /** Hosts of the tunnels that the proxy opened, in order. */
  tunnels: string[]
  /** Also cuts every connection. */
  become(mood: NetworkMood): void
  close(): Promise<void>
}

const HSTS = 'Strict-Transport-Security: max-age=31536000; includeSubDomains'
const OTHER_DATE_DAYS = 40
const DAY_MS = 86_400_000

/** @param servers addresses of the local stack */
export const openCompanyNetwork = async (servers: {
  supabaseUrl: string
  openaiUrl: string
}): Promise<CompanyNetwork> => {
  const folder = await mkdtemp(join(tmpdir(), 'heard-network-'))
  const authority = await createPrivateAuthority(AUTHORITY)
  const certutil = findCertutil()
  if (certutil !== null) await trustInHome(folder, authority, certutil)
  const passwordFile = join(folder, 'proxy-password')
  await writeFile(passwordFile, `${PASSWORD}\n`, { mode: 0o600 })

  let mood: NetworkMood = 'open'
  const sockets = new Set<Socket>()
  const track = <S extends Socket>(socket: S): S => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => sockets.delete(socket))
    return socket
  }

  /** Ends TLS, and passes the bytes to a server of the local stack. The first answer has the HSTS header of a hosted project. */
  const openTls = async (host: string, days: readonly [number, number], url: string) => {
    const server = createTlsServer(await authority.issue(host, days), (near) => {
      const far = track(connect(Number(new URL(url).port), '127.0.0.1'))
      track(near).pipe(far)
      far.once('data', (head: Buffer) => {
        near.write(head.toString('latin1').replace('\r\n', `\r\n${HSTS}\r\n`), 'latin1')
        far.pipe(near)
      })
      near.once('close', () => far.destroy())
      far.once('close', () => near.destroy())
    })
    return { server, port: await listen(server) }
  }
  const fresh = [-1, 90] as const
  const expired = [-400, -35] as const
  const supabase = await openTls(SUPABASE_HOST, fresh, servers.supabaseUrl)
  const openai = await openTls(OPENAI_HOST, fresh, servers.openaiUrl)
  const oldSupabase = await openTls(SUPABASE_HOST, expired, servers.supabaseUrl)
  const oldOpenai = await openTls(OPENAI_HOST, expired, servers.openaiUrl)
  const portal = await openTls(PORTAL_HOST, fresh, servers.supabaseUrl)

  const portOf = (host: string): number | null => {
    if (mood === 'blocked') return null
    if (mood === 'captive_portal') return portal.port
    const isOutdated = mood === 'certificate_expired' || mood === 'other_date'
    if (host === OPENAI_HOST) return (isOutdated ? oldOpenai : openai).port
    return host === SUPABASE_HOST ? (isOutdated ? oldSupabase : supabase).port : null
  }
  const tunnels: string[] = []
  const allowed = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`
  const mayPass = (header: string | undefined) => mood !== 'password_changed' && header === allowed

  const proxy = createHttpServer((request, response) => {
    if (request.url === '/proxy.pac') {
      response.end(`function FindProxyForURL() { return 'PROXY ${request.headers.host}' }`)
      return
    }
    if (!mayPass(request.headers['proxy-authorization'])) {
      response.writeHead(407, { 'proxy-authenticate': 'Basic realm="Harbor"' }).end()
      return
    }
    const { host } = new URL(request.url ?? '/', 'http://nowhere.heard.test')
    const to = mood === 'captive_portal' ? `http://${PORTAL_HOST}/sign-in` : `https://${host}/`
    const ahead = mood === 'other_date' ? OTHER_DATE_DAYS * DAY_MS : 0
    const date = new Date(Date.now() + ahead).toUTCString()
    response.writeHead(302, { location: to, date }).end()
  })
  proxy.on('connection', track)
  proxy.on('connect', (request, near: Socket) => {
    if (!mayPass(request.headers['proxy-authorization'])) {
      const challenge = 'Proxy-Authenticate: Basic realm="Harbor"'
      near.end(`HTTP/1.1 407 Sign in\r\n${challenge}\r\nContent-Length: 0\r\n\r\n`)
      return
    }
    const host = (request.url ?? '').split(':')[0] ?? ''
    const port = portOf(host)
    if (port === null) {
      near.end('HTTP/1.1 403 Blocked\r\nContent-Length: 0\r\n\r\n')
      return
    }
    tunnels.push(host)
    const far = track(connect(port, '127.0.0.1', () => near.write('HTTP/1.1 200 OK\r\n\r\n')))
    near.pipe(far).pipe(near)
    near.once('close', () => far.destroy())
    far.once('close', () => near.destroy())
  })
  const proxyPort = await listen(proxy)

  const envWithoutAuthority = {
    HOME: join(folder, 'without-authority'),
    HEARD_PROXY: `pac+http://127.0.0.1:${proxyPort}/proxy.pac`,
    HEARD_PROXY_USER: USER,
    HEARD_PROXY_PASSWORD_FILE: passwordFile
  }
  const opened = [supabase, openai, oldSupabase, oldOpenai, portal].map(({ server }) => server)
  return {
    supabaseUrl: `https://${SUPABASE_HOST}`,
    openaiUrl: `https://${OPENAI_HOST}/v1`,
    env: { ...envWithoutAuthority, HOME: folder },
    envWithoutAuthority,
    proxy: new URL(`http://127.0.0.1:${proxyPort}`),
    signIn: { user: USER, password: PASSWORD },
    authority: authority.cert,
    tunnels,
    become: (next) => {
      mood = next
      for (const socket of sockets) socket.destroy()
    },
    close: async () => {
      for (const server of [proxy, ...opened]) server.close()
      for (const socket of sockets) socket.destroy()
      await rm(folder, { recursive: true, force: true })
    }
  }
}

export type KioskNetwork = {
  target: KioskTarget
  env: Record<string, string>
  close(): Promise<void>
}

const KINDS = ['company', 'untrusted'] as const

/**
 * Puts a kiosk of the local stack into a network: the machine's own without a `kind`, a company's, or a company's whose
 * authority the kiosk does not trust.
 * @throws CommandError for another kind, another target, or without certutil
 */
export const openNetwork = async (
  kind: string | undefined,
  target: KioskTarget
): Promise<KioskNetwork> => {
  if (kind === undefined) return { target, env: {}, close: async () => {} }
  if (!KINDS.some((name) => name === kind)) {
    throw new CommandError(`--network is "company" or "untrusted", not "${kind}".`, 64)
  }
  if (target.kind !== 'local') throw new CommandError('--network needs the local stack.', 64)
  if (findCertutil() === null) {
    const certutil = TOOLS.filter(({ name }) => name === 'certutil')
    throw new CommandError(`certutil is missing: sudo ${installCommand(certutil)}`)
  }
  const network = await openCompanyNetwork(target.stack)
  const { supabaseUrl, openaiUrl, close } = network
  return {
    target: { ...target, stack: { ...target.stack, supabaseUrl, openaiUrl } },
    env: kind === 'company' ? network.env : network.envWithoutAuthority,
    close
  }
}

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  )
