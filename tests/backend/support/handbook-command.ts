// Runs `npm run handbook` against a test's backend.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterEach, expect, vi } from 'vitest'
import { fromProject } from '../../../dev/paths.ts'
import { exitCodeOf } from '../../../dev/run-command.ts'
import type { Backend } from '../../../dev/supabase/backend.ts'
import { handbookCommand as runHandbook } from '../../../tools/handbook/commands.ts'
import { passwordFile } from '../../password-file.ts'
import type { LocalBackend } from './local-backend.ts'

const MAIN = fromProject('tools/handbook/main.ts')

/** `json` is the last line of stdout if that is an object. */
export type CommandResult = { code: number; stdout: string; stderr: string; json: unknown }
type Environment = Readonly<Record<string, string>>

/** Adds an account with roles in the first restaurant and its brand. Returns what the command signs in with. */
export const addAccount = async (
  { backend: { database }, place }: LocalBackend,
  name: string,
  { groupRole, brandRole }: { groupRole?: string; brandRole?: string }
): Promise<Environment> => {
  const [email, password] = [`${name}@staff.example`, 'a long enough password']
  const created = await database.createAccount(email, password)
  if (!created.ok) throw new Error(created.message)
  if (groupRole !== undefined) {
    await database.query(
      'insert into public.group_memberships (user_id, group_id, role) values ($1, $2, $3)',
      [created.userId, place.groupId, groupRole]
    )
  }
  if (brandRole !== undefined) {
    await database.query(
      'insert into public.organisation_memberships (user_id, organisation_id, role) values ($1, $2, $3)',
      [created.userId, place.organisationId, brandRole]
    )
  }
  return { HEARD_SIGN_IN_EMAIL: email, HEARD_SIGN_IN_PASSWORD_FILE: passwordFile(password) }
}

export type HandbookCommand = {
  /** Runs to the end, in this process: one at a time. */
  run: (args: readonly string[], env?: Environment) => Promise<CommandResult>
  /**
   * Runs to the end in a process of its own.
   * @param through a program, with its first arguments, that starts the command under a limit
   */
  runApart: (
    args: readonly string[],
    env: Environment,
    through?: readonly string[]
  ) => Promise<CommandResult>
  /** Runs, and expects the exit code 1 and the text on stderr. */
  fail: (text: string | RegExp, ...run: Parameters<HandbookCommand['run']>) => Promise<void>
  /** Runs, and expects the exit code 0. */
  succeed: HandbookCommand['run']
  /** Kills the command at the first line of stderr that fits. Returns all lines until then. */
  killAt: (isReached: (line: string) => boolean, args: readonly string[]) => Promise<string[]>
}

type Output = Pick<CommandResult, 'stdout' | 'stderr'>

/** `work` with another folder and other variables. Returns what it writes. */
const within = async (
  folder: string,
  env: NodeJS.ProcessEnv,
  work: () => Promise<void>
): Promise<Output> => {
  const before = { folder: process.cwd(), env: process.env }
  const output = { stdout: '', stderr: '' }
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((part) => {
      output[name] += String(part)
      return true
    })
  )
  process.chdir(folder)
  process.env = env
  try {
    await work()
  } finally {
    process.env = before.env
    process.chdir(before.folder)
    for (const spy of spies) spy.mockRestore()
  }
  return output
}

const resultOf = (code: number, { stdout, stderr }: Output): CommandResult => {
  const last = stdout.trimEnd().split('\n').at(-1) ?? ''
  return { code, stdout, stderr, json: last.startsWith('{') ? JSON.parse(last) : null }
}

/** The command of the first restaurant's manager, in the folder of the backend. */
export const handbookCommand = (local: LocalBackend): HandbookCommand => {
  const children = new Set<ChildProcess>()
  afterEach(() => {
    for (const child of children) child.kill('SIGKILL')
  })
  const environmentOf = ({ url, publishableKey }: Backend): NodeJS.ProcessEnv => ({
    PATH: process.env.PATH,
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
    HEARD_SUPABASE_URL: url,
    HEARD_SUPABASE_PUBLISHABLE_KEY: publishableKey,
    HEARD_SIGN_IN_EMAIL: local.account('manager').email,
    HEARD_SIGN_IN_PASSWORD_FILE: passwordFile(local.account('manager').password),
    OPENAI_API_KEY: 'sk-test',
    OPENAI_BASE_URL: local.model.url
  })
  const start = (
    args: readonly string[],
    env: Environment = {},
    through: readonly string[] = []
  ) => {
    const [program = process.execPath, ...rest] = [...through, process.execPath, MAIN, ...args]
    const child = spawn(program, rest, {
      cwd: local.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...environmentOf(local.backend), ...env }
    })
    children.add(child)
    child.once('close', () => children.delete(child))
    return child
  }
  const run: HandbookCommand['run'] = async (args, env = {}) => {
    let code = -1
    const output = await within(
      local.folder,
      { ...environmentOf(local.backend), ...env },
      async () => {
        code = await exitCodeOf(() => runHandbook(args))
      }
    )
    return resultOf(code, output)
  }
  return {
    run,
    runApart: async (...words) => {
      const child = start(...words)
      const output = { stdout: '', stderr: '' }
      child.stdout.on('data', (part) => {
        output.stdout += String(part)
      })
      child.stderr.on('data', (part) => {
        output.stderr += String(part)
      })
      const [code] = await once(child, 'close')
      return resultOf(code, output)
    },
    fail: async (text, ...words) => {
      const { code, stderr } = await run(...words)
      expect(stderr).toMatch(text)
      expect(code).toBe(1)
    },
    succeed: async (...words) => {
      const ran = await run(...words)
      expect(ran.code, ran.stderr).toBe(0)
      return ran
    },
    killAt: async (isReached, args) => {
      const child = start(args)
      const lines: string[] = []
      const closed = once(child, 'close')
      await new Promise<void>((resolve, reject) => {
        createInterface({ input: child.stderr }).on('line', (line) => {
          lines.push(line)
          if (isReached(line)) resolve()
        })
        closed.then(() => reject(new Error(`ended before it was killed: ${lines.join('\n')}`)))
      })
      child.kill('SIGKILL')
      await closed
      return lines
    }
  }
}
