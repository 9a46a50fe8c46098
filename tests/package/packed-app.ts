// Runs and changes packed kiosks for the tests of this folder.
import { execFile, spawn } from 'node:child_process'
import { existsSync, readFileSync, readlinkSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createPackage, extractAll } from '@electron/asar'
import { startXvfb } from '../../dev/drive/xvfb-display.ts'
import { fromProject } from '../../dev/paths.ts'
import { eventually } from '../eventually.ts'

/** The reason why this machine cannot pack a kiosk, or null. */
export const missingElectronReason = (): string | null => {
  if (process.platform !== 'linux') return 'The packed kiosk is tested on Linux only.'
  return process.env.ELECTRON_OVERRIDE_DIST_PATH !== undefined ||
    existsSync(fromProject('node_modules/electron/dist/version'))
    ? null
    : 'There is no Electron to pack: set ELECTRON_OVERRIDE_DIST_PATH, or let npm start fetch it.'
}

/** Root needs this switch, which the checks' flavour accepts. */
export const AS_ROOT = process.getuid?.() === 0 ? ['--no-sandbox'] : []

/** Starts a packed kiosk with only this environment, and waits for its end. */
export const runUntilExit = async (
  executable: string,
  args: string[],
  env: NodeJS.ProcessEnv = {}
): Promise<{ code: number | null; output: string; log: LogLine[] }> => {
  const display = await startXvfb()
  const userData = await mkdtemp(join(tmpdir(), 'heard-packed-'))
  const child = spawn(executable, [...args, `--user-data-dir=${userData}`], {
    env: { PATH: process.env.PATH, DISPLAY: display.name, HOME: userData, ...env },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk
    })
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  display.close()
  const log = readKioskLog(userData)
  await rm(userData, { recursive: true, force: true })
  return { code, output, log }
}

/**
 * Replaces parts of a package's archive.
 * @param manifest fields of package.json; undefined removes one
 */
export const repack = async (
  folder: string,
  manifest: Record<string, string | undefined>,
  files: Record<string, string> = {}
): Promise<void> => {
  const archive = join(folder, 'resources', 'app.asar')
  const work = await mkdtemp(join(tmpdir(), 'heard-repack-'))
  extractAll(archive, work)
  const path = join(work, 'package.json')
  const packed = JSON.parse(await readFile(path, 'utf8'))
  await writeFile(path, JSON.stringify({ ...packed, ...manifest }))
  for (const [name, text] of Object.entries(files)) await writeFile(join(work, name), text)
  await rm(archive)
  await createPackage(work, archive)
  await rm(work, { recursive: true, force: true })
}

/**
 * Hard-links a package, which saves copying 260 MB. `repack` replaces files and never writes to one in place.
 * @param to an absent folder on the same disk
 */
export const linkPackage = async (from: string, to: string): Promise<void> => {
  await promisify(execFile)('cp', ['--archive', '--link', from, to])
}

export type LogLine = { event?: string; [field: string]: unknown }

export const readKioskLog = (userData: string): LogLine[] => {
  try {
    return readFileSync(join(userData, 'logs', 'kiosk.log'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as LogLine)
  } catch {
    // There is no log yet.
    return []
  }
}

/** The process that holds the kiosk's lock; null: none. */
export const runningPid = (userData: string): number | null => {
  try {
    const pid = Number(readlinkSync(join(userData, 'SingletonLock')).split('-').at(-1))
    process.kill(pid, 0)
    return pid
  } catch {
    // No lock, or a stale one.
    return null
  }
}

/** Ends the kiosk of this folder, if one runs. */
export const endKiosk = async (
  userData: string,
  signal: NodeJS.Signals = 'SIGTERM'
): Promise<void> => {
  const pid = runningPid(userData)
  if (pid === null) return
  process.kill(pid, signal)
  await eventually(() => {
    if (runningPid(userData) === pid) throw new Error(`The kiosk (${pid}) has not ended.`)
  })
}
