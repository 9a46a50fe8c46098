// The edge functions, each in a real Deno of its own with no more permissions than it needs, started
// from what npm installed and started again when one dies.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const PARENT_WATCH = fileURLToPath(new URL('./exit-with-parent.ts', import.meta.url))
const LISTENING = /Listening on (http:\/\/[^\s/]+:\d+)/

/** Back-off between starts of a function that keeps dying, doubled each time. */
const FIRST_RESTART_MS = 200
const LONGEST_RESTART_MS = 5_000
/** Alive this long, a function is taken for well again and the back-off starts over. */
const WELL_AFTER_MS = 10_000
/** How long a request waits for a function that is starting; a Deno here is up in about 0.2 s. */
const BOOT_WAIT_MS = 5_000
/** A hosted function that has not begun to answer by then gets a 504. */
const ANSWER_TIMEOUT_MS = 150_000
/** Between the polite signal and the other one. */
const STOP_GRACE_MS = 2_000

/** Connection-level headers (RFC 9110 §7.6.1) and what `fetch` sets for itself. */
const NOT_FORWARDED = [
  'connection',
  'content-length',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade'
]

export type FunctionState = 'starting' | 'ready' | 'restarting' | 'stopped'

export type EdgeFunctions = {
  states: () => Record<string, FunctionState>
  /** Waits until every function has been ready or has died once, at most `timeoutMs`; names the latter. */
  settled: (timeoutMs: number) => Promise<string[]>
  /**
   * Passes a request on, its body already read, and streams the answer back. `path` is what follows
   * `/functions/v1/`.
   */
  forward: (
    request: Request,
    body: Uint8Array<ArrayBuffer> | null,
    path: string
  ) => Promise<Response>
  close: () => Promise<void>
}

export type FunctionOptions = {
  /** Folder with one folder per function; those with an `index.ts` count. */
  folder: string
  /** The functions' whole environment, and all of it that they may read. */
  environment: Record<string, string>
  /** `host:port` that they may reach. */
  reachable: string[]
  /** Where Deno keeps what it compiles. */
  cacheFolder: string
  log: (line: string) => void
}

const denoProgram = (): string => {
  // Its own look-up: the platform's package, also where npm ran no install scripts.
  const install: unknown = createRequire(import.meta.url)('deno/install_api.cjs')
  if (typeof install === 'object' && install !== null && 'runInstall' in install) {
    const program: unknown = typeof install.runInstall === 'function' ? install.runInstall() : null
    if (typeof program === 'string') return program
  }
  throw new Error('The npm package deno has no program for this machine.')
}

const functionNames = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'index.ts')))
        .map((entry) => entry.name)
        .sort()
    : []

/** Waits for `work`, but not longer than `timeoutMs`. */
const within = async (timeoutMs: number, work: Promise<unknown>): Promise<void> => {
  const timeout = new AbortController()
  await Promise.race([work, pause(timeoutMs, null, { signal: timeout.signal }).catch(() => {})])
  timeout.abort()
}

/** From a connection that broke to the end of its process: a few milliseconds, more on a loaded machine. */
const END_NOTICE_MS = 500

type Worker = {
  state: () => FunctionState
  /** The address once it listens; null when it does not within `timeoutMs`. */
  address: (timeoutMs: number) => Promise<string | null>
  /** Resolves when it is seen to have ended; after `timeoutMs` when it lives on. */
  ended: (timeoutMs: number) => Promise<void>
  /** It has listened, or died, once. */
  firstChance: Promise<void>
  stop: () => Promise<void>
}

