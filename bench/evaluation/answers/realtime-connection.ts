// Opens a Realtime session over a WebSocket.
import type { RealtimeClientEvent, RealtimeServerEvent } from 'openai/resources/realtime/realtime'
import { WebSocket } from 'ws'

/** A text answer takes a few seconds. */
const EVENT_DEADLINE_MS = 60_000

type EventOf<T extends RealtimeServerEvent['type']> = Extract<RealtimeServerEvent, { type: T }>

/** The failure of an awaited event. */
export class RealtimeConnectionError extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.name = 'RealtimeConnectionError'
    this.code = code
  }
}

export type RealtimeConnection = {
  send: (event: RealtimeClientEvent) => void
  /**
   * Skips events of other types.
   * @throws RealtimeConnectionError for an `error` event, a closed connection, and after a minute
   */
  next: <T extends RealtimeServerEvent['type']>(type: T) => Promise<EventOf<T>>
  close: () => void
}

/** @param baseUrl with its version. @throws RealtimeConnectionError */
export const openRealtimeConnection = async (
  baseUrl: string,
  apiKey: string,
  model: string
): Promise<RealtimeConnection> => {
  const url = new URL(`${baseUrl}/realtime`)
  url.protocol = url.protocol.replace('http', 'ws')
  url.searchParams.set('model', model)
  const socket = new WebSocket(url, { headers: { Authorization: `Bearer ${apiKey}` } })
  const arrived: RealtimeServerEvent[] = []
  let failure: RealtimeConnectionError | null = null
  let wake = (): void => {}
  const fail = (code: string, message: string): void => {
    failure ??= new RealtimeConnectionError(code, message)
    wake()
  }
  socket.on('message', (data) => {
    const event = JSON.parse(String(data)) as RealtimeServerEvent
    if (event.type === 'error') fail(event.error.code ?? event.error.type, event.error.message)
    else {
      arrived.push(event)
      wake()
    }
  })
  socket.on('error', (error) => fail('socket_failed', error.message))
  socket.on('close', (code) => fail('socket_closed', `The line closed with code ${code}.`))

  const next = async <T extends RealtimeServerEvent['type']>(type: T): Promise<EventOf<T>> => {
    const deadline = setTimeout(
      () => fail('late', `No ${type} within ${EVENT_DEADLINE_MS / 1_000} s.`),
      EVENT_DEADLINE_MS
    )
    try {
      for (;;) {
        for (let event = arrived.shift(); event !== undefined; event = arrived.shift()) {
          if (event.type === type) return event as EventOf<T>
        }
        if (failure !== null) throw failure
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    } finally {
      clearTimeout(deadline)
    }
  }
  await next('session.created')
  return { send: (event) => socket.send(JSON.stringify(event)), next, close: () => socket.close() }
}
