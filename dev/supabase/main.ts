// Runs the local backend as a process: `node dev/supabase/main.ts`. Prints one JSON line on stdout when it is ready,
// and messages for people on stderr.

import { parseArgs } from 'node:util'
import { EXIT_USAGE } from '../option-values.ts'
import { startBackend } from './backend.ts'
import { FolderLocked } from './folder-lock.ts'

/** EX_TEMPFAIL of sysexits.h: another process holds the folder. */
const EXIT_LOCKED = 75

const say = (line: string): void => {
  process.stderr.write(`${line}\n`)
}

/** @supabase/lite prints whole errors with their parameters, secrets included; this prints one line. */
const shortenErrors = (): void => {
  console.error = (...parts: unknown[]) => {
    const [first] = parts
    const code = first instanceof Error && 'code' in first ? ` (${String(first.code)})` : ''
    say(first instanceof Error ? `Postgres: ${first.message}${code}` : String(first).slice(0, 300))
  }
}

const readArguments = () => {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      port: { type: 'string', default: '0' },
      'openai-url': { type: 'string' },
      'openai-key': { type: 'string' },
      handbook: { type: 'string' },
      'with-parent': { type: 'boolean', default: false }
    }
  })
  const { data, 'openai-url': openaiUrl, 'openai-key': openaiKey } = values
  const port = Number(values.port)
  if (data === undefined || openaiUrl === undefined || openaiKey === undefined) {
    throw new Error('--data DIR, --openai-url URL and --openai-key KEY are required.')
  }
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`--port ${values.port} is not a port.`)
  }
  if (!URL.canParse(openaiUrl)) throw new Error(`--openai-url ${openaiUrl} is not a URL.`)
  const { handbook, 'with-parent': withParent } = values
  return { data, port, openaiUrl, openaiKey, handbook, withParent }
}

const main = async (): Promise<void> => {
  let given: ReturnType<typeof readArguments>
  try {
    given = readArguments()
  } catch (error) {
    say(error instanceof Error ? error.message : String(error))
    process.exitCode = EXIT_USAGE
    return
  }
  shortenErrors()

  const starting = new AbortController()
  let stop: (reason: string) => void = (reason) => {
    say(`Giving the start up (${reason}) …`)
    starting.abort()
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(signal))
  if (given.withParent) {
    process.stdin.on('end', () => stop('the parent ended')).on('error', () => stop('stdin failed'))
    process.stdin.resume()
  }

  try {
    const backend = await startBackend({
      dataDir: given.data,
      port: given.port,
      openaiUrl: given.openaiUrl,
      openaiKey: given.openaiKey,
      ...(given.handbook === undefined ? {} : { handbookFolder: given.handbook }),
      log: say,
      signal: starting.signal
    })
    stop = (reason) => {
      stop = () => {}
      say(`Closing (${reason}) …`)
      backend.close().then(
        () => process.exit(0),
        (error: unknown) => {
          say(`Closing failed: ${error instanceof Error ? error.message : String(error)}`)
          process.exit(1)
        }
      )
    }
    const { url, publishableKey, secretKey, accounts, found } = backend
    const ready = { ready: true, url, publishableKey, secretKey, accounts, found }
    process.stdout.write(`${JSON.stringify(ready)}\n`)
    if (starting.signal.aborted) stop('asked while starting')
  } catch (error) {
    if (starting.signal.aborted) process.exit(0)
    say(error instanceof Error ? error.message : String(error))
    process.exit(error instanceof FolderLocked ? EXIT_LOCKED : 1)
  }
}

await main()
