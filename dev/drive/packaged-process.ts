// Starts the packaged kiosk, waits for its debugging port, and ends it.
import { spawn } from 'node:child_process'
import { stopChild, waitForLine } from '../child-process.ts'
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
  const stop = () => stopChild(child, ended, QUIT_LIMIT_MS)
  const listening = (line: string) => {
    lines.push(line)
    if (lines.length > LAST_LINES) lines.shift()
    return /^DevTools listening on (ws:\/\/\S+)$/.exec(line)?.[1]
  }
  const failed = (what: string) => new CommandError(`${what}.\n${lines.join('\n')}`)
  try {
    const endpoint = await waitForLine(child.stderr, listening, ended, START_MS, {
      onEnd: (how) => failed(`The packaged kiosk did not start: ${how}`),
      onLimit: () => failed('The packaged kiosk opened no page')
    })
    return { endpoint, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
