// A TCP proxy that can be switched off: it then refuses new connections and cuts open ones.
import { connect, createServer, type Socket } from 'node:net'

export type TcpProxy = {
  /** The server's address through the proxy. */
  url: string
  off(): Promise<void>
  on(): Promise<void>
  /** Answers every request from now on with this status and body. */
  refuse(status: number, body: unknown): void
  close(): Promise<void>
}

export const openTcpProxy = async (serverUrl: string): Promise<TcpProxy> => {
  const server = new URL(serverUrl)
  const sockets = new Set<Socket>()
  const track = (socket: Socket): void => {
    sockets.add(socket)
    // An error on one side ends the other, as with a cut line.
    socket.on('error', () => socket.destroy())
    socket.once('close', () => sockets.delete(socket))
  }
  let refusal: string | null = null
  const listener = createServer((near) => {
    if (refusal !== null) {
      const answer = refusal
      near.on('error', () => near.destroy())
      near.once('data', () => near.end(answer))
      return
    }
    const far = connect(Number(server.port), server.hostname)
    track(near)
    track(far)
    near.once('close', () => far.destroy())
    far.once('close', () => near.destroy())
    near.pipe(far).pipe(near)
  })
  const listen = (port: number): Promise<number> =>
    new Promise((resolve, reject) => {
      listener.once('error', reject)
      listener.listen(port, '127.0.0.1', () => {
        listener.off('error', reject)
        const address = listener.address()
        resolve(typeof address === 'object' && address !== null ? address.port : port)
      })
    })
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      listener.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
  const port = await listen(0)
  return {
    url: `http://127.0.0.1:${port}${server.pathname === '/' ? '' : server.pathname}`,
    off: stop,
    on: async () => {
      await listen(port)
    },
    refuse: (status, body) => {
      const text = JSON.stringify(body)
      refusal = [
        `HTTP/1.1 ${status} Refused`,
        'content-type: application/json',
        `content-length: ${Buffer.byteLength(text)}`,
        'connection: close',
        '',
        text
      ].join('\r\n')
      // Connections that are kept alive bypass the refusal.
      for (const socket of sockets) socket.destroy()
    },
    close: async () => {
      if (listener.listening) await stop()
    }
  }
}
