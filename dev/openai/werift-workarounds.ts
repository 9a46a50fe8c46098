// What werift does that no service does, and that would be taken for the caller's doing or the network's: mended here.
import { DtlsClient, type RTCPeerConnection } from 'werift'

/**
 * werift 0.25 sends its DTLS Finished with the handshake's running number (5 to 10) and then counts its data from
 * 1 again: the record that meets the Finished's number is a replay to the browser, which drops it, and an event
 * arrives 1.2 s late. Starting the data past that number leaves nothing to repeat.
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
 * werift 0.25 is the DTLS client of an answer and says nothing for 100 ms once the path is found. No service waits
 * so; a caller that is not ready yet keeps the hello. It is said at once, and werift's own, later one is that one.
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
        // What becomes of it is werift's to see, when it asks.
        hello.catch(() => undefined)
      })
    })
}

/** Under every priority that werift gives, and not 0. */
const LAST_PRIORITY = 1

/**
 * werift names loopback first. A browser whose socket has the machine's own address tries it first then, gets the
 * reply from that address, as the system chooses it, and drops it; its next try comes 48 ms later. A service has one
 * address. Loopback stays, as the last choice, for a machine that has no other.
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
