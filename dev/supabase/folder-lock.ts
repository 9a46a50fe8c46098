// Locks a data folder for one process: two PGlites on one folder corrupt it, and PGlite takes no lock. A file names the
// holder by pid and start time, because the system reuses pids.
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { mkdir, rmdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'

const LOCK_FILE = 'lock.json'
/** A mutex around reading and writing the lock file. */
const MUTEX_FOLDER = 'lock.taking'
/** The mutex is held for milliseconds; an older one belonged to a process that ended. */
const MUTEX_ABANDONED_MS = 5_000
const MUTEX_POLL_MS = 20

const holderSchema = z.object({
  pid: z.int().positive(),
  host: z.string(),
  /** See {@link processStart}. */
  processStart: z.string().nullable(),
  since: z.string()
})
type Holder = z.output<typeof holderSchema>

type FolderLock = {
  /** The process that did not release the lock; null after a clean end or in a new folder. */
  readonly leftBy: { pid: number; reason: string } | null
  /** Idempotent. */
  release: () => void
}

/** The folder's holder is alive, or on another machine. */
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

/** The fields of /proc/<pid>/stat after the program's name, which may hold spaces and parentheses (proc(5)). */
const processFields = (pid: number): string[] => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/** The boot's id and the kernel's start time (stat field 22). Null off Linux and for an unknown pid. */
const processStart = (pid: number): string | null => {
  try {
    const startTime = processFields(pid)[19]
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
    // EPERM: the process belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
  return !isZombie(pid)
}

/** An ended process that its parent has not reaped holds no file. */
const isZombie = (pid: number): boolean => {
  try {
    return processFields(pid)[0] === 'Z'
  } catch {
    return false
  }
}

/** Null for a holder that is, or may be, running. */
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
    // A crash of the machine cut the file short; its writer is gone.
    return 'unreadable'
  }
}

/** Runs `work` while no other start reads or writes the lock file. */
const withMutex = async <T>(folder: string, work: () => T): Promise<T> => {
  const mutex = join(folder, MUTEX_FOLDER)
  for (;;) {
    try {
      await mkdir(mutex)
      break
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      const since = statSync(mutex, { throwIfNoEntry: false })?.mtimeMs
      if (since !== undefined && Date.now() - since > MUTEX_ABANDONED_MS) {
        await rmdir(mutex).catch(() => {})
      } else {
        await pause(MUTEX_POLL_MS)
      }
    }
  }
  try {
    return work()
  } finally {
    await rmdir(mutex)
  }
}

/** Takes the folder's lock, also from a holder that is gone. @throws FolderLocked */
export const lockFolder = async (folder: string): Promise<FolderLock> => {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, LOCK_FILE)
  const own = JSON.stringify({
    pid: process.pid,
    host: hostname(),
    processStart: processStart(process.pid),
    since: new Date().toISOString()
  } satisfies Holder)

  const leftBy = await withMutex(folder, () => {
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
