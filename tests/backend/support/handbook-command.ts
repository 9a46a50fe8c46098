// `npm run handbook` in a process of its own, against a backend of a test's as against any hosted project.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fromProject } from '../../../dev/paths.ts'
import type { Backend, BackendAccount } from '../../../dev/supabase/backend.ts'

const MAIN = fromProject('tools/handbook/main.ts')

export type CommandResult = { code: number; stdout: string; stderr: string; json: unknown }
type Environment = Readonly<Record<string, string>>

export type HandbookCommand = {
  /** Still running. */
  start: (args: readonly string[], env?: Environment, through?: readonly string[]) => ChildProcess
  /**
   * To its end; `json` is its last line where that is an object.
   * @param through a program, with its first arguments, that starts the command under a limit
   */
  run: (
    args: readonly string[],
    env?: Environment,
    through?: readonly string[]
  ) => Promise<CommandResult>
  /** Whatever is still running. */
  killAll: () => void
}

export const accountOf = (backend: Backend, role: BackendAccount['role']): BackendAccount => {
  const account = backend.accounts.find((one) => one.role === role)
  if (account === undefined) throw new Error(`the backend has no ${role}`)
  return account
}

/** An account beside the sample ones, in these roles; what the command signs in with. */
export const addAccount = async (
  { database }: Backend,
  name: string,
  { groupRole, brandRole }: { groupRole?: string; brandRole?: string }
): Promise<{ HEARD_SIGN_IN_EMAIL: string; HEARD_SIGN_IN_PASSWORD: string }> => {
  const [email, password] = [`${name}@staff.example`, 'a long enough password']
  const created = await database.createAccount(email, password)
  if (!created.ok) throw new Error(created.message)
  const of = "from public.groups g where g.slug = 'harbor-and-rye'"
  if (groupRole !== undefined) {
    await database.query(
      `insert into public.group_memberships (user_id, group_id, role) select $1, g.id, $2 ${of}`,
      [created.userId, groupRole]
    )
  }
  if (brandRole !== undefined) {
    await database.query(
      `insert into public.organisation_memberships (user_id, organisation_id, role)
        select $1, g.organisation_id, $2 ${of}`,
      [created.userId, brandRole]
    )
  }
  return { HEARD_SIGN_IN_EMAIL: email, HEARD_SIGN_IN_PASSWORD: password }
}

/** As the backend's manager, in the folder. */
export const handbookCommand = (
  backend: Backend,
  { modelUrl, folder }: { modelUrl: string; folder: string }
): HandbookCommand => {
  const children = new Set<ChildProcess>()
  const start: HandbookCommand['start'] = (args, env = {}, through = []) => {
    const { email, password } = accountOf(backend, 'manager')
    const [program = process.execPath, ...rest] = [...through, process.execPath, MAIN, ...args]
    const child = spawn(program, rest, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
        HEARD_SUPABASE_URL: backend.url,
        HEARD_SUPABASE_PUBLISHABLE_KEY: backend.publishableKey,
        HEARD_SIGN_IN_EMAIL: email,
        HEARD_SIGN_IN_PASSWORD: password,
        OPENAI_API_KEY: 'sk-test',
        OPENAI_BASE_URL: modelUrl,
        ...env
      }
    })
    children.add(child)
    child.once('close', () => children.delete(child))
    return child
  }
  return {
    start,
    run: async (args, env, through) => {
      const child = start(args, env, through)
      let stdout = ''
      let stderr = ''
      child.stdout?.on('data', (part) => {
        stdout += String(part)
      })
      child.stderr?.on('data', (part) => {
        stderr += String(part)
      })
      const [code] = await once(child, 'close')
      const last = stdout.trimEnd().split('\n').at(-1) ?? ''
      return {
        code: Number(code),
        stdout,
        stderr,
        json: last.startsWith('{') ? JSON.parse(last) : null
      }
    },
    killAll: () => {
      for (const child of children) child.kill('SIGKILL')
    }
  }
}
