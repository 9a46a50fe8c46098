// Starts the packaged kiosk, waits for its debugging port, and ends it.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { CommandError } from '../run-command.ts'

export type PackagedProcess = {
  /** Chromium's own debugging port: ws://127.0.0.1:… */
  endpoint: string
  stop(): Promise<void>
}

/** Unpacking, a cold disk and a busy machine. */
const START_MS = 30_000
/** Quitting may wait for a hang-up, at most this long. */
export const QUIT_LIMIT_MS = 5_000
/** Lines of its output in an error. */
const LAST_LINES = 20

/** @throws CommandError with its last lines when it ends, or opens no port in time. */
export const startPackaged = async (
  executable: string,
  flags: readonly string[],
  env: NodeJS.ProcessEnv
): Promise<PackagedProcess> => {
  const child = spawn(executable, ['--remote-debugging-port=0', ...flags], {
    env,
    stdio: ['ignore', 'ignore', 'pipe']
  })
  const lines: string[] = []
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(`it ended with ${signal ?? `code ${code}`}`))
  })
  const stop = async () => {
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), QUIT_LIMIT_MS)
    await ended
    clearTimeout(timer)
  }
  let timer: NodeJS.Timeout | undefined
  try {
    const endpoint = await Promise.race([
      new Promise<string>((resolve) => {
        createInterface({ input: child.stderr }).on('line', (line) => {
          lines.push(line)
          if (lines.length > LAST_LINES) lines.shift()
          const match = /^DevTools listening on (ws:\/\/\S+)$/.exec(line)
          if (match?.[1] !== undefined) resolve(match[1])
        })
      }),
      ended.then((how) => {
        throw new CommandError(`The packaged kiosk did not start: ${how}.\n${lines.join('\n')}`)
      }),
      new Promise<never>((_, reject) => {
        timer = setTimeout(
          () => reject(new CommandError(`The packaged kiosk opened no page.\n${lines.join('\n')}`)),
          START_MS
        )
      })
    ])
    return { endpoint, stop }
  } catch (error) {
    await stop()
    throw error
  } finally {
    clearTimeout(timer)
  }
}
