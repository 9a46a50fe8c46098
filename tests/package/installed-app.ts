// An installation of the packed kiosk in versions, and the process that runs out of it, whichever one that is by now.
import { execFile } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createPackage, extractAll } from '@electron/asar'
import { eventually } from '../eventually.ts'

export type LogLine = { event?: string; [field: string]: unknown }

/** The same package under another version, and with another file in it where one is given. */
export const repack = async (
  folder: string,
  version: string,
  replaced: Record<string, string> = {}
): Promise<void> => {
  const archive = join(folder, 'resources', 'app.asar')
  const work = await mkdtemp(join(tmpdir(), 'heard-repack-'))
  extractAll(archive, work)
  const path = join(work, 'package.json')
  const manifest = JSON.parse(await readFile(path, 'utf8'))
  await writeFile(path, JSON.stringify({ ...manifest, version }))
  for (const [name, text] of Object.entries(replaced)) await writeFile(join(work, name), text)
  await rm(archive)
  await createPackage(work, archive)
  await rm(work, { recursive: true, force: true })
}

/**
 * The same files under a second name: 260 MB in no time. What one of the two replaces, as `repack` does, stays what it
 * was in the other; nothing of a package is ever written to in place.
 * @param to a folder that is not there yet, on the same disk
 */
export const linkPackage = async (from: string, to: string): Promise<void> => {
  await promisify(execFile)('cp', ['--archive', '--link', from, to])
}

export const readKioskLog = (userData: string): LogLine[] => {
  try {
    return readFileSync(join(userData, 'logs', 'kiosk.log'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as LogLine)
  } catch {
    // Nothing was logged yet.
    return []
  }
}

/** The process that holds the kiosk's lock; null: none does. */
export const runningPid = (userData: string): number | null => {
  try {
    const pid = Number(readlinkSync(join(userData, 'SingletonLock')).split('-').at(-1))
    process.kill(pid, 0)
    return pid
  } catch {
    // No lock, or one that a process left behind.
    return null
  }
}

/** Ends whatever kiosk runs on this folder, and waits until it has. */
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
