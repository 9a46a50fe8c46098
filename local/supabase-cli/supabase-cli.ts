// The Supabase CLI that npm installed, run as a program: in a folder and a home of its own, so that it finds nobody's
// login, leaves nothing in the checkout, and tells nobody that it ran.
import { spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromProject } from '../paths.ts'

const PROGRAM = fromProject('node_modules', 'supabase', 'dist', 'supabase.js')

/** What a program needs to run at all; the rest of this machine's environment is not the CLI's business. */
const PASSED_ON = ['PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'SUPABASE_CLI_BINARY_OVERRIDE']

/** The CLI of this name comes as one optional package per platform. */
const platformPackages = (): string[] => {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@supabase/cli-${platform}-${process.arch}`
  return platform === 'linux' ? [name, `${name}-musl`] : [name]
}

/** Why the CLI cannot be run here, with what would help; null when it can. */
export const whyNoSupabaseCli = (): string | null => {
  if (process.env.SUPABASE_CLI_BINARY_OVERRIDE !== undefined) return null
  const { resolve } = createRequire(import.meta.url)
  const names = platformPackages()
  for (const name of names) {
    try {
      resolve(`${name}/package.json`)
      return null
    } catch {
      // Not this one.
    }
  }
  return `the Supabase CLI has no program for ${process.platform} on ${process.arch} here (${names.join(' or ')}, an optional package: npm ci without --omit=optional)`
}

export type CliRun = { exitCode: number; stdout: string; stderr: string }

export type SupabaseCli = {
  /**
   * Runs `supabase …args` on a copy of the project's migrations. A refusal is an exit code, not an exception.
   * @param secrets variables for this run: other users of a machine see a program's arguments, not its environment
   */
  run: (args: readonly string[], secrets?: Readonly<Record<string, string>>) => Promise<CliRun>
  close: () => Promise<void>
}

export const openSupabaseCli = async (
  migrationsFolder = fromProject('supabase', 'migrations')
): Promise<SupabaseCli> => {
  const folder = await mkdtemp(join(tmpdir(), 'heard-supabase-'))
  const project = join(folder, 'project')
  const home = join(folder, 'home')
  await mkdir(join(project, 'supabase'), { recursive: true })
  await mkdir(home)
  await cp(fromProject('supabase', 'config.toml'), join(project, 'supabase', 'config.toml'))
  await cp(migrationsFolder, join(project, 'supabase', 'migrations'), { recursive: true })

  const environment: NodeJS.ProcessEnv = {
    HOME: home,
    USERPROFILE: home,
    SUPABASE_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
    NO_COLOR: '1'
  }
  for (const name of PASSED_ON) {
    if (process.env[name] !== undefined) environment[name] = process.env[name]
  }

  const run: SupabaseCli['run'] = (args, secrets = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn(
        process.execPath,
        [PROGRAM, ...args, '--workdir', project, '--agent', 'no'],
        { cwd: project, env: { ...environment, ...secrets }, stdio: ['ignore', 'pipe', 'pipe'] }
      )
      let stdout = ''
      let stderr = ''
      child.stdout.setEncoding('utf8').on('data', (part: string) => {
        stdout += part
      })
      child.stderr.setEncoding('utf8').on('data', (part: string) => {
        stderr += part
      })
      child.once('error', reject)
      child.once('close', (code) => resolve({ exitCode: code ?? 1, stdout, stderr }))
    })

  return { run, close: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) }
}
