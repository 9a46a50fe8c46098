// The page's end of a relay: the shell posts its port to the window, and it may arrive before or after main's answer
// that names it. The text on it is the model's, except for main's own notices.
import type { RelayNotice, RelayPortMessage } from '../../shared/relay.ts'

/** A port travels inside the machine. */
export const PORT_LIMIT_MS = 3_000

/** Ports that nobody has asked for yet; one relay is opened at a time, and a second one stands by. */
const UNCLAIMED_LIMIT = 4

export type RelayLine = {
  post: (text: string) => void
  /** Begins to listen: what has arrived so far follows at once. `onClosed` is called once, and last. */
  listen: (onMessage: (text: string) => void, onClosed: (reason: string) => void) => void
  /** Closes without reporting it. */
  close: () => void
}

export type RelayPorts = {
  /** null when the port does not arrive within its limit. */
  claim: (relayId: string) => Promise<RelayLine | null>
  close: () => void
}

const isPortMessage = (data: unknown): data is RelayPortMessage =>
  typeof data === 'object' &&
  data !== null &&
  'kind' in data &&
  data.kind === 'heard.relayPort' &&
  'relayId' in data &&
  typeof data.relayId === 'string'

/** Main's notices are short and begin alike; the model's events have no such field. */
const NOTICE_START = '{"relay":'

const readNotice = (text: string): RelayNotice | null =>
  text.startsWith(NOTICE_START) ? (JSON.parse(text) as RelayNotice) : null

const lineOn = (port: MessagePort): RelayLine => {
  let isClosed = false
  return {
    post: (text) => {
      if (!isClosed) port.postMessage(text)
    },
    listen: (onMessage, onClosed) => {
      const closed = (reason: string) => {
        if (isClosed) return
        isClosed = true
        port.close()
        onClosed(reason)
      }
      port.onmessage = ({ data }) => {
        if (isClosed || typeof data !== 'string') return
        const notice = readNotice(data)
        if (notice === null) onMessage(data)
        else if (notice.relay === 'closed') closed(`${notice.code} ${notice.reason}`)
      }
      // The other end can go without a word, with main itself.
      port.addEventListener('close', () => closed('The port was closed.'))
    },
    close: () => {
      isClosed = true
      port.onmessage = null
      port.close()
    }
  }
}

/**
 * Listens from now on: has to be there before a relay is asked for.
 * @param page the window that the shell's preload or bridge script posts to
 */
export const receiveRelayPorts = (
  page: Window,
  schedule: (run: () => void, ms: number) => () => void
): RelayPorts => {
  const arrived = new Map<string, MessagePort>()
  const waiting = new Map<string, (port: MessagePort) => void>()

  const receive = (event: MessageEvent<unknown>) => {
    // Only the page's own window can post to itself with this source: a frame or an opener has another one.
    const [port] = event.ports
    if (event.source !== page || !isPortMessage(event.data) || port === undefined) return
    const { relayId } = event.data
    const claimed = waiting.get(relayId)
    if (claimed !== undefined) {
      claimed(port)
      return
    }
    arrived.set(relayId, port)
    for (const [oldest, unclaimed] of arrived) {
      if (arrived.size <= UNCLAIMED_LIMIT) break
      arrived.delete(oldest)
      unclaimed.close()
    }
  }
  page.addEventListener('message', receive)

  return {
    claim: (relayId) =>
      new Promise((resolve) => {
        const known = arrived.get(relayId)
        if (known !== undefined) {
          arrived.delete(relayId)
          resolve(lineOn(known))
          return
        }
        const giveUp = schedule(() => {
          waiting.delete(relayId)
          resolve(null)
        }, PORT_LIMIT_MS)
        waiting.set(relayId, (port) => {
          giveUp()
          waiting.delete(relayId)
          resolve(lineOn(port))
        })
      }),
    close: () => {
      page.removeEventListener('message', receive)
      for (const port of arrived.values()) port.close()
      arrived.clear()
    }
  }
}
