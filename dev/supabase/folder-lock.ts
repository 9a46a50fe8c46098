// One process per data folder. PGlite takes no lock of its own and two of them on one folder corrupt
// it, so a file names the process that holds the folder: its pid, and when that process started, because
// a pid is given to another program sooner or later.
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { mkdir, rmdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'

const LOCK_FILE = 'lock.json'
/** Held for the moment in which a lock is looked at and taken, so that two starts cannot both take it. */
const TAKING_FOLDER = 'lock.taking'
/** Taking is a matter of milliseconds; one that is older was left by a process that died in it. */
const TAKING_ABANDONED_MS = 5_000
const TAKING_POLL_MS = 20

const holderSchema = z.object({
  pid: z.int().positive(),
  host: z.string(),
  /** The machine's boot and the process's start in it; null where the system does not tell. */
  processStart: z.string().nullable(),
  since: z.string()
})
type Holder = z.output<typeof holderSchema>

export type FolderLock = {
  /** What an earlier process left without releasing it; null after a clean end or in a new folder. */
  readonly leftBy: { pid: number; reason: string } | null
  /** Gives the folder up; a second call does nothing. */
  release: () => void
}

/** The folder belongs to a process that is alive, or that cannot be seen from here. */
export class FolderLocked extends Error {
  override readonly name = 'FolderLocked'
  readonly folder: string
  readonly pid: number

  constructor(folder: string, holder: Holder) {
    const where = holder.host === hostname() ? '' : ` on ${holder.host}`
    const remedy =
      where === ''
        ? `Stop that process (kill ${holder.pid}) or choose another folder.`
        : `Stop it there, or delete ${join(folder, LOCK_FILE)} if it is certainly gone, or choose another folder.`
    super(
      `The data folder ${folder} is in use by process ${holder.pid}${where} since ${holder.since}. ${remedy}`
    )
    this.folder = folder
    this.pid = holder.pid
  }
}

/**
 * When a process started, as text that no other process of this machine shares: the boot's id and the
 * kernel's start time (proc(5), stat field 22). Null off Linux and for a pid that is gone.
 */
const processStart = (pid: number): string | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The program's name, in parentheses, may hold spaces and parentheses: count from the last one.
    const startTime = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return startTime === undefined ? null : `${boot}:${startTime}`
  } catch {
    return null
  }
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
  return !isZombie(pid)
}

/** A process that has ended and whose parent has not asked yet: it holds no file any more. */
const isZombie = (pid: number): boolean => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')
  } catch {
    return false
  }
}

/** Why a holder can no longer be at work, or null when it is or might be. */
const staleReason = (holder: Holder): string | null => {
  if (holder.host !== hostname()) return null
  if (!isAlive(holder.pid)) return `process ${holder.pid} is gone`
  const now = processStart(holder.pid)
  if (holder.processStart !== null && now !== null && now !== holder.processStart) {
    return `pid ${holder.pid} belongs to another program now`
  }
  return null
}

const readHolder = (file: string): Holder | 'none' | 'unreadable' => {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'none'
    throw error
  }
  try {
    return holderSchema.parse(JSON.parse(text))
  } catch {
    // Cut short by a crash of the machine: whoever wrote it is gone.
    return 'unreadable'
  }
}

/** Runs `work` while no other start looks at the folder's lock. */
const whileTaking = async <T>(folder: string, work: () => T): Promise<T> => {
  const taking = join(folder, TAKING_FOLDER)
  for (;;) {
    try {
      await mkdir(taking)
      break
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      const since = statSync(taking, { throwIfNoEntry: false })?.mtimeMs
      if (since !== undefined && Date.now() - since > TAKING_ABANDONED_MS) {
        await rmdir(taking).catch(() => {})
      } else {
        await pause(TAKING_POLL_MS)
      }
    }
  }
  try {
    return work()
  } finally {
    await rmdir(taking)
  }
}

/**
 * Takes the folder's lock, also from a holder that is certainly gone, and never from one that lives.
 * @throws FolderLocked
 */
export const lockFolder = async (folder: string): Promise<FolderLock> => {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, LOCK_FILE)
  const own = JSON.stringify({
    pid: process.pid,
    host: hostname(),
    processStart: processStart(process.pid),
    since: new Date().toISOString()
  } satisfies Holder)

  const leftBy = await whileTaking(folder, () => {
    const holder = readHolder(file)
    let left: FolderLock['leftBy'] = null
    if (holder === 'unreadable') {
      left = { pid: 0, reason: 'its lock file could not be read' }
    } else if (holder !== 'none') {
      const reason = staleReason(holder)
      if (reason === null) throw new FolderLocked(folder, holder)
      left = { pid: holder.pid, reason }
    }
    if (left !== null) rmSync(file)
    // Nobody reads it before it is whole: readers and writers take turns in here.
    writeFileSync(file, own, { mode: 0o600, flag: 'wx', flush: true })
    return left
  })

  return {
    leftBy,
    release: () => {
      const holder = readHolder(file)
      if (typeof holder !== 'string' && JSON.stringify(holder) === own) rmSync(file)
    }
  }
}