const startWorker = (program: string, name: string, options: FunctionOptions): Worker => {
  const { folder, environment, reachable, cacheFolder, log } = options
  let state: FunctionState = 'starting'
  let address: string | null = null
  let child: ChildProcess | null = null
  let restartTimer: NodeJS.Timeout | undefined
  let restartMs = FIRST_RESTART_MS
  const waiting = new Set<() => void>()
  let hadItsChance: () => void = () => {}
  const firstChance = new Promise<void>((resolve) => {
    hadItsChance = resolve
  })
  const wake = (): void => {
    for (const resume of waiting) resume()
    waiting.clear()
  }

  const start = (): void => {
    const startedAt = performance.now()
    const started = spawn(
      program,
      [
        'run',
        '--no-prompt',
        // Everything comes from node_modules; nothing is downloaded, then or now.
        '--node-modules-dir=manual',
        '--cached-only',
        `--allow-env=${Object.keys(environment).join(',')}`,
        // Port 0 is its own, which the system chooses.
        `--allow-net=${['127.0.0.1:0', ...reachable].join(',')}`,
        '--preload',
        PARENT_WATCH,
        join(folder, name, 'index.ts')
      ],
      {
        cwd: folder,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...environment,
          DENO_SERVE_ADDRESS: 'tcp:127.0.0.1:0',
          DENO_DIR: cacheFolder,
          DENO_NO_UPDATE_CHECK: '1',
          NO_COLOR: '1'
        }
      }
    )
    child = started
    const onLine = (line: string): void => {
      const listening = LISTENING.exec(line)?.[1]
      if (listening === undefined || address !== null) {
        log(`[${name}] ${line}`)
        return
      }
      address = listening
      state = 'ready'
      wake()
      hadItsChance()
    }
    createInterface({ input: started.stdout }).on('line', onLine)
    createInterface({ input: started.stderr }).on('line', onLine)
    started.once('error', (error) => log(`[${name}] could not be started: ${error.message}`))
    started.once('close', (code, signal) => {
      child = null
      address = null
      hadItsChance()
      if (state === 'stopped') return
      if (performance.now() - startedAt > WELL_AFTER_MS) restartMs = FIRST_RESTART_MS
      log(`[${name}] ended (${signal ?? `code ${code}`}); starting again in ${restartMs} ms`)
      state = 'restarting'
      restartTimer = setTimeout(start, restartMs)
      restartMs = Math.min(restartMs * 2, LONGEST_RESTART_MS)
    })
  }
  start()

  return {
    state: () => state,
    firstChance,
    address: async (timeoutMs) => {
      if (address === null && state !== 'stopped') {
        let resume = (): void => {}
        const ready = new Promise<void>((resolve) => {
          resume = resolve
          waiting.add(resolve)
        })
        await within(timeoutMs, ready)
        waiting.delete(resume)
      }
      return address
    },
    ended: async (timeoutMs) => {
      if (child !== null) await within(timeoutMs, once(child, 'close'))
    },
    stop: async () => {
      state = 'stopped'
      clearTimeout(restartTimer)
      wake()
      if (child === null) return
      const closed = once(child, 'close')
      child.kill('SIGTERM')
      const impatient = setTimeout(() => child?.kill('SIGKILL'), STOP_GRACE_MS)
      await closed
      clearTimeout(impatient)
    }
  }
}

/** The gateway's own answers, in the shape and with the codes of Supabase's edge runtime. */
const failure = (status: number, code: string, message: string): Response =>
  Response.json({ code, message }, { status })

/** Starts every function of the folder; does not wait for them. */
export const startFunctions = (options: FunctionOptions): EdgeFunctions => {
  const names = functionNames(options.folder)
  const program = names.length === 0 ? '' : denoProgram()
  const workers = new Map(names.map((name) => [name, startWorker(program, name, options)]))

  return {
    states: () =>
      Object.fromEntries([...workers].map(([name, worker]) => [name, worker.state()] as const)),
    settled: async (timeoutMs) => {
      const all = Promise.all([...workers.values()].map(({ firstChance }) => firstChance))
      await within(timeoutMs, all)
      return [...workers].filter(([, { state }]) => state() !== 'ready').map(([name]) => name)
    },
    forward: async (request, body, path) => {
      const name = path.split('/', 1)[0] ?? ''
      const worker = workers.get(name)
      if (worker === undefined) {
        return failure(404, 'NOT_FOUND', 'Requested function was not found')
      }
      const address = await worker.address(BOOT_WAIT_MS)
      if (address === null) {
        return failure(503, 'BOOT_ERROR', 'The function did not start; see the backend’s log')
      }
      const headers = new Headers(request.headers)
      for (const header of NOT_FORWARDED) headers.delete(header)
      const timeout = AbortSignal.timeout(ANSWER_TIMEOUT_MS)
      try {
        const response = await fetch(`${address}/${path}${new URL(request.url).search}`, {
          method: request.method,
          headers,
          body,
          redirect: 'manual',
          signal: AbortSignal.any([timeout, request.signal])
        })
        // `fetch` has already undone these.
        const answered = new Headers(response.headers)
        for (const header of [...NOT_FORWARDED, 'content-encoding']) answered.delete(header)
        return new Response(response.body, { status: response.status, headers: answered })
      } catch (error) {
        if (timeout.aborted) return failure(504, 'WORKER_TIMEOUT', 'The function did not answer')
        const reason = error instanceof Error ? error.message : String(error)
        options.log(`[${name}] gave no answer: ${reason}`)
        // A connection ends before its process is seen to: who asks next must not be sent to the dead one.
        if (!request.signal.aborted) await worker.ended(END_NOTICE_MS)
        return failure(502, 'WORKER_ERROR', 'The function ended before it answered')
      }
    },
    close: async () => {
      await Promise.all([...workers.values()].map((worker) => worker.stop()))
    }
  }
}
