// Runs each edge function in its own Deno from npm with the permissions that it needs, and restarts one that ends.
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

/** Back-off between restarts, doubled each time. */
const FIRST_RESTART_MS = 200
const LONGEST_RESTART_MS = 5_000
/** After this time the back-off starts over. */
const STABLE_AFTER_MS = 10_000
/** A request's wait for a starting function; a Deno starts in about 0.2 s. */
const BOOT_WAIT_MS = 5_000
/** A hosted project answers 504 after this time. */
const ANSWER_TIMEOUT_MS = 150_000
/** From SIGTERM to SIGKILL. */
const STOP_GRACE_MS = 2_000

/** Connection-level headers (RFC 9110 §7.6.1) and those that `fetch` sets. */
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

type FunctionState = 'starting' | 'ready' | 'restarting' | 'stopped'

type FunctionOptions = {
  /** Contains a folder with an `index.ts` per function. */
  folder: string
  /** The functions' whole environment. */
  environment: Record<string, string>
  /** Allowed `host:port`. */
  reachable: string[]
  /** Deno's cache of compiled code. */
  cacheFolder: string
  log: (line: string) => void
}

const denoProgram = (): string => {
  // Finds the platform's package also where npm ran no install scripts.
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

/** Waits for `work`, at most `timeoutMs`. */
const within = async (timeoutMs: number, work: Promise<unknown>): Promise<void> => {
  const timeout = new AbortController()
  await Promise.race([work, pause(timeoutMs, null, { signal: timeout.signal }).catch(() => {})])
  timeout.abort()
}

/** From a broken connection to the end of its process: milliseconds, more on a loaded machine. */
const END_NOTICE_MS = 500

const startWorker = (program: string, name: string, options: FunctionOptions) => {
  const { folder, environment, reachable, cacheFolder, log } = options
  let state: FunctionState = 'starting'
  let address: string | null = null
  let child: ChildProcess | null = null
  let restartTimer: NodeJS.Timeout | undefined
  let restartMs = FIRST_RESTART_MS
  const waiting = new Set<() => void>()
  const settled = Promise.withResolvers<void>()
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
        // Packages come from node_modules; Deno downloads none.
        '--node-modules-dir=manual',
        '--cached-only',
        `--allow-env=${Object.keys(environment).join(',')}`,
        // Port 0 is the function's own, which the system chooses.
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
      settled.resolve()
    }
    createInterface({ input: started.stdout }).on('line', onLine)
    createInterface({ input: started.stderr }).on('line', onLine)
    started.once('error', (error) => log(`[${name}] could not be started: ${error.message}`))
    started.once('close', (code, signal) => {
      child = null
      address = null
      settled.resolve()
      if (state === 'stopped') return
      if (performance.now() - startedAt > STABLE_AFTER_MS) restartMs = FIRST_RESTART_MS
      log(`[${name}] ended (${signal ?? `code ${code}`}); starting again in ${restartMs} ms`)
      state = 'restarting'
      restartTimer = setTimeout(start, restartMs)
      restartMs = Math.min(restartMs * 2, LONGEST_RESTART_MS)
    })
  }
  start()

  return {
    state: (): FunctionState => state,
    /** Resolves when it has listened, or ended, once. */
    settled: settled.promise,
    /** Null when it does not listen within `timeoutMs`. */
    address: async (timeoutMs: number): Promise<string | null> => {
      if (address === null && state !== 'stopped') {
        const ready = Promise.withResolvers<void>()
        waiting.add(ready.resolve)
        await within(timeoutMs, ready.promise)
        waiting.delete(ready.resolve)
      }
      return address
    },
    /** Resolves at the end of the process, or after `timeoutMs`. */
    ended: async (timeoutMs: number): Promise<void> => {
      if (child !== null) await within(timeoutMs, once(child, 'close'))
    },
    stop: async (): Promise<void> => {
      state = 'stopped'
      clearTimeout(restartTimer)
      wake()
      if (child === null) return
      const closed = once(child, 'close')
      child.kill('SIGTERM')
      const killTimer = setTimeout(() => child?.kill('SIGKILL'), STOP_GRACE_MS)
      await closed
      clearTimeout(killTimer)
    }
  }
}

/** In the shape and with the codes of Supabase's edge runtime. */
const failure = (status: number, code: string, message: string): Response =>
  Response.json({ code, message }, { status })

/** Starts every function of the folder without waiting. */
export const startFunctions = (options: FunctionOptions) => {
  const names = functionNames(options.folder)
  const program = names.length === 0 ? '' : denoProgram()
  const workers = new Map(names.map((name) => [name, startWorker(program, name, options)]))

  return {
    states: (): Record<string, FunctionState> =>
      Object.fromEntries([...workers].map(([name, worker]) => [name, worker.state()] as const)),
    /** Waits until every function has listened or ended once, or for `timeoutMs`; names those that do not listen. */
    settled: async (timeoutMs: number): Promise<string[]> => {
      const all = Promise.all([...workers.values()].map(({ settled }) => settled))
      await within(timeoutMs, all)
      return [...workers].filter(([, { state }]) => state() !== 'ready').map(([name]) => name)
    },
    /** Forwards a request with its body and streams the answer. `path` follows `/functions/v1/`. */
    forward: async (
      request: Request,
      body: Uint8Array<ArrayBuffer> | null,
      path: string
    ): Promise<Response> => {
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
        // `fetch` has decoded the body.
        const answered = new Headers(response.headers)
        for (const header of [...NOT_FORWARDED, 'content-encoding']) answered.delete(header)
        return new Response(response.body, { status: response.status, headers: answered })
      } catch (error) {
        if (timeout.aborted) return failure(504, 'WORKER_TIMEOUT', 'The function did not answer')
        const reason = error instanceof Error ? error.message : String(error)
        options.log(`[${name}] gave no answer: ${reason}`)
        // A connection ends before its process does: the next request must reach the restarted function.
        if (!request.signal.aborted) await worker.ended(END_NOTICE_MS)
        return failure(502, 'WORKER_ERROR', 'The function ended before it answered')
      }
    },
    close: async (): Promise<void> => {
      await Promise.all([...workers.values()].map((worker) => worker.stop()))
    }
  }
}
export type EdgeFunctions = ReturnType<typeof startFunctions>
