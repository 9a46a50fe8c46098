// Locks a data folder for one process, with real processes and real signals.
import { existsSync, readFileSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { FolderLocked, lockFolder } from '../../dev/supabase/folder-lock.ts'
import {
  type BackendProcess,
  endProcess,
  type Ready,
  spawnBackend
} from './support/backend-process.ts'
import { provisionSeededFolder } from './support/migrated-database.ts'
import { type ModelEndpoints, startModelEndpoints } from './support/model-endpoints.ts'
import { SMALL_HANDBOOK } from './support/small-handbook.ts'
import { removeFolder, temporaryFolder, writeFiles } from './support/temporary-folder.ts'

const slugRows = z.array(z.object({ slug: z.string() }))

const isLinux = process.platform === 'linux'
if (!isLinux) {
  console.log(
    'data-folder-lock.test.ts: pid reuse and orphans are read from /proc, so only Linux checks them.'
  )
}
/** No process has this pid: above the largest pid that Linux gives out (2^22). */
const DEAD_PID = 4_194_305

let folder: string
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(async () => {
  await removeFolder(folder)
})

const writeLock = async (lock: Partial<Record<string, unknown>>): Promise<void> =>
  writeFile(
    join(folder, 'lock.json'),
    JSON.stringify({
      pid: DEAD_PID,
      host: hostname(),
      processStart: null,
      since: '2026-01-01T00:00:00.000Z',
      ...lock
    })
  )

describe('the lock of a data folder', () => {
  it('refuses a second holder with folder, pid and remedy', async () => {
    const lock = await lockFolder(folder)
    const refused = await lockFolder(folder).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(FolderLocked)
    expect(String(refused)).toContain(folder)
    expect(String(refused)).toContain(`kill ${process.pid}`)
    lock.release()
  })

  it('leaves no file when it is released, and can be taken again', async () => {
    const first = await lockFolder(folder)
    first.release()
    expect(await readdir(folder)).toEqual([])
    const second = await lockFolder(folder)
    expect(second.leftBy).toBeNull()
    second.release()
  })

  it('does not release the lock of another process', async () => {
    const lock = await lockFolder(folder)
    await writeLock({ pid: 1 })
    lock.release()
    expect(await readFile(join(folder, 'lock.json'), 'utf8')).toContain('"pid":1')
  })

  it('is taken over from a dead process, with the reason', async () => {
    await writeLock({})
    const lock = await lockFolder(folder)
    expect(lock.leftBy).toEqual({ pid: DEAD_PID, reason: `process ${DEAD_PID} is gone` })
    lock.release()
  })

  it('goes to one of 20 callers that find it stale at once', async () => {
    await writeLock({})
    const tried = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(folder)))
    expect(tried.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const outcome of tried) {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(FolderLocked)
    }
  })

  it.runIf(isLinux)('is taken over when its pid belongs to another program', async () => {
    await writeLock({ pid: process.pid, processStart: 'another boot:1' })
    const lock = await lockFolder(folder)
    expect(lock.leftBy?.reason).toContain('belongs to another program')
    lock.release()
  })

  it('is not taken over from another machine', async () => {
    await writeLock({ host: 'another-machine' })
    await expect(lockFolder(folder)).rejects.toThrow(/another-machine.*lock\.json/)
  })

  it('is taken over when its file is empty', async () => {
    await writeFile(join(folder, 'lock.json'), '')
    const lock = await lockFolder(folder)
    expect(lock.leftBy).not.toBeNull()
    lock.release()
  })
})

/** Children of a process, from /proc. */
const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter((text) => text !== '')
    .map(Number)

const runs = (pid: number): boolean => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return !stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')
  } catch {
    // It ended, maybe between two looks.
    return false
  }
}

const LOOK_EVERY_MS = 20

/** Polls where there is no event. The limit of the test ends it. */
const until = async (is: () => boolean): Promise<void> => {
  while (!is()) await pause(LOOK_EVERY_MS)
}

