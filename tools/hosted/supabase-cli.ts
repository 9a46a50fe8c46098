// The Supabase CLI that npm installed, run as a program: in a folder and a home of its own, so that it finds nobody's
// login, leaves nothing in the checkout, and tells nobody that it ran.
import { spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fromProject } from '../../dev/paths.ts'

/** What a program needs to run at all; the rest of this machine's environment is not the CLI's business. */
const PASSED_ON = ['PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR']

/**
 * The package of the CLI's program for this platform. The project depends on the one for Linux on x64, where its checks
 * run; elsewhere `npm install --no-save` brings the same version.
 */
const platformPackage = (): string =>
  `@supabase/cli-${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`

/** The CLI's program; null when it is not installed. */
const findProgram = (): string | null => {
  const override = process.env.SUPABASE_CLI_BINARY_OVERRIDE
  if (override !== undefined) return override
  try {
    const folder = dirname(
      createRequire(import.meta.url).resolve(`${platformPackage()}/package.json`)
    )
    return join(folder, 'bin', process.platform === 'win32' ? 'supabase.exe' : 'supabase')
  } catch {
    return null
  }
}

/** Why the CLI cannot be run here, with what would help; null when it can. */
export const supabaseCliUnavailableReason = (): string | null =>
  findProgram() === null
    ? `the Supabase CLI is not installed for ${process.platform} on ${process.arch} (npm install --no-save ${platformPackage()}@3.1.0, or its program's path in SUPABASE_CLI_BINARY_OVERRIDE)`
    : null

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
  const program = findProgram()
  if (program === null) throw new Error(supabaseCliUnavailableReason() ?? '')
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
      const child = spawn(program, [...args, '--workdir', project, '--agent', 'no'], {
        cwd: project,
        env: { ...environment, ...secrets },
        stdio: ['ignore', 'pipe', 'pipe']
      })
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
