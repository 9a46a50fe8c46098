// Starts a child process of the local stack, waits for its ready line, and ends it with its parent.
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { z } from 'zod'
import { COMPILE_CACHE_DIR } from './paths.ts'
import { CommandError } from './run-command.ts'

/** Time between SIGTERM and SIGKILL. */
const STOP_GRACE_MS = 5_000

export type ReadyChildProcess<T> = {
  ready: T
  pid: number
  /** Resolves with the exit code when the child has ended. */
  ended: Promise<number>
  stop(): Promise<void>
}

export type ChildProcessOptions<T extends z.ZodType> = {
  name: string
  script: string
  args: string[]
  env?: NodeJS.ProcessEnv
  /** Schema of the ready line. */
  ready: T
  readyTimeoutMs: number
  /** Every line that the child writes to stderr. */
  onLine?: (line: string) => void
}

/**
 * Starts `node script args` and waits for its ready line.
 * @throws CommandError when it ends or stays silent first, with its last lines.
 */
export const startChildProcess = async <T extends z.ZodType>(
  plan: ChildProcessOptions<T>
): Promise<ReadyChildProcess<z.output<T>>> => {
  const child = spawn(process.execPath, [plan.script, ...plan.args, '--with-parent'], {
    env: { NODE_COMPILE_CACHE: COMPILE_CACHE_DIR, ...(plan.env ?? process.env) },
    // The child ends when this pipe closes, with its parent.
    stdio: ['pipe', 'pipe', 'pipe']
  })
  const lastLines: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => {
    lastLines.push(line)
    if (lastLines.length > 20) lastLines.shift()
    plan.onLine?.(line)
  })
  const ended = new Promise<number>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? (signal === null ? 1 : 128)))
  })
  const output = () => (lastLines.length === 0 ? '' : `\n${lastLines.join('\n')}`)
  const readyLine = (line: string) => {
    try {
      return plan.ready.parse(JSON.parse(line))
    } catch (error) {
      throw new CommandError(`${plan.name} printed a ready line that does not fit: ${error}`)
    }
  }
  const ready = await waitForLine(child.stdout, readyLine, ended, plan.readyTimeoutMs, {
    // 75 (EX_TEMPFAIL): the data folder is locked; the child's message names it.
    onEnd: (code) =>
      new CommandError(
        code === 75
          ? lastLines.join('\n')
          : `${plan.name} ended with code ${code} before it was ready.${output()}`,
        Number(code)
      ),
    onLimit: () =>
      new CommandError(
        `${plan.name} was not ready after ${plan.readyTimeoutMs / 1000} s.${output()}`
      )
  }).catch(async (error) => {
    await stopChild(child, ended)
    throw error
  })
  return { ready, pid: child.pid ?? 0, ended, stop: () => stopChild(child, ended) }
}

/**
 * Resolves with the first value that `read` finds in a line.
 * @throws the errors of `read`, `onEnd` when the process ends first, and `onLimit` at the limit
 */
export const waitForLine = async <T>(
  output: Readable,
  read: (line: string) => T | undefined,
  ended: Promise<number | string>,
  limitMs: number,
  failure: { onEnd: (how: number | string) => Error; onLimit: () => Error }
): Promise<T> => {
  const found = Promise.withResolvers<T>()
  createInterface({ input: output }).on('line', (line) => {
    try {
      const value = read(line)
      if (value !== undefined) found.resolve(value)
    } catch (error) {
      found.reject(error)
    }
  })
  void ended.then((how) => found.reject(failure.onEnd(how)), found.reject)
  const timer = setTimeout(() => found.reject(failure.onLimit()), limitMs)
  return found.promise.finally(() => clearTimeout(timer))
}

/** Ends a process with SIGTERM, and after a grace period with SIGKILL. */
export const stopChild = async (
  child: ChildProcess,
  ended: Promise<unknown>,
  graceMs = STOP_GRACE_MS
): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
  await ended
  clearTimeout(timer)
}