describe('the process of a backend', () => {
  let model: ModelEndpoints
  let handbook: string
  const started: BackendProcess[] = []
  const start = (dataDir: string, ...flags: string[]): BackendProcess => {
    const backend = spawnBackend([
      ...['--data', dataDir, '--handbook', handbook],
      ...['--openai-url', model.url, '--openai-key', 'sk-test'],
      ...flags
    ])
    started.push(backend)
    return backend
  }
  const endAll = async (): Promise<void> => {
    for (const backend of started.splice(0)) await endProcess(backend, 'SIGKILL')
  }

  beforeAll(async () => {
    model = await startModelEndpoints()
    handbook = await temporaryFolder()
    await writeFiles(handbook, SMALL_HANDBOOK)
  })
  afterEach(endAll)
  afterAll(async () => {
    await endAll()
    await model.close()
    await removeFolder(handbook)
  })

  it('creates the database again after a kill during the creation', async () => {
    const killed = start(folder)
    await killed.logged(/creating the database/)
    await until(() => existsSync(join(folder, 'postgres')) || killed.child.exitCode !== null)
    expect(await endProcess(killed, 'SIGKILL')).toBe('SIGKILL')
    const next = start(folder)
    const { found, accounts } = await next.ready
    expect(found.isNew).toBe(true)
    expect(next.lines.join('\n')).toContain('never finished')
    expect(accounts).toHaveLength(3)
  })

  it('ends without a lock file on SIGTERM during the start', async () => {
    const backend = start(folder)
    await backend.logged(/creating the database/)
    expect(await endProcess(backend, 'SIGTERM')).toBe(0)
    expect(await readdir(folder)).not.toContain('lock.json')
  })

  it('ends a second process with 75 and a sentence with the pid', async () => {
    provisionSeededFolder(folder)
    const holder = start(folder)
    const { url } = await holder.ready
    const second = start(folder)
    expect(await second.ended).toBe(75)
    expect(second.lines).toHaveLength(1)
    expect(second.lines[0]).toContain(folder)
    expect(second.lines[0]).toContain(`process ${holder.pid}`)
    expect((await fetch(`${url}/health`)).status).toBe(200)
  })

  it('ends with its parent when it runs --with-parent', async () => {
    provisionSeededFolder(folder)
    const backend = start(folder, '--with-parent')
    await backend.ready
    backend.child.stdin?.end()
    expect(await backend.ended).toBe(0)
  })

  describe('a kill in the middle of writing', () => {
    let data: string
    let killedPid: number
    let accountsBefore: Ready['accounts']
    let children: number[]
    const acknowledged: string[] = []

    beforeAll(async () => {
      data = await temporaryFolder()
      provisionSeededFolder(data)
      const killed = start(data)
      killedPid = killed.pid
      const { url, secretKey, accounts } = await killed.ready
      accountsBefore = accounts
      const isAcknowledged = async (slug: string): Promise<boolean> => {
        const response = await fetch(`${url}/rest/v1/organisations`, {
          method: 'POST',
          headers: { apikey: secretKey, 'content-type': 'application/json' },
          body: JSON.stringify({ slug, name: slug })
        })
        return response.status === 201
      }
      children = isLinux ? childrenOf(killed.pid) : []
      for (let number = 0; ; number += 1) {
        const slug = `written-${number}`
        if (!(await isAcknowledged(slug).catch(() => false))) break
        acknowledged.push(slug)
        // The next write is under way when the signal arrives.
        if (number === 40) killed.child.kill('SIGKILL')
      }
      expect(await killed.ended).toBe('SIGKILL')
    })
    afterAll(() => removeFolder(data))

    it.runIf(isLinux)('ends the functions too', async () => {
      expect(children.length).toBeGreaterThan(0)
      await until(() => !children.some(runs))
    })

    it('loses no acknowledged write, and the next start logs the unclean end', async () => {
      expect(acknowledged.length).toBeGreaterThanOrEqual(41)
      const next = start(data)
      const { url, secretKey, accounts, found } = await next.ready
      expect(found).toMatchObject({ isNew: false, closedCleanly: false, accounts: 3, sections: 3 })
      expect(next.lines.join('\n')).toContain(`process ${killedPid} is gone`)
      expect(accounts).toEqual(accountsBefore)
      const answer = await fetch(`${url}/rest/v1/organisations?select=slug`, {
        headers: { apikey: secretKey }
      })
      const slugs = new Set(slugRows.parse(await answer.json()).map(({ slug }) => slug))
      expect(acknowledged.filter((slug) => !slugs.has(slug))).toEqual([])
      expect(await endProcess(next, 'SIGTERM')).toBe(0)
    })

    it('is found closed cleanly after SIGTERM', async () => {
      const third = start(data)
      expect((await third.ready).found).toMatchObject({ isNew: false, closedCleanly: true })
    })
  })
})
