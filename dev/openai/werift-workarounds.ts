// Works around werift's behaviour where it differs from every service's.
import { DtlsClient, type RTCPeerConnection } from 'werift'

/**
 * werift 0.25 sends its DTLS Finished under the handshake's running number (5 to 10) and then counts its data from 1
 * again. The browser drops the record that repeats the Finished's number as a replay, and an event arrives 1.2 s
 * late. Data starts past that number here.
 */
const FIRST_DATA_RECORD = 64

export const skipUsedDtlsSequenceNumbers = (connection: RTCPeerConnection): void => {
  for (const transport of connection.dtlsTransports)
    transport.onStateChange.subscribe((state) => {
      const context = transport.dtls?.dtls
      if (state !== 'connected' || context === undefined) return
      context.recordSequenceNumber = Math.max(context.recordSequenceNumber, FIRST_DATA_RECORD)
    })
}

/**
 * werift 0.25 is the DTLS client of an answer and waits 100 ms after ICE connects. No service waits; a client that is
 * not ready queues the hello. The hello goes out at once here, and werift's later call returns the same one.
 */
export const sendClientHelloAtOnce = (connection: RTCPeerConnection): void => {
  for (const transport of connection.dtlsTransports)
    transport.onStateChange.subscribe((state) => {
      if (state !== 'connecting') return
      // The client is made in the same tick, right after this event.
      queueMicrotask(() => {
        const client = transport.dtls
        if (!(client instanceof DtlsClient)) return
        const hello = client.connect()
        client.connect = () => hello
        // werift handles a failure through its own call.
        hello.catch(() => undefined)
      })
    })
}

/** Below every priority of werift's, and not 0. */
const LAST_PRIORITY = 1

/**
 * werift lists loopback first. A browser on the machine's own address tries it first, gets the reply from that
 * address, as the system chooses it, and drops it; its next try comes 48 ms later. A service has one address.
 * Loopback stays as the last choice, for a machine that has no other.
 */
export const withLoopbackLast = (answerSdp: string): string =>
  answerSdp.replace(/(?:^a=candidate:.*\r?\n)+/gm, (candidates) => {
    const lines = candidates.split(/(?<=\n)/)
    const isLoopback = (line: string) => line.includes(' 127.0.0.1 ')
    const last = lines
      .filter(isLoopback)
      .map((line) => line.replace(/ udp \d+ /i, ` udp ${LAST_PRIORITY} `))
    return [...lines.filter((line) => !isLoopback(line)), ...last].join('')
  })
