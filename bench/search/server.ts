// Starts the backend process of the search bench and exchanges messages with it.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fromProject } from '../../dev/paths.ts'
import type { Progress } from '../bench-result.ts'
import { replySchema, type ServerReply, type ServerRequest } from './server-protocol.ts'

/** The bench asks more often than a person may. */
const NO_RATE_LIMIT = '1000000'

export type Searched = Extract<ServerReply, { say: 'searched' }>

/** @param openaiUrl with the version */
export const startSearchServer = async (dataDir: string, openaiUrl: string) => {
  const child: ChildProcess = fork(
    fromProject('bench/search/server-process.ts'),
    [dataDir, openaiUrl],
    {
      env: { ...process.env, HEARD_REQUESTS_PER_MINUTE: NO_RATE_LIMIT },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc']
    }
  )
  const ended = once(child, 'exit')
  const listeners = new Set<(reply: ServerReply) => void>()
  let searched: Searched[] = []
  child.on('message', (message) => {
    const reply = replySchema.parse(message)
    if (reply.say === 'searched') searched.push(reply)
    for (const listener of [...listeners]) listener(reply)
  })

  /** The first reply for which `wanted` returns a value. @throws Error when the process fails or ends */
  const reply = <T>(wanted: (reply: ServerReply) => T | undefined): Promise<T> => {
    const answered = new Promise<T>((resolve, reject) => {
      const listen = (one: ServerReply): void => {
        if (one.say === 'failed') {
          listeners.delete(listen)
          reject(new Error(`The bench's backend: ${one.message}`))
          return
        }
        const value = wanted(one)
        if (value === undefined) return
        listeners.delete(listen)
        resolve(value)
      }
      listeners.add(listen)
    })
    const gone = ended.then(() => {
      throw new Error("The bench's backend has ended.")
    })
    return Promise.race([answered, gone])
  }

  const { url, publishableKey } = await reply((one) => (one.say === 'ready' ? one : undefined))
  return {
    url,
    publishableKey,
    ask: async (request: ServerRequest, progress: Progress): Promise<void> => {
      const done = reply((one) => {
        if (one.say === 'progress') progress(one.text)
        return one.say === 'done' ? true : undefined
      })
      child.send(request)
      await done
    },
    /** Waits for `count` logged searches, removes and returns them. */
    takeSearched: async (count: number): Promise<Searched[]> => {
      if (searched.length < count) {
        await reply(() => (searched.length >= count ? true : undefined))
      }
      const taken = searched
      searched = []
      return taken
    },
    close: async (): Promise<void> => {
      if (child.connected) child.disconnect()
      await ended
    }
  }
}
export type SearchServer = Awaited<ReturnType<typeof startSearchServer>>
