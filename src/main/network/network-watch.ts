// Follows the kiosk's requests to the backend and to the model, and names what is wrong with the network.
import type { NetworkCause, NetworkProblem } from '../../shared/network.ts'
import type { OpenSocket } from '../calls/model-socket.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { askWithoutTls } from './captive-portal.ts'
import {
  errorText,
  type NetworkFacts,
  NO_ANSWER_ERROR,
  networkCause,
  networkPlace,
  networkSentence
} from './network-cause.ts'

/** A request without an answer for this long is reported, and goes on. The deadline of a search is shorter, that of a key longer. */
export const SILENT_MS = 6_000
/** An address that answered within this time counts as answering. */
const ANSWERING_MS = 60_000
/** A smaller difference fails no certificate. */
const CLOCK_TOLERANCE_MS = 86_400_000

/** A captive portal or a wrong clock can cause these. */
const AMBIGUOUS: ReadonlySet<NetworkCause> = new Set([
  'refused',
  'no_answer',
  'certificate_untrusted',
  'certificate_name',
  'certificate_expired',
  'tls_failed'
])
/** A computer without a network may report these. */
const PERHAPS_OFFLINE: ReadonlySet<NetworkCause> = new Set([
  'name_not_found',
  'refused',
  'no_answer',
  'unknown'
])

/** The shell's network. */
export type NetworkPorts = {
  /** Never follows a redirect. */
  fetch: typeof fetch
  /** For an address without TLS, which HSTS does not change to https. */
  fetchPlain: typeof fetch
  /** False only when the system says that there is no network. */
  isOnline: () => boolean
  /** Ways to open a WebSocket there, the first one first. Rejects where the address cannot be reached. */
  socketOpeners: (url: string) => Promise<OpenSocket[]>
  facts: (host: string) => Promise<Pick<NetworkFacts, 'proxy' | 'hasProxySignIn' | 'certificate'>>
}

export type NetworkWatch = Pick<NetworkPorts, 'socketOpeners'> & {
  /** Reports how its requests end. */
  fetch: typeof fetch
  /** A connection was made without `fetch`. */
  answered(url: string): void
  failed(url: string, error: unknown): void
  current(): NetworkProblem | null
  onChange(listener: (problem: NetworkProblem | null) => void): () => void
}

type Trouble = NetworkProblem & { host: string; atMs: number }

export const createNetworkWatch = (
  ports: NetworkPorts & {
    clock: Clock
    log: Log
    timeout: (ms: number) => AbortSignal
  }
): NetworkWatch => {
  const { clock, log } = ports
  const listeners = new Set<(problem: NetworkProblem | null) => void>()
  const troubles = new Map<string, Trouble>()
  const answers = new Map<string, { atMs: number; count: number }>()
  /** Hosts whose failure is being examined. */
  const examined = new Set<string>()
  let shown: NetworkProblem | null = null

  const show = () => {
    const latest = [...troubles.values()].sort((a, b) => b.atMs - a.atMs)[0]
    const next = latest === undefined ? null : { cause: latest.cause, place: latest.place }
    if (next?.cause === shown?.cause && next?.place === shown?.place) return
    shown = next
    for (const listener of listeners) listener(next)
  }

  const answerCount = (host: string) => answers.get(host)?.count ?? 0

  const answered = (url: string) => {
    const { host } = new URL(url)
    answers.set(host, { atMs: clock.nowMs(), count: answerCount(host) + 1 })
    if (!troubles.delete(host)) return
    log.info('network.recovered', { host })
    show()
  }

  const isOtherAnswering = (host: string) =>
    [...answers].some(([other, { atMs }]) => other !== host && clock.nowMs() - atMs < ANSWERING_MS)

  const examine = async (url: URL, error: unknown): Promise<void> => {
    const { host } = url
    const countBefore = answerCount(host)
    let cause = networkCause(error)
    if (PERHAPS_OFFLINE.has(cause) && !ports.isOnline()) cause = 'no_network'
    const isPlain = url.protocol === 'http:'
    const plain =
      AMBIGUOUS.has(cause) && !isPlain
        ? await askWithoutTls(ports.fetchPlain, url.hostname, ports.timeout)
        : null
    const portal = plain?.portal ?? null
    const clockAheadMs = plain?.dateMs == null ? null : clock.nowMs() - plain.dateMs
    const isClockWrong = Math.abs(clockAheadMs ?? 0) > CLOCK_TOLERANCE_MS
    if (portal !== null) cause = 'captive_portal'
    else if (isClockWrong && cause.startsWith('certificate_')) cause = 'clock_wrong'
    const facts = await ports.facts(url.hostname)
    // It answered meanwhile.
    if (answerCount(host) !== countBefore) return
    const place = networkPlace(cause, isOtherAnswering(host))
    const before = troubles.get(host)
    troubles.set(host, { host, cause, place, atMs: clock.nowMs() })
    if (before?.cause !== cause) {
      const text = errorText(error)
      const sentence = networkSentence(cause, { host, ...facts, portal, clockAheadMs, text })
      log.warn('network.failed', { cause, place, host, sentence, error: text })
    }
    show()
  }

  const failed = (url: string, error: unknown) => {
    const parsed = new URL(url)
    if (examined.has(parsed.host)) return
    examined.add(parsed.host)
    void examine(parsed, error).finally(() => examined.delete(parsed.host))
  }

  return {
    socketOpeners: ports.socketOpeners,
    answered,
    failed,
    current: () => shown,
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    fetch: async (input, init) => {
      const url = input instanceof Request ? input.url : String(input)
      const cancelSilence = clock.after(SILENT_MS, () => failed(url, new Error(NO_ANSWER_ERROR)))
      try {
        const response = await ports.fetch(input, init)
        answered(url)
        return response
      } catch (error) {
        const signal = init?.signal ?? (input instanceof Request ? input.signal : null)
        if (signal?.aborted !== true) failed(url, error)
        throw error
      } finally {
        cancelSilence()
      }
    }
  }
}
