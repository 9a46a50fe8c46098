// Runs the Supabase CLI from npm with its own folder and home: it finds no login, leaves no file in the checkout, and
// sends no telemetry.
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fromProject } from '../../dev/paths.ts'

const OUTPUT_LIMIT_BYTES = 16 * 1024 * 1024
/** The variables that a program needs to run. */
const PASSED_ON = ['PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR']

/** The project depends on the package for Linux on x64, where its checks run; `npm install --no-save` adds another. */
const platformPackage = (): string =>
  `@supabase/cli-${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`

/** Null when it is not installed. */
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

/** Null when the CLI is installed. */
export const supabaseCliUnavailableReason = (): string | null =>
  findProgram() === null
    ? `the Supabase CLI is not installed for ${process.platform} on ${process.arch} (npm install --no-save ${platformPackage()}@3.1.0, or its program's path in SUPABASE_CLI_BINARY_OVERRIDE)`
    : null

type CliRun = { exitCode: number; stdout: string; stderr: string }

export type SupabaseCli = {
  /**
   * Runs `supabase …args` on a copy of the project's migrations. A refusal is an exit code, not an exception.
   * @param secrets as variables, because other users of a machine can read a program's arguments
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
      const child = execFile(
        program,
        [...args, '--workdir', project, '--agent', 'no'],
        { cwd: project, env: { ...environment, ...secrets }, maxBuffer: OUTPUT_LIMIT_BYTES },
        (error, stdout, stderr) => {
          // A string is the code of a program that could not be started.
          if (typeof error?.code === 'string') reject(error)
          else resolve({ exitCode: error === null ? 0 : (error.code ?? 1), stdout, stderr })
        }
      )
      child.stdin?.end()
    })

  return { run, close: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) }
}
