// Starts the local backend as a process of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { fromProject } from '../../../dev/paths.ts'

const MAIN = fromProject('dev/supabase/main.ts')

const readySchema = z.object({
  ready: z.literal(true),
  url: z.url(),
  publishableKey: z.string(),
  secretKey: z.string(),
  accounts: z.array(
    z.object({
      email: z.string(),
      password: z.string(),
      groupId: z.uuid(),
      groupName: z.string(),
      groupSlug: z.string(),
      role: z.string()
    })
  ),
  found: z.object({
    isNew: z.boolean(),
    closedCleanly: z.boolean().nullable(),
    migrations: z.number(),
    accounts: z.number(),
    sections: z.number()
  })
})
export type Ready = z.output<typeof readySchema>

export type BackendProcess = {
  child: ChildProcess
  pid: number
  /** stderr so far. */
  lines: string[]
  /** Resolves with the first line of stderr that matches. */
  logged: (pattern: RegExp) => Promise<string>
  /** The ready line; rejects when the process ends first. */
  ready: Promise<Ready>
  /** Exit code, or the signal that ended it. */
  ended: Promise<number | string>
}

/** `node dev/supabase/main.ts` with these arguments. */
export const spawnBackend = (args: readonly string[]): BackendProcess => {
  const child = spawn(process.execPath, [MAIN, '--port', '0', ...args], {
    stdio: ['pipe', 'pipe', 'pipe']
  })
  const lines: string[] = []
  const listeners = new Set<(line: string) => void>()
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.push(line)
    for (const listener of listeners) listener(line)
  })
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal)
  const ready = new Promise<Ready>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => {
      resolve(readySchema.parse(JSON.parse(line)))
    })
    ended.then((how) => reject(new Error(`ended (${how}): ${lines.join('\n')}`)))
  })
  // A test that expects the end does not wait for the ready line.
  ready.catch(() => {})
  const logged = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const known = lines.find((line) => pattern.test(line))
      if (known !== undefined) {
        resolve(known)
        return
      }
      listeners.add((line) => {
        if (pattern.test(line)) resolve(line)
      })
      ended.then(() => reject(new Error(`no line matched ${pattern}: ${lines.join('\n')}`)))
    })
  return { child, pid: child.pid ?? 0, lines, logged, ready, ended }
}

/** Ends a process and waits for it. */
export const endProcess = async (
  { child, ended }: BackendProcess,
  signal: NodeJS.Signals
): Promise<number | string> => {
  child.kill(signal)
  return ended
}
