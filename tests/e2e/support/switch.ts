// A switch in the line between the kiosk and a server: off, it refuses new connections and cuts those
// that are open, as a router does that loses its power.
import { connect, createServer, type Socket } from 'node:net'

export type Switch = {
  /** The server's address, through the switch. */
  url: string
  off(): Promise<void>
  on(): Promise<void>
  close(): Promise<void>
}

export const openSwitch = async (serverUrl: string): Promise<Switch> => {
  const server = new URL(serverUrl)
  const sockets = new Set<Socket>()
  const track = (socket: Socket): void => {
    sockets.add(socket)
    // Whatever breaks on one side ends the other: that is what a cut line looks like.
    socket.on('error', () => socket.destroy())
    socket.once('close', () => sockets.delete(socket))
  }
  const listener = createServer((near) => {
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
    close: async () => {
      if (listener.listening) await stop()
    }
  }
}
